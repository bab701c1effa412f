"""The expected errors of the mutations of payments."""

import strawberry
from strawberry import field

from connect import errors
from connect.payments.rules.document import Document
from connect.payments.rules.money.money import Money as Amount
from models import Payment as PaymentRow
from resolvers.common.errors import Error, InvalidField, InvalidInputError, expected
from resolvers.common.scalars import CurrencyCode, MinorUnits
from resolvers.merchants.mutations.errors import (
    STRIPE_ERRORS,
    ExternalIdTakenError,
    MerchantNotFoundError,
    MerchantNotReadyError,
)
from resolvers.payments.reading import payment_lookup
from resolvers.payments.types.money import Money
from resolvers.payments.types.payment import Payment


@expected(errors.PaymentNotFound, "No payment with this reference is visible to the caller.")
class PaymentNotFoundError(Error):
    pass


@expected(errors.AmountTooSmall, "The amount is below the minimum that Stripe charges.")
class AmountTooSmallError(Error):
    amount: strawberry.Private[Amount]
    fields: list[InvalidField] = field(description="The field of the input that has the amount.")

    @strawberry.field(description="The smallest amount that Stripe charges on this merchant's account.")
    def minimum(self) -> Money:
        return money(self.amount)


@expected(errors.CurrencyNotSupported, "The platform's fee policy has no terms for this currency.")
class CurrencyNotSupportedError(Error):
    currency: CurrencyCode = field(description="The currency of the input.")
    supported: list[CurrencyCode] = field(description="The currencies for which the fee policy has terms.")
    fields: list[InvalidField] = field(description="The field of the input that has the currency.")


@expected(errors.FeeTooLarge, "The platform's fee is higher than the amount to charge.")
class FeeTooLargeError(Error):
    amount: strawberry.Private[Amount]
    fields: list[InvalidField] = field(description="The field of the input that has the fee.")

    @strawberry.field(description="The largest allowed fee: the whole amount to charge.")
    def maximum(self) -> Money:
        return money(self.amount)


@expected(
    errors.PaymentNotPayable,
    "The payment can no longer be paid, for example because it is paid, failed or canceled, or because its "
    "account was replaced or closed.",
)
class PaymentNotPayableError(Error):
    payment_row: strawberry.Private[PaymentRow]

    @strawberry.field(description="The payment with this external id.", graphql_type=Payment)
    def payment(self) -> Document:
        return payment_lookup.of(self.payment_row)


@expected(errors.PaymentNotChangeable, "The state of the payment does not allow the change.")
class PaymentNotChangeableError(Error):
    payment_row: strawberry.Private[PaymentRow]

    @strawberry.field(description="The payment as it is at Stripe.", graphql_type=Payment)
    def payment(self) -> Document:
        return payment_lookup.of(self.payment_row)


@expected(errors.RefundTooLarge, "The refund is higher than the amount that can still be refunded.")
class RefundTooLargeError(Error):
    amount: strawberry.Private[Amount]
    fields: list[InvalidField] = field(description="The field of the input that has the amount.")

    @strawberry.field(
        description="The amount that can still be refunded. Refunds that were already requested are deducted."
    )
    def remaining(self) -> Money:
        return money(self.amount)


@expected(
    errors.DisputeOpen,
    "The payer's bank has taken the money back or asks about the payment, so a refund could pay the customer "
    "twice.",
)
class DisputeOpenError(Error):
    payment_row: strawberry.Private[PaymentRow]
    disputed_amount: strawberry.Private[Amount]
    cost_amount: strawberry.Private[Amount]
    fee_amount: strawberry.Private[Amount | None]

    @strawberry.field(description="The payment with its disputes.", graphql_type=Payment)
    def payment(self) -> Document:
        return payment_lookup.of(self.payment_row)

    @strawberry.field(description="The disputed amount.")
    def disputed(self) -> Money:
        return money(self.disputed_amount)

    @strawberry.field(description="The amount that the refund would cost in addition to the disputed amount.")
    def cost(self) -> Money:
        return money(self.cost_amount)

    @strawberry.field(
        description="Stripe's fee for the dispute, in the currency in which the account settles. A refund "
        "does not return it. Null while it is unknown, and for an inquiry, which has no fee."
    )
    def dispute_fee(self) -> Money | None:
        return money(self.fee_amount) if self.fee_amount is not None else None


def money(amount: Amount) -> Money:
    return Money(
        minor_units=MinorUnits(amount.minor_units),
        currency=CurrencyCode(amount.currency),
        exponent=amount.exponent,
        decimal=amount.decimal,
    )


# The errors of createCheckout and createPaymentIntent.
CREATION_ERRORS = (
    *(MerchantNotFoundError, ExternalIdTakenError, InvalidInputError, MerchantNotReadyError),
    *(AmountTooSmallError, CurrencyNotSupportedError, FeeTooLargeError, PaymentNotPayableError),
    *STRIPE_ERRORS,
)
