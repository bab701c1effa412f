"""The filter of payments, and its conditions on the payment table."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import strawberry
from strawberry import argument

from connect import scope
from connect.merchants.rules.snapshot import parse_time
from connect.payments.rules.snapshot import hash_email
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from connect.scope import Principal
from models.payment import has_object
from models.sql import Range, Select
from resolvers.errors import BadUserInput
from resolvers.merchants.merchant_lookup import MerchantRef, resolve_reference
from resolvers.payments.payment import PaymentOrigin
from resolvers.relay.connection import is_storable
from resolvers.scalars import CurrencyCode, DateTime, MinorUnits

_field = strawberry.field

# The kinds of objects whose id finds a payment.
_OBJECT = re.compile(r"(?:pi|cs|ch|py|re|pyr|du|dp)_[A-Za-z0-9_]{1,240}", re.ASCII)
_LAST4 = re.compile(r"[0-9]{4}", re.ASCII)


@strawberry.input(description="Conditions on payments. A payment must meet all of them.")
class PaymentFilter:
    merchant: MerchantRef | None = _field(default=None, description="The payment belongs to this merchant.")
    state: list[PaymentState] | None = _field(
        default=None, description="The payment has one of these states."
    )
    refund_state: list[RefundState] | None = _field(
        default=None, description="The payment has one of these refund states."
    )
    dispute_state: list[DisputeState] | None = _field(
        default=None, description="The payment has one of these dispute states."
    )
    origin: PaymentOrigin | None = _field(default=None, description="The payment was created at this place.")
    created_from: DateTime | None = _field(
        default=None, description="The payment was created at this time or later."
    )
    created_before: DateTime | None = _field(
        default=None, description="The payment was created before this time."
    )
    currency: CurrencyCode | None = _field(default=None, description="The amount has this currency.")
    minimum_amount: MinorUnits | None = _field(
        default=None, description="The minimum amount. It needs `currency`."
    )
    maximum_amount: MinorUnits | None = _field(
        default=None, description="The maximum amount. It needs `currency`."
    )
    search: str | None = _field(
        default=None,
        description="The text is the payment's external id, the payer's whole e-mail address, the last four "
        "digits of the card, or Stripe's id of the payment, its page, charge, refund or dispute. At most "
        "255 characters. Empty text and white space match all payments.",
    )


Filter = Annotated[PaymentFilter | None, argument(description="The conditions. Default: all payments.")]


def check(criteria: PaymentFilter | None) -> None:
    """Raise BadUserInput if a filter field is invalid. The message names the field."""
    if criteria is None:
        return
    for name, states, kind in (
        ("state", criteria.state, PaymentState),
        ("refundState", criteria.refund_state, RefundState),
        ("disputeState", criteria.dispute_state, DisputeState),
    ):
        if states is not None and len(states) > len(kind):
            raise BadUserInput(f"`filter.{name}` takes at most {len(kind)}.")
    for name, text in (("createdFrom", criteria.created_from), ("createdBefore", criteria.created_before)):
        if text is not None and parse_time(text) is None:
            raise BadUserInput(f"`filter.{name}` takes a time such as `2026-01-31T10:00:00Z`.")
    if criteria.currency is not None and not re.fullmatch("[A-Z]{3}", criteria.currency, re.ASCII):
        raise BadUserInput("`filter.currency` takes a code of three capital letters, such as `USD`.")
    for name, amount in (
        ("minimumAmount", criteria.minimum_amount),
        ("maximumAmount", criteria.maximum_amount),
    ):
        if amount is not None and criteria.currency is None:
            raise BadUserInput(f"`filter.{name}` needs `filter.currency`.")
    search = criteria.search
    if search is not None and not (len(search) <= 255 and is_storable(search)):
        raise BadUserInput("`filter.search` takes at most 255 characters, none of them U+0000.")


def is_impossible(criteria: PaymentFilter | None) -> bool:
    """Whether no payment can match: a list is empty, or no merchant can have the reference."""
    if criteria is None:
        return False
    if [] in (criteria.state, criteria.refund_state, criteria.dispute_state):
        return True
    return criteria.merchant is not None and _merchant(criteria.merchant) is None


def conditions(select: Select, principal: Principal, criteria: PaymentFilter | None) -> list[str]:
    """All conditions of the filter and of the caller's scope. Raises BadUserInput."""
    check(criteria)
    if is_impossible(criteria):
        return ["1 = 0"]
    parts = scope.payment_conditions(select, principal)
    if criteria is None:
        return parts
    if criteria.merchant is not None:
        parts.append(of_merchant(select, criteria.merchant))
    searched = _searched(select, criteria)
    if searched:
        parts.append(f"({' OR '.join(condition for _, condition in searched)})")
    return parts + others(select, criteria)


def others(select: Select, criteria: PaymentFilter, *, served: Sequence[str] = ()) -> list[str]:
    """The conditions without the merchant, the search, and the columns that a range has `served`."""
    parts = []
    for column, states in (
        ("state", criteria.state),
        ("refund_state", criteria.refund_state),
        ("dispute_state", criteria.dispute_state),
    ):
        if states is not None and column not in served:
            parts.append(select.is_any(select.no_index(column), [one.value for one in states]))
    if criteria.origin is not None:
        parts.append(f"origin = {select.value(criteria.origin.value)}")
    if (start := parse_time(criteria.created_from)) is not None:
        parts.append(f"id >= {select.value(first_id(start))}")
    if (end := parse_time(criteria.created_before)) is not None:
        parts.append(f"id < {select.value(first_id(end))}")
    if criteria.currency is not None:
        parts.append(f"currency = {select.value(criteria.currency)}")
    if criteria.minimum_amount is not None:
        parts.append(f"amount >= {select.value(criteria.minimum_amount)}")
    if criteria.maximum_amount is not None:
        parts.append(f"amount <= {select.value(criteria.maximum_amount)}")
    return parts


def of_merchant(select: Select, by: MerchantRef) -> str:
    """A condition for the payments of this merchant. Raises ValueError for an impossible reference."""
    reference = _merchant(by)
    if reference is None:
        raise ValueError("an impossible reference")
    column, value = reference
    if column == "id":
        return f"merchant_id = {select.value(value)}"
    if column == "external_id":
        merchant = f"SELECT id FROM merchant WHERE external_id = {select.value(value)}"  # noqa: S608
        return f"merchant_id = ({merchant})"
    account = f"stripe_account_id = {select.value(value)}"
    present = f"SELECT merchant_id FROM connected_account WHERE {account}"  # noqa: S608
    former = f"SELECT merchant_id FROM former_account WHERE {account}"  # noqa: S608
    return f"merchant_id = coalesce(({present}), ({former}))"


def searched(select: Select, criteria: PaymentFilter) -> list[Range] | None:
    """Disjoint ranges of the payments that the search finds, or None without a search."""
    found = _searched(select, criteria)
    if not found:
        return None
    ranges, earlier = [], list[str]()
    for columns, condition in found:
        excluded = [f"({other}) IS NOT TRUE" for other in earlier]
        ranges.append(Range(columns, [condition, *excluded], is_small=not columns))
        earlier.append(condition)
    return ranges


def _searched(select: Select, criteria: PaymentFilter) -> list[tuple[Sequence[str], str]]:
    """The conditions of the search, each with the first columns of its index."""
    text = (criteria.search or "").strip()
    if not text:
        return []
    if _OBJECT.fullmatch(text):
        found: list[tuple[Sequence[str], str]] = [((), has_object(select, text))]
    elif "@" in text:
        hashed = f"payer_email_hash = {select.value(hash_email(text))}"
        found = [(("payer_email_hash",), hashed)]
    elif _LAST4.fullmatch(text):
        found = [(("last4",), f"last4 = {select.value(text)}")]
    else:
        found = []
    return [*found, (("external_id",), f"external_id = {select.value(text)}")]


def first_id(at: datetime) -> uuid.UUID:
    """The smallest possible id of a payment from this time. Ids begin with the time in milliseconds."""
    milliseconds = max((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1), 0)
    return uuid.UUID(int=min(milliseconds, 2**48 - 1) << 80)


def _merchant(by: MerchantRef) -> tuple[str, object] | None:
    fields = {"id": by.id, "externalId": by.external_id, "stripeAccountId": by.stripe_account_id}
    ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
    return resolve_reference(field, value)
