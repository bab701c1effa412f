"""The root fields `disputeChanged` and `disputeListChanged`."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry

from connect.errors import DisputeNotFound
from connect.platform.feed import DISPUTES
from resolvers.disputes import dispute_filter, dispute_lookup
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.dispute_filter import Filter
from resolvers.disputes.dispute_lookup import DisputeRef
from resolvers.execution.context import Info
from resolvers.relay.list_changes import ChangingList, ListChangeKind, changes_of_money
from resolvers.relay.object_changes import object_changes


@strawberry.subscription(
    description="Sends the current state of one dispute, then its new state after each change. Ends with the "
    "error NOT_FOUND if the dispute does not exist or is not visible to the caller.",
    graphql_type=Dispute,
)
def dispute_changed(
    info: Info, by: Annotated[DisputeRef, strawberry.argument(description="The dispute to watch.")]
) -> AsyncGenerator[Any, None]:
    principal = info.context.principal
    return object_changes(
        info.context, DISPUTES, lambda: dispute_lookup.row(principal, by, ("id",)), DisputeNotFound()
    )


@strawberry.type(description="A change to the list of disputes that match a filter.")
class DisputeListChange:
    change: ListChangeKind = strawberry.field(description="The kind of change.")
    dispute_id: strawberry.ID | None = strawberry.field(
        description="The dispute's `id`. Null if the change is `READ`."
    )
    dispute: Dispute | None = strawberry.field(
        description="The dispute's current state. Null if the change is `READ` or the dispute no longer "
        "exists."
    )


LIST = ChangingList(DISPUTES, "dispute", "Dispute")


@strawberry.subscription(
    description="Sends the changes to the list of disputes that match the filter. The list itself is not "
    "sent: read it from `disputes` after each message with `READ`, then apply the messages that follow. "
    "`LEFT` is sent for each changed dispute that does not match the filter, even if it never matched. If "
    "the connection is lost, subscribe again. A merchant gets only the changes to its own disputes.",
    graphql_type=DisputeListChange,
)
def dispute_list_changed(
    info: Info,
    filter: Filter = None,  # noqa: A002
) -> AsyncGenerator[Any, None]:
    return changes_of_money(info.context, LIST, filter, dispute_filter.check, dispute_filter.conditions)
