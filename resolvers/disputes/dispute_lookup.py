"""Lookups of single disputes within the caller's scope."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import strawberry

from connect import scope
from connect.disputes.rules.document import Document
from connect.errors import DisputeNotFound
from connect.platform.records import audit
from connect.scope import Principal
from models import Dispute
from models.texts import is_storable
from resolvers.relay.documents import DocumentTable, One
from resolvers.relay.node import key_of


def _document(_principal: Principal) -> str:
    return "document"


DISPUTES = DocumentTable(
    "dispute", scope.payment_conditions, owner="merchant_external_id", document=_document
)


@strawberry.input(one_of=True, description="A reference to one dispute. Exactly one field must be set.")
class DisputeRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The dispute's `id`.")
    stripe_dispute_id: strawberry.Maybe[str] = strawberry.field(
        description="Stripe's id: `du_...` or `dp_...`."
    )


def resolve_reference(field: str, value: Any) -> tuple[str, Any] | None:
    """The column and its value for a field of DisputeRef, or None if no dispute can have the value."""
    if len(value) > 255 or not is_storable(value):
        return None
    if field == "id":
        key = key_of(value, "Dispute")
        return ("id", key) if key is not None else None
    return "stripe_dispute_id", value


async def row(principal: Principal, by: DisputeRef, columns: Sequence[str]) -> Any:
    """Read these columns of the referenced dispute. None if it is missing or invisible to the caller."""
    fields = {"id": by.id, "stripeDisputeId": by.stripe_dispute_id}
    ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
    reference = resolve_reference(field, value)
    return await DISPUTES.row(principal, *reference, columns) if reference is not None else None


async def dispute(principal: Principal, by: DisputeRef) -> Dispute:
    """The model row of the referenced dispute. Raises DisputeNotFound."""
    key = await row(principal, by, ("id",))
    dispute = await Dispute.get_or_none(id=key[0]) if key is not None else None
    if dispute is None:
        raise DisputeNotFound
    audit.about("Dispute", dispute.id)
    return dispute


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of the disputes with these ids. Disputes that the caller may not see are omitted."""
    texts = await DISPUTES.texts(principal, list(ids))
    return {uuid.UUID(str(key)): json.loads(text) for key, (_, text) in texts.items()}


ONE = One(DISPUTES, "by", resolve_reference, DISPUTES.row, batched=("id", "stripe_dispute_id"))
