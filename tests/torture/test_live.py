"""The proof of the feed: the same code as `make torture PROOF=live`, with one seed and a small size."""

from pathlib import Path

import pytest

from models.database import PORTABLE
from testing import portable
from torture import live


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(180)
def test_every_subscriber_of_every_replica_receives_the_newest_state(
    database_url: str, tmp_path: Path
) -> None:
    report = live.prove(database_url, seed=7, size=40, folder=tmp_path, merchants=8, unread=100)
    assert report.problems == []
    # Each of the four cuts ends four connections: one for each replica and one for the worker. With the
    # portable profile, a process may have several.
    cut = report.figures["connections cut"]
    assert int(str(cut)) >= 16 if portable.profile(database_url) == PORTABLE else cut == 16
