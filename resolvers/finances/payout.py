"""The type Payout. Its source is the document that `connect.finances.rules.payout_document` builds."""

import enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import field

from connect.finances.rules.payout_document import Document
from resolvers.common.freshness import Freshness
from resolvers.common.scalars import CountryCode, CurrencyCode, Date, DateTime, value
from resolvers.execution.context import Info
from resolvers.finances import payout_transactions
from resolvers.finances.payout_transactions import PayoutTransactionConnection
from resolvers.payments.types.money import Money
from resolvers.relay.connection import After, Connection, First
from resolvers.relay.node import Node, key_of, parse_id
from resolvers.relay.nodes import load

if TYPE_CHECKING:
    from resolvers.merchants.types.merchant import Merchant

_UNKNOWN = "A value that this version of ConnectQL does not know."


@strawberry.enum(description="The state of a payout.")
class PayoutStatus(enum.Enum):
    PENDING = value("PENDING", "Stripe has created the payout and will send it soon.")
    IN_TRANSIT = value("IN_TRANSIT", "The payout is on its way to the bank.")
    PAID = value("PAID", "The payout should have arrived. It can still fail for about five business days.")
    FAILED = value(
        "FAILED",
        "The bank returned the payout, and the money is back in the balance. If the payout is a debit, the "
        "bank refused it, and the balance stays negative.",
    )
    CANCELED = value("CANCELED", "The payout was canceled, and the money is back in the balance.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="The speed of a payout.")
class PayoutMethod(enum.Enum):
    STANDARD = value("STANDARD", "The payout takes some business days.")
    INSTANT = value("INSTANT", "The payout takes some minutes, and Stripe charges a fee.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="Whether Stripe knows all transactions inside a payout.")
class PayoutReconciliation(enum.Enum):
    NOT_APPLICABLE = value("NOT_APPLICABLE", "The payout is manual, so it contains no transactions.")
    IN_PROGRESS = value("IN_PROGRESS", "Stripe is still collecting the transactions.")
    COMPLETED = value("COMPLETED", "Stripe knows all transactions.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.enum(description="The kind of destination.")
class PayoutDestinationType(enum.Enum):
    BANK_ACCOUNT = value("BANK_ACCOUNT", "A bank account.")
    CARD = value("CARD", "A debit card.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


@strawberry.type(description="The bank account or debit card that receives a payout.")
class PayoutDestination:
    type: PayoutDestinationType = field(description="The kind of destination.")
    name: str | None = field(description="The name of the bank, or the brand of the card.")
    last4: str | None = field(description="The last four digits.")
    country: CountryCode | None = field(description="The country of the bank.")
    currency: CurrencyCode | None = field(description="The currency of the bank account.")


@strawberry.type(description="The failure of a payout.")
class PayoutFailure:
    code: str = field(description="Stripe's code, such as `account_closed`.")
    explanation: str = field(description="An explanation of the failure, in a sentence.")
    remedy: str = field(description="What to do, in a sentence.")
    was_paid: bool = field(description="Whether the payout had been `PAID` before it failed.")
    noticed_at: DateTime | None = field(description="When ConnectQL first saw the failure.")


@strawberry.type(
    description="A transfer of money from the Stripe balance of a merchant to its bank account. If the "
    "amount is negative, the payout is a debit: it takes money from the bank account to fill a negative "
    "balance."
)
class Payout(Node):
    status: PayoutStatus = field(description="The state of the payout.")
    summary: str = field(description="The state in a sentence without dates.")
    amount: Money | None = field(description="The amount.")
    arrival_date: Date = field(description="The day on which the bank should have the money.")
    is_late: bool = field(
        description="Whether the payout had not arrived three days after its `arrivalDate`, when ConnectQL "
        "last fetched it."
    )
    automatic: bool = field(
        description="Whether Stripe created the payout automatically, by the payout schedule."
    )
    method: PayoutMethod = field(description="The speed of the payout.")
    destination: PayoutDestination | None = field(description="The bank account or debit card.")
    failure: PayoutFailure | None = field(description="The failure. Null unless the status is `FAILED`.")
    trace_id: str | None = field(
        description="The number by which the bank can find the payout. Null until Stripe has received the "
        "number, which can take ten days. Some banks have no such numbers."
    )
    reconciliation: PayoutReconciliation = field(
        description="Whether Stripe knows all transactions inside the payout."
    )
    transactions_complete_at: DateTime | None = field(
        description="When ConnectQL had stored all transactions inside the payout. They add up to exactly "
        "its amount. Until then, this field is null, and `transactions` is empty."
    )
    statement_descriptor: str | None = field(description="The text on the bank statement.")
    livemode: bool = field(description="False for a payout in a sandbox.")
    external_id: str | None = field(
        description="The platform's own id of a payout that was requested with createPayout. Null for other "
        "payouts."
    )
    stripe_payout_id: str = field(description="Stripe's id: `po_...`.")
    created_at: DateTime = field(description="When Stripe created the payout.")
    updated_at: DateTime = field(description="The time of the last change of any field except `freshness`.")
    freshness: Freshness = field(
        description="The age of this data. ConnectQL regularly compares each recent payout with Stripe, but "
        "fetches it again only if it changed or is late. So `stale` can be true although the payout is the "
        "same at Stripe."
    )

    @strawberry.field(
        description="The merchant that gets the money.",
        graphql_type=Annotated["Merchant", strawberry.lazy("resolvers.merchants.types.merchant")],
    )
    async def merchant(self, source: strawberry.Parent[Document], info: Info) -> Any:
        return await info.context.load(load, parse_id(source["merchantId"]))

    @strawberry.field(
        description="The balance transactions inside an automatic payout, newest first. Empty until "
        "`transactionsCompleteAt`. A page has 1 to 100 transactions, by default 20.",
        graphql_type=PayoutTransactionConnection,
    )
    async def transactions(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
    ) -> Connection:
        key = key_of(source["id"], "Payout")
        if key is None:
            raise ValueError("a document without a payout's id")
        return await payout_transactions.connection(info.context, key, first, after)
