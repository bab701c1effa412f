"""Finding merchants for a caller: always inside what that caller may see."""

import json
import uuid
from collections.abc import Collection

import strawberry
from tortoise.queryset import QuerySet

from connect import scope
from connect.document import Document
from connect.errors import MerchantNotFound
from connect.scope import Principal
from models import Merchant
from resolvers.connection import is_storable
from resolvers.node import key_of


@strawberry.input(one_of=True, description="Names one merchant, in exactly one of three ways.")
class MerchantRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The merchant's `id`.")
    external_id: strawberry.Maybe[str] = strawberry.field(description="The platform's own id.")
    stripe_account_id: strawberry.Maybe[str] = strawberry.field(description="Stripe's id: `acct_...`.")


def matching(principal: Principal, by: MerchantRef) -> QuerySet[Merchant]:
    """The merchant that the reference names, if the caller may see it."""
    visible = scope.merchants(principal)
    value = next(v.value for v in (by.id, by.external_id, by.stripe_account_id) if v is not None)
    if len(value) > 255 or not is_storable(value):
        return visible.filter(id__in=[])
    if by.id is not None:
        key = key_of(value, "Merchant")
        return visible.filter(id__in=[key] if key is not None else [])
    if by.external_id is not None:
        return visible.filter(external_id=value)
    return visible.filter(account__stripe_account_id=value)


async def merchant(principal: Principal, by: MerchantRef) -> Merchant:
    """The merchant, to work on. Raises MerchantNotFound."""
    found = await matching(principal, by).first()
    if found is None:
        raise MerchantNotFound
    return found


def of(merchant: Merchant) -> Document:
    """The document of a merchant that was loaded whole."""
    document: Document = json.loads(merchant.document)
    return document


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of these merchants, as far as the caller may see them."""
    rows = await scope.merchants(principal).filter(id__in=list(ids)).values_list("id", "document")
    return {row[0]: json.loads(row[1]) for row in rows}


async def document(query: QuerySet[Merchant]) -> Document | None:
    """The document of the first merchant of this query."""
    row = await query.limit(1).values_list("document", flat=True)
    return json.loads(str(row[0])) if row else None
