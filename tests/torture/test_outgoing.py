"""The proof of outgoing events, with one seed and a small size (`make torture PROOF=outgoing`)."""

from pathlib import Path

import pytest

from torture import outgoing


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_each_change_has_one_event_and_it_arrives_even_if_workers_are_killed(
    database_url: str, tmp_path: Path
) -> None:
    report = outgoing.prove(database_url, seed=1, size=5, folder=tmp_path)
    assert report.problems == []
    assert report.figures.keys() >= {f"killed at outgoing.{name}" for name in ("numbered", "claimed", "sent")}
