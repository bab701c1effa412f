"""Errors about payments, refunds and fees."""

from collections.abc import Sequence
from typing import Any

from connect.errors.base import ConnectError, FieldCode, InvalidField
from connect.payments.rules.money.money import Money


class PaymentNotFound(ConnectError):
    message = "There is no such payment."


class PaymentNotPayable(ConnectError):
    """`payment_row` is the row of the existing payment."""

    def __init__(self, payment_row: Any, message: str) -> None:
        super().__init__(message)
        self.payment_row = payment_row


class PaymentNotChangeable(ConnectError):
    """`payment_row` is the current row of the payment."""

    def __init__(self, payment_row: Any, message: str) -> None:
        super().__init__(message)
        self.payment_row = payment_row


class RefundTooLarge(ConnectError):
    """`amount` is the part of the payment that can still be refunded."""

    def __init__(self, left: Money) -> None:
        if left.minor_units:
            message = f"Only {left} of the payment can still be refunded."
        else:
            message = "Nothing of the payment is left to refund."
        super().__init__(message)
        self.amount = left
        self.fields = (InvalidField("amount.minorUnits", FieldCode.AMOUNT_INVALID, message, message),)


class DisputeOpen(ConnectError):
    """`cost` is the amount that a refund would take from the merchant in addition to the `disputed` amount.
    `fee` is Stripe's fee for the dispute, in the settlement currency, or None while it is unknown.
    """

    def __init__(
        self, payment_row: Any, disputed: Money, cost: Money, fee: Money | None, message: str
    ) -> None:
        super().__init__(message)
        self.payment_row = payment_row
        self.disputed_amount = disputed
        self.cost_amount = cost
        self.fee_amount = fee


class AmountTooSmall(ConnectError):
    """`amount` is the minimum amount of a charge, in the currency in which the account settles."""

    def __init__(self, field: str, minimum: Money) -> None:
        super().__init__(f"Stripe charges at least {minimum} on this merchant's account.")
        self.amount = minimum
        user_message = f"The total must be at least {minimum}."
        self.fields = (InvalidField(field, FieldCode.AMOUNT_INVALID, self.message, user_message),)


class CurrencyNotSupported(ConnectError):
    """`supported` lists the currencies of the fee policy. `neutral_message` is the message for merchants."""

    def __init__(
        self, field: str, currency: str, supported: Sequence[str], message: str | None = None
    ) -> None:
        listed = ", ".join(supported)
        self.neutral_message = f"The platform takes no payments in {currency}, only in {listed}."
        remedy = (
            f"Give a `fee`, or add terms for {currency} to the fee policy (setting CONNECTQL_FEE_POLICY, "
            "or setFeePolicy for this merchant)."
        )
        super().__init__(message or f"{self.neutral_message} {remedy}")
        self.field = field
        self.currency = currency
        self.supported = tuple(supported)

    @property
    def fields(self) -> tuple[InvalidField, ...]:
        user_message = "Choose another currency."
        return (InvalidField(self.field, FieldCode.NOT_AVAILABLE, self.message, user_message),)


class FeeTooLarge(ConnectError):
    """`amount` is the payment's amount."""

    def __init__(self, field: str, maximum: Money) -> None:
        super().__init__(f"The fee must be at most {maximum}, the amount of the payment.")
        self.amount = maximum
        user_message = f"Enter a fee of at most {maximum}."
        self.fields = (InvalidField(field, FieldCode.AMOUNT_INVALID, self.message, user_message),)
