"""The proof of new payments: the code of `make torture PROOF=charging`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import charging, mutations

POINTS = "payment.written", "payment.answered", "payment.claimed", "response.started"
FAULTS = "reset_after", "500", mutations.ANOTHER
KINDS = {
    *("createCheckout: killed under load", "createPaymentIntent: killed under load"),
    *("createCheckout: killed at payment.written", "createCheckout: killed at payment.claimed"),
    *("createPaymentIntent: killed at payment.answered", "createPaymentIntent: killed at response.started"),
    *(f"{name}: Stripe: {fault}" for name in ("createCheckout", "createPaymentIntent") for fault in FAULTS),
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(240)
def test_each_order_is_charged_once_under_faults(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = charging.prove(url, seed=1, size=14, folder=tmp_path, points=POINTS, twins=10, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 14
    assert report.figures.keys() >= KINDS
