"""The type Merchant. Its source is the document that `connect.merchants.rules.document` builds."""

import uuid
from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants.rules.document import Document
from models import WalletDomain
from resolvers.common.freshness import Freshness
from resolvers.common.scalars import CountryCode, DateTime
from resolvers.disputes import dispute_list
from resolvers.disputes.dispute_filter import FilterOfMerchant as FilterOfDisputes
from resolvers.disputes.dispute_filter import with_merchant as with_disputes_of
from resolvers.disputes.dispute_list import DisputeConnection, DisputeOrder
from resolvers.disputes.dispute_list import OrderBy as OrderOfDisputes
from resolvers.execution.context import Info
from resolvers.finances import payout_list
from resolvers.finances.balance import Balance, PayoutObstacle, PayoutSchedule
from resolvers.finances.payout_list import FilterOfMerchant as PayoutsOfMerchant
from resolvers.finances.payout_list import OrderBy as PayoutOrderBy
from resolvers.finances.payout_list import PayoutConnection, PayoutOrder
from resolvers.merchants.types import timeline, wallet_domains
from resolvers.merchants.types.account import ConnectedAccount, DashboardAccess, FormerAccount
from resolvers.merchants.types.account_settings import MerchantSettings
from resolvers.merchants.types.requirements import Capability, RequirementSet
from resolvers.merchants.types.status import (
    MerchantStatus,
    Message,
    NextAction,
    OnboardingStage,
    StatusTone,
)
from resolvers.merchants.types.timeline import TimelineConnection, TimelineKind
from resolvers.merchants.types.wallet_domains import WalletDomainType
from resolvers.payments.reading import payment_list
from resolvers.payments.reading.payment_filter import FilterOfMerchant, with_merchant
from resolvers.payments.reading.payment_list import OrderBy, PaymentConnection, PaymentOrder
from resolvers.payments.types import fee_terms
from resolvers.payments.types.fee_terms import FeeTerms
from resolvers.relay.connection import After, Before, Connection, First, Last
from resolvers.relay.node import Node, key_of
from resolvers.services.service import ServiceSubscription


@strawberry.type(
    description="The progress of a merchant's onboarding, as recorded by ConnectQL. Onboarding begins again "
    "when replaceAccount replaces the account."
)
class Onboarding:
    stage: OnboardingStage = field(description="The stage that the merchant has reached.")
    stage_since: DateTime = field(
        description="When this stage began. If an earlier version of ConnectQL created the merchant, this is "
        "the best known time."
    )
    started: bool = field(description="Whether an onboarding link was ever issued.")
    links_issued: int = field(description="The number of onboarding links that were issued.")
    last_link_issued_at: DateTime | None = field(description="When the last onboarding link was issued.")
    last_returned_at: DateTime | None = field(
        description="When a browser last returned from Stripe's form. The form may still be incomplete."
    )
    ever_active_at: DateTime | None = field(description="When card payments first became active.")


@strawberry.type(
    description="A customer of the platform, who takes payments with a connected Stripe account."
)
class Merchant(Node):
    external_id: str = field(description="The platform's own unique id of the merchant.")
    display_name: str = field(description="The name of the merchant at Stripe.")
    contact_email: str = field(description="The e-mail address to which Stripe writes to the merchant.")
    country: CountryCode = field(description="The country of the business at Stripe.")
    created_at: DateTime = field(description="When the merchant was created in ConnectQL.")
    updated_at: DateTime = field(
        description="When the merchant last changed. Changes of `freshness` do not count."
    )
    status: MerchantStatus = field(
        description="The status of the merchant, which ConnectQL derives from the Stripe account."
    )
    status_title: str = field(description="The status in a few words, for a label.")
    status_tone: StatusTone = field(description="The tone of the status, for a color.")
    status_since: DateTime = field(description="When the status last changed.")
    erased_at: DateTime | None = field(
        description="When the platform erased the merchant's data. Null unless the status is ERASED."
    )
    summary: str = field(
        description="The status in a plain sentence. A second sentence mentions the requirements of other "
        "capabilities, if there are any. The text contains no dates. If the caller is the merchant, the "
        "text addresses the merchant."
    )
    summary_messages: list[Message] = field(
        description="The sentences of the summary as keys with parameters, for translations."
    )
    next_action: NextAction = field(description="The next step for this merchant.")
    account: ConnectedAccount | None = field(
        description="The current Stripe account. Null until Stripe has confirmed it. After replaceAccount, "
        "this field has the same `id`, but another `stripeAccountId`."
    )
    former_accounts: list[FormerAccount] = field(
        description="The accounts that the merchant had before the current one, and accounts that "
        "replaceAccount opened but did not use, newest first; at most 20."
    )
    settings: MerchantSettings | None = field(
        description="The settings of the account. Null until Stripe has confirmed the account."
    )
    dashboard: DashboardAccess = field(description="The merchant's access to the Stripe Dashboard.")
    can_accept_payments: bool = field(description="Whether card payments work now.")
    can_receive_payouts: bool = field(description="Whether payouts work now.")
    balance: Balance | None = field(
        description="The balance of the current account. Null until ConnectQL has fetched it. The first "
        "fetch begins when card payments or payouts first become active."
    )
    payout_schedule: PayoutSchedule | None = field(
        description="The payout schedule of the current account. Null until ConnectQL has fetched it."
    )
    payout_obstacles: list[PayoutObstacle] = field(
        description="The reasons why the merchant receives no payouts, the most important first. Empty if "
        "the next payout follows the schedule."
    )
    capabilities: list[Capability] = field(
        description="The capabilities of the account. Card payments come first."
    )
    requirements: RequirementSet = field(description="The current requirements.")
    future_requirements: RequirementSet = field(
        description="The requirements that take effect at `transitionsAt`."
    )
    onboarding: Onboarding = field(description="The onboarding of this merchant.")
    service: ServiceSubscription | None = field(
        description="The merchant's subscription to the platform's own product. Null if there never was one."
    )
    freshness: Freshness = field(description="How old this data is.")

    @strawberry.field(
        description="The terms that determine the platform's fee for new payments. The terms that "
        "setFeePolicy has set for this merchant come first. The terms in the platform's settings follow, "
        "for all other currencies. Empty if the platform takes no fee. The `appliedFee` of a payment "
        "follows the terms that applied when the payment was created.",
        graphql_type=list[FeeTerms],
    )
    async def fee_policy(self, source: strawberry.Parent[Document], info: Info) -> list[Document]:
        return await info.context.load(fee_terms.load, _key(source))

    @strawberry.field(
        description="The web domains on which pages of the platform show Apple Pay, Google Pay and Link for "
        "this merchant's current account, ordered by name; at most 20. Empty until a worker "
        "begins to register them, after card payments have first become active.",
        graphql_type=list[WalletDomainType],
    )
    async def wallet_domains(self, source: strawberry.Parent[Document], info: Info) -> list[WalletDomain]:
        account = source["account"]
        return await info.context.load(wallet_domains.load, account["stripeAccountId"]) if account else []

    @strawberry.field(
        description="The history of the merchant, newest first. A page has 1 to 100 entries, by default 20.",
        graphql_type=TimelineConnection,
    )
    async def timeline(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
        kinds: Annotated[
            list[TimelineKind] | None,
            strawberry.argument(description="Only entries of these kinds. Default: all kinds."),
        ] = None,
    ) -> Connection:
        return await timeline.connection(info.context, _key(source), first, after, kinds)

    @strawberry.field(
        description="The payments of the merchant. A page has 1 to 100 payments, by default 20. A change of "
        "a payment alone does not change the merchant's `updatedAt`, and subscriptions to merchants send no "
        "message about it.",
        graphql_type=PaymentConnection,
    )
    async def payments(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: FilterOfMerchant = None,  # noqa: A002
        order_by: OrderBy = PaymentOrder.CREATED_AT_DESC,
    ) -> Connection:
        context = info.context
        return await payment_list.connection(
            context.principal,
            context.select_together,
            first=first,
            after=after,
            last=last,
            before=before,
            filter=with_merchant(filter, source["id"]),
            order_by=order_by,
        )

    @strawberry.field(
        description="The disputes of the merchant, including disputes of former accounts. A page has 1 to "
        "100 disputes, by default 20. The Dashboard task `RESPOND_TO_DISPUTES_AND_REFUNDS` counts the "
        "disputes that need a response.",
        graphql_type=DisputeConnection,
    )
    async def disputes(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: FilterOfDisputes = None,  # noqa: A002
        order_by: OrderOfDisputes = DisputeOrder.DUE_BY_ASC,
    ) -> Connection:
        context = info.context
        return await dispute_list.connection(
            context.principal,
            context.select_together,
            first=first,
            after=after,
            last=last,
            before=before,
            filter=with_disputes_of(filter, source["id"]),
            order_by=order_by,
        )

    @strawberry.field(
        description="The payouts of the merchant, including payouts of former accounts. A page has 1 to 100 "
        "payouts, by default 20. A change of a payout counts as a change of the merchant only if the payout "
        "is on its way or is the cause of one of `payoutObstacles`.",
        graphql_type=PayoutConnection,
    )
    async def payouts(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: PayoutsOfMerchant = None,  # noqa: A002
        order_by: PayoutOrderBy = PayoutOrder.CREATED_AT_DESC,
    ) -> Connection:
        context = info.context
        return await payout_list.connection(
            context.principal,
            context.select_together,
            first=first,
            after=after,
            last=last,
            before=before,
            filter=payout_list.with_merchant(filter, source["id"]),
            order_by=order_by,
        )


def _key(source: Document) -> uuid.UUID:
    key = key_of(source["id"], "Merchant")
    if key is None:
        raise ValueError("a document without a merchant's id")
    return key
