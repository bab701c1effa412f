"""Finding merchants for a caller: always inside what that caller may see."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import strawberry

from connect import scope
from connect.errors import MerchantNotFound
from connect.merchants.document import Document
from connect.scope import Principal
from models import Merchant
from models.sql import Select
from resolvers.relay.connection import is_storable
from resolvers.relay.node import key_of


@strawberry.input(one_of=True, description="Names one merchant, in exactly one of three ways.")
class MerchantRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The merchant's `id`.")
    external_id: strawberry.Maybe[str] = strawberry.field(description="The platform's own id.")
    stripe_account_id: strawberry.Maybe[str] = strawberry.field(description="Stripe's id: `acct_...`.")


def resolve_reference(by: MerchantRef) -> tuple[str, Any] | None:
    """The column and the value that the reference names; None when no merchant can have it."""
    value = next(v.value for v in (by.id, by.external_id, by.stripe_account_id) if v is not None)
    if len(value) > 255 or not is_storable(value):
        return None
    if by.id is not None:
        key = key_of(value, "Merchant")
        return ("id", key) if key is not None else None
    return ("external_id" if by.external_id is not None else "stripe_account_id"), value


async def row(principal: Principal, by: MerchantRef, columns: Sequence[str]) -> Any:
    """These columns of the merchant that the reference names; None if the caller may see none."""
    name = resolve_reference(by)
    if name is None:
        return None
    statement = Select()
    column, value = name[0], statement.value(name[1])
    its = f"{column} = {value}"
    if column == "stripe_account_id":
        its = f"id = (SELECT merchant_id FROM connected_account WHERE {its})"  # noqa: S608
    conditions = [*scope.conditions(statement, principal), its]
    rows = await statement.rows(columns, "merchant", conditions, ["id"], 1)
    return rows[0] if rows else None


async def merchant(principal: Principal, by: MerchantRef) -> Merchant:
    """The merchant, to work on. Raises MerchantNotFound."""
    named = await row(principal, by, ("id",))
    found = await scope.merchants(principal).get_or_none(id=named[0]) if named is not None else None
    if found is None:
        raise MerchantNotFound
    return found


def of(merchant: Merchant) -> Document:
    """The document of a merchant that was loaded whole."""
    document: Document = json.loads(merchant.document)
    return document


async def texts(principal: Principal, ids: Sequence[Any]) -> dict[Any, tuple[int, str]]:
    """The row versions and documents, as text, of these merchants, as far as the caller may see them.

    The ids are as the database has them, see `models.sql`.
    """
    statement = Select()
    conditions = [*scope.conditions(statement, principal), statement.is_any("id", ids)]
    columns = "id", "row_version", "document"
    rows = await statement.rows(columns, "merchant", conditions, ["id"], len(ids))
    return {key: (version, document) for key, version, document in rows}


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of these merchants, as far as the caller may see them."""
    found = await texts(principal, list(ids))
    return {uuid.UUID(str(key)): json.loads(document) for key, (_, document) in found.items()}
