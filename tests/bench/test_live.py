"""A short run of `make bench-live`."""

from pathlib import Path

import pytest

from bench import live


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_every_client_receives_each_change_once(database_url: str, tmp_path: Path) -> None:
    results = list(live.measure(database_url, tmp_path, size=20, rounds=1, idle_seconds=0))
    assert [(result.title[:2], result.clients, result.messages) for result in results] == [
        ("a.", 20, 20),
        ("b.", 20, 20),
        *(("c.", 20, 20), ("c.", 20, 20), ("d.", 2, 10)),
        ("e.", 20, 20),
    ]
    for result in results:
        assert result.problems == []
        assert len(result.rounds) == 1
