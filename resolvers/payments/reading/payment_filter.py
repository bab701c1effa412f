"""The filter of payments, and its conditions on the payment table."""

import re
import uuid
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Annotated

import strawberry
from strawberry import argument

from connect import scope
from connect.merchants.rules.account.snapshot import parse_time
from connect.payments.rules.snapshot import hash_email
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from connect.scope import Principal
from models.payment import has_object, is_of_merchant
from models.sql import Range, Select
from models.texts import is_storable
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import CurrencyCode, DateTime, MinorUnits
from resolvers.merchants.reading.merchant_lookup import MerchantRef, resolve_reference
from resolvers.payments.types.payment import PaymentOrigin

_field = strawberry.field

# The columns of the states, which are also the names of the filter's fields. The rarest states come first.
STATES = "dispute_state", "refund_state", "state"

# Returns a condition on the merchant of the payments. Arguments: the statement, the column's expression.
Owner = Callable[[Select, str], str]

# The ids of objects at Stripe by which a payment is found.
_OBJECT = re.compile(r"(?:pi|cs|ch|py|re|pyr|du|dp|issfr)_[A-Za-z0-9_]{1,240}", re.ASCII)
_LAST4 = re.compile(r"[0-9]{4}", re.ASCII)


@strawberry.input(description="Conditions on payments of one merchant. A payment must meet all of them.")
class MerchantPaymentFilter:
    state: list[PaymentState] | None = _field(
        default=None, description="The payment has one of these states."
    )
    refund_state: list[RefundState] | None = _field(
        default=None, description="The payment has one of these refund states."
    )
    dispute_state: list[DisputeState] | None = _field(
        default=None, description="The payment has one of these dispute states."
    )
    origin: PaymentOrigin | None = _field(default=None, description="The payment was created in this place.")
    created_from: DateTime | None = _field(
        default=None, description="The payment was created at this time or later."
    )
    created_before: DateTime | None = _field(
        default=None, description="The payment was created before this time."
    )
    currency: CurrencyCode | None = _field(default=None, description="The payment has this currency.")
    minimum_amount: MinorUnits | None = _field(
        default=None, description="The minimum amount, in minor units of `currency`, which must also be set."
    )
    maximum_amount: MinorUnits | None = _field(
        default=None, description="The maximum amount, in minor units of `currency`, which must also be set."
    )
    search: str | None = _field(
        default=None,
        description="A text to search for. It must be exactly the payment's external id, the payer's e-mail "
        "address, the last four digits of the card, or a Stripe id: of the payment, or of its page, charge, "
        "refund, dispute or early fraud warning. At most 255 characters. If the text is empty or only white "
        "space, all payments match.",
    )


@strawberry.input(description="Conditions on payments. A payment must meet all of them.")
class PaymentFilter(MerchantPaymentFilter):
    merchant: MerchantRef | None = _field(default=None, description="The payment belongs to this merchant.")


_ALL = argument(description="The conditions. If omitted, all payments match.")
Filter = Annotated[PaymentFilter | None, _ALL]
FilterOfMerchant = Annotated[MerchantPaymentFilter | None, _ALL]


def with_merchant(criteria: MerchantPaymentFilter | None, id_: str) -> PaymentFilter:
    """The filter for the payments of the merchant with this `id`."""
    by = MerchantRef(id=strawberry.Some(strawberry.ID(id_)), external_id=None, stripe_account_id=None)
    return PaymentFilter(merchant=by, **(vars(criteria) if criteria is not None else {}))


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
            raise BadUserInput(f"`filter.{name}` takes at most {len(kind)} values.")
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
    """Whether no payment can match, because a list is empty or no merchant can have the reference."""
    if criteria is None:
        return False
    if [] in (criteria.state, criteria.refund_state, criteria.dispute_state):
        return True
    return criteria.merchant is not None and is_impossible_merchant(criteria.merchant)


def is_impossible_merchant(by: MerchantRef) -> bool:
    """Whether no merchant can have this reference."""
    return _merchant(by) is None


def given(criteria: PaymentFilter) -> set[str]:
    """The names of the filter's conditions, without the condition on the merchant."""
    set_ = {
        **{name: getattr(criteria, name) is not None for name in STATES},
        "origin": criteria.origin is not None,
        "created": (criteria.created_from, criteria.created_before) != (None, None),
        "currency": criteria.currency is not None,
        "search": bool((criteria.search or "").strip()),
    }
    return {name for name, is_set in set_.items() if is_set}


def conditions(select: Select, principal: Principal, criteria: PaymentFilter | None) -> list[str]:
    """All conditions of the filter and of the caller's scope. Raises BadUserInput.

    Combine them with another condition that selects the rows, because the only condition of the filter that
    can use an index is the time of the creation.
    """
    check(criteria)
    if is_impossible(criteria):
        return ["1 = 0"]
    parts = scope.payment_conditions(select, principal)
    if criteria is None:
        return parts
    if criteria.merchant is not None:
        parts.append(of_merchant(select, criteria.merchant, select.no_index("merchant_id")))
    if found := _searched(select, criteria, select.no_index):
        alternatives = " OR ".join(condition for _, condition in found)
        parts.append(select.assume_common(alternatives))
    return parts + others(select, criteria)


def others(select: Select, criteria: PaymentFilter, *, served: Collection[str] = ()) -> list[str]:
    """All conditions except the merchant, the search, and those in `served`, which a range meets already.

    Apart from the time of the creation, the conditions have a form for which PostgreSQL uses no index and its
    planner expects many matches.
    """
    parts = [
        select.is_any(select.no_index(name), [one.value for one in states])
        for name in STATES
        if (states := getattr(criteria, name)) is not None and name not in served
    ]
    if criteria.origin is not None and "origin" not in served:
        parts.append(f"origin = {select.value(criteria.origin.value)}")
    if criteria.currency is not None:
        parts += has_amount(select, criteria, select.no_index("currency"))
    created = is_created(select, criteria) if "created" not in served else []
    return [*created, *map(select.assume_common, parts)]


def is_created(select: Select, criteria: PaymentFilter) -> list[str]:
    """The conditions on the time of the creation. The id begins with this time."""
    parts = []
    if (start := parse_time(criteria.created_from)) is not None:
        parts.append(f"id >= {select.opaque(first_id(start))}")
    if (end := parse_time(criteria.created_before)) is not None:
        parts.append(f"id < {select.opaque(first_id(end))}")
    return parts


def has_amount(select: Select, criteria: PaymentFilter, currency: str = "currency") -> list[str]:
    """The conditions on the currency and the amount. `currency` is an expression for the column."""
    parts = [f"{currency} = {select.opaque(criteria.currency)}"]
    if criteria.minimum_amount is not None:
        parts.append(f"amount >= {select.value(criteria.minimum_amount)}")
    if criteria.maximum_amount is not None:
        parts.append(f"amount <= {select.value(criteria.maximum_amount)}")
    return parts


def of_merchant(select: Select, by: MerchantRef, merchant_id: str) -> str:
    """A condition for the payments of this merchant. `merchant_id` is an expression for the column.

    Raises ValueError if no merchant can have the reference.
    """
    reference = _merchant(by)
    if reference is None:
        raise ValueError("an impossible reference")
    column, value = reference
    if column == "id":
        return f"{merchant_id} = {select.opaque(value)}"
    if column == "external_id":
        return is_of_merchant(select, str(value), merchant_id)
    account = f"stripe_account_id = {select.value(value)}"
    present = f"SELECT merchant_id FROM connected_account WHERE {account}"  # noqa: S608
    former = f"SELECT merchant_id FROM former_account WHERE {account}"  # noqa: S608
    return f"{merchant_id} = coalesce(({present}), ({former}))"


def searched(select: Select, criteria: PaymentFilter, owner: Owner | None) -> list[Range]:
    """Disjoint ranges of the payments that the search finds. `owner` restricts only the range of external
    ids, so the other ranges can contain payments of other merchants. An external id of one merchant finds at
    most one payment, and so does an id of Stripe.
    """
    ranges, earlier = [], list[str]()
    for column, condition in _searched(select, criteria):
        parts = [condition, *(f"({other}) IS NOT TRUE" for other in earlier), *is_created(select, criteria)]
        if column == "external_id" and owner is not None:
            parts, columns = [owner(select, "merchant_id"), *parts], ("merchant_id", column)
            ranges.append(Range(columns, parts, is_small=True))
        else:
            ranges.append(Range((column,), parts, is_small=column == "id"))
        earlier.append(condition)
    return ranges


def _searched(
    select: Select, criteria: PaymentFilter, named: Callable[[str], str] = str
) -> list[tuple[str, str]]:
    """The conditions of the search, each with the first column of its index.

    `named` returns the expression for a column.
    """
    text = (criteria.search or "").strip()
    if not text:
        return []
    found = []
    if _OBJECT.fullmatch(text):
        found.append(("id", has_object(select, text)))
    elif "@" in text:
        found.append(("payer_email_hash", f"{named('payer_email_hash')} = {select.opaque(hash_email(text))}"))
    elif _LAST4.fullmatch(text):
        found.append(("last4", f"{named('last4')} = {select.opaque(text)}"))
    return [*found, ("external_id", f"{named('external_id')} = {select.opaque(text)}")]


def first_id(at: datetime) -> uuid.UUID:
    """The smallest id of a payment that was created at this time. Ids begin with the time in milliseconds."""
    milliseconds = max((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1), 0)
    return uuid.UUID(int=min(milliseconds, 2**48 - 1) << 80)


def is_possible(by: MerchantRef) -> bool:
    """Whether a merchant can have this reference."""
    return _merchant(by) is not None


def _merchant(by: MerchantRef) -> tuple[str, object] | None:
    fields = {"id": by.id, "externalId": by.external_id, "stripeAccountId": by.stripe_account_id}
    ((field, value),) = [(field, some.value) for field, some in fields.items() if some is not None]
    return resolve_reference(field, value)
