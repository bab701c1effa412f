"""Lookups by global id, for `node`, `nodes` and fields that refer to an object."""

import json
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Annotated, Any

import strawberry

from connect import scope
from connect.merchants.rules.document import Document
from connect.scope import Principal, Role
from models import PaymentObject, StripeEvent
from models.event import without_bodies
from resolvers.common.errors import BadUserInput
from resolvers.disputes import dispute_lookup
from resolvers.execution.context import Context, Info
from resolvers.finances import payout_lookup
from resolvers.merchants.reading import merchant_lookup
from resolvers.payments.reading import payment_lookup
from resolvers.relay.node import Node, parse_id

MAX_IDS = 100

# The type name and the key of an object.
Key = tuple[str, uuid.UUID]

# Reads the objects of one type with these keys, except those that the caller may not see.
Reader = Callable[[Principal, Collection[uuid.UUID]], Awaitable[Mapping[uuid.UUID, Any]]]


async def _accounts(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    query = scope.merchants(principal).filter(account__id__in=list(ids))
    rows = await query.values_list("account__id", scope.document_column(principal))
    return {key: json.loads(str(text))["account"] for key, text in rows if text is not None}


async def _events(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, StripeEvent]:
    if principal.role is not Role.OPERATOR:
        return {}
    return {row.id: row for row in await without_bodies(StripeEvent.filter(id__in=list(ids)))}


async def _refunds(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The refunds with these ids. A refund is a part of its payment's document."""
    keys = {str(key): key for key in ids}
    rows = await PaymentObject.filter(id__in=list(ids)).values_list("payment_id", flat=True)
    payments = await payment_lookup.documents(principal, {uuid.UUID(str(row)) for row in rows})
    parts = [part for document in payments.values() for part in document["refunds"]]
    found = [(parse_id(part["id"]), part) for part in parts]
    return {key[1]: part for key, part in found if key is not None and str(key[1]) in keys}


# For each type, a function that reads all visible objects with the given keys together.
KINDS: Mapping[str, Reader] = {
    "Merchant": merchant_lookup.documents,
    "ConnectedAccount": _accounts,
    "StripeEvent": _events,
    "Payment": payment_lookup.documents,
    "Refund": _refunds,
    "Dispute": dispute_lookup.documents,
    "Payout": payout_lookup.documents,
}


async def load(context: Context, keys: Sequence[Key | None]) -> list[Any]:
    """The object of each key; None if it is missing or invisible to the caller."""
    objects: dict[Key | None, Any] = {}
    for kind, visible in KINDS.items():
        if ids := {key[1] for key in keys if key is not None and key[0] == kind}:
            rows = await visible(context.principal, ids)
            objects.update(((kind, row_id), row) for row_id, row in rows.items())
    return [objects.get(key) for key in keys]


@strawberry.field(
    description="An object by its id. Null if no object with this id is visible to the caller.",
    graphql_type=Node | None,
)
async def node(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The `id` of any object.")],  # noqa: A002
) -> Any:
    return await info.context.load(load, parse_id(id))


@strawberry.field(
    description="The objects with these ids, in the order of the ids. At most 100 ids may be given. Null for "
    "each id whose object does not exist or is not visible to the caller.",
    graphql_type=list[Node | None],
)
async def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of objects of any type.")],
) -> list[Any]:
    if len(ids) > MAX_IDS:
        raise BadUserInput(f"`ids` takes at most {MAX_IDS} ids, but has {len(ids)}.")
    return await load(info.context, [parse_id(value) for value in ids])
