"""Lookups of single payouts within the caller's scope."""

import json
import uuid
from collections.abc import Collection
from typing import Any

import strawberry

from connect import scope
from connect.finances.rules.payout_document import Document
from connect.scope import Principal
from models.texts import is_storable
from resolvers.relay.documents import DocumentTable, One
from resolvers.relay.node import key_of


def _document(_principal: Principal) -> str:
    return "document"


# The scope's conditions for payments also fit payouts, because both tables have the same owner columns.
PAYOUTS = DocumentTable("payout", scope.payment_conditions, owner="merchant_external_id", document=_document)


@strawberry.input(one_of=True, description="A reference to one payout. Exactly one field must be set.")
class PayoutRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The payout's `id`.")
    stripe_payout_id: strawberry.Maybe[str] = strawberry.field(description="Stripe's id: `po_...`.")


def resolve_reference(field: str, value: Any) -> tuple[str, Any] | None:
    """The column and value for a field of PayoutRef, or None if no payout can have the value."""
    if not isinstance(value, str) or len(value) > 255 or not is_storable(value):
        return None
    if field == "id":
        key = key_of(value, "Payout")
        return ("id", key) if key is not None else None
    return "stripe_payout_id", value


async def row(principal: Principal, by: PayoutRef, columns: Collection[str]) -> Any:
    """Read these columns of the referenced payout; None if it is missing or invisible to the caller."""
    fields = {"id": by.id, "stripePayoutId": by.stripe_payout_id}
    ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
    reference = resolve_reference(field, value)
    return await PAYOUTS.row(principal, *reference, list(columns)) if reference is not None else None


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of the payouts with these ids. Payouts that the caller may not see are omitted."""
    texts = await PAYOUTS.texts(principal, list(ids))
    return {uuid.UUID(str(key)): json.loads(text) for key, (_, text) in texts.items()}


ONE = One(PAYOUTS, "by", resolve_reference, PAYOUTS.row, batched=("id", "stripe_payout_id"))
