"""Compiled selections against graphql-core, in small: the same code as `make compared`, one seed."""

from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from fuzz import compared


async def test_the_answer_is_the_one_that_graphql_core_gives(database_url: str, tmp_path: Path) -> None:
    EXECUTOR_CACHE.clear()  # holds SQL with the other database's placeholders
    report = await compared.compare(database_url, tmp_path, size=400, seed=3)
    assert report.problems == []
    assert report.figures["with errors"]
    assert report.figures["without errors"]
