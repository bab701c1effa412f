"""A worker numbers the committed events, and plans their deliveries.

Transactions do not commit in the order of their ids or times. If readers asked for the events after an id,
they could miss an event whose transaction commits later. So readers ask for the events after a position. A
worker gives committed events the next positions without gaps, under the lock of one row. So if a position is
visible, all lower positions are visible, too. This holds on every database, and needs neither sequences nor a
guess about the age of open transactions (docs/decisions/0044).
"""

import uuid
from collections.abc import Sequence

from tortoise.transactions import in_transaction

from connect.outgoing.endpoints import PLANNED
from connect.outgoing.rules import endpoint_types
from connect.outgoing.rules.changes import RULES
from connect.outgoing.rules.types import EventType
from connect.platform import faultpoints
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, PeriodicTask, now
from models.outgoing import set_positions
from models.transactions import repeatable

# The periodic task whose row a worker locks while it numbers events. The state of the task has the last
# position.
TASK = "outgoing_events"
# The maximum number of events that one transaction numbers.
BATCH = 500
# The kinds of changes after which a worker looks for events and deliveries (`models.changes`).
KINDS = (*RULES, PLANNED)


async def assign(*, batch: int = BATCH) -> int:
    """Number the next committed events, and plan their deliveries. Returns the number of events.

    Any number of workers may run this. If there are no new events, it sends one statement.
    """
    if not await OutgoingEvent.exists(position=None):
        return 0
    numbered = await _assign(batch)
    faultpoints.reach("outgoing.numbered")
    return numbered


@repeatable
async def _assign(batch: int) -> int:
    async with in_transaction():
        task = await PeriodicTask.select_for_update().get_or_none(name=TASK)
        if task is None:
            row = PeriodicTask(name=TASK, due_at=await now(), state={"position": 0})
            await PeriodicTask.bulk_create([row], ignore_conflicts=True)
            task = await PeriodicTask.select_for_update().get(name=TASK)
        # The ids follow the order of each subject's changes, because the time in an id is read under the
        # subject's lock.
        events = await OutgoingEvent.filter(position=None).order_by("id").limit(batch)
        if not events:
            return 0
        last = int(str(task.state.get("position", 0)))
        await set_positions({event.id: last + place for place, event in enumerate(events, start=1)})
        task.state = {**task.state, "position": last + len(events)}
        await task.save(update_fields=["state"])
        await _plan(events)
    return len(events)


async def _plan(events: Sequence[OutgoingEvent]) -> None:
    """Plan the delivery of each new event to the enabled endpoints that want events of its type."""
    endpoints = await EventEndpoint.filter(state="ENABLED")
    wanted = [(one.id, endpoint_types.decode(one.types)) for one in endpoints]
    pairs: list[tuple[uuid.UUID, uuid.UUID]] = [
        (endpoint_id, event.id)
        for event in events
        if event.type != EventType.TEST.value
        for endpoint_id, types in wanted
        if types is None or event.type in types
    ]
    if pairs:
        at = await now()
        rows = [
            OutgoingDelivery(endpoint_id=endpoint_id, event_id=event_id, run_at=at)
            for endpoint_id, event_id in pairs
        ]
        await OutgoingDelivery.bulk_create(rows, ignore_conflicts=True, batch_size=500)
