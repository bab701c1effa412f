"""The back-fill records the events that did not arrive, with one worker at a time."""

import asyncio
import json
import math
from datetime import timedelta
from typing import Any

import pytest

from connect.events import inbox, reconcile
from connect.events.handlers import ENABLED_EVENTS, HANDLERS
from connect.platform import periodic
from connect.stripe_api.gateway import MAX_EVENT_TYPES, Gateway
from models import PeriodicTask, StripeEvent, TimelineEntry, now
from testing.processes import Simulator
from tests.connect.events.reconciling import (
    DAY,
    POLICY,
    create_accounts,
    notification_of,
    record,
    run_backfill,
    run_sweep,
    statuses,
)

pytestmark = pytest.mark.usefixtures("database")
# The number of lists that one pass reads.
LISTS = math.ceil(len(ENABLED_EVENTS) / MAX_EVENT_TYPES)


async def test_events_that_were_not_delivered_are_back_filled(gateway: Gateway, simulator: Simulator) -> None:
    first, second = await create_accounts(gateway, simulator, 2)
    assert await run_backfill(gateway, due=False) == 0  # the first back-fill is not due yet
    simulator.control(f"accounts/{first}", {"scenario": "activate"})
    simulator.control(f"accounts/{second}", {"scenario": "deauthorize"})
    await asyncio.sleep(0.3)
    count = await run_backfill(gateway)
    assert count == await StripeEvent.all().count() > 2
    assert not await StripeEvent.filter(back_filled_at=None).exists()
    assert "data" not in json.loads((await StripeEvent.first()).body)  # type: ignore[union-attr]
    while await inbox.work(gateway, "worker", POLICY, HANDLERS):
        pass
    assert await statuses() == ["ACTIVE", "DISCONNECTED"]
    entries = await TimelineEntry.filter(kind="DRIFT_REPAIRED")
    assert [entry.message for entry in entries] == ["The search for missed events found a change."]
    assert await run_backfill(gateway) == 0
    state = (await PeriodicTask.get(name=reconcile.BACKFILL)).state
    assert state["found_total"] == count
    assert set(state) == {"reached_at", "checked_at", "found_total"}


@pytest.mark.one_database
@pytest.mark.parametrize("unusable", [{}, {"id": None}, {"id": "evt_1\u0000"}, {"id": "evt_1", "type": 5}])
async def test_an_unusable_event_in_stripes_list_does_not_stop_the_back_fill(
    gateway: Gateway, simulator: Simulator, unusable: dict[str, Any]
) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    assert await run_backfill(gateway, due=False) == 0
    listed = [unusable, {"id": "evt_2", "type": ENABLED_EVENTS[0], "context": account}]
    fault = {"method": "GET", "path": "/v2/core/events", "status": 200, "body": {"data": listed}}
    simulator.control("faults", fault)
    assert await run_backfill(gateway) == 1
    assert [event.stripe_event_id for event in await StripeEvent.all()] == ["evt_2"]


async def test_events_before_the_first_delivered_event_are_back_filled(
    gateway: Gateway, simulator: Simulator
) -> None:
    first, second = await create_accounts(gateway, simulator, 2)
    await asyncio.sleep(0.3)
    late = notification_of("evt_late", second) | {"created": (await now()).isoformat()}
    await record(late)
    await asyncio.sleep(0.3)
    await run_backfill(gateway, due=False)
    assert await run_backfill(gateway) > 0
    assert await StripeEvent.filter(stripe_account_id=first, back_filled_at__isnull=False).exists()


async def test_a_recent_event_is_not_back_filled(gateway: Gateway, simulator: Simulator) -> None:
    await create_accounts(gateway, simulator, 1)
    await run_backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    await periodic.hasten(reconcile.BACKFILL)
    patient = {"after": timedelta(hours=1), "livemode": False, "policy": POLICY}
    assert await reconcile.backfill(gateway, "worker", **patient) == 0  # type: ignore[arg-type]
    assert await run_backfill(gateway) == await StripeEvent.all().count() > 0


async def test_a_late_delivery_marks_a_back_filled_event_as_delivered(
    gateway: Gateway, simulator: Simulator
) -> None:
    await create_accounts(gateway, simulator, 1)
    await run_backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    assert await run_backfill(gateway) > 0
    row = await StripeEvent.first()
    assert row is not None
    assert row.back_filled_at is not None
    assert not await record(json.loads(row.body))
    await row.refresh_from_db()
    assert row.back_filled_at is None


async def test_only_one_of_several_workers_runs_the_back_fill(gateway: Gateway, simulator: Simulator) -> None:
    await create_accounts(gateway, simulator, 2)
    await run_backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    await periodic.hasten(reconcile.BACKFILL)
    counts = await asyncio.gather(*(run_backfill(gateway, f"worker-{i}", due=False) for i in range(4)))
    assert sum(counts) == await StripeEvent.all().count() > 0
    assert simulator.control("calls")["calls"] == {"GET /v2/core/events": LISTS}


async def test_a_gap_that_stripes_list_does_not_cover_makes_a_sweep_due(
    gateway: Gateway, simulator: Simulator
) -> None:
    await create_accounts(gateway, simulator, 1)
    await run_sweep(gateway)
    await run_backfill(gateway, due=False)
    long_ago = (await now() - timedelta(days=31)).isoformat()
    await PeriodicTask.filter(name=reconcile.BACKFILL).update(
        state={"reached_at": long_ago, "checked_at": long_ago}
    )
    await asyncio.sleep(0.3)
    assert await run_backfill(gateway) > 0
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1


async def test_a_back_fill_that_got_no_answer_starts_again_from_the_same_point(
    gateway: Gateway, simulator: Simulator
) -> None:
    await create_accounts(gateway, simulator, 1)
    await run_backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    simulator.control("faults", {"method": "GET", "status": 503})
    assert await run_backfill(gateway) == 0
    assert set((await PeriodicTask.get(name=reconcile.BACKFILL)).state) == {"began_at", "reached_at"}
    assert await run_backfill(gateway, due=False) == 0  # the back-fill pauses
    assert await run_backfill(gateway) > 0


async def test_an_interrupted_listing_continues_with_events_before_the_last_one_read(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "touch", "times": 150})
    await asyncio.sleep(0.3)
    await run_backfill(gateway, due=False)
    await periodic.hasten(reconcile.BACKFILL)
    after = timedelta(seconds=0.2)
    halted: dict[str, Any] = {"after": after, "livemode": False, "policy": POLICY, "stopping": lambda: True}
    assert await reconcile.backfill(gateway, "worker", **halted) == 100
    state = (await PeriodicTask.get(name=reconcile.BACKFILL)).state
    assert str(state["reading_below"]) <= str(state["newest"])
    assert (
        await run_backfill(gateway, due=False) == 51
    )  # the other 50 events and the event about the creation
    assert await StripeEvent.all().count() == 151


async def test_more_types_than_stripe_allows_in_one_call_are_listed_by_several_calls(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await asyncio.sleep(0.3)
    await run_backfill(gateway, due=False)
    others = [f"v2.core.other_{number}" for number in range(19)]
    types = [ENABLED_EVENTS[0], *others, *ENABLED_EVENTS[1:]]
    step: dict[str, Any] = {"after": timedelta(seconds=0.2), "livemode": False, "policy": POLICY}
    await periodic.hasten(reconcile.BACKFILL)
    # A pass that stops after its first list continues with the second list.
    assert await reconcile.backfill(gateway, "one", **step, types=types, stopping=lambda: True) == 1
    assert await reconcile.backfill(gateway, "two", **step, types=types) > 1
    assert simulator.control("calls")["calls"]["GET /v2/core/events"] == LISTS + 2
    await periodic.hasten(reconcile.BACKFILL)
    assert await reconcile.backfill(gateway, "one", **step) == 0
    assert await run_backfill(gateway) == 0


async def test_no_event_is_missed_if_the_database_clock_is_ahead_of_stripes(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The position of the back-fill is taken from the times of events, which come from Stripe's clock."""
    (account,) = await create_accounts(gateway, simulator, 1)
    await asyncio.sleep(0.3)
    await run_backfill(gateway, due=False)
    before = await run_backfill(gateway)
    simulator.control("clock", {"advance_seconds": -600})
    for _ in range(3):
        assert await run_backfill(gateway) == 0
    simulator.control("clock", {"advance_seconds": 600})
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await asyncio.sleep(0.3)
    assert await run_backfill(gateway) > 0 < before
