"""Limits for live connections, which are WebSockets and event streams, and for uploads."""

import contextlib
from collections import Counter
from collections.abc import Iterator

from api.server.refusals import Refused
from connect.scope import Payer, Principal


class Connections:
    """Counts and limits live connections, or uploads, of this process. `noun` names them in messages."""

    def __init__(self, limit: int, limit_for_one: int, noun: str = "live connections") -> None:
        self._noun = noun
        self._limit = limit
        self._limit_for_one = limit_for_one
        self._open = 0
        self._waiting = 0
        self._by_caller: Counter[Principal | Payer] = Counter()

    @property
    def open_count(self) -> int:
        return self._open

    @property
    def waiting_count(self) -> int:
        return self._waiting

    @contextlib.contextmanager
    def wait(self) -> Iterator[None]:
        """Count a WebSocket that has sent no token yet. Raises Refused. Such connections have a separate
        limit, so they cannot block authenticated callers.
        """
        if self._waiting >= self._limit:
            raise _too_many("Too many connections are waiting for connection_init. Try again later.")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    @contextlib.contextmanager
    def open(self, caller: Principal | Payer, kept: int = 0) -> Iterator[None]:
        """Count a live connection or an upload of a caller. `kept` places stay free for other callers. Raises
        Refused.
        """
        limit = self._limit - kept
        if self._open >= limit:
            raise _too_many(f"Too many {self._noun}: this server's limit is {limit}. Try again later.")
        if self._by_caller[caller] >= self._limit_for_one:
            raise _too_many(f"Too many {self._noun}: your limit is {self._limit_for_one}. End one first.")
        self._open += 1
        self._by_caller[caller] += 1
        try:
            yield
        finally:
            self._open -= 1
            self._by_caller[caller] -= 1
            if not self._by_caller[caller]:
                del self._by_caller[caller]


def _too_many(message: str) -> Refused:
    return Refused(message, "TOO_MANY_CONNECTIONS", 503, {"Retry-After": "5"})
