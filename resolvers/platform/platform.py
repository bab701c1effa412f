"""The whole platform at a glance, for operators."""

from typing import Annotated, Any

import strawberry
from tortoise.functions import Count

from connect import scope
from connect.merchants.document import Document, global_id
from models import StripeEvent
from models.event import without_bodies
from resolvers.enums import CreationState, EventState, MerchantStatus
from resolvers.execution.context import Info
from resolvers.merchants.merchant import Merchant as MerchantType
from resolvers.platform import creations, health, reconciliation
from resolvers.platform.creations import AccountCreationConnection
from resolvers.platform.health import PlatformProblem, WebhookHealth
from resolvers.platform.reconciliation import ReconciliationHealth
from resolvers.relay.connection import After, First, Order, PageInfo, page, window
from resolvers.relay.node import Node
from resolvers.scalars import DateTime

_field = strawberry.field
EVENTS = Order("EVENTS", ("id",), descending=True)


@strawberry.type(name="StripeEvent", description="An event notification that Stripe delivered.")
class StripeEventType(Node):
    stripe_event_id: str = _field(description="Stripe's id: `evt_...`.")
    type: str = _field(description="Stripe's type: `v2.core.account[requirements].updated`.")
    state: EventState = _field(description="How far its handling is.")
    attempts: int = _field(description="How often it was tried.")
    last_error: str | None = _field(description="Why the last attempt failed, or why it was ignored.")
    received_at: DateTime = _field(description="When it arrived.")
    handled_at: DateTime | None = _field(description="When its handling ended.")

    @strawberry.field(
        description="The merchant that it was about, once that is known.", graphql_type=MerchantType | None
    )
    async def merchant(self, source: strawberry.Parent[Document], info: Info) -> Document | None:
        merchant_id = source["merchantId"]
        return await info.context.documents.load(merchant_id) if merchant_id is not None else None

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        return isinstance(obj, dict) and obj.get("__typename") == "StripeEvent"


def event_source(row: StripeEvent) -> Document:
    """The source of a StripeEvent: like a merchant's document, with GraphQL's names."""
    return {
        "__typename": "StripeEvent",
        "id": global_id("StripeEvent", row.id),
        "stripeEventId": row.stripe_event_id,
        "type": row.type,
        "state": row.state,
        "attempts": row.attempts,
        "lastError": row.last_error,
        "receivedAt": row.received_at,
        "handledAt": row.handled_at,
        "merchantId": row.merchant_id,
    }


@strawberry.type(description="An event in its place.")
class StripeEventEdge:
    cursor: str = _field(description="For `after`.")
    node: Document = _field(description="The event.", graphql_type=StripeEventType)


@strawberry.type(description="Events, the latest received first.")
class StripeEventConnection:
    edges: list[StripeEventEdge] = _field(description="The events of this page.")
    page_info: PageInfo = _field(description="Where this page stands.")


@strawberry.type(description="How many merchants have a status.")
class StatusCount:
    status: MerchantStatus = _field(description="The status.")
    count: int = _field(description="How many have it.")


@strawberry.type(description="The whole platform at a glance.")
class Platform:
    @strawberry.field(description="How many merchants have each status; those that none has are left out.")
    async def status_counts(self, info: Info) -> list[StatusCount]:
        visible = scope.merchants(info.context.principal)
        rows = await visible.annotate(count=Count("id")).group_by("status").values("status", "count")
        order = [status.value for status in MerchantStatus]
        counts = {row["status"]: row["count"] for row in rows}
        return [
            StatusCount(status=MerchantStatus(status), count=counts[status])
            for status in order
            if status in counts
        ]

    @strawberry.field(description="Whether events reach this service and are handled.")
    async def webhooks(self) -> WebhookHealth:
        return await health.webhooks()

    @strawberry.field(
        description="What is wrong now and what to do about it, the most urgent first. Empty: all is well."
    )
    async def problems(self, info: Info) -> list[PlatformProblem]:
        context = info.context
        return await health.problems(stale_after=context.stale_after, backfill_after=context.backfill_after)

    @strawberry.field(
        description="What was asked of Stripe for createMerchant, the newest first: also what Stripe "
        "refused, and why. 1 to 100 a page, 20 unless told."
    )
    async def creations(
        self,
        first: First = None,
        after: After = None,
        state: Annotated[
            CreationState | None, strawberry.argument(description="Only creations in this state.")
        ] = None,
    ) -> AccountCreationConnection:
        return await creations.creations(window(first, after), state)

    @strawberry.field(description="How this service and Stripe are kept in agreement.")
    async def reconciliation(self) -> ReconciliationHealth:
        return await reconciliation.health()

    @strawberry.field(description="What arrived, the latest first. 1 to 100 a page, 20 unless told.")
    async def events(
        self,
        first: First = None,
        after: After = None,
        state: Annotated[
            EventState | None, strawberry.argument(description="Only events in this state.")
        ] = None,
    ) -> StripeEventConnection:
        query = StripeEvent.filter(state=state.value) if state is not None else StripeEvent.all()
        found = await page(query, EVENTS, window(first, after), ())
        listed = StripeEvent.filter(id__in=[key for (key,) in found.rows])
        rows = {row.id: row for row in await without_bodies(listed)}
        return StripeEventConnection(
            edges=[
                StripeEventEdge(cursor=cursor, node=event_source(rows[key]))
                for (key,), cursor in zip(found.rows, found.cursors, strict=True)
                if key in rows
            ],
            page_info=found.info,
        )
