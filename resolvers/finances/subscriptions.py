"""The root fields `payoutChanged` and `payoutListChanged`."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry

from connect.errors import PayoutNotFound
from connect.platform.feed import PAYOUTS
from resolvers.execution.context import Info
from resolvers.finances import payout_list, payout_lookup
from resolvers.finances.payout import Payout
from resolvers.finances.payout_list import Filter
from resolvers.finances.payout_lookup import PayoutRef
from resolvers.relay.list_changes import ChangingList, ListChangeKind, changes_of_money
from resolvers.relay.object_changes import object_changes


@strawberry.subscription(
    description="Sends the current state of one payout, then its new state after each change. Ends with the "
    "error NOT_FOUND if the payout does not exist or is not visible to the caller.",
    graphql_type=Payout,
)
def payout_changed(
    info: Info, by: Annotated[PayoutRef, strawberry.argument(description="The payout to watch.")]
) -> AsyncGenerator[Any, None]:
    principal = info.context.principal
    return object_changes(
        info.context, PAYOUTS, lambda: payout_lookup.row(principal, by, ("id",)), PayoutNotFound()
    )


@strawberry.type(description="A change to the list of payouts that match a filter.")
class PayoutListChange:
    change: ListChangeKind = strawberry.field(description="The kind of change.")
    payout_id: strawberry.ID | None = strawberry.field(
        description="The payout's `id`. Null if the change is `READ`."
    )
    payout: Payout | None = strawberry.field(
        description="The payout's current state. Null if the change is `READ` or the payout no longer exists."
    )


LIST = ChangingList(PAYOUTS, "payout", "Payout")


@strawberry.subscription(
    description="Sends the changes to the list of payouts that match the filter. The list itself is not "
    "sent: read it from `payouts` after each message with `READ`, then apply the messages that follow. "
    "`LEFT` is sent for each changed payout that does not match the filter, even if it never matched. If the "
    "connection is lost, subscribe again. A merchant gets only the changes to its own payouts.",
    graphql_type=PayoutListChange,
)
def payout_list_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
) -> AsyncGenerator[Any, None]:
    return changes_of_money(info.context, LIST, filter, payout_list.check, payout_list.conditions)
