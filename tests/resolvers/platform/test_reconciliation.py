"""platform.reconciliation reports the recovery of changes whose events did not arrive."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from connect.merchants.rules.wire import wire_time
from connect.payments.mirror.reconcile import SWEEP, sweep
from connect.platform import periodic
from connect.stripe_api.gateway import Gateway
from models import PeriodicTask
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import STRIPE_KEY, Service, eventually, running

RECONCILIATION = """
{ platform { reconciliation {
  lastRunAt finishedAt checked drifted repaired failed eventsCheckedAt eventsKnownUntil eventsBackFilled
  payments {
    lastRunAt finishedAt lastFinishedAt lastSeconds nextRunAt accounts checked repaired found failed
  }
} } }
"""
NO_SWEEP = {
    "lastRunAt": None,
    "finishedAt": None,
    "lastFinishedAt": None,
    "lastSeconds": None,
    "nextRunAt": None,
    "accounts": 0,
    "checked": 0,
    "repaired": 0,
    "found": 0,
    "failed": 0,
}


async def test_all_values_are_empty_before_the_first_run(idle: Service) -> None:
    assert (await idle.graphql(RECONCILIATION))["platform"]["reconciliation"] == {
        "lastRunAt": None,
        "finishedAt": None,
        "checked": 0,
        "drifted": 0,
        "repaired": 0,
        "failed": 0,
        "eventsCheckedAt": None,
        "eventsKnownUntil": None,
        "eventsBackFilled": 0,
        "payments": NO_SWEEP,
    }


async def test_the_back_fill_finds_a_change_whose_event_was_lost(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, BACKFILL_AFTER_SECONDS="1") as service:
        drop_deliveries(service)
        account = (await service.create())["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})

        async def is_active() -> bool:
            return bool((await service.merchant("shop-1", "status"))["status"] == "ACTIVE")

        await eventually(is_active)
        merchant = await service.merchant(
            "shop-1", "freshness { source } timeline { edges { node { kind } } }"
        )
        assert merchant["freshness"] == {"source": "backfill"}
        assert "DRIFT_REPAIRED" in {edge["node"]["kind"] for edge in merchant["timeline"]["edges"]}

        async def is_reported() -> bool:
            report = (await service.graphql(RECONCILIATION))["platform"]["reconciliation"]
            return bool(
                report["eventsBackFilled"] > 0 and report["eventsKnownUntil"] < report["eventsCheckedAt"]
            )

        await eventually(is_reported)


async def test_the_sweep_finds_a_change_without_an_event(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, STALE_AFTER_SECONDS="2") as service:
        drop_deliveries(service)
        account = (await service.create())["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})

        async def is_active() -> bool:
            return bool((await service.merchant("shop-1", "status"))["status"] == "ACTIVE")

        await eventually(is_active)
        assert (await service.merchant("shop-1", "freshness { source }"))["freshness"] == {"source": "sweep"}
        task = await PeriodicTask.get(name="sweep")
        assert task.state["missing"] == []
        report = (await service.graphql(RECONCILIATION))["platform"]["reconciliation"]
        assert report["lastRunAt"] is not None
        assert (report["checked"], report["failed"]) == (1, 0)
        assert report["drifted"] == report["repaired"] <= 1


async def test_the_sweep_of_payments_is_reported_while_it_runs_and_after_it(idle: Service) -> None:
    async def report() -> dict[str, object]:
        result = (await idle.graphql(RECONCILIATION))["platform"]["reconciliation"]
        payments: dict[str, object] = result["payments"]
        return payments

    noon, next_day = datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 2, 1, 12, tzinfo=UTC)
    first, second = str(wire_time(noon)), str(wire_time(next_day))
    counts = {"accounts": 3, "checked": 7, "repaired": 2, "found": 1, "failed": 1}
    ended = {"started_at": first, "since": first, "finished_at": str(wire_time(noon + timedelta(seconds=90)))}
    task = await PeriodicTask.create(name=SWEEP, due_at=next_day, state={})
    assert await report() == {**NO_SWEEP, "nextRunAt": second}
    task.state = {**ended, **counts}
    await task.save()
    done = {"lastFinishedAt": ended["finished_at"], "lastSeconds": 90}
    over = {"lastRunAt": first, "finishedAt": ended["finished_at"], "nextRunAt": second}
    assert await report() == {**over, **done, **counts}
    # While the next sweep runs, the report keeps the end and the duration of the finished sweep.
    await periodic.hasten(SWEEP)
    gateway = Gateway(STRIPE_KEY, idle.simulator.base_url)
    try:
        assert await sweep(gateway, "tests", stopping=lambda: True) == 0
    finally:
        await gateway.close()
    running_since = (await PeriodicTask.get(name=SWEEP)).state["started_at"]
    assert await report() == {**NO_SWEEP, **done, "lastRunAt": running_since}
