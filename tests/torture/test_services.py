"""The proof of services: the code of `make torture PROOF=services`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import mutations, services

POINTS = "service.written", "service.answered"
FAULTS = "reset_after", "500", mutations.ANOTHER
KINDS = {
    *("killed under load", *(f"killed at {point}" for point in POINTS)),
    *(f"Stripe: {fault}" for fault in FAULTS),
}


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_each_merchant_subscribes_once_under_faults(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = services.prove(url, seed=1, size=7, folder=tmp_path, points=POINTS, twins=10, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 7
    assert report.figures.keys() >= KINDS
