"""The proof of creation: the same code as `make torture PROOF=creation`, with one seed and a small size."""

from pathlib import Path

import pytest

from connect import faultpoints
from torture import creation

# With eight injections this seed meets both kinds of kills and every kind of answer.
SEED = 58011
KINDS = {
    "killed under load",
    "killed at create.written",
    "killed at create.answered",
    *("Stripe: reset_after", "Stripe: delay", "Stripe: malformed", "Stripe: 409", "Stripe: 500"),
}


@pytest.mark.timeout(240)
def test_creations_under_faults_make_one_account_for_each_merchant(database_url: str, tmp_path: Path) -> None:
    report = creation.prove(database_url, seed=SEED, size=8, folder=tmp_path, kills=3, twins=20)
    assert report.problems == []
    assert report.figures["injections"] == 8
    assert report.figures.keys() >= KINDS
    assert report.figures["accounts at Stripe"] == report.figures["merchants requested"]


def test_only_a_known_point_can_be_armed() -> None:
    with pytest.raises(ValueError, match=r"^unknown fault point 'nowhere'; "):
        faultpoints.arm("nowhere")
    faultpoints.reach("create.arrived")  # not armed
