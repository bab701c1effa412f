"""An amount of money as Stripe counts it. Pure. Amounts are never floating-point numbers."""

import re
from dataclasses import dataclass
from typing import Any

from connect.payments.rules.money.currencies import exponent

# JavaScript's largest exact integer. Every client can represent amounts up to this limit exactly.
LARGEST = 2**53 - 1

_CODE = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"[0-9]{1,16}(?:\.([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, and the currency in upper case. Raises ValueError for anything else."""

    minor_units: int
    currency: str

    def __post_init__(self) -> None:
        # A bool is an int, too.
        if type(self.minor_units) is not int or not -LARGEST <= self.minor_units <= LARGEST:
            raise ValueError("minor units must be an integer of at most 53 bits")
        if _CODE.fullmatch(self.currency) is None:
            raise ValueError("a currency has three letters in upper case")

    @property
    def exponent(self) -> int:
        return exponent(self.currency)

    @property
    def decimal(self) -> str:
        """The amount in major units, such as `1234.50` or `-0.05`, without grouping."""
        digits = str(abs(self.minor_units)).rjust(self.exponent + 1, "0")
        sign = "-" if self.minor_units < 0 else ""
        if self.exponent == 0:
            return sign + digits
        return f"{sign}{digits[: -self.exponent]}.{digits[-self.exponent :]}"

    def __str__(self) -> str:
        """The amount as it is written in sentences, such as `12.34 EUR`."""
        return f"{self.decimal} {self.currency}"


def money(amount: int, currency: str) -> dict[str, Any] | None:
    """An amount in wire form. None if Stripe's answer lacked the currency."""
    if not currency:
        return None
    value = Money(amount, currency)
    return {
        "minorUnits": value.minor_units,
        "currency": value.currency,
        "exponent": value.exponent,
        "decimal": value.decimal,
    }


def parse_decimal(text: str, currency: str) -> Money:
    """Parse an amount in major units, such as `0.30`. Raises ValueError with a message for people."""
    digits = exponent(currency)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an amount. Write digits and a point, such as {_example(digits)}.")
    decimals = match[1] or ""
    if len(decimals) > digits:
        raise ValueError(f"{text!r} has too many decimals. {currency} has {digits}.")
    return Money(int(text.partition(".")[0] + decimals.ljust(digits, "0")), currency)


def _example(digits: int) -> str:
    return "0.3".ljust(digits + 2, "0") if digits else "30"
