"""Subscriptions to the changes of a list."""

import contextlib
import enum
import uuid
from collections.abc import AsyncGenerator, Callable, Hashable
from dataclasses import dataclass
from typing import Any

from connect import scope
from connect.merchants.rules.document import global_id
from connect.platform.feed import Conditions, Feed, SharedRow, Table
from connect.scope import Principal
from models import Merchant
from models.sql import Select
from resolvers.common.scalars import describe
from resolvers.execution.context import Context
from resolvers.execution.shared_execution import Message, SharedValue, retrying


class ListChangeKind(enum.Enum):
    READ = "READ"
    CHANGED = "CHANGED"
    LEFT = "LEFT"


describe(
    ListChangeKind,
    "ListChangeKind",
    "The kind of a change to a list.",
    READ="Read the list now. The first message has this kind. It is sent again if changes may have been "
    "lost.",
    CHANGED="The object matches the filter. Add it to the list, or replace it if the list already has it.",
    LEFT="The object does not match the filter or no longer exists. Remove it if the list has it.",
)


@dataclass(frozen=True, slots=True)
class ChangingList:
    """A list whose changes clients follow. A message has the fields `change`, `<kind>Id` and `<kind>`."""

    table: Table
    kind: str
    typename: str

    def value(
        self, change: ListChangeKind, key: uuid.UUID | None = None, row: SharedRow | None = None
    ) -> SharedValue:
        """The value that a message carries. Messages with the same row share their executions."""
        document = {
            "change": change.value,
            f"{self.kind}Id": global_id(self.typename, key) if key is not None else None,
            self.kind: row.document if row is not None else None,
        }
        return SharedValue(document, row.results if row is not None else {})


async def list_changes(
    feed: Feed,
    changing: ChangingList,
    owner: uuid.UUID | None,
    share_key: Hashable,
    conditions: Conditions,
    visible: Conditions = lambda _: [],
) -> AsyncGenerator[Message, None]:
    """The changes of a list. If `owner` is set, only the changes of this merchant's objects.

    `conditions` combines the filter and the caller's scope, and `visible` has only the scope.
    Callers with an equal `share_key` must have equal conditions.
    """
    # Open the mailbox before the first message, so that the client misses no change after its read.
    with feed.mailbox((changing.kind, owner)) as mailbox:
        yield Message(changing.value(ListChangeKind.READ))
        while True:
            if (changed := await mailbox.take()) is None:
                yield Message(changing.value(ListChangeKind.READ))
                continue
            matching = await _rows(feed, changing, share_key, conditions, changed)
            others = [key for key in changed if key not in matching]
            rows = await _rows(feed, changing, ("visible", owner), visible, others) if others else {}
            for key in changed:
                if key in matching:
                    yield Message(changing.value(ListChangeKind.CHANGED, key, matching.pop(key)))
                else:
                    yield Message(changing.value(ListChangeKind.LEFT, key, rows.pop(key, None)))


async def changes_of_money(
    context: Context,
    changing: ChangingList,
    criteria: Any,
    check: Callable[[Any], None],
    conditions: Callable[[Select, Principal, Any], list[str]],
) -> AsyncGenerator[Message, None]:
    """The changes of a list of payments, disputes or payouts that the caller may see.

    `criteria` is the filter of the list. `check` raises BadUserInput if the filter is invalid. `conditions`
    are those of the filter and of the caller's scope.
    """
    check(criteria)
    principal = context.principal
    changes = list_changes(
        context.feed,
        changing,
        await owner_of(principal),
        (scope.visibility_key(principal), repr(criteria)),
        lambda statement: conditions(statement, principal, criteria),
        lambda statement: scope.payment_conditions(statement, principal),
    )
    async with contextlib.aclosing(changes) as messages:
        async for message in messages:
            yield message


async def _rows(
    feed: Feed, changing: ChangingList, share_key: Hashable, conditions: Conditions, ids: list[uuid.UUID]
) -> dict[uuid.UUID, SharedRow]:
    return await retrying(lambda: feed.read(changing.table, share_key, conditions, ids))


async def owner_of(principal: Principal) -> uuid.UUID | None:
    """The id of the only merchant whose objects the caller sees; None for all merchants."""
    if (own := scope.visibility_key(principal)) is None:
        return None
    merchant = await retrying(lambda: Merchant.get_or_none(external_id=own).only("id"))
    # If the caller's merchant does not exist yet, return an id that no merchant has.
    return merchant.id if merchant is not None else uuid.UUID(int=0)


def no_conditions(_statement: Select) -> list[str]:
    """No conditions, because subscribers of all scopes share the read. Each subscriber then checks whether it
    may see the row.
    """
    return []
