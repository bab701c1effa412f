"""The proof of creation: the same code as `make torture PROOF=creation`, with one seed and a small size."""

from pathlib import Path

import pytest

from connect import faultpoints
from testing import pgbouncer
from torture import creation

# This seed meets both kinds of kills.
SEED = 118
FAULTS = (
    *("reset_after", "delay", "malformed", "409", "500"),
    *("200 with a list", "502 in Latin-1", "another account"),
)
KILLS = {"killed under load", "killed at create.written", "killed at create.answered"}


@pytest.mark.timeout(240)
def test_creations_under_faults_make_one_account_for_each_merchant(database_url: str, tmp_path: Path) -> None:
    faults = [(name, dict(creation.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = creation.prove(url, seed=SEED, size=11, folder=tmp_path, kills=3, twins=20, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 11
    assert report.figures.keys() >= KILLS | {f"Stripe: {name}" for name in FAULTS}
    assert report.figures["accounts at Stripe"] == report.figures["merchants requested"]


def test_only_a_known_point_can_be_armed() -> None:
    with pytest.raises(ValueError, match=r"^unknown fault point 'nowhere'; "):
        faultpoints.arm("nowhere")
    faultpoints.reach("create.arrived")  # not armed
