"""What a resolver may use: who is calling, Stripe, a few settings, and loaders made for one request."""

import dataclasses
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import timedelta

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from connect.feed import Feed
from connect.gateway import Gateway
from connect.merchants.document import Document
from connect.scope import Principal
from models import TimelineEntry
from resolvers.merchants import merchant_lookup, timeline


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
    documents: DataLoader[uuid.UUID, Document | None] = field(init=False)
    timelines: DataLoader[timeline.Key, list[TimelineEntry]] = field(init=False)

    def __post_init__(self) -> None:
        async def load(ids: list[uuid.UUID]) -> list[Document | None]:
            found = await merchant_lookup.documents(self.principal, ids)
            return [found.get(key) for key in ids]

        self.documents = DataLoader(load_fn=load)
        self.timelines = DataLoader(load_fn=timeline.load)

    @property
    def principal(self) -> Principal:
        """The caller, for whatever answers one what it does not answer another."""
        self.is_personal = True
        return self.caller

    def raise_again(self) -> None:
        """Raise what this request met already."""
        if self.failure is not None:
            raise self.failure

    def renewed(self, operation: Hashable = None) -> "Context":
        """The same with loaders that have loaded nothing yet."""
        return dataclasses.replace(self, operation=operation)


Info = StrawberryInfo[Context, None]
