"""The metrics of the platform while the database does not answer."""

import asyncio

import asyncpg  # type: ignore[import-untyped]
import pytest

from api.telemetry import samples

TABLES = (
    "merchant, stripe_event, outgoing_event, event_endpoint, periodic_task, worker_process, stripe_call_count"
)
READS = (
    *("merchants", "events", "outgoing_events", "outgoing_deliveries", "event_endpoints", "problems"),
    *("workers", "stripe_calls"),
)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_scrape_succeeds_in_time_although_each_read_fails(database: str) -> None:
    platform = samples.Platform(20)
    other = await asyncpg.connect(database)
    try:
        await other.execute(f"BEGIN; LOCK TABLE {TABLES}")
        # By default Prometheus waits ten seconds for an answer. A blocked statement also waits ten seconds.
        async with asyncio.timeout(9):
            await platform.refresh()
    finally:
        await other.close()
    (success,) = [family for family in platform.samples() if family.name.endswith("read_success")]
    assert {sample.labels["read"]: sample.value for sample in success.samples} == dict.fromkeys(READS, 0)
