"""The delays between the events at Stripe and the updates of the mirror."""

from datetime import datetime, timedelta

import pytest

from connect.events import delays
from connect.events.delays import Delays
from models import StripeEvent, now
from testing.merchants import build_event

pytestmark = pytest.mark.usefixtures("database")
SECOND = timedelta(seconds=1)


def handled(number: int, at: datetime, delay: timedelta) -> StripeEvent:
    event = build_event(number)
    event.stripe_created_at, event.handled_at = at - delay, at
    return event


async def test_the_delays_are_those_of_events_handled_in_the_last_hour() -> None:
    assert await delays.read() == Delays(0, None, None, None)
    at = await now()
    events = [handled(number, at, number * SECOND) for number in range(1, 41)]
    old = handled(41, at - delays.WITHIN - SECOND, 500 * SECOND)
    ahead = handled(42, at, -SECOND)  # Stripe's clock is ahead, so the event seems to come from the future
    ping = handled(43, at, 500 * SECOND)
    ping.attempts = 0
    waiting = build_event(44, state="PENDING")
    await StripeEvent.bulk_create([*events, old, ahead, ping, waiting])
    assert await delays.read() == Delays(41, 20 * SECOND, 38 * SECOND, 40 * SECOND)


async def test_only_the_latest_events_are_read() -> None:
    at = await now()
    slow = [handled(number % 60, at, 500 * SECOND) for number in range(10)]
    fast = [handled(number % 60, at, SECOND) for number in range(delays.MAX_EVENTS)]
    for number, event in enumerate([*slow, *fast]):
        event.stripe_event_id = f"evt_{number}"
    await StripeEvent.bulk_create([*slow, *fast])
    assert await delays.read() == Delays(delays.MAX_EVENTS, SECOND, SECOND, SECOND)


async def test_the_oldest_waiting_event_is_the_first_that_arrived() -> None:
    assert await delays.oldest_waiting() is None
    done, first, second = build_event(1), build_event(2, state="PENDING"), build_event(3, state="PENDING")
    await StripeEvent.bulk_create([second, done, first])
    assert await delays.oldest_waiting() == first.received_at
