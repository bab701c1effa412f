"""What arrives at the same moment is kept by one statement: a statement costs far more than its rows.

While one is under way, what arrives waits for the next. Each notification is answered when the statement that
keeps it has been committed, never before.
"""

import asyncio
from typing import Any

from connect import inbox
from models import outage
from models.event import Arrival

MOST = 100

Waiting = tuple[Arrival, "asyncio.Future[bool]"]


class Intake:
    """Records notifications that Stripe delivered."""

    def __init__(self, *, livemode: bool, policy: inbox.Policy) -> None:
        self._livemode = livemode
        self._policy = policy
        self._waiting: list[Waiting] = []
        self._keeping: asyncio.Task[None] | None = None

    async def record(self, notification: dict[str, Any], body: bytes) -> bool:
        """Keep a notification, once by its id. False when it was there already."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbox.arrival(notification, body, livemode=self._livemode), kept))
        if self._keeping is None:
            # A task of its own: it must not end with the request that happened to come first.
            self._keeping = asyncio.create_task(self._keep_all())
        return await kept

    async def _keep_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._keep(batch)
        finally:
            self._keeping = None

    async def _keep(self, batch: list[Waiting]) -> None:
        first: dict[str, Waiting] = {}
        for one in batch:
            first.setdefault(one[0].stripe_event_id, one)
        try:
            new = await inbox.keep([arrival for arrival, _ in first.values()], policy=self._policy)
        except asyncio.CancelledError:
            for _, kept in batch:
                kept.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is raised where the notification is answered
            await self._fail(batch, error)
            return
        for one in batch:
            arrival, kept = one
            if not kept.done():  # the request may have been cut off
                kept.set_result(arrival.stripe_event_id in new and first[arrival.stripe_event_id] is one)

    async def _fail(self, batch: list[Waiting], error: Exception) -> None:
        reason = outage.reason(error)
        if reason is None and len(batch) > 1:
            for one in batch:  # whichever cannot be kept must not hold up the others
                await self._keep([one])
            return
        for _, kept in batch:
            if not kept.done():
                kept.set_exception(error if reason is None else outage.Unavailable(reason))
