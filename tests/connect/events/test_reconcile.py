"""The back-fill and the sweep repair missed events and drift, with one worker at a time."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from connect.events import inbox, reconcile
from connect.events.handlers import ENABLED_EVENTS, HANDLERS
from connect.gateway import Gateway
from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.platform import periodic
from models import ConnectedAccount, Merchant, PeriodicTask, StripeEvent, TimelineEntry, now
from testing.processes import Simulator

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
POLICY = inbox.Policy(debounce=0)


async def _accounts(gateway: Gateway, simulator: Simulator, count: int) -> list[str]:
    """Create merchants without delivering their events."""
    simulator.control("deliveries", {"mode": "drop"})
    for number in range(count):
        merchant = NewMerchant(f"shop-{number}", "Shop", "owner@shop.example", "US")
        await accounts.create(gateway, merchant, actor="tests")
    simulator.control("calls", method="DELETE")
    return [account.stripe_account_id for account in await ConnectedAccount.all().order_by("id")]


async def _sweep(gateway: Gateway, **changed: Any) -> reconcile.Sweep:
    """Run steps until the sweep has finished."""
    if not await PeriodicTask.exists(name=reconcile.SWEEP):
        await _begin()
    for _ in range(100):
        await reconcile.sweep(gateway, "worker", **{"every": DAY, **changed})
        run = reconcile.last_sweep((await PeriodicTask.get(name=reconcile.SWEEP)).state)
        assert run is not None
        if run.finished_at is not None:
            return run
    raise AssertionError("the sweep did not finish")


async def _begin() -> None:
    """Make the first sweep due."""
    await PeriodicTask.create(name=reconcile.SWEEP, due_at=await now(), state={})


async def _backfill(gateway: Gateway, worker: str = "worker", *, due: bool = True) -> int:
    if due:
        await periodic.hasten(reconcile.BACKFILL)
    return await reconcile.backfill(
        gateway, worker, after=timedelta(seconds=0.2), livemode=False, policy=POLICY
    )


async def _record(notification: dict[str, Any]) -> set[str]:
    row = inbox.arrival(notification, json.dumps(notification).encode(), HANDLERS, livemode=False)
    return await inbox.record([row], POLICY)


async def _statuses() -> list[str]:
    return list(await Merchant.all().order_by("id").values_list("status", flat=True))  # type: ignore[arg-type]


async def test_a_sweep_finds_and_repairs_and_records_drift(gateway: Gateway, simulator: Simulator) -> None:
    first, second, third = await _accounts(gateway, simulator, 3)
    simulator.control(f"accounts/{first}", {"scenario": "activate"})
    simulator.control(f"accounts/{second}", {"scenario": "reject"})
    run = await _sweep(gateway)
    assert (run.checked, run.drifted, run.repaired, run.failed, run.missing) == (3, 2, 2, 0, [])
    assert await _statuses() == ["ACTIVE", "REJECTED", "ONBOARDING"]
    entries = await TimelineEntry.filter(kind="DRIFT_REPAIRED").order_by("id")
    assert [entry.message for entry in entries] == [
        "The comparison with Stripe found a change that had no event."
    ] * 2
    assert {a.synced_by for a in await ConnectedAccount.all()} == {"sweep"}
    assert simulator.control("calls")["calls"] == {"GET /v2/core/accounts/{id}": 3}
    assert third in {a.stripe_account_id for a in await ConnectedAccount.all()}


async def test_a_sweep_is_due_again_after_its_interval(gateway: Gateway, simulator: Simulator) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    first = await _sweep(gateway)
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 0
    assert simulator.control("calls")["total"] == 1
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await periodic.hasten(reconcile.SWEEP)
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
    second = await _sweep(gateway)
    assert second.started_at > first.started_at
    assert (second.checked, second.drifted, second.repaired) == (1, 1, 1)


async def test_a_change_with_a_waiting_event_does_not_count_as_drift(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    notification = _notification("evt_1", account)
    await _record(notification)
    run = await _sweep(gateway)
    assert (run.checked, run.drifted, run.repaired) == (1, 0, 0)
    assert await _statuses() == ["ACTIVE"]
    assert await TimelineEntry.filter(kind="DRIFT_REPAIRED").count() == 0


async def test_a_change_whose_waiting_event_was_back_filled_counts_as_drift(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    notification = _notification("evt_1", account)
    await _record(notification)
    await StripeEvent.all().update(back_filled_at=await now())
    run = await _sweep(gateway)
    assert (run.checked, run.drifted, run.repaired) == (1, 1, 1)
    assert await _statuses() == ["ACTIVE"]
    assert await TimelineEntry.filter(kind="DRIFT_REPAIRED").count() == 1


async def test_several_workers_sweep_each_account_once(gateway: Gateway, simulator: Simulator) -> None:
    await _accounts(gateway, simulator, 6)
    await _begin()
    steps = [reconcile.sweep(gateway, f"worker-{i}", every=DAY, batch=2) for i in range(5)]
    # One worker sweeps at a time. The next worker continues after the first two accounts.
    assert 2 <= sum(await asyncio.gather(*steps)) <= 6
    run = await _sweep(gateway, batch=2)
    assert run.checked == 6
    assert simulator.control("calls")["total"] == 6


async def test_another_worker_continues_the_sweep_of_a_dead_worker(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _accounts(gateway, simulator, 4)
    await _begin()
    assert await reconcile.sweep(gateway, "dead", every=DAY, batch=2) == 2
    task = await PeriodicTask.get(name=reconcile.SWEEP)
    assert task.leased_until is None
    await PeriodicTask.filter(name=reconcile.SWEEP).update(
        leased_by="dead", leased_until=await now() + timedelta(seconds=60)
    )
    assert await reconcile.sweep(gateway, "other", every=DAY) == 0
    await PeriodicTask.filter(name=reconcile.SWEEP).update(leased_until=await now() - timedelta(seconds=1))
    run = await _sweep(gateway)
    assert run.checked == 4
    assert simulator.control("calls")["total"] == 4


async def test_a_worker_that_lost_its_lease_cannot_save(gateway: Gateway, simulator: Simulator) -> None:
    await _accounts(gateway, simulator, 2)
    task = await periodic.claim("other", "slow", every=DAY)
    assert task is not None
    await PeriodicTask.filter(name="other").update(leased_by="quick")
    assert not await periodic.save(task, {"from": "slow"})
    assert not await periodic.finish(task, {"from": "slow"}, timedelta())
    row = await PeriodicTask.get(name="other")
    assert (row.state, row.leased_by) == ({}, "quick")


async def test_the_sweep_continues_with_the_account_that_got_no_answer(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _accounts(gateway, simulator, 3)
    await _begin()
    simulator.control("faults", {"method": "GET", "status": 503})
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
    # The sweep pauses during an outage of Stripe.
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 0
    await periodic.hasten(reconcile.SWEEP)
    run = await _sweep(gateway)
    assert (run.checked, run.failed) == (3, 0)
    assert simulator.control("calls")["total"] == 4


async def test_an_account_that_never_gets_an_answer_does_not_block_the_others(
    gateway: Gateway, simulator: Simulator
) -> None:
    silent, *_ = await _accounts(gateway, simulator, 3)
    await _begin()
    path = f"/v2/core/accounts/{silent}"
    simulator.control("faults", {"method": "GET", "path": path, "status": 503, "times": 99})
    for _ in range(reconcile.MAX_ATTEMPTS):
        assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
        await periodic.hasten(reconcile.SWEEP)
    run = await _sweep(gateway)
    assert (run.checked, run.failed) == (2, 1)
    assert simulator.control("calls")["total"] == 5


@pytest.mark.parametrize("answer", [[], {"configuration": []}, "text", None])
async def test_an_unreadable_answer_fails_only_its_account(
    gateway: Gateway, simulator: Simulator, answer: object
) -> None:
    first, unreadable, last = await _accounts(gateway, simulator, 3)
    path = f"/v2/core/accounts/{unreadable}"
    simulator.control("faults", {"method": "GET", "path": path, "status": 200, "body": answer, "times": 99})
    for account in (first, last):
        simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await _begin()
    with capture_logs() as lines:
        for _ in range(2 * reconcile.MAX_ATTEMPTS):
            await reconcile.sweep(gateway, "worker", every=DAY)
            run = reconcile.last_sweep((await PeriodicTask.get(name=reconcile.SWEEP)).state)
            assert run is not None
            if run.finished_at is not None:
                break
            await periodic.hasten(reconcile.SWEEP)
    assert run is not None
    assert (run.checked, run.repaired, run.failed) == (2, 2, 1)
    assert await _statuses() == ["ACTIVE", "ONBOARDING", "ACTIVE"]
    assert {line["account"] for line in lines if line["event"] == "not_compared"} == {unreadable}


@pytest.mark.parametrize("answer", ["not_found", "forbidden"])
async def test_an_account_unknown_to_stripe_is_listed_as_missing_and_delays_no_other(
    gateway: Gateway, simulator: Simulator, answer: str
) -> None:
    gone, _ = await _accounts(gateway, simulator, 2)
    simulator.control(f"accounts/{gone}", {"scenario": "deauthorize", "answer": answer})
    await _begin()
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 2  # in one step, without a pause
    run = await _sweep(gateway)
    assert (run.checked, run.drifted, run.repaired, run.failed, run.missing) == (2, 1, 0, 0, [gone])


async def test_closed_and_disconnected_accounts_are_not_compared(
    gateway: Gateway, simulator: Simulator
) -> None:
    closed, disconnected, _ = await _accounts(gateway, simulator, 3)
    await ConnectedAccount.filter(stripe_account_id=closed).update(closed=True)
    await ConnectedAccount.filter(stripe_account_id=disconnected).update(disconnected_at=await now())
    assert (await _sweep(gateway)).checked == 1


async def test_events_that_were_not_delivered_are_back_filled(gateway: Gateway, simulator: Simulator) -> None:
    first, second = await _accounts(gateway, simulator, 2)
    assert await _backfill(gateway, due=False) == 0  # the first back-fill is not due yet
    simulator.control(f"accounts/{first}", {"scenario": "activate"})
    simulator.control(f"accounts/{second}", {"scenario": "deauthorize"})
    await asyncio.sleep(0.3)
    count = await _backfill(gateway)
    assert count == await StripeEvent.all().count() > 2
    assert not await StripeEvent.filter(back_filled_at=None).exists()
    assert "data" not in json.loads((await StripeEvent.first()).body)  # type: ignore[union-attr]
    while await inbox.work(gateway, "worker", POLICY, HANDLERS):
        pass
    assert await _statuses() == ["ACTIVE", "DISCONNECTED"]
    entries = await TimelineEntry.filter(kind="DRIFT_REPAIRED")
    assert [entry.message for entry in entries] == ["The search for missed events found a change."]
    assert await _backfill(gateway) == 0
    state = (await PeriodicTask.get(name=reconcile.BACKFILL)).state
    assert state["found_total"] == count
    assert set(state) == {"reached_at", "checked_at", "found_total"}


@pytest.mark.parametrize("unusable", [{}, {"id": None}, {"id": "evt_1\u0000"}, {"id": "evt_1", "type": 5}])
async def test_an_unusable_event_in_stripes_list_does_not_stop_the_back_fill(
    gateway: Gateway, simulator: Simulator, unusable: dict[str, Any]
) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    assert await _backfill(gateway, due=False) == 0
    listed = [unusable, {"id": "evt_2", "type": ENABLED_EVENTS[0], "context": account}]
    fault = {"method": "GET", "path": "/v2/core/events", "status": 200, "body": {"data": listed}}
    simulator.control("faults", fault)
    assert await _backfill(gateway) == 1
    assert [event.stripe_event_id for event in await StripeEvent.all()] == ["evt_2"]


async def test_events_before_the_first_delivered_event_are_back_filled(
    gateway: Gateway, simulator: Simulator
) -> None:
    first, second = await _accounts(gateway, simulator, 2)
    await asyncio.sleep(0.3)
    late = _notification("evt_late", second) | {"created": (await now()).isoformat()}
    await _record(late)
    await asyncio.sleep(0.3)
    await _backfill(gateway, due=False)
    assert await _backfill(gateway) > 0
    assert await StripeEvent.filter(stripe_account_id=first, back_filled_at__isnull=False).exists()


async def test_a_recent_event_is_not_back_filled(gateway: Gateway, simulator: Simulator) -> None:
    await _accounts(gateway, simulator, 1)
    await _backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    await periodic.hasten(reconcile.BACKFILL)
    patient = {"after": timedelta(hours=1), "livemode": False, "policy": POLICY}
    assert await reconcile.backfill(gateway, "worker", **patient) == 0  # type: ignore[arg-type]
    assert await _backfill(gateway) == await StripeEvent.all().count() > 0


async def test_a_late_delivery_of_a_back_filled_event_is_recorded(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _accounts(gateway, simulator, 1)
    await _backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    assert await _backfill(gateway) > 0
    row = await StripeEvent.first()
    assert row is not None
    assert row.back_filled_at is not None
    assert not await _record(json.loads(row.body))
    await row.refresh_from_db()
    assert row.back_filled_at is None


async def test_only_one_of_several_workers_runs_the_back_fill(gateway: Gateway, simulator: Simulator) -> None:
    await _accounts(gateway, simulator, 2)
    await _backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    await periodic.hasten(reconcile.BACKFILL)
    counts = await asyncio.gather(*(_backfill(gateway, f"worker-{i}", due=False) for i in range(4)))
    assert sum(counts) == await StripeEvent.all().count() > 0
    assert simulator.control("calls")["calls"] == {"GET /v2/core/events": 1}


async def test_a_gap_longer_than_stripes_list_makes_a_sweep_due(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _accounts(gateway, simulator, 1)
    await _sweep(gateway)
    await _backfill(gateway, due=False)
    long_ago = (await now() - timedelta(days=31)).isoformat()
    await PeriodicTask.filter(name=reconcile.BACKFILL).update(
        state={"reached_at": long_ago, "checked_at": long_ago}
    )
    await asyncio.sleep(0.3)
    assert await _backfill(gateway) > 0
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1


async def test_a_back_fill_without_an_answer_starts_from_the_same_point(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _accounts(gateway, simulator, 1)
    await _backfill(gateway, due=False)
    await asyncio.sleep(0.3)
    simulator.control("faults", {"method": "GET", "status": 503})
    assert await _backfill(gateway) == 0
    assert set((await PeriodicTask.get(name=reconcile.BACKFILL)).state) == {"began_at", "reached_at"}
    assert await _backfill(gateway, due=False) == 0  # the back-fill pauses
    assert await _backfill(gateway) > 0


async def test_an_interrupted_listing_continues_below_its_last_event(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "touch", "times": 150})
    await asyncio.sleep(0.3)
    await _backfill(gateway, due=False)
    await periodic.hasten(reconcile.BACKFILL)
    after = timedelta(seconds=0.2)
    halted: dict[str, Any] = {"after": after, "livemode": False, "policy": POLICY, "stopping": lambda: True}
    assert await reconcile.backfill(gateway, "worker", **halted) == 100
    state = (await PeriodicTask.get(name=reconcile.BACKFILL)).state
    assert str(state["reading_below"]) <= str(state["newest"])
    assert await _backfill(gateway, due=False) == 51  # 50 events and the event of the creation
    assert await StripeEvent.all().count() == 151


async def test_several_calls_list_more_types_than_stripe_allows_in_one_call(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await _accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await asyncio.sleep(0.3)
    await _backfill(gateway, due=False)
    others = [f"v2.core.other_{number}" for number in range(19)]
    types = [ENABLED_EVENTS[0], *others, *ENABLED_EVENTS[1:]]
    step: dict[str, Any] = {"after": timedelta(seconds=0.2), "livemode": False, "policy": POLICY}
    await periodic.hasten(reconcile.BACKFILL)
    # A pass that stops after its first list continues with the second list.
    assert await reconcile.backfill(gateway, "one", **step, types=types, stopping=lambda: True) == 1
    assert await reconcile.backfill(gateway, "two", **step, types=types) > 1
    assert simulator.control("calls")["calls"]["GET /v2/core/events"] == 3
    await periodic.hasten(reconcile.BACKFILL)
    assert await reconcile.backfill(gateway, "one", **step) == 0
    assert await _backfill(gateway) == 0


async def test_no_event_is_missed_if_the_database_clock_is_ahead_of_stripes(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The position of the back-fill uses the times of events, which come from Stripe's clock."""
    (account,) = await _accounts(gateway, simulator, 1)
    await asyncio.sleep(0.3)
    await _backfill(gateway, due=False)
    before = await _backfill(gateway)
    simulator.control("clock", {"advance_seconds": -600})
    for _ in range(3):
        assert await _backfill(gateway) == 0
    simulator.control("clock", {"advance_seconds": 600})
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await asyncio.sleep(0.3)
    assert await _backfill(gateway) > 0 < before


async def test_the_missing_accounts_of_the_last_sweep_remain_known_during_the_next_sweep(
    gateway: Gateway, simulator: Simulator
) -> None:
    gone, *_ = await _accounts(gateway, simulator, 3)
    simulator.control(f"accounts/{gone}", {"scenario": "deauthorize"})
    await _sweep(gateway)
    await periodic.hasten(reconcile.SWEEP)
    assert await reconcile.sweep(gateway, "worker", every=DAY, batch=1) == 1
    run = reconcile.last_sweep((await PeriodicTask.get(name=reconcile.SWEEP)).state)
    assert run is not None
    assert run.finished_at is None
    assert run.missing_before == [gone]


async def test_a_task_with_a_due_time_beyond_its_interval_is_due_at_once() -> None:
    """A lowered setting, or a clock that was set back, must not delay the task."""
    tomorrow = await now() + DAY
    await PeriodicTask.create(name="task", due_at=tomorrow, state={}, leased_until=tomorrow, leased_by="gone")
    assert await periodic.claim("task", "worker", every=2 * DAY) is None
    assert await periodic.claim("task", "worker", every=DAY / 2) is not None


def _notification(identifier: str, account: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "object": "v2.core.event",
        "type": "v2.core.account.updated",
        "created": "2026-11-20T10:00:00.000Z",
        "livemode": False,
        "context": account,
        "related_object": {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"},
    }
