"""The event destination at Stripe that sends us notifications."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connect.errors import AnswerUnusable, DestinationNotEnabled, StripeRefused, StripeUnavailable
from connect.events.handlers import ENABLED_EVENTS
from connect.platform.problems import Problem, ProblemCode, format_number
from connect.stripe_api.gateway import Answer, Gateway

# The sources whose events the destination must send: connected accounts, and the platform itself, for its
# fees and subscriptions. By default, Stripe sends only the platform's own events
# (https://docs.stripe.com/event-destinations).
SOURCES = {
    "@accounts": "the events of connected accounts",
    "@self": "the platform's own events, which report its fees and subscriptions",
}


class DestinationStatus(enum.Enum):
    UNKNOWN = "UNKNOWN"  # Stripe has not answered yet
    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Check:
    """The event destination with our address, as Stripe shows it."""

    url: str
    id: str | None = None
    status: DestinationStatus = DestinationStatus.UNKNOWN
    problems: tuple[ProblemCode, ...] = ()
    missing_events: tuple[str, ...] = ()
    disabled_reason: str | None = None
    missing_sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    id: str
    url: str
    signing_secret: str


async def create(gateway: Gateway, url: str, name: str = "ConnectQL") -> Destination:
    """Create a destination for thin events of connected accounts and of the platform.

    Stripe shows the signing secret only in this answer (https://docs.stripe.com/event-destinations). Raises
    StripeRefused or StripeUnavailable.
    """
    body: dict[str, Any] = {
        "name": name,
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": list(ENABLED_EVENTS),
        "events_from": list(SOURCES),
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
    }
    answer = await gateway.create_event_destination(body)
    return Destination(answer["id"], url, answer["webhook_endpoint"]["signing_secret"])


async def check(gateway: Gateway, url: str) -> Check:
    """Check the destination with this address. If several destinations have the address, `choose` selects
    one.

    Raises StripeRefused or StripeUnavailable.
    """
    answers = [destination async for destination in gateway.event_destinations()]
    try:
        return choose(answers, url)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnswerUnusable from error


async def enable(gateway: Gateway, url: str) -> Check:
    """Enable the destination with this address if it is disabled. Returns the check of the destination, whose
    status is then ENABLED.

    Raises DestinationNotEnabled.
    """
    try:
        found = await check(gateway, url)
        if found.id is not None and found.status is DestinationStatus.DISABLED:
            await gateway.enable_event_destination(found.id)
            found = await check(gateway, url)
    except StripeRefused as error:
        raise DestinationNotEnabled(error.message, error.request_id) from None
    except StripeUnavailable as error:
        raise DestinationNotEnabled(error.message, retry_after_seconds=error.retry_after_seconds) from None
    if found.status is not DestinationStatus.ENABLED:
        problem = find_problems(found)[0]
        raise DestinationNotEnabled(f"{problem.message} {problem.remedy}")
    return found


def choose(destinations: Iterable[Answer], url: str) -> Check:
    """Return the check of the destination with this address, or a check with the status MISSING if there is
    none. If there are several, select the enabled one with the fewest problems, or a disabled one if none is
    enabled.
    """
    checks = [
        _inspect(destination, url)
        for destination in destinations
        if (destination.get("webhook_endpoint") or {}).get("url") == url
    ]
    if not checks:
        missing = (ProblemCode.DESTINATION_MISSING,)
        return Check(url, status=DestinationStatus.MISSING, problems=missing)
    return min(checks, key=lambda check: (check.status is DestinationStatus.DISABLED, len(check.problems)))


def find_problems(check: Check) -> list[Problem]:
    """Describe the problems of the event destination."""
    return [_describe(code, check) for code in check.problems]


def _describe(code: ProblemCode, check: Check) -> Problem:
    url, name = check.url, check.id or "the event destination"
    create = f"Run `python -m api destination {url}` and put the secret into CONNECTQL_WEBHOOK_SECRETS."
    replace = (
        f"Stripe cannot change this in an existing destination. {create} Then delete {name} in Stripe's "
        "Dashboard."
    )
    workbench = "In Stripe's Dashboard, Workbench > Webhooks,"
    count = 1
    match code:
        case ProblemCode.DESTINATION_MISSING:
            message = f"Stripe has no event destination with the address {url}."
            remedy = (
                f"{create} If your destination has another address, set CONNECTQL_WEBHOOK_URL "
                "to that address."
            )
        case ProblemCode.DESTINATION_DISABLED:
            reason = check.disabled_reason or "not given"
            message = f"The event destination {name} is disabled (reason: {reason})."
            remedy = (
                f"Call enableDestination, or enable {name} in Stripe's Dashboard, Workbench > Webhooks. "
                "Events that Stripe did not send meanwhile are back-filled."
            )
        case ProblemCode.DESTINATION_SCOPE:
            # A check that an earlier release stored has no `missing_sources`.
            missing_sources = check.missing_sources or ("@accounts",)
            sources = " and ".join(SOURCES[source] for source in missing_sources)
            message = f"The event destination {name} does not send {sources}."
            remedy = replace
        case ProblemCode.DESTINATION_PAYLOAD:
            message = (
                f"The event destination {name} does not send thin payloads, so its notifications are refused."
            )
            remedy = replace
        case _:
            count = len(check.missing_events)
            missing = ", ".join(check.missing_events)
            message = f"The event destination {name} lacks {format_number(count, 'event type')}: {missing}."
            remedy = f"{workbench} add them to {name}."
    return Problem(code, message, remedy, count)


def _inspect(destination: Answer, url: str) -> Check:
    enabled = destination.get("status") == "enabled"
    types = destination.get("enabled_events") or []
    missing = () if "*" in types else tuple(name for name in ENABLED_EVENTS if name not in types)
    missing_sources = tuple(name for name in SOURCES if name not in (destination.get("events_from") or []))
    faults = {
        ProblemCode.DESTINATION_DISABLED: not enabled,
        ProblemCode.DESTINATION_SCOPE: bool(missing_sources),
        ProblemCode.DESTINATION_PAYLOAD: destination.get("event_payload") != "thin",
        ProblemCode.DESTINATION_EVENTS: bool(missing),
    }
    details = destination.get("status_details") or {}
    return Check(
        url,
        id=str(destination["id"]),
        status=DestinationStatus.ENABLED if enabled else DestinationStatus.DISABLED,
        problems=tuple(code for code, is_present in faults.items() if is_present),
        missing_events=missing,
        disabled_reason=(details.get("disabled") or {}).get("reason"),
        missing_sources=missing_sources,
    )
