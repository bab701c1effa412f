"""The proof of creation: the same code as `make torture PROOF=creation`, with one seed and a small size."""

from pathlib import Path

import pytest

from connect.platform import faultpoints
from testing import pgbouncer
from torture import creation, mutations

POINTS = ("create.answered",)
FAULTS = (
    *("reset_after", "delay", "malformed", "409", "500"),
    *("200 with a list", "502 in Latin-1", mutations.ANOTHER),
)
KILLS = {"killed under load", "killed at create.answered"}


@pytest.mark.timeout(240)
def test_creations_under_faults_lead_to_one_account_for_each_merchant(
    database_url: str, tmp_path: Path
) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = creation.prove(url, seed=1, size=10, folder=tmp_path, points=POINTS, twins=20, faults=faults)
    assert report.problems == []
    assert report.figures["injections"] == 10
    assert report.figures.keys() >= KILLS | {f"Stripe: {name}" for name in FAULTS}
    assert report.figures["accounts at Stripe"] == report.figures["merchants requested"]


def test_only_a_known_fault_point_can_be_armed() -> None:
    with pytest.raises(ValueError, match=r"^unknown fault point 'nowhere'; "):
        faultpoints.arm("nowhere")
    faultpoints.reach("create.arrived")  # not armed
