"""platform.reconciliation: changes without a delivered event are found and reported to operators."""

from pathlib import Path

from models import PeriodicTask
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import Service, eventually, running

SHOWN = """
{ platform { reconciliation {
  lastRunAt finishedAt checked drifted repaired failed eventsCheckedAt eventsKnownUntil eventsBackFilled
} } }
"""


async def test_all_values_are_empty_before_the_first_run(service: Service) -> None:
    assert (await service.graphql(SHOWN))["platform"]["reconciliation"] == {
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

        async def found() -> bool:
            return bool((await service.merchant("shop-1", "status"))["status"] == "ACTIVE")

        await eventually(found)
        shown = await service.merchant("shop-1", "freshness { source } timeline { edges { node { kind } } }")
        assert shown["freshness"] == {"source": "backfill"}
        assert "DRIFT_REPAIRED" in {edge["node"]["kind"] for edge in shown["timeline"]["edges"]}

        async def told() -> bool:
            told = (await service.graphql(SHOWN))["platform"]["reconciliation"]
            return bool(told["eventsBackFilled"] > 0 and told["eventsKnownUntil"] < told["eventsCheckedAt"])

        await eventually(told)


async def test_the_sweep_finds_a_change_without_an_event(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, STALE_AFTER_SECONDS="2") as service:
        drop_deliveries(service)
        account = (await service.create())["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})

        async def found() -> bool:
            return bool((await service.merchant("shop-1", "status"))["status"] == "ACTIVE")

        await eventually(found)
        assert (await service.merchant("shop-1", "freshness { source }"))["freshness"] == {"source": "sweep"}
        task = await PeriodicTask.get(name="sweep")
        assert task.state["missing"] == []
        told = (await service.graphql(SHOWN))["platform"]["reconciliation"]
        assert told["lastRunAt"] is not None
        assert (told["checked"], told["failed"]) == (1, 0)
        assert told["drifted"] == told["repaired"] <= 1
