"""The description of the payout schedule, and the estimate of the next payout."""

from datetime import date

import pytest

from connect.finances.rules import schedule
from connect.finances.rules.snapshot import Balance, Settings, parse_reserves
from connect.finances.wording import SENTENCES
from tests.connect.finances.rules.situations import DAILY, NOW


def settings(interval: str, **more: object) -> Settings:
    return Settings(interval=interval, delay_days=2, status="enabled", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "available", "pending", "words", "estimate"),
    [
        (DAILY, 100, 0, "Stripe pays out the available balance on every business day.", date(2026, 2, 5)),
        (DAILY, 0, 100, "Stripe pays out the available balance on every business day.", date(2026, 2, 6)),
        (DAILY, 0, 0, "Stripe pays out the available balance on every business day.", None),
        (DAILY, -100, 100, "Stripe pays out the available balance on every business day.", None),
        (
            settings("weekly", weekly_days=("monday", "tuesday")),
            100,
            0,
            "Stripe pays out the available balance every week on Monday and Tuesday.",
            date(2026, 2, 9),
        ),
        (
            settings("monthly", monthly_days=(31,)),
            100,
            0,
            "Stripe pays out the available balance every month on the 31st.",
            date(2026, 2, 28),
        ),
        (
            settings("monthly", monthly_days=(2, 13, 23)),
            0,
            0,
            "Stripe pays out the available balance every month on the 2nd, 13th and 23rd.",
            None,
        ),
        (settings("manual"), 100, 0, None, None),
        (settings("hourly"), 100, 0, SENTENCES["schedule.unknown"], None),
        (settings("daily", minimums={"USD": 100}), 100, 0, None, None),
    ],
)
def test_the_schedule_is_described_and_the_next_payout_is_estimated(
    known: Settings, available: int, pending: int, words: str | None, estimate: date | None
) -> None:
    balance = Balance(available={"USD": available}, pending={"USD": pending}, synced_at=NOW, source="webhook")
    assert schedule.next_payout(known, balance) == estimate
    message = schedule.in_words(known)
    text = SENTENCES[message.key]
    if words is not None:
        assert isinstance(text, str)
        assert text.format(**dict(message.parameters)) == words


def test_a_reserve_is_the_sum_of_its_rows_and_begins_with_the_first_hold_after_it_was_empty() -> None:
    def row(net: int, created: int, kind: str = "risk_reserved") -> dict[str, object]:
        return {"balance_type": kind, "net": net, "created": created, "currency": "usd"}

    rows = [row(300, 40), row(-300, 40, "payments"), row(-500, 30), row(200, 20), row(300, 10)]
    held = parse_reserves(rows, 7)
    assert (held.amounts, held.fetch) == ({"USD": 300}, 7)
    assert held.since is not None
    assert held.since.timestamp() == 40
    assert parse_reserves(rows[2:], 8).amounts == {}
