"""Parses Stripe's answers about an account's finances, and reads and writes the JSON text of
`connected_account.finances`. Pure.

Amounts are in minor units by currency, and are never added across currencies. Each part has the number of the
fetch that returned it, because parts are fetched at different times (docs/decisions/0032).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from connect.merchants.rules.account.snapshot import as_object, as_objects, as_text
from connect.stripe_api import v1_values

Json = Mapping[str, Any]
Amounts = Mapping[str, int]

# The field of `/v1/balance` with the money that is held back for the platform or for Stripe.
HELD = "connect_reserved"


class Balance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer of `/v1/balance`. `instant` has the amounts for instant payouts."""

    available: Amounts = {}
    pending: Amounts = {}
    instant: Amounts = {}
    held: Amounts = {}
    fetch: int = 0
    synced_at: datetime
    source: str


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer of `/v1/balance_settings`. `interval` is `manual`, `daily`, `weekly` or `monthly`."""

    interval: str | None = None
    weekly_days: tuple[str, ...] = ()
    monthly_days: tuple[int, ...] = ()
    minimums: Amounts = {}
    delay_days: int | None = None
    statement_descriptor: str | None = None
    # `enabled` or `disabled`.
    status: str | None = None
    fetch: int = 0


class Reserves(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The money that Stripe holds back for risks, by currency. `since` is the time of the first hold after
    the reserve was last empty.
    """

    amounts: Amounts = {}
    since: datetime | None = None
    fetch: int = 0


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payout in an account's summary. `at` is the time of its failure, or, if it has not failed, of its
    expected arrival.

    A failed payout is `followed` while a later payout in its currency is on its way to another bank account.
    """

    id: str
    amount: int
    currency: str
    arrives_on: date
    code: str | None = None
    at: datetime | None = None
    followed: bool = False


class Payouts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The payouts of an account that matter now. `failed` has the payouts that came back and the debits that
    failed, until a later payout or debit settles them (`payouts.summarize`). The `late` payouts and debits
    should have arrived at least LATE_DAYS ago. `coming` is the next payout to arrive.
    """

    failed: tuple[Sent, ...] = ()
    late: tuple[Sent, ...] = ()
    coming: Sent | None = None


class Finances(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The balance, the settings and the reserves are None until they are fetched."""

    balance: Balance | None = None
    settings: Settings | None = None
    reserves: Reserves | None = None
    payouts: Payouts = Payouts()


Part = TypeVar("Part", Balance, Settings, Reserves)


def decode(text: str | None) -> Finances:
    return _DECODER.decode(text) if text is not None else Finances()


def encode(finances: Finances) -> str:
    return msgspec.json.encode(finances).decode()


def merge(known: Finances, fetched: Finances) -> Finances:
    """Replace each part for which `fetched` has a later fetch. Parts that were not fetched stay unchanged."""
    return Finances(
        balance=_newer(known.balance, fetched.balance),
        settings=_newer(known.settings, fetched.settings),
        reserves=_newer(known.reserves, fetched.reserves),
        payouts=known.payouts,
    )


def _newer(old: Part | None, new: Part | None) -> Part | None:
    return new if new is not None and (old is None or new.fetch > old.fetch) else old


def parse_balance(answer: Json, fetch: int, at: datetime, source: str) -> Balance:
    return Balance(
        available=_amounts(answer.get("available")),
        pending=_amounts(answer.get("pending")),
        instant=_amounts(answer.get("instant_available")),
        held=_amounts(answer.get(HELD)),
        fetch=fetch,
        synced_at=at,
        source=source,
    )


def parse_settings(answer: Json, fetch: int) -> Settings:
    payments = as_object(answer.get("payments"))
    payouts = as_object(payments.get("payouts"))
    schedule = as_object(payouts.get("schedule"))
    minimums = as_object(payouts.get("minimum_balance_by_currency"))
    pairs = ((v1_values.currency_code(name), v1_values.total(value)) for name, value in minimums.items())
    return Settings(
        interval=as_text(schedule.get("interval")),
        weekly_days=tuple(filter(None, map(as_text, _list(schedule.get("weekly_payout_days"))))),
        monthly_days=tuple(filter(None, map(v1_values.amount, _list(schedule.get("monthly_payout_days"))))),
        minimums={name: value for name, value in pairs if name is not None and value},
        delay_days=v1_values.amount(as_object(payments.get("settlement_timing")).get("delay_days")),
        statement_descriptor=as_text(payouts.get("statement_descriptor")),
        status=as_text(payouts.get("status")),
        fetch=fetch,
    )


def parse_reserves(rows: Iterable[Json], fetch: int) -> Reserves:
    """Add up the rows that move money into or out of the reserve. Stripe lists the newest row first.

    Each hold has two rows: one takes the money out of the balance, and one puts it into the reserve.
    """
    sums: dict[str, int] = {}
    since: datetime | None = None
    for row in reversed(list(rows)):
        currency, net = v1_values.currency_code(row.get("currency")), v1_values.total(row.get("net"))
        if row.get("balance_type") != "risk_reserved" or currency is None or net is None:
            continue
        if not any(sums.values()):
            since = v1_values.moment(row.get("created"))
        sums[currency] = sums.get(currency, 0) + net
    held = {currency: amount for currency, amount in sorted(sums.items()) if amount}
    return Reserves(amounts=held, since=since if held else None, fetch=fetch)


def _amounts(value: object) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in as_objects(value):
        currency, amount = v1_values.currency_code(part.get("currency")), v1_values.total(part.get("amount"))
        if currency is not None and amount is not None:
            found[currency] = found.get(currency, 0) + amount
    return dict(sorted(found.items()))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


_DECODER = msgspec.json.Decoder(Finances)
