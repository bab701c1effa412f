"""The proof of payouts: the same code as `make torture PROOF=payouts`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import payouts

POINTS = ("payout.answered",)
FAULTS = [("reset_after", {"kind": "reset_after"})]


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_each_payout_is_made_once_under_faults(database_url: str, tmp_path: Path) -> None:
    report = payouts.prove(
        database_url, seed=1, size=3, folder=tmp_path, points=POINTS, twins=5, faults=FAULTS
    )
    assert report.problems == []
    assert report.figures["injections"] == 3
    assert report.figures.keys() >= {"killed at payout.answered", "Stripe: reset_after"}
