"""`python -m api retention` counts expired data, and removes it on demand."""

from asyncio import run
from datetime import timedelta
from pathlib import Path

import pytest

from models import StripeEvent, database, now, past_uuid7
from testing.deployment import deployment
from testing.merchants import build_event
from testing.processes import Simulator


async def _add_event(url: str) -> None:
    await database.connect(url)
    event = build_event(1)
    event.id = past_uuid7(await now() - timedelta(days=91))
    await event.save(force_create=True)
    await database.close()


async def _count(url: str) -> int:
    await database.connect(url)
    count = await StripeEvent.all().count()
    await database.close()
    return count


@pytest.mark.one_database
def test_expired_data_is_counted_and_removed_on_demand(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database_url, simulator, tmp_path)
    run(_add_event(database_url))
    shown = service.command("retention")
    lines = shown.stdout.splitlines()
    assert (lines[0], lines[-1]) == (
        "events\t1 expired\tkept for 90 days",
        "audit\t0 expired\tkept forever",
    )
    assert run(_count(database_url)) == 1
    removed = service.command("retention", "--delete")
    assert (removed.returncode, removed.stdout.splitlines()[-1]) == (0, "Rows removed: 1")
    assert run(_count(database_url)) == 0
    (entry,) = service.command("audit", "export", "--format", "csv").stdout.splitlines()[1:]
    assert '"{""events"": 1}"' in entry
    assert service.command("audit", "export", "--since", "yesterday").returncode == 2
