"""A short run of `make compared`: compiled selections against graphql-core."""

from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from fuzz import compared


async def test_compiled_queries_give_the_answers_of_graphql_core(database_url: str, tmp_path: Path) -> None:
    EXECUTOR_CACHE.clear()  # it may hold SQL with the placeholders of another database
    report = await compared.compare(database_url, tmp_path, size=400, seed=3)
    assert report.problems == []
    assert report.figures["with errors"]
    assert report.figures["without errors"]
