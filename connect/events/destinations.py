"""The event destination at Stripe that sends us notifications."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connect.events.handlers import ENABLED_EVENTS
from connect.gateway import Answer, Gateway
from connect.platform.problems import Check, DestinationStatus, ProblemCode


@dataclass(frozen=True, slots=True)
class Destination:
    id: str
    url: str
    signing_secret: str


async def create(gateway: Gateway, url: str, name: str = "ConnectQL") -> Destination:
    """A destination for thin events of connected accounts. Its secret is shown here and never again
    (https://docs.stripe.com/event-destinations). Raises StripeRefused or StripeUnavailable."""
    body: dict[str, Any] = {
        "name": name,
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": list(ENABLED_EVENTS),
        # Without it Stripe sends only the platform's own events, and no merchant's ever arrives.
        "events_from": ["@accounts"],
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
    }
    answer = await gateway.create_event_destination(body)
    return Destination(answer["id"], url, answer["webhook_endpoint"]["signing_secret"])


async def find(gateway: Gateway, url: str) -> str | None:
    """The id of an enabled destination with this address."""
    async for destination in gateway.event_destinations():
        endpoint = destination.get("webhook_endpoint") or {}
        if endpoint.get("url") == url and destination.get("status") == "enabled":
            return str(destination["id"])
    return None


async def check(gateway: Gateway, url: str) -> Check:
    """The destination with this address and what is wrong with it, the best one where there are several.

    Raises StripeRefused, StripeUnavailable or StripeKeyRefused.
    """
    return judge([destination async for destination in gateway.event_destinations()], url)


def judge(destinations: Iterable[Answer], url: str) -> Check:
    """What `check` says of these destinations."""
    found = [
        _judge(one, url) for one in destinations if (one.get("webhook_endpoint") or {}).get("url") == url
    ]
    if not found:
        missing = (ProblemCode.DESTINATION_MISSING,)
        return Check(url, status=DestinationStatus.MISSING, problems=missing)
    return min(found, key=lambda one: (one.status is DestinationStatus.DISABLED, len(one.problems)))


def _judge(destination: Answer, url: str) -> Check:
    enabled = destination.get("status") == "enabled"
    types = destination.get("enabled_events") or []
    lacking = () if "*" in types else tuple(name for name in ENABLED_EVENTS if name not in types)
    faults = {
        ProblemCode.DESTINATION_DISABLED: not enabled,
        ProblemCode.DESTINATION_SCOPE: "@accounts" not in (destination.get("events_from") or []),
        ProblemCode.DESTINATION_PAYLOAD: destination.get("event_payload") != "thin",
        ProblemCode.DESTINATION_EVENTS: bool(lacking),
    }
    details = destination.get("status_details") or {}
    return Check(
        url,
        id=str(destination["id"]),
        status=DestinationStatus.ENABLED if enabled else DestinationStatus.DISABLED,
        problems=tuple(code for code, is_there in faults.items() if is_there),
        missing_events=lacking,
        disabled_reason=(details.get("disabled") or {}).get("reason"),
    )
