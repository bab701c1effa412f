"""A short run of `make bench-outgoing`."""

from pathlib import Path

from bench import outgoing


async def test_each_event_of_a_change_is_delivered_while_the_endpoint_is_enabled(
    database_url: str, tmp_path: Path
) -> None:
    without, delivered = await outgoing.measure(database_url, tmp_path, merchants=2, rounds=2)
    assert (len(without.service), len(delivered.service)) == (2, 2)
    assert without.deliveries == 0 < without.changes
    assert delivered.deliveries == delivered.changes > 0
