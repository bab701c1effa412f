"""Values in answers of Stripe's API v1. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connect.merchants.rules.account.snapshot import as_text

Json = Mapping[str, Any]

# An integer above this limit is not an amount, because Stripe accepts at most 12 digits. With this limit, the
# sum of a hundred amounts is exact in every client.
MAX_AMOUNT = 10**13
# Balances and payouts are sums of many amounts. This is the largest integer that is exact in every client.
MAX_TOTAL = 2**53 - 1


def identifier(answer: Json) -> str:
    """The id of an object. Raises ValueError if it has none."""
    if not has_id(answer):
        raise ValueError("an object without an id")
    return str(answer["id"])


def has_id(answer: Json) -> bool:
    """Whether the object has an id."""
    return bool(as_text(answer.get("id")))


def amount(value: object) -> int | None:
    """An amount in minor units, or a number of seconds; None for anything else."""
    return _integer(value, MAX_AMOUNT)


def total(value: object) -> int | None:
    """A sum of amounts in minor units, such as a balance or a payout; None for anything else."""
    return _integer(value, MAX_TOTAL)


def currency_code(value: object) -> str | None:
    """A currency in upper case; None for anything else."""
    is_code = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
    return str(value).upper() if is_code else None


def moment(value: object) -> datetime | None:
    """A time from Unix seconds; None for 0 and for anything else."""
    seconds = amount(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, OSError, ValueError):
        return None


def _integer(value: object, limit: int) -> int | None:
    is_integer = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= limit
    return value if is_integer else None  # type: ignore[return-value]
