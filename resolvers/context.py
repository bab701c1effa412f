"""What a resolver may use: who is calling, Stripe, a few settings, and loaders made for one request."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from connect.document import Document
from connect.gateway import Gateway
from connect.scope import Principal
from models import TimelineEntry
from resolvers import lookup, timeline


@dataclass(slots=True)
class Context:
    """Made anew for each request (and later for each message of a subscription)."""

    principal: Principal
    request_id: str
    gateway: Gateway
    public_url: str
    return_origins: frozenset[str]
    stale_after: timedelta
    backfill_after: timedelta
    # Gives the browser behind this request an HttpOnly cookie: name, value.
    give_cookie: Callable[[str, str], None]
    documents: DataLoader[uuid.UUID, Document | None] = field(init=False)
    timelines: DataLoader[timeline.Key, list[TimelineEntry]] = field(
        default_factory=lambda: DataLoader(load_fn=timeline.load)
    )

    def __post_init__(self) -> None:
        async def load(ids: list[uuid.UUID]) -> list[Document | None]:
            found = await lookup.documents(self.principal, ids)
            return [found.get(key) for key in ids]

        self.documents = DataLoader(load_fn=load)


Info = StrawberryInfo[Context, None]
