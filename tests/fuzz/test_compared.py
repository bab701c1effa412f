"""A short run of `make compared`, and tests of the rule by which it treats two answers as equal."""

from pathlib import Path

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from fuzz import compared
from fuzz.compared import Answer


async def test_compiled_queries_give_the_same_answers_as_graphql_core(
    database_url: str, tmp_path: Path
) -> None:
    EXECUTOR_CACHE.clear()  # it may contain SQL with the placeholders of another database
    report = await compared.compare(database_url, tmp_path, size=400, seed=3)
    assert report.problems == []
    assert report.figures["with errors"]
    assert report.figures["without errors"]


def failed(*errors: tuple[str, list[str]], data: object = None) -> Answer:
    """An answer with these errors, which are pairs of a message and a path."""
    named = [[("message", message), ("path", path)] for message, path in errors]
    return Answer(200, b"application/json", [("data", data), ("errors", named)])


FATAL = ("fatal", ["a", "b"])


@pytest.mark.parametrize(
    ("compiled", "plain", "expected"),
    [
        (failed(FATAL), failed(FATAL), True),
        (failed(FATAL), failed(("other", ["c"])), True),  # timing decides which root field fails first
        (failed(FATAL), failed(("null", ["a", "d"]), FATAL), True),  # or which nullable fields fail earlier
        (failed(FATAL), failed(("other", ["a", "b"])), False),
        (failed(FATAL), failed(("other", ["a", "b"]), ("another", ["c"])), False),
        (failed(("null", ["a", "d"]), FATAL), failed(("other", ["a", "b"])), False),
        (failed(FATAL, data=[]), failed(("other", ["c"]), data=[]), False),
        (failed(FATAL), Answer(200, b"application/json", [("data", None)]), False),
    ],
)
def test_only_the_timing_of_fatal_errors_may_differ(compiled: Answer, plain: Answer, expected: bool) -> None:
    assert compared.is_same(compiled, plain) is expected
