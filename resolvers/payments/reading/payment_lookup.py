"""Lookups of single payments within the caller's scope."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import strawberry

from connect import scope
from connect.errors import PaymentNotFound
from connect.payments.rules.document import Document
from connect.platform.records import audit
from connect.scope import Principal
from models import Payment
from models.payment import has_order
from models.sql import Select
from models.texts import is_storable
from resolvers.common.errors import BadUserInput
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.relay.documents import DocumentTable, One
from resolvers.relay.node import key_of


def _document(_principal: Principal) -> str:
    return "document"


PAYMENTS = DocumentTable(
    "payment", scope.payment_conditions, owner="merchant_external_id", document=_document
)


@strawberry.input(description="A reference to one order: its merchant and the platform's own id.")
class OrderRef:
    merchant: MerchantRef = strawberry.field(description="The merchant.")
    external_id: str = strawberry.field(description="The platform's own id of the order.")


@strawberry.input(one_of=True, description="A reference to one payment. Exactly one field must be set.")
class PaymentRef:
    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="The payment's `id`.")
    order: strawberry.Maybe[OrderRef] = strawberry.field(
        description="The payment's merchant and `externalId`."
    )
    stripe_payment_intent_id: strawberry.Maybe[str] = strawberry.field(description="Stripe's id: `pi_...`.")


def resolve_reference(field: str, value: Any) -> tuple[str, Any] | None:
    """The column and value for a field of PaymentRef, or None if no payment can have the value.

    Raises BadUserInput for `order`, which needs two columns. graphql-core then executes the query.
    """
    if not isinstance(value, str):
        raise BadUserInput("`order` has no single column.")
    if len(value) > 255 or not is_storable(value):
        return None
    if field == "id":
        key = key_of(value, "Payment")
        return ("id", key) if key is not None else None
    return "stripe_payment_intent_id", value


async def row(principal: Principal, by: PaymentRef, columns: Sequence[str]) -> Any:
    """Read these columns of the referenced payment; None if it is missing or invisible to the caller."""
    if by.order is None:
        fields = {"id": by.id, "stripePaymentIntentId": by.stripe_payment_intent_id}
        ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
        reference = resolve_reference(field, value)
        return await PAYMENTS.row(principal, *reference, columns) if reference is not None else None
    order = by.order.value
    if len(order.external_id) > 255 or not is_storable(order.external_id):
        return None
    merchant = await merchant_lookup.row(principal, order.merchant, ("id",))
    if merchant is None:
        return None
    select = Select()
    rows = await select.matches(columns, "payment", has_order(select, merchant[0], order.external_id))
    return rows[0] if rows else None


async def payment(principal: Principal, by: PaymentRef) -> Payment:
    """The model row of the referenced payment. Raises PaymentNotFound."""
    key = await row(principal, by, ("id",))
    payment = await Payment.get_or_none(id=key[0]) if key is not None else None
    if payment is None:
        raise PaymentNotFound
    audit.about("Payment", payment.id)
    return payment


def of(payment: Payment) -> Document:
    """The document in a payment's row."""
    document: Document = json.loads(payment.document)
    return document


async def documents(principal: Principal, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Document]:
    """The documents of the payments with these ids. Payments that the caller may not see are omitted."""
    texts = await PAYMENTS.texts(principal, list(ids))
    return {uuid.UUID(str(key)): json.loads(text) for key, (_, text) in texts.items()}


ONE = One(PAYMENTS, "by", resolve_reference, PAYMENTS.row, batched=("id", "stripe_payment_intent_id"))
