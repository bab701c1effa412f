"""A merchant's history, a page for each merchant of a list in one statement."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from connect.scope import Role
from models import TimelineEntry, latest_entries
from resolvers.enums import MerchantStatus, TimelineKind
from resolvers.relay.connection import Order, PageInfo, cursor, parse_cursor, window
from resolvers.scalars import DateTime

ORDER = Order("TIMELINE", ("id",), descending=True)


@strawberry.type(name="TimelineEntry", description="One thing that happened to a merchant.")
class TimelineEntryType:
    id: strawberry.ID = strawberry.field(description="Unique among timeline entries.")
    at: DateTime = strawberry.field(description="When it was observed.")
    kind: TimelineKind = strawberry.field(description="What happened.")
    message: str = strawberry.field(description="The same in words.")

    @strawberry.field(
        description="Whose call it was: a token's subject, or `browser`. To a merchant, anybody else is "
        "`platform`."
    )
    def actor(self, row: strawberry.Parent[TimelineEntry], info: strawberry.Info) -> str | None:
        principal = info.context.principal
        if principal.role is not Role.MERCHANT or row.actor in {None, "browser", principal.subject}:
            return row.actor
        return "platform"

    status_before: MerchantStatus | None = strawberry.field(description="Of a change of status: the old.")
    status_after: MerchantStatus | None = strawberry.field(description="Of a change of status: the new.")


@strawberry.type(description="An entry in its place.")
class TimelineEdge:
    cursor: str = strawberry.field(description="For `after`.")
    node: TimelineEntry = strawberry.field(description="The entry.", graphql_type=TimelineEntryType)


@strawberry.type(description="What happened, the newest first.")
class TimelineConnection:
    edges: list[TimelineEdge] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


@dataclass(frozen=True, slots=True)
class Key:
    """Which part of which merchant's timeline."""

    merchant_id: uuid.UUID
    size: int
    after: str | None


async def connection(
    loader: Any, merchant_id: uuid.UUID, first: int | None, after: str | None
) -> TimelineConnection:
    """A page of one merchant's timeline. Raises BadUserInput."""
    wanted = window(first, after)
    bound = str(parse_cursor(after, ORDER, "after")[0]) if after is not None else None
    rows: list[TimelineEntry] = await loader.load(Key(merchant_id, wanted.size, bound))
    edges = [TimelineEdge(cursor=cursor(ORDER, (row.id,)), node=row) for row in rows[: wanted.size]]
    info = PageInfo(
        has_next_page=len(rows) > wanted.size,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return TimelineConnection(edges=edges, page_info=info)


async def load(keys: Sequence[Key]) -> list[list[TimelineEntry]]:
    """One more entry than asked for, for each key. One statement for each distinct page size and cursor,
    which a query names in its text, whatever the number of merchants."""
    found: dict[Key, list[TimelineEntry]] = {key: [] for key in keys}
    for size, after in {(key.size, key.after) for key in keys}:
        merchant_ids = [key.merchant_id for key in keys if (key.size, key.after) == (size, after)]
        for row in await latest_entries(merchant_ids, size + 1, after):
            found[Key(row.merchant_id, size, after)].append(row)
    return [found[key] for key in keys]
