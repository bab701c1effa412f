"""The platform's fee for a payment, and the part of the fee to return after a refund. Pure.

All divisions round half up, as Stripe rounds its own fees. Stripe accepts a fee from 0 to the amount of the
payment (https://docs.stripe.com/connect/direct-charges#collect-fees). The request for a new payment omits a
fee of 0.
"""

import enum

import msgspec

from connect.errors import CurrencyNotSupported, FeeTooLarge
from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.fee_policies import OTHERS, FeePolicy, Terms
from connect.payments.rules.money.money import Money


class FeeSource(enum.Enum):
    """The source of the fee: the input of the call, the merchant's policy, or the platform's policy."""

    CALL = "CALL"
    MERCHANT = "MERCHANT"
    PLATFORM = "PLATFORM"


class FeeOnRefund(enum.Enum):
    """Whether a refund returns the fee in proportion to the refunded amount, or not at all."""

    RETURN = "RETURN"
    KEEP = "KEEP"


class AppliedFeePolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fee of a payment, and everything from which it was calculated.

    `amount` and `fee` are in minor units of `currency`. `terms` is None if the fee comes from a call's input.
    """

    source: FeeSource
    currency: str
    amount: int
    fee: int
    terms: Terms | None = None


def decide(
    amount: Money,
    *,
    given: int | None = None,
    merchant: FeePolicy | None = None,
    platform: FeePolicy | None = None,
    fee_field: str = "fee",
    currency_field: str = "currency",
) -> AppliedFeePolicy | None:
    """The fee in the call's input. If the input has no fee, the merchant's policy decides if it has terms for
    the currency, and otherwise the platform's policy. None if there is no policy.

    `given` is in the currency of the payment (`amounts.check_fee_amount`). Raises FeeTooLarge if the given
    fee is above the amount, and CurrencyNotSupported if there are policies, but none has terms for this
    currency.
    """
    if given is not None:
        if given > amount.minor_units:
            raise FeeTooLarge(f"{fee_field}.minorUnits", amount)
        return _applied(FeeSource.CALL, amount, given)
    policies = {FeeSource.MERCHANT: merchant, FeeSource.PLATFORM: platform}
    for source, policy in policies.items():
        terms = policy.find(amount.currency) if policy is not None else None
        if terms is not None:
            return _applied(source, amount, calculate(terms, amount), terms)
    supported = {code for policy in policies.values() if policy is not None for code in policy.currencies}
    if supported:
        raise CurrencyNotSupported(currency_field, amount.currency, sorted(supported))
    return None


def applicable(
    merchant: FeePolicy | None, platform: FeePolicy | None
) -> list[tuple[FeeSource, str | None, Terms]]:
    """The terms that `decide` applies, each with its source and its currency. The currency None stands for
    all other currencies. The merchant's terms come first, then the platform's terms that the merchant's terms
    do not replace.
    """
    own = dict(merchant.entries) if merchant is not None else {}
    others = platform.entries if platform is not None and OTHERS not in own else []
    found = [(FeeSource.MERCHANT, code, terms) for code, terms in own.items()]
    found += [(FeeSource.PLATFORM, code, terms) for code, terms in others if code not in own]
    return [(source, None if code == OTHERS else code, terms) for source, code, terms in found]


def for_capture(applied: AppliedFeePolicy, captured: int) -> AppliedFeePolicy:
    """The fee for the captured part of an authorized payment, by the payment's terms. A fee from a call's
    input stays the same, but is at most the captured amount.
    """
    amount = Money(captured, applied.currency)
    fee = calculate(applied.terms, amount) if applied.terms is not None else min(applied.fee, captured)
    return _applied(applied.source, amount, fee, applied.terms)


def calculate(terms: Terms, amount: Money) -> int:
    """The fee of an amount. The amount must not be negative, and the fee is at most the amount.

    The share is rounded to a multiple of the currency's `charge_step`.
    """
    step = _step(amount.currency)
    fee = divide(amount.minor_units * terms.basis_points, 10_000 * step) * step + terms.flat
    fee = max(fee, terms.minimum)
    if terms.maximum is not None:
        fee = min(fee, terms.maximum)
    return min(fee, amount.minor_units)


def fee_to_return(fee: Money, amount: int, refunded: int, returned: int) -> int:
    """The part of a booked fee to return after a refund, in minor units of the fee's currency.

    `amount` is the paid amount, and `refunded` is the sum of all refunds including this refund. Both are in
    the payment's currency, which may differ from the fee's currency. `returned` is the part that was returned
    before.

    The sum of all parts is rounded, not each part. So the parts add up to the fee when everything is
    refunded, and never exceed it.
    """
    if amount <= 0:
        return 0
    if refunded >= amount:
        due = fee.minor_units
    else:
        step = _step(fee.currency)
        due = min(divide(fee.minor_units * max(refunded, 0), amount * step) * step, fee.minor_units)
    return max(due - returned, 0)


def divide(dividend: int, divisor: int) -> int:
    """Divide a number of at least 0 by a positive number, rounded half up."""
    return (2 * dividend + divisor) // (2 * divisor)


def encode(applied: AppliedFeePolicy) -> str:
    """The applied policy as JSON text."""
    return msgspec.json.encode(applied).decode()


def decode(text: str) -> AppliedFeePolicy:
    """The applied policy that `encode` wrote."""
    return _DECODER.decode(text)


def _applied(source: FeeSource, amount: Money, fee: int, terms: Terms | None = None) -> AppliedFeePolicy:
    return AppliedFeePolicy(
        source=source, currency=amount.currency, amount=amount.minor_units, fee=fee, terms=terms
    )


def _step(currency: str) -> int:
    return CURRENCIES[currency].charge_step if currency in CURRENCIES else 1


_DECODER = msgspec.json.Decoder(AppliedFeePolicy)
