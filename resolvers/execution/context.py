"""The context of resolvers: the caller, Stripe, a few settings, and the data loaders of the request."""

import asyncio
import dataclasses
import functools
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from graphql import OperationDefinitionNode
from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from connect.embedded.components import Component
from connect.merchants.inputs import ReturnTargets
from connect.merchants.rules.dashboard.dashboard_addresses import Relocate
from connect.outgoing.endpoints import Policy
from connect.payments.rules.charging import Charging
from connect.platform.feed import Feed
from connect.scope import Principal, payer
from connect.stripe_api.gateway import Gateway
from models.sql import Select
from models.statements import read_together
from resolvers.execution.answer_cache import AnswerCache

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Context:
    """The context of one request, or of one message of a subscription."""

    # The caller. In a message of a subscription, this principal stands for all callers that share the message
    # (see `shared_execution`).
    principal: Principal
    request_id: str
    gateway: Gateway
    feed: Feed
    public_url: str
    # The address of the event destination.
    webhook_url: str
    returns: ReturnTargets
    # Replaces the base of Dashboard addresses in documents with the installation's base.
    relocate: Relocate
    charging: Charging
    # The embedded components that merchants may use.
    merchants_may_embed: frozenset[Component]
    # The prices of the platform's own product. The first is the default.
    service_prices: tuple[str, ...]
    service_grace: timedelta
    # The settings of events for the platform's own systems.
    outgoing: Policy
    stale_after: timedelta
    backfill_after: timedelta
    stripe_calls_per_second: int
    max_cost: int
    query_seconds: int
    # Whether to compile selections, see `compiled_selection`.
    compiles: bool
    # Rendered objects of this process.
    answers: AnswerCache
    # Sets an HttpOnly cookie in the response. Arguments: name, value, path.
    give_cookie: Callable[[str, str, str], None]
    # Called after the execution of a subscription's message, if the reported change has an origin
    # (`models.origin`).
    # Arguments: the origin, the operation, the start as Unix time in nanoseconds.
    on_message: Callable[[str, OperationDefinitionNode, int], None] | None = None
    # The name that the client sends, if it sends one.
    client: str = ""
    # The deadline in the event loop's time. Set only if the compiled query gave no answer, because
    # graphql-core then executes the query again within the same time limit.
    query_ends: float | None = None
    # The database outage that ended the compiled query. Resolvers raise it instead of waiting again.
    failure: Exception | None = None
    # The key of an operation of a live connection; None for all other operations. Equal operations with equal
    # variables have equal keys.
    operation: Hashable = None
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict, init=False)
    _loaded: dict[Any, "_Loaded[Any]"] = field(default_factory=dict, init=False)

    async def share_counts(self, key: Hashable, read: Callable[[], Awaitable[dict[K, int]]]) -> dict[K, int]:
        """The numbers of rows that `read` counts. On a platform with many rows, later queries with the same
        key get the same numbers for some seconds.

        For an operation of a live connection, the rows are counted again, because a message of a subscription
        shows the state after a change. A page that is read after the message gets the message's numbers.
        """
        return await self.feed.share_counts(key, read, is_anew=self.operation is not None)

    def load(self, load: Callable[["Context", list[K]], Awaitable[Sequence[V]]], key: K) -> Awaitable[V]:
        """The value of a key, loaded once. One call of `load` serves all keys that are requested together."""
        loaded: _Loaded[V] | None = self._loaded.get((load, key))
        if loaded is None or loaded.value.cancelled():
            if load not in self._loaders:
                self._loaders[load] = DataLoader(load_fn=functools.partial(load, self), cache=False)
            loader = self._loaders[load]
            if loader.batch is not None and all(task.future.cancelled() for task in loader.batch.tasks):
                loader.batch = None  # the loader would add the key to this batch, which it never reads
            loaded = self._loaded[load, key] = _Loaded(asyncio.ensure_future(loader.load(key)))
        return loaded.wait()

    def forget_loaded(self) -> None:
        """Forget loaded values, so that they are read again."""
        self._loaded.clear()

    def select_together(self) -> Select:
        """A new statement. Statements of the same shape that run at the same time are sent as one."""
        if read_together not in self._loaders:
            self._loaders[read_together] = DataLoader(read_together, cache=False)
        return Select(self._loaders[read_together].load)

    @property
    def caller_gateway(self) -> Gateway:
        """A gateway whose calls to Stripe count against the caller's limit."""
        return self.gateway.paid_by(payer(self.principal))

    def raise_failure(self) -> None:
        if self.failure is not None:
            raise self.failure

    def renew(self, operation: Hashable = None, principal: Principal | None = None) -> "Context":
        """A copy with new loaders."""
        return dataclasses.replace(self, operation=operation, principal=principal or self.principal)


@dataclass(slots=True)
class _Loaded(Generic[V]):
    """A value that several fields may await.

    graphql-core cancels the siblings of a field that fails. This must not cancel other fields with the same
    key, so the value is cancelled only if no field awaits it any longer.
    """

    value: asyncio.Future[V]
    _waiting: int = 0

    async def wait(self) -> V:
        self._waiting += 1
        try:
            return await asyncio.shield(self.value)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.value.cancel()  # has no effect on a value that has arrived


Info = StrawberryInfo[Context, None]
