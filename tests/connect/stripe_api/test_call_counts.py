"""The service counts the calls of all its processes to Stripe."""

import asyncio
from datetime import timedelta

import pytest

from connect.errors import StripeUnavailable, TooManyCalls
from connect.scope import Payer
from connect.stripe_api import call_counts
from connect.stripe_api.call_counts import CallCounts
from connect.stripe_api.gateway import Gateway
from models import StripeCallCount, now
from models import database as databases
from models.stripe_calls import SLOT_SECONDS, Calls, present_slot
from testing import portable
from testing.processes import Simulator
from testing.service import STRIPE_KEY, eventually

NONE = Calls()


async def test_each_attempt_of_a_call_is_counted(simulator: Simulator, database: str) -> None:
    assert database
    gateway = Gateway(STRIPE_KEY, simulator.base_url, retries=2)
    simulator.control("faults", {"method": "*", "status": 503, "times": 1})
    await gateway.create_account({}, "key-1")
    await gateway.counts.save()
    assert (await call_counts.recent()).minute == Calls(calls=2)
    simulator.control("faults", {"method": "*", "status": 429, "times": 1})
    with pytest.raises(StripeUnavailable):
        await gateway.clock()
    await gateway.counts.save()
    recent = await call_counts.recent()
    assert recent.minute == recent.hour == recent.day == Calls(calls=3, throttled=1)
    assert recent.throttled_at is not None
    assert timedelta() <= await now() - recent.throttled_at < timedelta(seconds=2 * SLOT_SECONDS)
    assert recent.delayed_at is None
    await gateway.close()


@pytest.mark.waits
async def test_waits_and_refusals_are_counted(simulator: Simulator, database: str) -> None:
    assert database

    async def slow(_payer: Payer | None, _account: str | None, _operation: str | None) -> None:
        await asyncio.sleep(call_counts.DELAYED_SECONDS + 0.01)

    async def refuse(_payer: Payer | None, _account: str | None, _operation: str | None) -> None:
        raise TooManyCalls("No turn.", 7)

    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    await gateway.with_pacing(slow).create_account({}, "key-1")
    with pytest.raises(TooManyCalls):
        await gateway.with_pacing(refuse).create_account({}, "key-2")
    await gateway.counts.save()
    recent = await call_counts.recent()
    waited = recent.minute.longest_wait
    assert recent.minute == Calls(calls=1, delayed=1, longest_wait=waited, refused=1)
    assert 1000 < waited < 10_000
    assert recent.delayed_at is not None
    await gateway.close()


async def test_the_counts_of_all_processes_are_added_up_and_kept_for_a_day(database: str) -> None:
    assert database
    processes = [CallCounts() for _ in range(4)]
    for number, one in enumerate(processes, start=1):
        one.add(calls=number, throttled=1)
        one.add_wait(number)
    await asyncio.gather(*(one.save() for one in processes))
    # The next write of a process adds only its new calls.
    processes[0].add(calls=1)
    await asyncio.gather(*(one.save() for one in processes))
    total = Calls(calls=11, delayed=3, longest_wait=4000, throttled=4)
    recent = await call_counts.recent()
    assert (recent.minute, recent.day) == (total, total)

    slot = await present_slot()
    await StripeCallCount.all().delete()
    for seconds in (2 * 60, 2 * 3600, 25 * 3600):
        old = slot - seconds // SLOT_SECONDS
        await StripeCallCount.create(slot=old, **NONE._replace(calls=seconds)._asdict())
    recent = await call_counts.recent()
    assert [one.calls for one in (recent.minute, recent.hour, recent.day)] == [0, 120, 120 + 7200]
    await call_counts.forget_old()
    assert await StripeCallCount.all().count() == 2


async def test_calls_that_could_not_be_saved_are_saved_later(database: str) -> None:
    counts = CallCounts()
    counts.add(calls=3)
    await databases.close()
    with pytest.raises(Exception):  # noqa: B017, PT011 - the libraries raise different errors
        await counts.save()
    await databases.connect(database, profile=portable.profile(database))
    await counts.save()
    assert (await call_counts.recent()).minute == Calls(calls=3)


async def test_a_process_saves_its_calls_regularly_and_at_its_end(database: str) -> None:
    assert database
    counts = CallCounts()

    async def saved() -> int:
        return (await call_counts.recent()).minute.calls

    async with call_counts.saving(counts, every=0.05):
        counts.add(calls=1)
        assert await eventually(saved) == 1
    async with call_counts.saving(counts):
        counts.add(calls=1)
    assert await saved() == 2
