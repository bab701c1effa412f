"""The root field `platform`: the state of the whole platform, for operators."""

from typing import Annotated

import strawberry
from strawberry import field
from tortoise.functions import Count

from connect import scope
from connect.platform.health import problems as find_problems
from connect.platform.problems import Problem
from resolvers.execution.context import Info
from resolvers.merchants.status import MerchantStatus
from resolvers.platform import creations, events, health, reconciliation
from resolvers.platform.creations import AccountCreationConnection, CreationState
from resolvers.platform.events import EventState, StripeEventConnection
from resolvers.platform.health import WebhookHealth
from resolvers.platform.problems import PlatformProblem
from resolvers.platform.reconciliation import ReconciliationHealth
from resolvers.relay.connection import After, First, window
from resolvers.viewer import require


@strawberry.type(description="The number of merchants with a status.")
class StatusCount:
    status: MerchantStatus = field(description="The status.")
    count: int = field(description="The number of merchants.")


@strawberry.type(description="The state of the whole platform.")
class Platform:
    @strawberry.field(
        description="The number of merchants with each status. Statuses without merchants are omitted."
    )
    async def status_counts(self, info: Info) -> list[StatusCount]:
        visible = scope.merchants(info.context.principal)
        rows = await visible.annotate(count=Count("id")).group_by("status").values("status", "count")
        counts = {row["status"]: row["count"] for row in rows}
        return [
            StatusCount(status=status, count=counts[status.value])
            for status in MerchantStatus
            if status.value in counts
        ]

    @strawberry.field(description="The delivery and processing of Stripe's events.")
    async def webhooks(self) -> WebhookHealth:
        return await health.webhooks()

    @strawberry.field(
        description="The current problems and their remedies, most urgent first.",
        graphql_type=list[PlatformProblem],
    )
    async def problems(self, info: Info) -> list[Problem]:
        context = info.context
        return await find_problems(stale_after=context.stale_after, backfill_after=context.backfill_after)

    @strawberry.field(
        description="The account creations, newest first, with Stripe's reasons for refusals. A page has "
        "1 to 100, by default 20."
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

    @strawberry.field(description="The periodic comparison with Stripe and the back-fill of missed events.")
    async def reconciliation(self) -> ReconciliationHealth:
        return await reconciliation.health()

    @strawberry.field(description="Stripe's events, newest first. A page has 1 to 100, by default 20.")
    async def events(
        self,
        first: First = None,
        after: After = None,
        state: Annotated[
            EventState | None, strawberry.argument(description="Only events in this state.")
        ] = None,
    ) -> StripeEventConnection:
        return await events.events(window(first, after), state)


@strawberry.field(description="The state of the whole platform. For operators.")
def platform(info: Info) -> Platform:
    require(info.context, scope.Role.OPERATOR)
    return Platform()
