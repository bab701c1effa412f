"""The proof of refunds: the same code as `make torture PROOF=refunds`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import mutations, refunds

POINTS = "refund.answered", "fee_return.answered"
FAULTS = "reset_after", "500", mutations.ANOTHER, mutations.ANOTHER
KINDS = {
    *("killed under load", *(f"killed at {point}" for point in POINTS)),
    *("Stripe: reset_after", "Stripe: 500", "Stripe: another object", "Stripe, about a fee: another object"),
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(240)
def test_each_refund_is_made_once_under_faults(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = refunds.prove(url, seed=1, size=8, folder=tmp_path, points=POINTS, twins=5, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 8
    assert report.figures.keys() >= KINDS
