"""The proof of new payments: the code of `make torture PROOF=charging`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import charging, creation

# With this seed, processes die at these points on both databases.
SEED = 878
FAULTS = "reset_after", "500", "another account"
KINDS = {
    *("createCheckout: killed under load", "createCheckout: killed at payment.written"),
    *("createPaymentIntent: killed at payment.claimed", "createPaymentIntent: killed at payment.answered"),
    *("createCheckout: Stripe: another payment", "createPaymentIntent: Stripe: reset_after"),
}


@pytest.mark.timeout(240)
def test_orders_under_faults_are_charged_once(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(creation.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = charging.prove(url, seed=SEED, size=10, folder=tmp_path, kills=4, twins=10, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 10
    assert report.figures.keys() >= KINDS
