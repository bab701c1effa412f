"""The proof of replacements: the code of `make torture PROOF=replacement`, with one seed and a small size."""

from pathlib import Path

import pytest

from testing import pgbouncer
from torture import mutations, replacement

POINTS = ("create.answered",)
FAULTS = "reset_after", mutations.ANOTHER
# The proof uses one merchant for the identical calls, one for each of the two faults, one for the kill at a
# point, and six for the kill under load.
MERCHANTS = 10
KILLS = {"killed under load", "killed at create.answered"}


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_replacements_under_faults_lead_to_one_new_account_for_each_merchant(
    database_url: str, tmp_path: Path
) -> None:
    faults = [(name, dict(mutations.FAULTS)[name]) for name in FAULTS]
    with pgbouncer.pooled(database_url) as url:
        report = replacement.prove(
            url, seed=1, size=4, folder=tmp_path, points=POINTS, twins=10, faults=faults
        )
    assert report.problems == []
    assert report.figures["injections"] == 4
    assert report.figures.keys() >= KILLS | {f"Stripe: {name}" for name in FAULTS}
    figures = [report.figures[name] for name in ("merchants requested", "accounts at Stripe")]
    assert figures == [MERCHANTS, 2 * MERCHANTS]
    assert report.figures["former accounts that changed later"] == MERCHANTS // replacement.OPEN
