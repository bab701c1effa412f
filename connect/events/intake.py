"""Records delivered notifications in batches. Each is acknowledged when its statement has been committed."""

from typing import Any

from connect.batcher import Batcher
from connect.events import inbox
from connect.events.handlers import HANDLERS
from models.event import Arrival

BATCH = 100
# Waiting notifications hold their bodies in memory.
MAX_WAITING = 2000


class Intake:
    """Records notifications that Stripe delivered."""

    def __init__(self, *, livemode: bool, policy: inbox.Policy) -> None:
        self._livemode = livemode
        self._policy = policy
        self._batcher = Batcher(self._record, BATCH, MAX_WAITING)
        self.close = self._batcher.close

    async def record(self, notification: dict[str, Any], body: bytes) -> bool:
        """Record a notification, once by its id. False when it was there already.

        Raises the database's error; `Unavailable` also when too many notifications wait.
        """
        row = inbox.arrival(notification, body, HANDLERS, livemode=self._livemode)
        return await self._batcher.submit(row)

    async def _record(self, arrivals: list[Arrival]) -> list[bool]:
        """Whether each is new; of equal ones in a batch, the first."""
        unique: dict[str, Arrival] = {}
        for one in arrivals:
            unique.setdefault(one.stripe_event_id, one)
        new = await inbox.record(list(unique.values()), self._policy)
        return [unique[one.stripe_event_id] is one and one.stripe_event_id in new for one in arrivals]
