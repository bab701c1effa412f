"""Answers that are kept as bytes."""

import time

import pytest

from resolvers.kept import OVERHEAD, Kept
from resolvers.projection import Projected


def _made(text: str, until: float | None = None) -> Projected:
    return Projected(text.encode(), until)


def test_an_answer_is_kept_for_the_version_that_it_was_made_of() -> None:
    kept = Kept(10_000)
    kept.put("key", 7, _made("seven"))
    assert [kept.get("key", version) for version in (6, 7, 8)] == [None, b"seven", None]
    assert kept.get("another", 7) is None
    kept.put("key", 8, _made("eight"))
    assert [kept.get("key", version) for version in (7, 8)] == [None, b"eight"]


@pytest.mark.parametrize(("seconds", "found"), [(60, b"fresh"), (-0.001, None)])
def test_what_the_clock_changes_is_kept_until_it_does(seconds: float, found: bytes | None) -> None:
    kept = Kept(10_000)
    kept.put("key", 1, _made("fresh", time.time() + seconds))
    assert kept.get("key", 1) == found


def test_what_was_not_asked_for_longest_makes_room() -> None:
    kept = Kept(3 * (OVERHEAD + 100))
    for key in "abc":
        kept.put(key, 1, _made(key * 100))
    assert kept.get("a", 1) == b"a" * 100
    kept.put("d", 1, _made("d" * 100))
    assert [key for key in "abcd" if kept.get(key, 1) is not None] == ["a", "c", "d"]
    # Instead of what was there it counts once.
    for _ in range(5):
        kept.put("d", 2, _made("D" * 100))
    assert [key for key in "abcd" if kept.get(key, 2 if key == "d" else 1) is not None] == ["a", "c", "d"]
    kept.put("large", 1, _made("l" * (OVERHEAD + 200)))
    assert [key for key in "abcd" if kept.get(key, 2 if key == "d" else 1) is not None] == ["d"]


def test_nothing_is_kept_where_nothing_may_be() -> None:
    kept = Kept(0)
    kept.put("key", 1, _made("text"))
    assert kept.get("key", 1) is None
