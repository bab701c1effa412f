"""What selections make of merchants, kept as bytes: a merchant that has not changed is projected once.

Bytes are kept under the row's version, and a page asks the database for its rows' versions each time. So what
any process has written shows at once, and nothing is ever told to forget.
"""

import time
from collections.abc import Hashable

from resolvers.execution.compiled_selection import RenderedObject

# Of a row in the key, the entry and what holds them together, in bytes; roughly.
OVERHEAD = 400


class AnswerCache:
    """Answers that were asked for lately, up to so many bytes. They hold for one process and one set of
    settings.

    There are two halves. What is asked for is in the young one, or gets there; when that is full it becomes
    the old one, and what nobody has asked for since is gone with the one before.
    """

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._size = 0
        self._young: dict[Hashable, tuple[RenderedObject, int]] = {}
        self._old: dict[Hashable, tuple[RenderedObject, int]] = {}

    def get(self, key: Hashable) -> RenderedObject | None:
        """What was kept under this key, unless the clock has changed it since."""
        entry = self._young.get(key) or self._again(key)
        if entry is None:
            return None
        until = entry[0].until
        return entry[0] if until is None or until >= time.time() else None

    def put(self, key: Hashable, made: RenderedObject, *, parts: int = 1) -> None:
        """Keep this. The key has the row's version in it, or those of so many rows."""
        cost = len(made.text) + OVERHEAD * parts
        if cost > self._half:
            return
        if key not in self._young:
            if self._size + cost > self._half:
                self._old, self._young, self._size = self._young, {}, 0
            self._size += cost
        self._young[key] = made, parts

    def _again(self, key: Hashable) -> tuple[RenderedObject, int] | None:
        """What is in the old half, from now on in the young one."""
        entry = self._old.pop(key, None)
        if entry is not None:
            self.put(key, entry[0], parts=entry[1])
        return entry
