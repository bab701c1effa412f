"""The platform's fee policies: the terms of the fee in each currency. Pure.

A policy is written in a setting as `EUR 2.5% + 0.30 min 0.50 max 20, USD 2.5% + 0.35, * 3%`. Amounts are in
major units in the setting, and in minor units in `Terms`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from connect.errors import FieldCode, InvalidField
from connect.merchants.inputs.currencies import check_currency
from connect.payments.rules.money.currencies import CURRENCIES, MAXIMUM
from connect.payments.rules.money.money import Money, parse_decimal

# In a policy, this text stands for all currencies without terms of their own.
OTHERS = "*"
# At most one entry for each currency, and one for OTHERS.
MAX_TERMS = len(CURRENCIES) + 1
EXAMPLE = "EUR 2.5% + 0.30 min 0.50 max 20, USD 3%"

_RULE = re.compile(
    r"(?P<currency>\*|[A-Z]{3}) "
    r"(?:(?P<percent>[0-9.]+) ?%(?: ?\+ ?(?P<added>[0-9.]+))?|(?P<flat>[0-9.]+))"
    r"(?: min (?P<minimum>[0-9.]+))?(?: max (?P<maximum>[0-9.]+))?"
)
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fee is a share in hundredths of a percent, plus a flat amount, within a minimum and a maximum."""

    basis_points: int = 0
    flat: int = 0
    minimum: int = 0
    maximum: int | None = None


class FeePolicy(msgspec.Struct, frozen=True):
    """`terms` maps each currency, or OTHERS, to its terms."""

    terms: Mapping[str, Terms]

    def find(self, currency: str) -> Terms | None:
        return self.terms.get(currency) or self.terms.get(OTHERS)

    @property
    def currencies(self) -> list[str]:
        """The currencies with terms of their own."""
        return sorted(set(self.terms) - {OTHERS})

    @property
    def entries(self) -> list[tuple[str, Terms]]:
        """The terms in the order of their currencies, and OTHERS last."""
        return sorted(self.terms.items(), key=lambda entry: (entry[0] == OTHERS, entry[0]))


class InvalidFeePolicy(ValueError):
    """`problems` describes each problem in a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class _Problem(NamedTuple):
    part: str
    message: str


def parse(text: str) -> FeePolicy:
    """Parse a policy as it is written in a setting. Raises InvalidFeePolicy with all problems."""
    terms: dict[str, Terms] = {}
    problems: list[str] = []
    for rule in (" ".join(part.split()) for part in text.split(",")):
        match = _RULE.fullmatch(rule)
        if match is None:
            problems.append(f"{rule!r} is not a currency followed by its fee. Write, for example, {EXAMPLE}.")
            continue
        currency = match["currency"]
        if currency in terms:
            problems.append(f"There are several entries for {currency}. Keep one.")
        try:
            terms[currency] = _parse_terms(currency, match)
        except ValueError as error:
            problems.append(f"{rule!r}: {error}")
            continue
        found = _problems(None if currency == OTHERS else currency, terms[currency])
        problems += (f"{rule!r}: {problem.message}" for problem in found)
    if problems:
        raise InvalidFeePolicy(problems)
    return FeePolicy(terms)


def check_policy(name: str, entries: Sequence[tuple[str | None, Terms]]) -> Iterator[InvalidField]:
    """Check a policy from an input. Each entry is a currency and its terms. The currency None stands for all
    other currencies.
    """
    if not entries:
        message = "Give the terms of at least one currency, or null to remove the merchant's own terms."
        yield InvalidField(name, FieldCode.REQUIRED, message, "Enter the terms of the fee.")
    if len(entries) > MAX_TERMS:
        message = f"Give at most {MAX_TERMS} entries, one for each currency."
        yield InvalidField(name, FieldCode.TOO_MANY, message, "Enter fewer terms.")
        return
    before = set[str | None]()
    for index, (currency, terms) in enumerate(entries):
        if currency in before:
            subject = currency if currency is not None else "all other currencies"
            message = f"There are several entries for {subject}. Keep one."
            yield InvalidField(f"{name}[{index}].currency", FieldCode.DUPLICATE, message, "Keep one of them.")
        before.add(currency)
        if currency is not None and currency not in CURRENCIES:
            yield from check_currency(f"{name}[{index}].currency", currency)
            continue
        for part, message in _problems(currency, terms):
            sentence = message[:1].upper() + message[1:]
            field = f"{name}[{index}].{part}"
            yield InvalidField(field, FieldCode.AMOUNT_INVALID, sentence, "Check the terms of the fee.")


def of_entries(entries: Sequence[tuple[str | None, Terms]]) -> FeePolicy:
    """The policy of a checked input. The order of the entries makes no difference."""
    terms = {currency or OTHERS: terms for currency, terms in entries}
    return FeePolicy(dict(FeePolicy(terms).entries))


def render(policy: FeePolicy) -> str:
    """The policy as it is written in a setting, so that `parse` can read it."""
    return ", ".join(_render_terms(currency, terms) for currency, terms in policy.entries)


def encode(policy: FeePolicy) -> str:
    """The policy as JSON text."""
    return msgspec.json.encode(policy).decode()


def decode(text: str) -> FeePolicy:
    """The policy that `encode` wrote."""
    return _DECODER.decode(text)


def _parse_terms(currency: str, match: re.Match[str]) -> Terms:
    def amount(text: str | None) -> int | None:
        return None if text is None else parse_decimal(text, currency).minor_units

    if currency == OTHERS and (
        match["percent"] is None or match["added"] or match["minimum"] or match["maximum"]
    ):
        raise ValueError(f"amounts need a currency. Write {OTHERS} with a percentage only.")
    return Terms(
        basis_points=_parse_percent(match["percent"]) if match["percent"] else 0,
        flat=amount(match["added"] or match["flat"]) or 0,
        minimum=amount(match["minimum"]) or 0,
        maximum=amount(match["maximum"]),
    )


def _parse_percent(text: str) -> int:
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a percentage. Write at most two decimals, such as 2.75%.")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _render_terms(currency: str, terms: Terms) -> str:
    def amount(value: int) -> str:
        return Money(value, currency).decimal

    whole, part = divmod(terms.basis_points, 100)
    share = f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
    parts = [share] if terms.basis_points or not terms.flat else []
    parts += [amount(terms.flat)] if terms.flat else []
    text = f"{currency} {' + '.join(parts)}"
    text += f" min {amount(terms.minimum)}" if terms.minimum else ""
    return text + (f" max {amount(terms.maximum)}" if terms.maximum is not None else "")


def _problems(currency: str | None, terms: Terms) -> Iterator[_Problem]:
    """The problems of these terms. If the currency is None, the terms are for all other currencies."""
    if currency is not None and currency not in CURRENCIES:
        yield _Problem("currency", f"{currency} is not a currency of Stripe. Write its code in upper case.")
        return
    if not 0 <= terms.basis_points <= 10_000:
        yield _Problem("basisPoints", "the share must be from 0% to 100% (10000 basis points).")
    step = CURRENCIES[currency].charge_step if currency is not None else 1
    for part, amount in (("flat", terms.flat), ("minimum", terms.minimum), ("maximum", terms.maximum)):
        title = "flat amount" if part == "flat" else part
        if amount is None:
            continue
        if currency is None:
            if amount or part == "maximum":
                yield _Problem(part, "amounts need a currency. Without a currency, give only a share.")
        elif not 0 <= amount <= MAXIMUM:
            yield _Problem(part, f"the {title} must be from 0 to {MAXIMUM} minor units.")
        elif amount % step:
            yield _Problem(part, f"the {title} must be a multiple of {Money(step, currency)}.")
    lowest = max(terms.minimum, terms.flat)
    if currency is not None and terms.maximum is not None and terms.maximum < lowest:
        title = "minimum" if terms.minimum == lowest else "flat amount"
        yield _Problem("maximum", f"the maximum is below the {title}. Raise it, or remove it.")


_DECODER = msgspec.json.Decoder(FeePolicy)
