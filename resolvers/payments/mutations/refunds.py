"""The mutation refundPayment."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants import accounts
from connect.merchants.rules.document import global_id
from connect.payments import refunds
from connect.payments.refunds import NewRefund, RefundCause, RefundWarning
from connect.payments.rules.document import Document
from models import Merchant
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import describe
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import STRIPE_ERRORS, ExternalIdTakenError
from resolvers.payments.mutations import inputs
from resolvers.payments.mutations.errors import (
    DisputeOpenError,
    PaymentNotChangeableError,
    PaymentNotFoundError,
    RefundTooLargeError,
)
from resolvers.payments.reading import payment_lookup
from resolvers.payments.reading.payment_lookup import PaymentRef
from resolvers.payments.types.money import MoneyInput
from resolvers.payments.types.payment import Payment, Refund

describe(
    RefundCause,
    "RefundCause",
    "The reason for a refund.",
    DUPLICATE="The customer paid twice.",
    FRAUDULENT="The payment was fraud. Stripe then blocks the card and the e-mail address.",
    REQUESTED_BY_CUSTOMER="The customer asked for the refund.",
)
describe(
    RefundWarning,
    "RefundWarningCode",
    "The risk of a refund.",
    INQUIRY="The payer's bank asks about the payment. If the bank turns its question into a dispute, the "
    "refund can fail, or the payer can get the money twice.",
    PARTIAL_DURING_INQUIRY="The payer's bank asks about the payment, and only a full refund prevents a "
    "dispute.",
    DISPUTE_EXPECTED="The payer's bank has warned that it may dispute the payment, and usually only a "
    "full refund avoids that.",
)


@strawberry.input(description="The payment, and the amount to refund.")
class RefundPaymentInput:
    payment: PaymentRef = field(description="The payment. Its state must be SUCCEEDED.")
    external_id: str = field(
        description="The platform's own id of the refund: 1 to 255 characters, unique among the refunds of "
        "the payment."
    )
    amount: MoneyInput | None = field(
        default=None,
        description="The amount to refund, in the payment's currency. The default and the maximum are the "
        "amount that has not been refunded yet.",
    )
    reason: RefundCause | None = field(default=None, description="The reason, stored at Stripe.")
    during_inquiry: bool = field(
        default=False,
        description="Allows a partial refund during an inquiry of the payer's bank. After a partial refund, "
        "the bank can still open a dispute.",
    )


@strawberry.type(description="The refund was requested at Stripe.")
class RefundPaymentPayload:
    refund: Document = field(
        description="The refund. It can be pending, and it can fail later: subscribe to the payment.",
        graphql_type=Refund,
    )
    payment: Document = field(description="The payment with its refunds.", graphql_type=Payment)
    created: bool = field(description="Whether this call requested the refund.")
    warning: str | None = field(
        description="The risk of this refund, in a plain text. For example, the payer's bank may have asked "
        "about the payment, or warned of a dispute that this refund does not avoid. Null if there is no "
        "risk."
    )
    warning_code: RefundWarning | None = field(
        description="The same risk as a code, with which an app can choose its own text. Null if there is no "
        "risk."
    )


@mutation(
    "Refund a payment or a part of it. The money comes from the merchant's balance at Stripe. A repeat with "
    "the same input returns the same refund. A setting of the platform decides whether a proportional part "
    "of the platform's fee goes back to the merchant. For operators and services, and for merchants if the "
    "platform allows it.",
    *(RefundPaymentPayload, PaymentNotFoundError, ExternalIdTakenError, InvalidInputError),
    *(RefundTooLargeError, DisputeOpenError, PaymentNotChangeableError),
    *STRIPE_ERRORS,
)
async def refund_payment(
    info: Info,
    input: Annotated[RefundPaymentInput, argument(description="The payment to refund.")],  # noqa: A002
) -> RefundPaymentPayload:
    context = info.context
    require_permission(context, Permission.REFUND)
    payment = await payment_lookup.payment(context.principal, input.payment)
    new = NewRefund(
        external_id=input.external_id,
        amount=inputs.amount("amount", input.amount),
        reason=input.reason,
        during_inquiry=input.during_inquiry,
    )
    async with accounts.about(await Merchant.get(id=payment.merchant_id)):
        done = await refunds.refund(context.caller_gateway, payment, new, actor=context.principal.subject)
    document = payment_lookup.of(done.payment)
    key = global_id("Refund", done.request.id)
    return RefundPaymentPayload(
        refund=next(one for one in document["refunds"] if one["id"] == key),
        payment=document,
        created=done.created,
        warning=refunds.WARNINGS[done.warning] if done.warning is not None else None,
        warning_code=done.warning,
    )
