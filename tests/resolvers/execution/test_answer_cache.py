"""Answers that are kept as bytes."""

import time
from collections.abc import Hashable, Iterable

import pytest

from resolvers.execution.answer_cache import OVERHEAD, AnswerCache
from resolvers.execution.compiled_selection import RenderedObject


def _made(text: str, until: float | None = None) -> RenderedObject:
    return RenderedObject(text.encode(), until)


def _found(kept: AnswerCache, keys: Iterable[Hashable]) -> list[bytes | None]:
    return [made.text if (made := kept.get(key)) else None for key in keys]


def test_an_answer_is_kept_under_its_key() -> None:
    kept = AnswerCache(10_000)
    kept.put(("key", 7), _made("seven"))
    kept.put(("key", 8), _made("eight"))
    assert _found(kept, [("key", version) for version in (6, 7, 8)]) == [None, b"seven", b"eight"]
    kept.put(("key", 8), _made("eight again"))
    assert _found(kept, [("key", 8), ("another", 8)]) == [b"eight again", None]


@pytest.mark.parametrize(("seconds", "found"), [(60, b"fresh"), (-0.001, None)])
def test_what_the_clock_changes_is_kept_until_it_does(seconds: float, found: bytes | None) -> None:
    kept = AnswerCache(10_000)
    kept.put("key", _made("fresh", time.time() + seconds))
    assert _found(kept, ["key"]) == [found]


def test_what_nobody_asks_for_makes_room() -> None:
    kept = AnswerCache(2 * 3 * (OVERHEAD + 100))  # three in each half
    for key in "abc":
        kept.put(key, _made(key * 100))
    kept.put("d", _made("d" * 100))  # with it the second half begins
    assert _found(kept, ["a"]) == [b"a" * 100]
    for _ in range(5):  # instead of what was there it counts once
        kept.put("d", _made("D" * 100))
    for key in "ef":
        kept.put(key, _made(key * 100))
    assert _found(kept, "abcdef") == [b"a" * 100, None, None, b"D" * 100, b"e" * 100, b"f" * 100]


def test_nothing_is_kept_that_is_larger_than_half() -> None:
    kept = AnswerCache(2 * (OVERHEAD + 100))
    kept.put("key", _made("x" * 101))
    assert _found(kept, ["key"]) == [None]
    kept.put("key", _made("x" * 100))
    assert _found(kept, ["key"]) == [b"x" * 100]
    nothing = AnswerCache(0)
    nothing.put("key", _made("text"))
    assert _found(nothing, ["key"]) == [None]
