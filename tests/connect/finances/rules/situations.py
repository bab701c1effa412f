"""Finances with several obstacles at the same time."""

from datetime import UTC, date, datetime

from connect.finances.rules.snapshot import Balance, Finances, Payouts, Reserves, Sent, Settings

# A Wednesday.
NOW = datetime(2026, 2, 4, 12, tzinfo=UTC)
KEY = "UGF5b3V0OjAxOTcwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMw"
SENT = Sent(id=KEY, amount=841, currency="USD", arrives_on=date(2026, 2, 3), code="no_account", at=NOW)
DAILY = Settings(interval="daily", delay_days=2, status="enabled", fetch=1)
FINANCES = Finances(
    balance=Balance(
        available={"EUR": 500, "USD": -100},
        pending={"USD": 300},
        instant={"EUR": 400},
        fetch=1,
        synced_at=NOW,
        source="moved",
    ),
    settings=Settings(
        interval="weekly", weekly_days=("monday", "friday"), minimums={"EUR": 900}, delay_days=2, fetch=1
    ),
    reserves=Reserves(amounts={"USD": 50}, since=NOW, fetch=1),
    payouts=Payouts(failed=(SENT,), late=(SENT,), coming=SENT),
)
