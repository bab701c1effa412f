"""The event destination at Stripe that sends us notifications."""

from dataclasses import dataclass
from typing import Any

from connect.gateway import Gateway
from connect.inbox import AUTHORIZED, DEAUTHORIZED, LINK_RETURNED

# What a mirror can change by. Thin events of v2, and those of v1 that tell of a lost or regained connection.
ENABLED_EVENTS = (
    "v2.core.account.created",
    "v2.core.account.updated",
    "v2.core.account.closed",
    "v2.core.account[configuration.merchant].capability_status_updated",
    "v2.core.account[configuration.merchant].updated",
    "v2.core.account[defaults].updated",
    "v2.core.account[future_requirements].updated",
    "v2.core.account[identity].updated",
    "v2.core.account[requirements].updated",
    "v2.core.account_person.created",
    "v2.core.account_person.updated",
    "v2.core.account_person.deleted",
    LINK_RETURNED,
    AUTHORIZED,
    DEAUTHORIZED,
)


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
