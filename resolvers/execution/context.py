"""The context of resolvers: the caller, Stripe, a few settings, and loaders made for one request."""

import dataclasses
import functools
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from connect.feed import Feed
from connect.gateway import Gateway
from connect.scope import Principal

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Context:
    """Made for each request, and for each message of a subscription."""

    # The caller. For a message of a subscription: all callers that may share it, see `shared_execution`.
    principal: Principal
    request_id: str
    gateway: Gateway
    feed: Feed
    public_url: str
    return_origins: frozenset[str]
    stale_after: timedelta
    backfill_after: timedelta
    max_cost: int
    query_seconds: int
    # Whether selections are compiled, see `compiled_selection`.
    compiles: bool
    # Gives the browser of this request an HttpOnly cookie: name, value.
    give_cookie: Callable[[str, str], None]
    # The deadline of a query that a compiled query has begun, in the loop's time.
    query_ends: float | None = None
    # The outage that a compiled query has met. Resolvers raise it rather than wait for the database again.
    failure: Exception | None = None
    # Of a subscription: equal for equal operations with equal variables.
    operation: Hashable = None
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict, init=False)

    def load(self, load: Callable[["Context", list[K]], Awaitable[Sequence[V]]], key: K) -> Awaitable[V]:
        """The value of a key, by one call of `load` for all keys that resolvers ask for at the same time."""
        if load not in self._loaders:
            self._loaders[load] = DataLoader(load_fn=functools.partial(load, self))
        value: Awaitable[V] = self._loaders[load].load(key)
        return value

    def raise_failure(self) -> None:
        if self.failure is not None:
            raise self.failure

    def renew(self, operation: Hashable = None, principal: Principal | None = None) -> "Context":
        """A copy with empty loaders."""
        return dataclasses.replace(self, operation=operation, principal=principal or self.principal)


Info = StrawberryInfo[Context, None]
