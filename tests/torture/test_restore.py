"""The proof of a restored backup: the code of `make torture PROOF=restore`, with one seed and few days."""

from pathlib import Path

import pytest

from torture import restore


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_a_restored_backup_is_brought_up_to_date_from_stripe(database_url: str, tmp_path: Path) -> None:
    report = restore.prove(database_url, seed=1, size=3, folder=tmp_path)
    assert report.problems == []
    assert report.figures["differences after the restore"] != 0
    assert report.figures["merchant restored by recover"] == 1
