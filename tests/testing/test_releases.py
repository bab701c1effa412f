"""The databases from which the dumps of releases are made."""

from pathlib import Path

import pytest

from testing.processes import Simulator
from testing.releases import EMPTY, fill
from testing.tables import rows

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


@pytest.mark.one_database
async def test_a_filled_database_has_rows_in_all_tables_except_the_listed_ones(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    await fill(database_url, simulator, tmp_path)
    tables = [row["name"] for row in rows(database_url, TABLES)]
    empty = {name for name in tables if not rows(database_url, f'SELECT 1 FROM "{name}" LIMIT 1')}
    assert empty == EMPTY & set(tables)
