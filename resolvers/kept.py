"""What selections make of merchants, kept as bytes: a merchant that has not changed is projected once.

Bytes are kept under the row's version, and a page asks the database for its rows' versions each time. So what
any process has written shows at once, and nothing is ever told to forget.
"""

import time
from collections.abc import Hashable, Iterable

from resolvers.projection import Projected

# Of the key, the entry and what holds them together, in bytes; roughly.
OVERHEAD = 400


class Kept:
    """Answers that were asked for lately, up to so many bytes. They hold for one process and one set of
    settings.

    There are two halves. What is asked for is in the young one, or gets there; when that is full it becomes
    the old one, and what nobody has asked for since is gone with the one before.
    """

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._size = 0
        self._young: dict[Hashable, Projected] = {}
        self._old: dict[Hashable, Projected] = {}

    def get(self, keys: Iterable[Hashable]) -> list[bytes | None]:
        """What was kept under these keys, unless the clock has changed it since."""
        found: list[bytes | None] = []
        now = time.time()
        for key in keys:
            made = self._young.get(key) or self._again(key)
            is_good = made is not None and (made.until is None or made.until >= now)
            found.append(made.text if made is not None and is_good else None)
        return found

    def put(self, key: Hashable, made: Projected) -> None:
        """Keep this. The key has the row's version in it."""
        cost = len(made.text) + OVERHEAD
        before = self._young.pop(key, None)
        if before is not None:
            self._size -= len(before.text) + OVERHEAD
        if cost > self._half:
            return
        if self._size + cost > self._half:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = made
        self._size += cost

    def _again(self, key: Hashable) -> Projected | None:
        """What is in the old half, from now on in the young one."""
        made = self._old.pop(key, None)
        if made is not None:
            self.put(key, made)
        return made
