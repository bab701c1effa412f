"""Rendered objects, kept as bytes."""

import time
from collections.abc import Hashable, Iterable

import pytest

from resolvers.execution.answer_cache import OVERHEAD, AnswerCache
from resolvers.execution.compiled_selection import RenderedObject


def _made(text: str, until: float | None = None) -> RenderedObject:
    return RenderedObject(text.encode(), until)


def _found(cache: AnswerCache, keys: Iterable[Hashable]) -> list[bytes | None]:
    return [made.text if (made := cache.get(key)) else None for key in keys]


def test_an_object_is_found_under_its_key() -> None:
    cache = AnswerCache(10_000)
    cache.put(("key", 7), _made("seven"))
    cache.put(("key", 8), _made("eight"))
    assert _found(cache, [("key", version) for version in (6, 7, 8)]) == [None, b"seven", b"eight"]
    cache.put(("key", 8), _made("eight again"))
    assert _found(cache, [("key", 8), ("another", 8)]) == [b"eight again", None]


@pytest.mark.parametrize(("seconds", "found"), [(60, b"fresh"), (-0.001, None)])
def test_an_object_with_an_expiry_is_kept_until_then(seconds: float, found: bytes | None) -> None:
    cache = AnswerCache(10_000)
    cache.put("key", _made("fresh", time.time() + seconds))
    assert _found(cache, ["key"]) == [found]


def test_unused_objects_are_evicted() -> None:
    cache = AnswerCache(2 * 3 * (OVERHEAD + 100))  # three in each half
    for key in "abc":
        cache.put(key, _made(key * 100))
    cache.put("d", _made("d" * 100))  # starts the second half
    assert _found(cache, ["a"]) == [b"a" * 100]
    for _ in range(5):  # a replaced object counts once
        cache.put("d", _made("D" * 100))
    for key in "ef":
        cache.put(key, _made(key * 100))
    assert _found(cache, "abcdef") == [b"a" * 100, None, None, b"D" * 100, b"e" * 100, b"f" * 100]


def test_objects_larger_than_half_the_cache_are_not_kept() -> None:
    cache = AnswerCache(2 * (OVERHEAD + 100))
    cache.put("key", _made("x" * 101))
    assert _found(cache, ["key"]) == [None]
    cache.put("key", _made("x" * 100))
    assert _found(cache, ["key"]) == [b"x" * 100]
    nothing = AnswerCache(0)
    nothing.put("key", _made("text"))
    assert _found(nothing, ["key"]) == [None]
