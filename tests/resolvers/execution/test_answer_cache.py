"""The cache of rendered objects: keys, expiry, eviction and size."""

import time
from collections.abc import Hashable, Iterable

import pytest

from resolvers.execution.answer_cache import OVERHEAD, AnswerCache
from resolvers.execution.compiled_selection import RenderedObject


def _rendered(text: str, until: float | None = None) -> RenderedObject:
    return RenderedObject(text.encode(), until)


def _texts(cache: AnswerCache, keys: Iterable[Hashable]) -> list[bytes | None]:
    return [entry.text if (entry := cache.get(key)) else None for key in keys]


def test_an_object_is_found_under_its_key() -> None:
    cache = AnswerCache(10_000)
    cache.put(("key", 7), _rendered("seven"))
    cache.put(("key", 8), _rendered("eight"))
    assert _texts(cache, [("key", version) for version in (6, 7, 8)]) == [None, b"seven", b"eight"]
    cache.put(("key", 8), _rendered("eight again"))
    assert _texts(cache, [("key", 8), ("another", 8)]) == [b"eight again", None]


@pytest.mark.parametrize(("seconds", "expected"), [(60, b"fresh"), (-0.001, None)])
def test_a_cached_object_expires(seconds: float, expected: bytes | None) -> None:
    cache = AnswerCache(10_000)
    cache.put("key", _rendered("fresh", time.time() + seconds))
    assert _texts(cache, ["key"]) == [expected]


def test_unused_objects_are_evicted() -> None:
    cache = AnswerCache(2 * 3 * (OVERHEAD + 100))  # three objects in each half
    for key in "abc":
        cache.put(key, _rendered(key * 100))
    cache.put("d", _rendered("d" * 100))  # the fourth object starts a new young half
    assert _texts(cache, ["a"]) == [b"a" * 100]
    for size in (300, 300, 100, 100):  # the cache counts only the size of the newest value
        cache.put("d", _rendered("D" * size))
    for key in "ef":
        cache.put(key, _rendered(key * 100))
    assert _texts(cache, "abcdef") == [b"a" * 100, None, None, b"D" * 100, b"e" * 100, b"f" * 100]


def test_objects_larger_than_half_the_cache_are_not_kept() -> None:
    cache = AnswerCache(2 * (OVERHEAD + 100))
    cache.put("key", _rendered("x" * 101))
    assert _texts(cache, ["key"]) == [None]
    cache.put("key", _rendered("x" * 100))
    assert _texts(cache, ["key"]) == [b"x" * 100]
    empty = AnswerCache(0)
    empty.put("key", _rendered("text"))
    assert _texts(empty, ["key"]) == [None]
