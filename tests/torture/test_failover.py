"""The proof of fail-overs: the same code as `make torture PROOF=failover`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import failover
from torture.database_faults import PATIENT


@pytest.mark.timeout(240)
def test_with_synchronous_commit_a_lost_primary_loses_no_acknowledged_work(tmp_path: Path) -> None:
    report = failover.prove(tmp_path, size=1, seed=7, synchronous=True, pause=0.3, limits=PATIENT)
    assert report.problems == []
    assert report.figures["merchants acknowledged"] != 0
    assert report.figures["payments acknowledged"] != 0


@pytest.mark.timeout(240)
def test_commits_that_were_lost_before_their_replication_are_restored_from_stripe(tmp_path: Path) -> None:
    report = failover.prove(tmp_path, size=1, seed=7, synchronous=False, pause=0.2, limits=PATIENT)
    assert report.problems == []
    assert report.figures["acknowledged merchants that were lost"] != 0
    assert report.figures["acknowledged payments that were lost"] != 0
