"""The proof of delivery: the same code as `make torture PROOF=delivery`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import actions, delivery

KINDS = {
    *actions.UNTRUE,
    *("creations answered late or never", "killed at a random moment", "deliveries dropped"),
    *("accounts ended by close", "accounts ended by deauthorize"),
}


@pytest.mark.timeout(240)
def test_the_mirror_is_correct_after_duplicate_late_lost_and_false_notifications(
    database_url: str, tmp_path: Path
) -> None:
    report = delivery.prove(database_url, seed=7, size=120, folder=tmp_path)
    assert report.problems == []
    assert report.figures.keys() >= KINDS
