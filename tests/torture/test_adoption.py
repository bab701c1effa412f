"""The proof of adoption: the same code as `make torture PROOF=adoption`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import adoption

# With this seed, both kinds of kills occur.
SEED = 35
FAULTS = (adoption.CHANGE, "reset_after", "another account", "200 with null")
KILLS = {"killed under load", "killed at adopt.judged"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(240)
def test_adoptions_under_faults_lead_to_one_merchant_for_each_account(
    database_url: str, tmp_path: Path
) -> None:
    faults = [(name, dict(adoption.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = adoption.prove(url, seed=SEED, size=6, folder=tmp_path, kills=2, twins=12, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 6
    assert report.figures.keys() >= KILLS | {f"Stripe: {name}" for name in FAULTS}
    assert report.figures["merchants"] == report.figures["accounts to adopt"]
