"""Merchant and everything below it. The source is the document of `connect.merchants.document`."""

from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry

from connect.merchants.document import Document
from connect.merchants.snapshot import parse_time
from resolvers.enums import (
    CapabilityStatus,
    Collector,
    DashboardTaskKind,
    DashboardType,
    DeadlineStatus,
    MerchantStatus,
    NextActionKind,
    Party,
    RequirementSubject,
    Resolution,
)
from resolvers.execution import compiled_selection
from resolvers.execution.context import Info
from resolvers.merchants import timeline
from resolvers.relay.connection import After, First
from resolvers.relay.node import Node, key_of
from resolvers.scalars import URL, CountryCode, DateTime

_field = strawberry.field


@strawberry.type(description="What to do now, who does it, and by when.")
class NextAction:
    kind: NextActionKind = _field(description="What to do.")
    by: Party | None = _field(description="Who does it; null when nobody's move is awaited.")
    label: str = _field(description="The same in a few words, fit for a button.")
    deadline: DateTime | None = _field(description="By when, if Stripe has said so.")
    url: URL | None = _field(
        description="Where, when it is a fixed address. Onboarding links are not: call createOnboardingLink."
    )


@strawberry.type(description="The merchant's account at Stripe.")
class ConnectedAccount(Node):
    stripe_account_id: str = _field(description="Stripe's id: `acct_...`.")
    livemode: bool = _field(description="False for an account in a sandbox.")
    fees_collector: Collector = _field(description="Who collects Stripe's fees.")
    losses_collector: Collector = _field(description="Who covers negative balances.")
    requirements_collector: Collector = _field(description="Who collects requirements from the merchant.")
    applied_configurations: list[str] = _field(description="Stripe's configurations: `merchant`, `customer`.")
    closed: bool = _field(description="Whether the account is closed.")
    created_at: DateTime = _field(description="When Stripe created it.")

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        return isinstance(obj, dict) and obj.get("__typename") == "ConnectedAccount"


@strawberry.type(description="One of the four things that a merchant does in the full Dashboard.")
class DashboardTask:
    kind: DashboardTaskKind = _field(description="Which one.")
    title: str = _field(description="Its name in words.")
    available: bool = _field(description="Whether the merchant can do it now.")
    attention: int = _field(
        description="How many things want attention there. Disputes are not read yet, so theirs is always 0."
    )
    explanation: str = _field(description="Why it is or is not available, and what wants attention.")


@strawberry.type(description="Whether and how the merchant reaches the Stripe Dashboard.")
class DashboardAccess:
    type: DashboardType = _field(description="Which Dashboard the account has.")
    available: bool = _field(description="False until onboarding has given the merchant Stripe credentials.")
    unavailable_reason: str | None = _field(description="Why not, when it is not available.")
    url: URL | None = _field(description="Where the merchant logs in, when it is available.")
    tasks: list[DashboardTask] = _field(description="What is theirs to do there: always four, in this order.")


@strawberry.type(description="Why a capability does not work.")
class CapabilityDetail:
    code: str = _field(description="Stripe's code.")
    resolution: Resolution = _field(description="What can be done.")
    explanation: str = _field(description="The same in plain words.")


@strawberry.type(description="Something that the account may be able to do.")
class Capability:
    name: str = _field(description="Stripe's name: `card_payments`, `stripe_balance.payouts`.")
    title: str = _field(description="Its name in words.")
    status: CapabilityStatus = _field(description="How far it is.")
    details: list[CapabilityDetail] = _field(description="Why it does not work; empty when it does.")


@strawberry.type(description="Why what was provided did not pass.")
class RequirementError:
    code: str = _field(description="Stripe's code.")
    message: str = _field(description="Stripe's own words.")
    explanation: str = _field(description="What was wrong and what to do, in plain words.")


@strawberry.type(description="A capability that is lost without the requirement.")
class CapabilityImpact:
    capability: str = _field(description="The capability's name.")
    deadline: DeadlineStatus = _field(description="How near the loss is.")


@strawberry.type(description="One thing that Stripe asks for.")
class Requirement:
    key: str = _field(description="Stripe's word for it: an opaque dotted path.")
    title: str = _field(description="In plain words, at most 60 characters.")
    help: str | None = _field(description="What to provide, in plain words.")
    subject: RequirementSubject = _field(description="What it is about.")
    person_id: str | None = _field(description="Stripe's id of the person that it is about.")
    awaiting_action_from: Party = _field(description="Who must act: Stripe, while it reviews.")
    deadline: DeadlineStatus = _field(description="How near it is.")
    reasons: list[str] = _field(description="Stripe's reasons: `routine_onboarding`, `routine_verification`.")
    errors: list[RequirementError] = _field(description="Why what was provided did not pass.")
    restricts: list[CapabilityImpact] = _field(description="What is lost without it, and how near that is.")
    alternatives: list[list["Requirement"]] = _field(description="Any one of these groups settles it too.")


@strawberry.type(description="What Stripe asks for.")
class RequirementSet:
    due_count: int = _field(description="How many the merchant must provide now.")
    pending_count: int = _field(description="How many Stripe is reviewing.")
    nearest_deadline: DateTime | None = _field(description="The one date that Stripe gives for all of them.")
    transitions_at: DateTime | None = _field(description="For future ones: when they come into force.")

    @strawberry.field(
        description="The requirements: the merchant's first, failed ones before others.",
        metadata=compiled_selection.PASSED_ON,
    )
    def entries(
        self,
        source: strawberry.Parent[Document],
        deadline: Annotated[
            list[DeadlineStatus] | None,
            strawberry.argument(description="Only those as near as any of these."),
        ] = None,
        awaiting_action_from: Annotated[
            Party | None, strawberry.argument(description="Only those that await this party.")
        ] = None,
    ) -> list[Requirement]:
        found = source["entries"]
        if deadline is not None:
            wanted = {d.value for d in deadline}
            found = [entry for entry in found if entry["deadline"] in wanted]
        if awaiting_action_from is not None:
            found = [e for e in found if e["awaitingActionFrom"] == awaiting_action_from.value]
        return found  # type: ignore[no-any-return]


@strawberry.type(description="What this service knows of the merchant's onboarding.")
class Onboarding:
    started: bool = _field(description="Whether a link was ever handed out.")
    links_issued: int = _field(description="How many were.")
    last_link_issued_at: DateTime | None = _field(description="When the last one was.")
    last_returned_at: DateTime | None = _field(
        description="When somebody last came back from Stripe's form. It says nothing about what they did."
    )
    ever_active_at: DateTime | None = _field(description="When card payments first worked.")


@strawberry.type(description="How old this answer is. Reads never ask Stripe.")
class Freshness:
    synced_at: DateTime | None = _field(description="When the account was last fetched.")
    source: str | None = _field(
        description="Why: `create`, `webhook`, `return`, `refresh`, `update`, `close`, `backfill` or `sweep`."
    )

    @strawberry.field(
        description="Whether that is longer ago than the platform tolerates. Ended accounts grow stale.",
        metadata=compiled_selection.STALE,
    )
    def stale(self, source: strawberry.Parent[Document], info: Info) -> bool:
        synced_at = parse_time(source["syncedAt"])
        return synced_at is None or datetime.now(UTC) - synced_at > info.context.stale_after


@strawberry.type(description="One customer of the platform.")
class Merchant(Node):
    external_id: str = _field(description="The platform's own id of this customer; unique.")
    display_name: str = _field(description="The merchant's name, as Stripe has it.")
    contact_email: str = _field(description="Where Stripe writes to.")
    country: CountryCode = _field(description="Where the business is.")
    created_at: DateTime = _field(description="When it was created here.")
    status: MerchantStatus = _field(description="Where the merchant stands, in one word.")
    summary: str = _field(description="The same in one plain sentence.")
    next_action: NextAction = _field(description="What to do now.")
    account: ConnectedAccount | None = _field(description="Null until Stripe has confirmed the account.")
    dashboard: DashboardAccess = _field(description="Access to the Stripe Dashboard.")
    can_accept_payments: bool = _field(description="Whether card payments work now.")
    can_receive_payouts: bool = _field(description="Whether payouts work now.")
    capabilities: list[Capability] = _field(description="What the account may do: card payments first.")
    requirements: RequirementSet = _field(description="What Stripe asks for now.")
    future_requirements: RequirementSet = _field(description="What it will ask for from `transitionsAt` on.")
    onboarding: Onboarding = _field(description="What this service knows of the onboarding.")
    freshness: Freshness = _field(description="How old this answer is.")

    @strawberry.field(description="What happened, the newest first. 1 to 100 a page, 20 unless told.")
    async def timeline(
        self,
        source: strawberry.Parent[Document],
        info: Info,
        first: First = None,
        after: After = None,
    ) -> timeline.TimelineConnection:
        key = key_of(source["id"], "Merchant")
        if key is None:
            raise ValueError("a document without a merchant's id")
        return await timeline.connection(info.context.timelines, key, first, after)

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        return isinstance(obj, dict) and obj.get("__typename") == "Merchant"
