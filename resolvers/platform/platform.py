"""The root field `platform`: the state of the whole platform, for operators."""

import strawberry
from strawberry import field
from strawberry.tools import create_type
from tortoise.functions import Count

from connect import scope
from resolvers.execution.context import Info
from resolvers.merchants.status import MerchantStatus
from resolvers.platform.creations import creations
from resolvers.platform.events import events
from resolvers.platform.health import webhooks
from resolvers.platform.problems import dismissed_problems, problems
from resolvers.platform.reconciliation import reconciliation
from resolvers.viewer import require


@strawberry.type(description="The number of merchants with a status.")
class StatusCount:
    status: MerchantStatus = field(description="The status.")
    count: int = field(description="The number of merchants.")


@strawberry.field(
    description="The number of merchants with each status. Statuses without merchants are omitted."
)
async def status_counts(info: Info) -> list[StatusCount]:
    visible = scope.merchants(info.context.principal)
    rows = await visible.annotate(count=Count("id")).group_by("status").values("status", "count")
    counts = {row["status"]: row["count"] for row in rows}
    return [
        StatusCount(status=status, count=counts[status.value])
        for status in MerchantStatus
        if status.value in counts
    ]


Platform = create_type(
    "Platform",
    [status_counts, webhooks, problems, dismissed_problems, creations, reconciliation, events],
    description="The state of the whole platform.",
)


@strawberry.field(description="The state of the whole platform. For operators.", graphql_type=Platform)
def platform(info: Info) -> object:
    require(info.context, scope.Role.OPERATOR)
    return Platform()
