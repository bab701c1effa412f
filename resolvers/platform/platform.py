"""The root field `platform`: the state of the whole platform, for operators."""

import strawberry
from strawberry.tools import create_type

from connect import scope
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_list
from resolvers.merchants.reading.counts import StatusCount, listed
from resolvers.platform.audit_log import audit_log
from resolvers.platform.clients import clients
from resolvers.platform.creations import creations
from resolvers.platform.events import events
from resolvers.platform.funnel import onboarding_funnel
from resolvers.platform.health import webhooks
from resolvers.platform.problem_history import problem_history
from resolvers.platform.problems import dismissed_problems, problems
from resolvers.platform.reconciliation import reconciliation
from resolvers.platform.stripe_calls import stripe_calls
from resolvers.platform.workers import workers


@strawberry.field(
    description="The number of merchants with each status, except ERASED. Statuses without merchants are "
    "omitted. `merchants(filter: {status: [ERASED]}) { totalCount }` counts the erased ones."
)
async def status_counts(info: Info) -> list[StatusCount]:
    async def count() -> dict[str, int]:
        return await merchant_list.count(info.context.principal, None) or {}

    return listed(await info.context.share_counts("statuses", count))


Platform = create_type(
    "Platform",
    [
        *(status_counts, webhooks, problems, dismissed_problems, creations, reconciliation, events),
        *(onboarding_funnel, workers, stripe_calls, problem_history, clients, audit_log),
    ],
    description="The state of the whole platform.",
)


@strawberry.field(description="The state of the whole platform. For operators.", graphql_type=Platform)
def platform(info: Info) -> object:
    require(info.context, scope.Role.OPERATOR)
    return Platform()
