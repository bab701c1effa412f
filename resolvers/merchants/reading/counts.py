"""The numbers of merchants in a list, in total and with each status."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import strawberry
from strawberry import field

from resolvers.merchants.reading.merchant_list import MAX_TOTAL
from resolvers.merchants.types.merchant import Merchant
from resolvers.merchants.types.status import MerchantStatus
from resolvers.relay.connection import Connection, connection_type
from resolvers.relay.sources import MAX_COUNTED

# None if counting would take too long.
Counts = Mapping[str, int] | None

_LIMIT = (
    "If the filter has conditions other than `status` and `awaitingActionFrom`, it is null if more than "
    f"{MAX_TOTAL:,} merchants match, or if each single condition matches {MAX_COUNTED:,} merchants or more."
)


@strawberry.type(description="The number of merchants with a status.")
class StatusCount:
    status: MerchantStatus = field(description="The status.")
    count: int = field(description="The number of merchants.")


class CountedConnection:
    """A page that counts all matches of its filter when a field needs their number."""

    def __init__(self, page: Connection, count: Callable[[], Awaitable[Counts]]) -> None:
        self.edges, self.page_info = page.edges, page.page_info
        self._count = count
        self._counting: asyncio.Future[Counts] | None = None

    async def counts(self) -> Counts:
        """Count once for all fields."""
        if self._counting is None:
            self._counting = asyncio.ensure_future(self._count())
        return await self._counting


@strawberry.type
class _Counted:
    @field(description=f"The number of all merchants that match the filter. {_LIMIT}")
    @staticmethod
    async def total_count(root: strawberry.Parent[CountedConnection]) -> int | None:
        counts = await root.counts()
        return sum(counts.values()) if counts is not None else None

    @field(
        description="The number of merchants that match the filter, for each status. Statuses without "
        f"merchants are omitted. {_LIMIT}"
    )
    @staticmethod
    async def status_counts(root: strawberry.Parent[CountedConnection]) -> list[StatusCount] | None:
        counts = await root.counts()
        return listed(counts) if counts is not None else None


def listed(counts: Mapping[str, int]) -> list[StatusCount]:
    return [StatusCount(status=MerchantStatus(status), count=count) for status, count in counts.items()]


_DESCRIPTION = "A page of merchants."
_PAGE = connection_type(
    Merchant,
    "Merchant",
    "merchant merchants",
    _DESCRIPTION,
    "Use it in `after` or `before` with the same `orderBy`.",
)
MerchantConnection: type = strawberry.type(
    type("MerchantConnection", (_PAGE, _Counted), {}), description=_DESCRIPTION
)
