"""The proof of fail-overs: the same code as `make torture PROOF=failover`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import failover


@pytest.mark.timeout(240)
def test_a_lost_primary_loses_nothing_acknowledged_with_synchronous_commit(tmp_path: Path) -> None:
    report = failover.prove(tmp_path, size=1, seed=7, synchronous=True, pause=0.3)
    assert report.problems == []
    assert report.figures["merchants acknowledged"] != 0
    assert report.figures["payments acknowledged"] != 0
