"""Deliveries of the local Stripe's events to the inbox, without HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from connect.events import inbox
from connect.events.handlers import ENABLED_EVENTS, HANDLERS
from testing.payments import Shop

# An event about an unknown object is retried at once.
POLICY = inbox.Policy(debounce=0, lease=30, first_pause=0, max_attempts=4)


class Deliveries:
    """Delivers the events of the local Stripe to the inbox, each once, and lets a worker handle them."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.delivered: set[str] = set()

    async def waiting(self) -> list[dict[str, Any]]:
        """The events that were not delivered yet, oldest first."""
        at = datetime.now(UTC)
        found = []
        for start in range(0, len(ENABLED_EVENTS), 20):
            types = ENABLED_EVENTS[start : start + 20]
            since, until = at - timedelta(days=1), at + timedelta(days=30)
            pages = self.shop.gateway.events(since, until, types)
            found += [event async for page in pages for event in page]
        new = [event for event in found if event["id"] not in self.delivered]
        return sorted(new, key=lambda event: event["created"])

    async def record(self, chosen: list[dict[str, Any]]) -> None:
        rows = [inbox.arrival(one, json.dumps(one).encode(), HANDLERS, livemode=False) for one in chosen]
        if rows:
            await inbox.record(rows, POLICY)
        self.delivered |= {one["id"] for one in chosen}

    async def all(self, *prefixes: str) -> None:
        """Deliver and handle all events, or only those whose type has one of these prefixes."""
        chosen = await self.waiting()
        if prefixes:
            chosen = [one for one in chosen if one["type"].startswith(prefixes)]
        await self.record(chosen)
        self.shop.forget_calls()
        await work(self.shop)


async def work(shop: Shop) -> None:
    while await inbox.work(shop.gateway, "worker", POLICY, HANDLERS):
        pass
