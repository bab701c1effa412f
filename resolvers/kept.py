"""What selections make of merchants, kept as bytes: a merchant that has not changed is projected once.

Bytes are kept under the row's version, and a page asks the database for its rows' versions each time. So what
any process has written shows at once, and nothing is ever told to forget.
"""

import time
from collections import OrderedDict
from collections.abc import Hashable

from resolvers.projection import Projected

# Of the key, the entry and what holds them together, in bytes; roughly.
OVERHEAD = 400


class Kept:
    """The latest answers, up to so many bytes. They hold for one process and one set of settings."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._size = 0
        self._entries: OrderedDict[Hashable, tuple[int, bytes, float | None]] = OrderedDict()

    def get(self, key: Hashable, version: int) -> bytes | None:
        """What was kept of this version of the row, if the clock has not changed it since."""
        entry = self._entries.get(key)
        if entry is None or entry[0] != version or (entry[2] is not None and entry[2] < time.time()):
            return None
        self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: Hashable, version: int, made: Projected) -> None:
        """Keep this instead of what was kept under the key; what was not asked for longest makes room."""
        before = self._entries.pop(key, None)
        self._size += len(made.text) - len(before[1]) if before else len(made.text) + OVERHEAD
        self._entries[key] = version, made.text, made.until
        while self._size > self._most_bytes:
            _, (_, text, _) = self._entries.popitem(last=False)
            self._size -= len(text) + OVERHEAD
