"""What a resolver may use: who is calling, Stripe, a few settings, and loaders made for one request."""

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
    """Made anew for each request, and for each message of a subscription."""

    caller: Principal  # resolvers ask for `principal`, which notes that they did
    request_id: str
    gateway: Gateway
    feed: Feed
    public_url: str
    return_origins: frozenset[str]
    stale_after: timedelta
    backfill_after: timedelta
    most_cost: int
    query_seconds: int
    compiles: bool  # selections; see `resolvers.execution.compiled_selection`
    # Gives the browser behind this request an HttpOnly cookie: name, value.
    give_cookie: Callable[[str, str], None]
    # When a query's time is over, in the loop's time: for what began before graphql-core got it.
    query_ends: float | None = None
    # What went wrong before graphql-core got it. It is not tried again: an outage would be waited for twice.
    failure: Exception | None = None
    # Of a subscription: what is equal for equal work (see `resolvers.execution.shared_execution`).
    operation: Hashable = None
    # Whether anything that was executed has asked who is calling.
    is_personal: bool = field(default=False, init=False)
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict, init=False)

    @property
    def principal(self) -> Principal:
        """The caller, for whatever answers one what it does not answer another."""
        self.is_personal = True
        return self.caller

    def load(self, load: Callable[["Context", list[K]], Awaitable[Sequence[V]]], key: K) -> Awaitable[V]:
        """The value of a key, by one call of `load` for all keys that resolvers ask for at the same time."""
        if load not in self._loaders:
            self._loaders[load] = DataLoader(load_fn=functools.partial(load, self))
        value: Awaitable[V] = self._loaders[load].load(key)
        return value

    def raise_again(self) -> None:
        """Raise what this request met already."""
        if self.failure is not None:
            raise self.failure

    def renewed(self, operation: Hashable = None) -> "Context":
        """The same with loaders that have loaded nothing yet."""
        return dataclasses.replace(self, operation=operation)


Info = StrawberryInfo[Context, None]
