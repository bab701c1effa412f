"""enableDestination: lets Stripe send events again."""

import strawberry
from strawberry import field

from connect.errors import DestinationNotEnabled
from connect.events import destinations
from connect.platform import health, periodic
from connect.scope import Role
from resolvers.common.errors import Error, expected, mutation
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.platform.health import DestinationStatus


@expected(DestinationNotEnabled, "The event destination could not be enabled.")
class DestinationNotEnabledError(Error):
    request_id: str | None = field(
        description="Stripe's id of the refused request, for Stripe support. Null if Stripe did not refuse "
        "the request."
    )
    retry_after_seconds: int | None = field(
        description="The number of seconds after which to repeat the call. Null if repeating the call would "
        "not help."
    )


@strawberry.type(description="The event destination is enabled.")
class EnableDestinationPayload:
    destination_status: DestinationStatus = field(
        description="The new status of the event destination at Stripe. `platform` shows it after a worker's "
        "next check, which begins within seconds."
    )


@mutation(
    "Enable this service's disabled event destination at Stripe. A destination that is already enabled stays "
    "as it is. The back-fill then fetches the events that Stripe did not send while the destination was "
    "disabled. For operators.",
    EnableDestinationPayload,
    DestinationNotEnabledError,
)
async def enable_destination(info: Info) -> EnableDestinationPayload:
    require(info.context, Role.OPERATOR)
    checked = await destinations.enable(info.context.caller_gateway, info.context.webhook_url)
    await periodic.hasten(health.TASK)
    return EnableDestinationPayload(destination_status=checked.status)
