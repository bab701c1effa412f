"""platform.reconciliation reports the recovery of changes whose events did not arrive."""

from pathlib import Path

from models import PeriodicTask
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import Service, eventually, running

RECONCILIATION = """
{ platform { reconciliation {
  lastRunAt finishedAt checked drifted repaired failed eventsCheckedAt eventsKnownUntil eventsBackFilled
} } }
"""


async def test_all_values_are_empty_before_the_first_run(service: Service) -> None:
    assert (await service.graphql(RECONCILIATION))["platform"]["reconciliation"] == {
        "lastRunAt": None,
        "finishedAt": None,
        "checked": 0,
        "drifted": 0,
        "repaired": 0,
        "failed": 0,
        "eventsCheckedAt": None,
        "eventsKnownUntil": None,
        "eventsBackFilled": 0,
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
