"""The proof of payouts: the same code as `make torture PROOF=payouts`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import mutations, payouts

POINTS = ("payout.answered",)
FAULTS = "reset_after", mutations.ANOTHER


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_payouts_under_faults_are_made_once(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = payouts.prove(url, seed=1, size=4, folder=tmp_path, points=POINTS, twins=5, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 4
    assert report.figures.keys() >= {
        "killed at payout.answered",
        "Stripe: reset_after",
        "Stripe: another object",
    }
