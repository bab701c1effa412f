"""How long Stripe's events take to reach the mirror, and when the oldest waiting event was recorded."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import StripeEvent
from models.sql import Select, time_of_row

WITHIN = timedelta(hours=1)
# The delays are computed from at most this many events.
MAX_EVENTS = 1000
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Delays:
    """The delays of recently handled events. If `events` is 0, the times are None."""

    events: int
    median: timedelta | None
    p95: timedelta | None
    longest: timedelta | None


async def read() -> Delays:
    """The delays of the events that were handled in the last hour. Only the latest MAX_EVENTS events count.

    Executes one statement, which reads the end of the index on `state` and `id`.
    """
    select = Select()
    latest = (
        "SELECT stripe_created_at, handled_at, attempts FROM stripe_event "  # noqa: S608 - our own text
        f"WHERE state = 'HANDLED' ORDER BY id DESC LIMIT {MAX_EVENTS}"
    )
    # Stripe's test notifications do not count. They are stored as handled, with 0 attempts.
    rows = await select.execute(
        f"SELECT stripe_created_at, handled_at FROM ({latest}) AS latest "  # noqa: S608 - our own text
        f"WHERE attempts > 0 AND handled_at >= {select.moment(-WITHIN)}"
    )
    times = [(time_of_row(row["stripe_created_at"]), time_of_row(row["handled_at"])) for row in rows]
    # Stripe's clock may be ahead of the database's clock.
    delays = sorted(max(end - begin, NOTHING) for begin, end in times)
    return Delays(len(delays), _percentile(delays, 0.5), _percentile(delays, 0.95), _percentile(delays, 1.0))


async def oldest_waiting() -> datetime | None:
    """The time at which the oldest waiting event was recorded. None if no event waits. Ids are in the order
    of arrival.
    """
    oldest = await StripeEvent.filter(state="PENDING").order_by("id").limit(1).only("id", "received_at")
    return oldest[0].received_at if oldest else None


def _percentile(values: Sequence[timedelta], share: float) -> timedelta | None:
    """The percentile of sorted values by the nearest-rank method. None if there are no values."""
    return values[math.ceil(share * len(values)) - 1] if values else None
