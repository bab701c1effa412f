"""What arrives at the same moment is kept by one statement: a statement costs far more than its rows.

While one is under way, what arrives waits for the next. Each notification is answered when the statement that
keeps it has been committed, never before.
"""

import asyncio
from typing import Any

from connect.events import inbox
from models import outage
from models.event import Arrival

MOST = 100
# Whoever comes when so many wait is told to come again: they hold their bodies in memory.
MOST_WAITING = 2000
# For a statement that is cut off.
CLOSE_SECONDS = 0.5

Waiting = tuple[Arrival, "asyncio.Future[bool]"]


class Intake:
    """Records notifications that Stripe delivered."""

    def __init__(self, *, livemode: bool, policy: inbox.Policy) -> None:
        self._livemode = livemode
        self._policy = policy
        self._waiting: list[Waiting] = []
        self._keeping: asyncio.Task[None] | None = None

    async def record(self, notification: dict[str, Any], body: bytes) -> bool:
        """Keep a notification, once by its id. False when it was there already.

        Raises what kept the database from taking it; `Unavailable` too when too many wait.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise outage.Unavailable("too many wait")
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((inbox.arrival(notification, body, livemode=self._livemode), kept))
        if self._keeping is None:
            # A task of its own: it must not end with the request that happened to come first.
            self._keeping = asyncio.create_task(self._keep_all())
        return await kept

    async def close(self) -> None:
        """Cut off what is under way. Whoever still waits is cancelled."""
        if self._keeping is not None:
            self._keeping.cancel()
            for _, kept in self._waiting:
                kept.cancel()  # the task may not even have begun
            await asyncio.wait({self._keeping}, timeout=CLOSE_SECONDS)

    async def _keep_all(self) -> None:
        batch: list[Waiting] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._keep(batch)
        except outage.Unavailable as away:
            # All of them wait for the same database. Tried in turn, the last would wait for every time-out.
            for _, kept in (*batch, *self._waiting):
                if not kept.done():
                    kept.set_exception(outage.Unavailable(away.reason))
        finally:
            for _, kept in (*batch, *self._waiting):
                kept.cancel()  # nothing, unless this task was cut off
            self._waiting = []
            self._keeping = None

    async def _keep(self, batch: list[Waiting]) -> None:
        """Keep these and tell each; raises Unavailable when the database is away."""
        first: dict[str, Waiting] = {}
        for one in batch:
            first.setdefault(one[0].stripe_event_id, one)
        try:
            new = await inbox.keep([arrival for arrival, _ in first.values()], policy=self._policy)
        except Exception as error:
            reason = outage.reason(error)
            if reason is not None:
                raise outage.Unavailable(reason) from error
            failure = error
        else:
            for one in batch:
                arrival, kept = one
                if not kept.done():  # the request may have been cut off
                    kept.set_result(arrival.stripe_event_id in new and first[arrival.stripe_event_id] is one)
            return
        if len(batch) > 1:
            for one in batch:  # whichever cannot be kept must not hold up the others
                await self._keep([one])
        elif not batch[0][1].done():
            batch[0][1].set_exception(failure)
