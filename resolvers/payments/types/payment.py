"""The type Payment. Its source is the document that `connect.payments.rules.document` builds."""

import enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import field

from connect.payments.rules.declines import Retry
from connect.payments.rules.document import Document
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from resolvers.common.freshness import Freshness
from resolvers.common.scalars import DateTime, describe, value
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.warning import DisputeWarning
from resolvers.execution.context import Info
from resolvers.payments.types import payment_timeline
from resolvers.payments.types.fee_terms import FeeSource
from resolvers.payments.types.money import Money
from resolvers.payments.types.payment_timeline import PaymentTimelineConnection
from resolvers.relay.connection import After, Connection, First
from resolvers.relay.node import Node, key_of, parse_id
from resolvers.relay.nodes import load

if TYPE_CHECKING:
    from resolvers.merchants.types.merchant import Merchant

_UNKNOWN = "Stripe reports a value that this version of ConnectQL does not know."

describe(
    PaymentState,
    "PaymentState",
    "Whether a payment is paid. Refunds and disputes do not change this state.",
    AWAITING_CUSTOMER="The payer has not paid yet.",
    REQUIRES_ACTION="The payer must authenticate the payment, pay a voucher or make a bank transfer.",
    PROCESSING="The bank processes the payment. This can take days.",
    AUTHORIZED="The amount is reserved, not charged. Capture it before `captureBefore`.",
    SUCCEEDED="The payer has paid.",
    ATTEMPT_FAILED="The last attempt failed. The payer may try again.",
    FAILED="The payment failed, and cannot be tried again. A payment that has succeeded can also fail later, "
    "if the bank takes the money back.",
    CANCELED="The payment was canceled.",
    EXPIRED="The payment page expired before the payer paid.",
    UNKNOWN="Stripe has not confirmed the payment yet, or reports a status that this version of ConnectQL "
    "does not know.",
)

describe(
    RefundState,
    "RefundState",
    "Whether the money of a payment goes back to the customer.",
    NONE="There is no refund.",
    PENDING="A refund is not complete yet.",
    PARTIAL="A part of the charged amount was refunded.",
    FULL="The whole charged amount was refunded.",
    FAILED="The refund failed. Its `explanation` says whether to pay the customer in another way.",
)

describe(
    DisputeState,
    "DisputeState",
    "Whether the payer's bank questions a payment. If the payment has several disputes, the most important "
    "one determines this state.",
    NONE="There is no dispute, or an inquiry was closed.",
    INQUIRY="The bank asks a question. No money has moved. A full refund closes the inquiry.",
    NEEDS_RESPONSE="The bank took the money back. The merchant can answer until the deadline.",
    UNDER_REVIEW="The bank examines the merchant's answer.",
    WON="The merchant won the dispute and has the money back.",
    LOST="The payer keeps the money.",
    PREVENTED="Stripe or the bank settled the customer's complaint before it became a chargeback.",
    WARNED="The bank warns that a dispute may follow. No money has moved. A full refund usually avoids it.",
    UNKNOWN="Stripe reports a status that this version of ConnectQL does not know. See the dispute in the "
    "Stripe Dashboard.",
)


describe(
    Retry,
    "PaymentRetry",
    "Whether the payer can try again with the same payment method.",
    NOW="The payer can try again at once.",
    LATER="The payer can try again later.",
    AFTER_CORRECTION="The payer must correct the details first.",
    AFTER_AUTHENTICATION="The payer must confirm the payment with the bank.",
    AFTER_CHECK="Check first that the payment has not succeeded already.",
    NO="The payment method does not work. Another one can work.",
)


@strawberry.enum(description="The place where a payment or refund was created.")
class PaymentOrigin(enum.Enum):
    API = value("API", "ConnectQL.")
    STRIPE = value("STRIPE", "Stripe: the Dashboard, a payment link or another service.")


@strawberry.enum(description="The status of a payment page.")
class CheckoutStatus(enum.Enum):
    OPEN = value("OPEN", "The payer can use the page.")
    COMPLETE = value(
        "COMPLETE", "The payer has used the page. Read the payment's `state`: it can still be unpaid."
    )
    EXPIRED = value("EXPIRED", "The page can no longer be used.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.type(description="Stripe's page for a payment. createCheckout returns its address.")
class Checkout:
    status: CheckoutStatus = field(description="The status of the page.")
    expires_at: DateTime | None = field(description="When the page expires.")
    stripe_checkout_session_id: str = field(description="Stripe's id: `cs_...`.")


@strawberry.type(description="The payment method of the last attempt.")
class PaymentMethodSummary:
    type: str = field(description="Stripe's name of the type, such as `card` or `us_bank_account`.")
    brand: str | None = field(description="The brand of a card, or the name of a bank.")
    last4: str | None = field(description="The last four digits.")
    country: str | None = field(description="The country of a card, as an ISO 3166-1 code.")
    funding: str | None = field(description="The kind of a card, such as `credit`, `debit` or `prepaid`.")
    wallet: str | None = field(
        description="The wallet, such as `apple_pay` or `google_pay`. Null if the payer used no wallet."
    )


@strawberry.type(description="The last failed attempt to pay.")
class PaymentFailure:
    code: str | None = field(
        description="Stripe's error code. A code that would reveal a suspicion of fraud is replaced with "
        "`generic_decline`."
    )
    decline_code: str | None = field(
        description="The bank's decline code. A code that would reveal a suspicion of fraud is replaced with "
        "`generic_decline`. Null if the failure has no decline code."
    )
    payer_message: str = field(description="A text for the payer. It never names a suspicion of fraud.")
    retry: Retry = field(description="Whether the payer can try again with the same payment method.")


@strawberry.type(description="The platform's fee, as it was fixed when the payment was created or captured.")
class AppliedFee:
    source: FeeSource = field(description="The source of the fee.")
    fee: Money | None = field(description="The fee.")
    amount: Money | None = field(description="The amount from which the fee was calculated.")
    basis_points: int | None = field(
        description="The proportional part of the fee, in hundredths of a percent of the amount. Null if a "
        "call set the fee."
    )
    flat: Money | None = field(description="The flat part of the fee. Null if a call set the fee.")
    minimum: Money | None = field(description="The minimum fee. Null if a call set the fee.")
    maximum: Money | None = field(
        description="The maximum fee. Null if there is no maximum, or if a call set the fee."
    )


@strawberry.enum(description="Stripe's status of a refund.")
class RefundStatus(enum.Enum):
    PENDING = value(
        "PENDING", "The refund is not complete yet. `pendingReason` has the cause, if Stripe names one."
    )
    REQUIRES_ACTION = value("REQUIRES_ACTION", "The customer must act to get the money.")
    SUCCEEDED = value("SUCCEEDED", "The refund was sent to the customer's bank. It may still fail.")
    FAILED = value(
        "FAILED", "The refund failed. Read the `explanation` before you pay the customer in another way."
    )
    CANCELED = value("CANCELED", "The refund was canceled before it was sent.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="The reason for a refund.")
class RefundReason(enum.Enum):
    DUPLICATE = value("DUPLICATE", "The customer paid twice.")
    FRAUDULENT = value("FRAUDULENT", "The payment was fraud. Stripe blocks the card and the e-mail address.")
    REQUESTED_BY_CUSTOMER = value("REQUESTED_BY_CUSTOMER", "The customer asked for it.")
    EXPIRED_UNCAPTURED_CHARGE = value(
        "EXPIRED_UNCAPTURED_CHARGE", "The authorization expired before a capture."
    )
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.type(description="A refund, full or partial.")
class Refund(Node):
    external_id: str | None = field(
        description="The platform's own id of the refund. Null if it was not requested by refundPayment."
    )
    origin: PaymentOrigin = field(description="The place where the refund was requested.")
    amount: Money | None = field(description="The refunded amount, in the payment's currency.")
    state: RefundStatus = field(description="The status. `PENDING` until Stripe has answered the request.")
    explanation: str = field(description="The status in a plain sentence.")
    reason: RefundReason | None = field(description="The reason. Null if the refund has no reason.")
    pending_reason: str | None = field(
        description="Stripe's reason why the refund is not complete, such as `processing`, "
        "`insufficient_funds` or `charge_pending`."
    )
    failure_reason: str | None = field(
        description="Stripe's reason why the refund failed. A reason that must be withheld is replaced with "
        "`unknown`."
    )
    reference: str | None = field(
        description="The number by which the customer's bank can find the refund. Null for some days after "
        "the refund."
    )
    stripe_refund_id: str | None = field(description="Stripe's id: `re_...`. Null until Stripe has answered.")
    created_at: DateTime | None = field(description="When the refund was created.")


@strawberry.type(description="A metadata entry: a key and its value, which the platform has set.")
class MetadataEntry:
    key: str = field(description="The key.")
    value: str = field(description="The value.")


@strawberry.type(description="A payment of a customer to a merchant.")
class Payment(Node):
    external_id: str | None = field(
        description="The platform's own id of the order, unique among the payments of the merchant. Null if "
        "the payment was created at Stripe."
    )
    origin: PaymentOrigin = field(description="The place where the payment was created.")
    state: PaymentState = field(description="Whether the payment is paid.")
    refund_state: RefundState = field(description="Whether the money goes back to the customer.")
    dispute_state: DisputeState = field(description="Whether the payer's bank questions the payment.")
    summary: str = field(
        description="The most important fact about the payment, in one plain sentence without a date."
    )
    failure: PaymentFailure | None = field(
        description="The last failed attempt to pay. Null unless the state is `ATTEMPT_FAILED` or `FAILED`."
    )
    amount: Money | None = field(description="The requested amount.")
    amount_received: Money | None = field(description="The amount that was charged.")
    amount_refunded: Money | None = field(
        description="The sum of the refunds that have neither failed nor been canceled, including refunds "
        "that are not complete."
    )
    application_fee: Money | None = field(
        description="The fee that Stripe booked for the platform. It may be in the platform's currency. Null "
        "until Stripe has booked it, which can be some seconds after the payment."
    )
    application_fee_refunded: Money | None = field(
        description="The part of the platform's fee that was returned to the merchant."
    )
    applied_fee: AppliedFee | None = field(
        description="The platform's fee that ConnectQL requested from Stripe, with its terms. Null if the "
        "payment has no fee."
    )
    stripe_fee: Money | None = field(
        description="Stripe's own fee, in the currency of the merchant's balance. Null until Stripe has "
        "booked it."
    )
    net: Money | None = field(
        description="The amount that the charge added to the merchant's balance, after all fees and before "
        "refunds and disputes. Null until Stripe has booked it."
    )
    method: PaymentMethodSummary | None = field(
        description="The payment method of the last attempt to pay. Null before the first attempt."
    )
    checkout: Checkout | None = field(
        description="Stripe's payment page for this payment. Null if the payment has no page."
    )
    capture_before: DateTime | None = field(
        description="When the authorization expires. After this time, the payment cannot be captured. Null "
        "unless the payment waits for its capture."
    )
    description: str | None = field(description="Stripe's description of the payment.")
    metadata: list[MetadataEntry] = field(
        description="The metadata at Stripe, in the order of the keys. Empty if the `origin` is STRIPE, "
        "because other programs write personal data of payers into the metadata."
    )
    refunds: list[Refund] = field(description="The refunds, newest first.")
    disputes: list[Dispute] = field(description="The disputes, oldest first. A payment can have several.")
    dispute_warnings: list[DisputeWarning] = field(
        description="The warnings of the payer's bank that it may dispute the payment, oldest first. "
        "`disputeState` is `WARNED` while a full refund can avoid the dispute."
    )
    stripe_payment_intent_id: str | None = field(
        description="Stripe's id: `pi_...`. Null until Stripe has created the intent. If the payment has a "
        "page, Stripe creates the intent when the payer pays."
    )
    stripe_charge_id: str | None = field(
        description="Stripe's id of the last attempt to charge: `ch_...`. Null before the first attempt."
    )
    livemode: bool | None = field(
        description="False for a payment in a sandbox. Null until Stripe has confirmed the payment."
    )
    created_at: DateTime = field(description="When the payment was created.")
    updated_at: DateTime = field(description="The time of the last change of any field except `freshness`.")
    freshness: Freshness = field(description="The age of this data.")

    @strawberry.field(
        description="The merchant that gets the money.",
        graphql_type=Annotated["Merchant", strawberry.lazy("resolvers.merchants.types.merchant")],
    )
    async def merchant(self, source: strawberry.Parent[Document], info: Info) -> Any:
        return await info.context.load(load, parse_id(source["merchantId"]))

    @strawberry.field(
        description="The history of the payment, newest first. A page has 1 to 100 entries, by default 20.",
        graphql_type=PaymentTimelineConnection,
    )
    async def timeline(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
    ) -> Connection:
        key = key_of(source["id"], "Payment")
        if key is None:
            raise ValueError("a document without a payment's id")
        return await payment_timeline.connection(info.context, key, first, after)
