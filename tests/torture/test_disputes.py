"""The proof of answers to disputes: the same code as `make torture PROOF=disputes`, with a small size."""

from pathlib import Path

import pytest

from torture import disputes

POINTS = "dispute.written", "dispute.answered"


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_each_dispute_is_answered_once_under_faults(database_url: str, tmp_path: Path) -> None:
    report = disputes.prove(database_url, seed=1, size=9, folder=tmp_path, points=POINTS)
    assert report.problems == []
    assert report.figures["answers"] == 9
