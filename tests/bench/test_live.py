"""The measurement of live connections in small: every client receives every change once."""

from pathlib import Path

from bench import live


def test_every_client_gets_the_newest_state_of_what_it_watches_once(
    database_url: str, tmp_path: Path
) -> None:
    found = list(live.measure(database_url, tmp_path, size=20, rounds=1, idle_seconds=0))
    assert [(result.title[:2], result.clients, result.messages) for result in found] == [
        ("a.", 20, 20),
        ("b.", 20, 20),
        *([] if database_url.startswith("sqlite") else [("c.", 20, 20), ("c.", 20, 20), ("d.", 2, 10)]),
        ("e.", 20, 20),
    ]
    for result in found:
        assert result.problems == []
        assert len(result.rounds) == 1
