"""Lookups of single merchants within the caller's scope."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import strawberry

from connect import scope
from connect.errors import MerchantNotFound
from connect.merchants.mirror import documents as stored_documents
from connect.merchants.rules.document import Document
from connect.platform.records import audit
from connect.scope import Principal
from models import Merchant
from models.merchant import has_account
from models.sql import Select
from models.texts import is_storable
from resolvers.relay.documents import DocumentTable, One
from resolvers.relay.node import key_of

MERCHANTS = DocumentTable("merchant", scope.conditions, owner="external_id", document=scope.document_column)


@strawberry.input(one_of=True, description="A reference to one merchant. Exactly one field must be set.")
class MerchantRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The merchant's `id`.")
    external_id: strawberry.Maybe[str] = strawberry.field(
        description="The platform's own id of the merchant."
    )
    stripe_account_id: strawberry.Maybe[str] = strawberry.field(
        description="Stripe's id of the current account or of a former account: `acct_...`."
    )


def resolve_reference(field: str, value: str) -> tuple[str, Any] | None:
    """The column and value for a field of MerchantRef; None if no merchant can have the value."""
    if len(value) > 255 or not is_storable(value):
        return None
    if field == "id":
        key = key_of(value, "Merchant")
        return ("id", key) if key is not None else None
    return ("external_id" if field == "externalId" else "stripe_account_id"), value


async def find(principal: Principal, column: str, value: Any, columns: Sequence[str]) -> Any:
    """Read these columns of the merchant with this value; None if the caller sees no such merchant."""
    if column != "stripe_account_id":
        return await MERCHANTS.row(principal, column, value, columns)
    select = Select()
    conditions = [*scope.conditions(select, principal), has_account(select, value)]
    rows = await select.rows(columns, MERCHANTS.name, conditions, ["id"], 1)
    return rows[0] if rows else None


async def row(principal: Principal, by: MerchantRef, columns: Sequence[str]) -> Any:
    """Read these columns of the referenced merchant; None if it is missing or invisible to the caller."""
    fields = {"id": by.id, "externalId": by.external_id, "stripeAccountId": by.stripe_account_id}
    ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
    reference = resolve_reference(field, value)
    return await find(principal, *reference, columns) if reference is not None else None


async def merchant(principal: Principal, by: MerchantRef) -> Merchant:
    """The model row of the referenced merchant, with its documents. Raises MerchantNotFound."""
    key = await row(principal, by, ("id",))
    merchant = await scope.merchants(principal).get_or_none(id=key[0]) if key is not None else None
    if merchant is not None and merchant.merchant_document is None:
        merchant = await stored_documents.build(merchant)
    if merchant is None:
        raise MerchantNotFound
    audit.about("Merchant", merchant.id)
    return merchant


def of(principal: Principal, merchant: Merchant) -> Document:
    """The merchant's document for this caller. Raises MerchantNotFound if the document is not built yet."""
    text = getattr(merchant, scope.document_column(principal))
    if text is None:
        raise MerchantNotFound
    document: Document = json.loads(text)
    return document


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of the merchants with these ids. Invisible merchants are omitted."""
    texts = await MERCHANTS.texts(principal, list(ids))
    return {uuid.UUID(str(key)): json.loads(text) for key, (_, text) in texts.items()}


ONE = One(MERCHANTS, "by", resolve_reference, find, batched=("id", "external_id"))
