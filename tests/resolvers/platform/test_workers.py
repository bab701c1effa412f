"""platform.workers lists the workers that have reported lately."""

from datetime import timedelta
from typing import Any

from api.version import VERSION
from connect.platform.records import workers
from models import WorkerProcess, now
from testing.service import Service, eventually

WORKERS = "{ platform { workers { name version startedAt reportedAt stoppedAt isAlive } } }"


async def listed(service: Service) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await service.graphql(WORKERS))["platform"]["workers"]
    return rows


async def test_a_worker_is_alive_until_it_stops(service: Service) -> None:
    (running,) = await eventually(lambda: listed(service))
    assert (running["isAlive"], running["stoppedAt"]) == (True, None)
    assert running["version"] == VERSION
    assert running["startedAt"] == running["reportedAt"]
    await service.app.state.worker.stop()
    (stopped,) = await listed(service)
    assert stopped["isAlive"] is False
    assert stopped["stoppedAt"] > stopped["reportedAt"]


async def test_a_killed_worker_is_not_alive_and_is_forgotten_after_a_day(idle: Service) -> None:
    assert await listed(idle) == []
    await workers.report("killed", "0.1.0")
    await workers.report("running", "0.2.0")
    killed, at = WorkerProcess.filter(name="killed"), await now()
    await killed.update(reported_at=at - workers.ALIVE_FOR - timedelta(seconds=1))
    rows = await listed(idle)
    assert [(row["name"], row["version"], row["isAlive"]) for row in rows] == [
        ("running", "0.2.0", True),
        ("killed", "0.1.0", False),
    ]
    # If the worker was only slow, its next report makes it alive again.
    await workers.report("killed", "0.1.0")
    again = {row["name"]: row for row in await listed(idle)}
    assert again["killed"]["isAlive"]
    assert again["killed"]["startedAt"] == rows[1]["startedAt"]
    await killed.update(reported_at=at - workers.KEPT_FOR - timedelta(seconds=1))
    await workers.forget_old()
    assert [row["name"] for row in await listed(idle)] == ["running"]
