"""The proof of refunds: the same code as `make torture PROOF=refunds`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import creation, refunds

SEED = 878
FAULTS = "reset_after", "500", "another account"
KINDS = {"Stripe: another refund", "Stripe: reset_after", "Stripe: 500", "killed under load"}


@pytest.mark.timeout(240)
def test_refunds_under_faults_are_made_once(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(creation.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = refunds.prove(url, seed=SEED, size=6, folder=tmp_path, kills=2, twins=5, faults=faults)
    assert report.problems == []
    assert report.figures.keys() >= KINDS
