"""The proof of outages: the same code as `make torture PROOF=outage`, with one seed and a small size."""

import dataclasses
from pathlib import Path

import pytest

from torture import outage
from torture.database_faults import PATIENT


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("database", "kinds"),
    [
        ("postgresql", ["stopped at once", "connections cut", "rows locked"]),
        ("sqlite", ["process killed", "disk full", "file locked", "clients gone"]),
    ],
)
def test_an_outage_causes_clear_errors_and_loses_no_work(
    database: str, kinds: list[str], tmp_path: Path
) -> None:
    # A creation waits five seconds for its call to Stripe. A locked file must count as unavailable earlier.
    limits = dataclasses.replace(PATIENT, silence=4) if database == "sqlite" else PATIENT
    report = outage.prove(database, tmp_path, rounds=len(kinds), seed=7, kinds=kinds, pause=1, limits=limits)
    assert report.problems == []
    assert report.figures["merchants acknowledged"] != 0
