"""The type Freshness: the age of the data of a merchant, a balance, a payment or a payout."""

from datetime import UTC, datetime

import strawberry
from strawberry import field

from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.document import Document
from resolvers.common.scalars import DateTime
from resolvers.execution import compiled_selection
from resolvers.execution.context import Info


@strawberry.type(
    description="How old the data is. Queries read ConnectQL's copy of Stripe's data and never call Stripe."
)
class Freshness:
    synced_at: DateTime | None = field(
        description="When the data was last fetched from Stripe. Null before the first fetch."
    )
    source: str | None = field(
        description="The reason for the last fetch: `create`, `adopt`, `webhook`, `return`, `refresh`, "
        "`update`, `close`, `backfill` or `sweep`. A payment can have further reasons, such as `capture`."
    )

    @strawberry.field(
        description="Whether the last fetch is older than the limit in the platform's settings. True before "
        "the first fetch. Closed and disconnected accounts become stale, because ConnectQL no longer "
        "fetches them.",
        metadata=compiled_selection.STALE,
    )
    def stale(self, source: strawberry.Parent[Document], info: Info) -> bool:
        synced_at = parse_time(source["syncedAt"])
        return synced_at is None or datetime.now(UTC) - synced_at > info.context.stale_after
