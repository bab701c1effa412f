"""Problems of the endpoints for outgoing events."""

from datetime import datetime, timedelta

from connect.merchants.rules.document import global_id
from connect.outgoing.rules.endpoint_states import EndpointState
from connect.platform.dismissals import Dismissals
from connect.platform.problems import Count, Problem, ProblemCode, Words, describe
from models import EventEndpoint

# The first attempts of a delivery often fail during the deployment of an endpoint.
FAILING_AFTER = timedelta(hours=1)

WORDS = {
    ProblemCode.ENDPOINTS_DISABLED: Words(
        "ConnectQL disabled {things} for outgoing events, the first at {since}, because all attempts had "
        "failed for days, or because the answer was 410 Gone.",
        "Read `eventEndpoints { id url deliveries { attempts { status error } } }` and repair the endpoint. "
        "Then call updateEventEndpoint with `enabled: true`, and replayOutgoingEvents for the time since it "
        "was disabled. Call deleteEventEndpoint for an endpoint that is no longer needed.",
        "endpoint",
    ),
    ProblemCode.ENDPOINTS_FAILING: Words(
        "All attempts to deliver outgoing events to {things} have failed for more than an hour, the first at "
        "{since}.",
        "Read `eventEndpoints { id url failingSince deliveries { attempts { status error } } }` and repair "
        "the endpoint. The attempts continue automatically until the endpoint is disabled.",
        "endpoint",
    ),
}


async def find(at: datetime, dismissals: Dismissals) -> list[Problem]:
    """Find the present problems with one statement. Dismissed endpoints do not count."""
    endpoints = await EventEndpoint.exclude(state=EndpointState.PAUSED.value).order_by("id")
    disabled, failing = list[tuple[str, datetime]](), list[tuple[str, datetime]]()
    for one in endpoints:
        key = global_id("EventEndpoint", one.id)
        if one.state == EndpointState.DISABLED.value:
            disabled.append((key, one.state_since))
        elif one.failing_since is not None and at - one.failing_since > FAILING_AFTER:
            failing.append((key, one.failing_since))
    return [
        problem
        for code, found in (
            (ProblemCode.ENDPOINTS_DISABLED, disabled),
            (ProblemCode.ENDPOINTS_FAILING, failing),
        )
        for problem in describe(WORDS, code, Count.of_all(dismissals.without(code, found)))
    ]
