"""The sweep finds changes that had no event and brings the mirror up to date, with one worker at a time."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from connect.events import reconcile
from connect.platform import periodic
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, PeriodicTask, StripeEvent, TimelineEntry, now
from testing.processes import Simulator
from tests.connect.events.reconciling import (
    DAY,
    begin_sweep,
    create_accounts,
    notification_of,
    record,
    run_sweep,
    statuses,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_sweep_finds_and_repairs_and_records_drift(gateway: Gateway, simulator: Simulator) -> None:
    first, second, third = await create_accounts(gateway, simulator, 3)
    simulator.control(f"accounts/{first}", {"scenario": "activate"})
    simulator.control(f"accounts/{second}", {"scenario": "reject"})
    run = await run_sweep(gateway)
    assert (run.checked, run.drifted, run.repaired, run.failed, run.missing) == (3, 2, 2, 0, [])
    assert await statuses() == ["ACTIVE", "REJECTED", "ONBOARDING"]
    entries = await TimelineEntry.filter(kind="DRIFT_REPAIRED").order_by("id")
    assert [entry.message for entry in entries] == [
        "The comparison with Stripe found a change that had no event."
    ] * 2
    assert {a.synced_by for a in await ConnectedAccount.all()} == {"sweep"}
    assert simulator.control("calls")["calls"] == {"GET /v2/core/accounts/{id}": 3}
    assert third in {a.stripe_account_id for a in await ConnectedAccount.all()}


async def test_a_sweep_is_due_again_after_its_interval(gateway: Gateway, simulator: Simulator) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    first = await run_sweep(gateway)
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 0
    assert simulator.control("calls")["total"] == 1
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await periodic.hasten(reconcile.SWEEP)
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
    second = await run_sweep(gateway)
    assert second.started_at > first.started_at
    assert (second.checked, second.drifted, second.repaired) == (1, 1, 1)


async def test_a_change_with_a_waiting_event_does_not_count_as_drift(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    notification = notification_of("evt_1", account)
    await record(notification)
    run = await run_sweep(gateway)
    assert (run.checked, run.drifted, run.repaired) == (1, 0, 0)
    assert await statuses() == ["ACTIVE"]
    assert await TimelineEntry.filter(kind="DRIFT_REPAIRED").count() == 0


async def test_a_change_whose_waiting_event_was_back_filled_counts_as_drift(
    gateway: Gateway, simulator: Simulator
) -> None:
    (account,) = await create_accounts(gateway, simulator, 1)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    notification = notification_of("evt_1", account)
    await record(notification)
    await StripeEvent.all().update(back_filled_at=await now())
    run = await run_sweep(gateway)
    assert (run.checked, run.drifted, run.repaired) == (1, 1, 1)
    assert await statuses() == ["ACTIVE"]
    assert await TimelineEntry.filter(kind="DRIFT_REPAIRED").count() == 1


@pytest.mark.slow
async def test_several_workers_sweep_each_account_once(gateway: Gateway, simulator: Simulator) -> None:
    await create_accounts(gateway, simulator, 6)
    await begin_sweep()
    steps = [reconcile.sweep(gateway, f"worker-{i}", every=DAY, batch=2) for i in range(5)]
    # One worker sweeps at a time. The next worker continues after the first two accounts.
    assert 2 <= sum(await asyncio.gather(*steps)) <= 6
    run = await run_sweep(gateway, batch=2)
    assert run.checked == 6
    assert simulator.control("calls")["total"] == 6


@pytest.mark.slow
async def test_another_worker_continues_the_sweep_of_a_dead_worker(
    gateway: Gateway, simulator: Simulator
) -> None:
    await create_accounts(gateway, simulator, 4)
    await begin_sweep()
    assert await reconcile.sweep(gateway, "dead", every=DAY, batch=2) == 2
    task = await PeriodicTask.get(name=reconcile.SWEEP)
    assert task.leased_until is None
    await PeriodicTask.filter(name=reconcile.SWEEP).update(
        leased_by="dead", leased_until=await now() + timedelta(seconds=60)
    )
    assert await reconcile.sweep(gateway, "other", every=DAY) == 0
    await PeriodicTask.filter(name=reconcile.SWEEP).update(leased_until=await now() - timedelta(seconds=1))
    run = await run_sweep(gateway)
    assert run.checked == 4
    assert simulator.control("calls")["total"] == 4


async def test_a_worker_that_lost_its_lease_cannot_save(gateway: Gateway, simulator: Simulator) -> None:
    await create_accounts(gateway, simulator, 2)
    task = await periodic.claim("other", "slow", every=DAY)
    assert task is not None
    await PeriodicTask.filter(name="other").update(leased_by="quick")
    assert not await periodic.save(task, {"from": "slow"})
    assert not await periodic.finish(task, {"from": "slow"}, timedelta())
    row = await PeriodicTask.get(name="other")
    assert (row.state, row.leased_by) == ({}, "quick")


async def test_the_sweep_continues_with_the_account_whose_fetch_got_no_answer(
    gateway: Gateway, simulator: Simulator
) -> None:
    await create_accounts(gateway, simulator, 3)
    await begin_sweep()
    simulator.control("faults", {"method": "GET", "status": 503})
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
    # The sweep pauses during an outage of Stripe.
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 0
    await periodic.hasten(reconcile.SWEEP)
    run = await run_sweep(gateway)
    assert (run.checked, run.failed) == (3, 0)
    assert simulator.control("calls")["total"] == 4


async def test_an_account_whose_fetches_get_no_answer_does_not_block_the_others(
    gateway: Gateway, simulator: Simulator
) -> None:
    silent, *_ = await create_accounts(gateway, simulator, 3)
    await begin_sweep()
    path = f"/v2/core/accounts/{silent}"
    simulator.control("faults", {"method": "GET", "path": path, "status": 503, "times": 99})
    for _ in range(reconcile.MAX_ATTEMPTS):
        assert await reconcile.sweep(gateway, "worker", every=DAY) == 1
        await periodic.hasten(reconcile.SWEEP)
    run = await run_sweep(gateway)
    assert (run.checked, run.failed) == (2, 1)
    assert simulator.control("calls")["total"] == 5


@pytest.mark.one_database
@pytest.mark.parametrize("answer", [[], {"configuration": []}, "text", None])
async def test_an_unreadable_answer_fails_only_its_account(
    gateway: Gateway, simulator: Simulator, answer: object
) -> None:
    first, unreadable, last = await create_accounts(gateway, simulator, 3)
    path = f"/v2/core/accounts/{unreadable}"
    simulator.control("faults", {"method": "GET", "path": path, "status": 200, "body": answer, "times": 99})
    for account in (first, last):
        simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await begin_sweep()
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
    assert await statuses() == ["ACTIVE", "ONBOARDING", "ACTIVE"]
    assert {line["account"] for line in lines if line["event"] == "not_compared"} == {unreadable}


@pytest.mark.parametrize("answer", ["not_found", "forbidden"])
async def test_an_account_unknown_to_stripe_is_listed_as_missing_and_delays_no_other_account(
    gateway: Gateway, simulator: Simulator, answer: str
) -> None:
    gone, _ = await create_accounts(gateway, simulator, 2)
    simulator.control(f"accounts/{gone}", {"scenario": "deauthorize", "answer": answer})
    await begin_sweep()
    assert await reconcile.sweep(gateway, "worker", every=DAY) == 2  # in one step, without a pause
    run = await run_sweep(gateway)
    assert (run.checked, run.drifted, run.repaired, run.failed, run.missing) == (2, 1, 0, 0, [gone])


async def test_closed_and_disconnected_accounts_are_not_compared(
    gateway: Gateway, simulator: Simulator
) -> None:
    closed, disconnected, _ = await create_accounts(gateway, simulator, 3)
    await ConnectedAccount.filter(stripe_account_id=closed).update(closed=True)
    await ConnectedAccount.filter(stripe_account_id=disconnected).update(disconnected_at=await now())
    assert (await run_sweep(gateway)).checked == 1


async def test_the_missing_accounts_of_the_last_sweep_remain_known_during_the_next_sweep(
    gateway: Gateway, simulator: Simulator
) -> None:
    gone, *_ = await create_accounts(gateway, simulator, 3)
    simulator.control(f"accounts/{gone}", {"scenario": "deauthorize"})
    await run_sweep(gateway)
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
