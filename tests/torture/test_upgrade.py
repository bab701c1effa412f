"""The proof of upgrades: the same code as `make torture PROOF=upgrade`, with one seed and one rollback."""

import os
from pathlib import Path

import pytest

from testing import postgres, previous
from torture import upgrade


@pytest.mark.timeout(240)
def test_two_releases_serve_side_by_side_during_an_upgrade_and_a_rollback(
    postgres_url: str, tmp_path: Path
) -> None:
    database = postgres.create_database(postgres_url)  # the previous release creates the tables
    try:
        report = upgrade.prove(database, tmp_path, size=1, seed=1, short=True, pause=0.5)
    except previous.NoHistory as error:
        if os.environ.get("CI") and not previous.is_shallow():
            raise
        pytest.skip(str(error))
    assert report.problems == []
    assert report.figures["starts of the previous release"] == 2
    assert report.figures["starts of this release"] == 2
