"""The intake records delivered notifications in batches. A notification is acknowledged once its batch is
committed.
"""

from typing import Any

from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.platform.batcher import Batcher
from models.event import Arrival

BATCH = 100
# The queue is limited because waiting notifications keep their bodies in memory.
MAX_WAITING = 2000


class Intake:
    """Records notifications that Stripe delivered."""

    def __init__(self, *, livemode: bool, policy: inbox.Policy) -> None:
        self._livemode = livemode
        self._policy = policy
        self._batcher = Batcher(self._record, BATCH, MAX_WAITING)
        self.close = self._batcher.close

    async def record(self, notification: dict[str, Any], body: bytes) -> bool:
        """Record a notification, unless its event was recorded before. Returns whether it was recorded now.

        Raises the database's error, or `Unavailable` if too many notifications wait.
        """
        row = inbox.arrival(notification, body, HANDLERS, livemode=self._livemode)
        return await self._batcher.submit(row)

    async def _record(self, arrivals: list[Arrival]) -> list[bool]:
        """Return for each arrival whether it is new. If several arrivals of a batch have the same event id,
        only the first of them can be new.
        """
        unique: dict[str, Arrival] = {}
        for arrival in arrivals:
            unique.setdefault(arrival.stripe_event_id, arrival)
        new = await inbox.record(list(unique.values()), self._policy)
        return [
            unique[arrival.stripe_event_id] is arrival and arrival.stripe_event_id in new
            for arrival in arrivals
        ]
