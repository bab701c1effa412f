"""The proof of stopping: the same code as `make torture PROOF=stopping`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import stopping


@pytest.mark.one_database
@pytest.mark.timeout(150)
def test_a_stopping_replica_finishes_its_requests(database_url: str, tmp_path: Path) -> None:
    report = stopping.prove(database_url, tmp_path, replicas=1, rounds=1, seed=7, pause=0.3)
    assert report.problems == []
    assert report.figures["processes stopped"] == 1


@pytest.mark.timeout(150)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_rolling_restart_fails_no_request(database_url: str, tmp_path: Path) -> None:
    report = stopping.prove(database_url, tmp_path, replicas=2, rounds=1, seed=7, pause=0.6)
    assert report.problems == []
    assert report.figures["processes stopped"] == 3
