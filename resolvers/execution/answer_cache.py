"""A cache of rendered objects, so that an unchanged object is rendered only once. Each entry contains the row
version, in its key or in its object. Each request reads the current version from the database, so the cache
needs no invalidation.
"""

import time
from collections.abc import Hashable

from resolvers.execution.compiled_selection import RenderedObject

# Approximate bytes for the key, the entry and the dictionary slot.
OVERHEAD = 400


class AnswerCache:
    """The most recently used objects of this process, up to a size in bytes.

    The cache has two halves, which approximate least-recently-used eviction. A lookup moves an object to the
    young half. When the young half is full, it becomes the old half, and the previous old half is dropped.
    """

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._size = self._old_size = 0
        self.lookups = self.misses = 0
        self._young: dict[Hashable, RenderedObject] = {}
        self._old: dict[Hashable, RenderedObject] = {}

    @property
    def entries(self) -> int:
        return len(self._young) + len(self._old)

    @property
    def size(self) -> int:
        """The approximate size in bytes."""
        return self._size + self._old_size

    def get(self, key: Hashable) -> RenderedObject | None:
        """The object under this key. None if there is no such object, or if it has expired."""
        self.lookups += 1
        rendered = self._young.get(key)
        if rendered is None and (rendered := self._old.pop(key, None)) is not None:
            self._old_size -= len(rendered.text) + OVERHEAD
            self.put(key, rendered)
        if rendered is not None and (rendered.until is None or rendered.until >= time.time()):
            return rendered
        self.misses += 1
        return None

    def put(self, key: Hashable, rendered: RenderedObject) -> None:
        cost = len(rendered.text) + OVERHEAD
        if cost > self._half:
            return
        previous = self._young.get(key)
        if previous is not None:
            self._size -= len(previous.text) + OVERHEAD
        if self._size + cost > self._half:
            self._old, self._young, self._old_size, self._size = self._young, {}, self._size, 0
        self._size += cost
        self._young[key] = rendered
