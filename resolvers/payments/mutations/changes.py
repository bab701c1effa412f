"""The mutations cancelPayment and capturePayment."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants import accounts
from connect.payments import changes
from connect.payments.rules.document import Document
from models import Merchant
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import STRIPE_ERRORS
from resolvers.payments.mutations import inputs
from resolvers.payments.mutations.errors import (
    FeeTooLargeError,
    PaymentNotChangeableError,
    PaymentNotFoundError,
)
from resolvers.payments.reading import payment_lookup
from resolvers.payments.reading.payment_lookup import PaymentRef
from resolvers.payments.types.money import MoneyInput
from resolvers.payments.types.payment import Payment


@strawberry.input(description="The payment to cancel.")
class CancelPaymentInput:
    payment: PaymentRef = field(description="The payment to cancel.")


@strawberry.type(description="The payment can no longer be paid.")
class CancelPaymentPayload:
    payment: Document = field(description="The canceled payment.", graphql_type=Payment)


@mutation(
    "Cancel a payment that is not paid yet. ConnectQL closes its payment page or cancels its PaymentIntent. "
    "If an amount was reserved, Stripe releases it. After an expired payment has been canceled, "
    "createCheckout returns no new page for it. A payment that is already canceled is returned unchanged. "
    "For operators and services, and for merchants if the platform allows it.",
    *(CancelPaymentPayload, PaymentNotFoundError, PaymentNotChangeableError),
    *STRIPE_ERRORS,
)
async def cancel_payment(
    info: Info,
    input: Annotated[CancelPaymentInput, argument(description="The payment to cancel.")],  # noqa: A002
) -> CancelPaymentPayload:
    context = info.context
    require_permission(context, Permission.CHARGE)
    payment = await payment_lookup.payment(context.principal, input.payment)
    async with accounts.about(await Merchant.get(id=payment.merchant_id)):
        payment = await changes.cancel(context.caller_gateway, payment, actor=context.principal.subject)
    return CancelPaymentPayload(payment=payment_lookup.of(payment))


@strawberry.input(description="The authorized payment, and the amount to charge.")
class CapturePaymentInput:
    payment: PaymentRef = field(description="The payment. Its state must be AUTHORIZED.")
    amount: MoneyInput | None = field(
        default=None,
        description="The amount to charge. The default and the maximum are the authorized amount. Stripe "
        "releases the rest, so a payment can be charged only once.",
    )
    fee: MoneyInput | None = field(
        default=None,
        description="The platform's fee, from 0 to the charged amount. If omitted, the terms in the "
        "payment's `appliedFee` are applied to the charged amount. A fee without terms stays the same, but "
        "is at most the charged amount. Merchants must omit it.",
    )


@strawberry.type(description="The payment was charged.")
class CapturePaymentPayload:
    payment: Document = field(description="The charged payment.", graphql_type=Payment)


@mutation(
    "Charge the reserved amount of a payment, or a part of it. The payment must have the capture mode "
    "MANUAL, and its `captureBefore` must not have passed. A repeated call changes nothing. For operators "
    "and services, and for merchants if the platform allows it.",
    *(CapturePaymentPayload, PaymentNotFoundError, InvalidInputError, FeeTooLargeError),
    PaymentNotChangeableError,
    *STRIPE_ERRORS,
)
async def capture_payment(
    info: Info,
    input: Annotated[CapturePaymentInput, argument(description="The payment to charge.")],  # noqa: A002
) -> CapturePaymentPayload:
    context = info.context
    require_permission(context, Permission.CHARGE)
    payment = await payment_lookup.payment(context.principal, input.payment)
    fee = inputs.amount("fee", inputs.fee(context, input.fee))
    amount = inputs.amount("amount", input.amount)
    async with accounts.about(await Merchant.get(id=payment.merchant_id)):
        payment = await changes.capture(
            context.caller_gateway, payment, amount=amount, fee=fee, actor=context.principal.subject
        )
    return CapturePaymentPayload(payment=payment_lookup.of(payment))
