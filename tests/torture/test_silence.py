"""The proof of silence: the same code as `make torture PROOF=silence`, with one seed and a small size."""

from pathlib import Path

import pytest

from torture import silence
from torture.load import CLIENT_PATIENCE


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_the_service_finds_changes_even_if_no_notification_is_delivered(
    database_url: str, tmp_path: Path
) -> None:
    report = silence.prove(
        database_url,
        seed=7,
        size=10,
        folder=tmp_path,
        backfill_after=2,
        stale_after=4,
        max_seconds=CLIENT_PATIENCE,
    )
    assert report.problems == []
