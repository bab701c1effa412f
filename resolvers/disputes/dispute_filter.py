"""The filter of disputes, and its conditions on the dispute table."""

from typing import Annotated

import strawberry
from strawberry import argument

from connect import scope
from connect.disputes.rules.stages import AWAITING, DisputeKind
from connect.merchants.rules.account.snapshot import parse_time
from connect.scope import Principal
from models.sql import Select
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import DateTime
from resolvers.disputes.dispute import DisputeStatus
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.payments.reading import payment_filter

_field = strawberry.field


@strawberry.input(description="Conditions on disputes of one merchant. A dispute must meet all of them.")
class MerchantDisputeFilter:
    status: list[DisputeStatus] | None = _field(
        default=None, description="The dispute has one of these statuses."
    )
    kind: list[DisputeKind] | None = _field(default=None, description="The dispute has one of these kinds.")
    needs_response: bool | None = _field(
        default=None, description="Whether somebody should answer the dispute now."
    )
    due_before: DateTime | None = _field(
        default=None, description="The dispute needs a response before this time."
    )


@strawberry.input(description="Conditions on disputes. A dispute must meet all of them.")
class DisputeFilter(MerchantDisputeFilter):
    merchant: MerchantRef | None = _field(default=None, description="The dispute belongs to this merchant.")


_ALL = argument(description="The conditions. If omitted, all disputes match.")
Filter = Annotated[DisputeFilter | None, _ALL]
FilterOfMerchant = Annotated[MerchantDisputeFilter | None, _ALL]


def with_merchant(criteria: MerchantDisputeFilter | None, id_: str) -> DisputeFilter:
    """The filter for the disputes of the merchant with this `id`."""
    by = MerchantRef(id=strawberry.Some(strawberry.ID(id_)), external_id=None, stripe_account_id=None)
    return DisputeFilter(merchant=by, **(vars(criteria) if criteria is not None else {}))


def check(criteria: DisputeFilter | None) -> None:
    """Raise BadUserInput if a filter field is invalid. The message names the field."""
    if criteria is None:
        return
    for name, values, kind in (
        ("status", criteria.status, DisputeStatus),
        ("kind", criteria.kind, DisputeKind),
    ):
        if values is not None and len(values) > len(kind):
            raise BadUserInput(f"`filter.{name}` takes at most {len(kind)} values.")
    if criteria.due_before is not None and parse_time(criteria.due_before) is None:
        raise BadUserInput("`filter.dueBefore` takes a time such as `2026-01-31T10:00:00Z`.")


def is_impossible(criteria: DisputeFilter | None) -> bool:
    """Whether no dispute can match, because a list is empty or no merchant can have the given reference."""
    if criteria is None:
        return False
    if [] in (criteria.status, criteria.kind):
        return True
    return criteria.merchant is not None and payment_filter.is_impossible_merchant(criteria.merchant)


def statuses(criteria: DisputeFilter) -> list[str] | None:
    """The statuses that match, or None if every status matches."""
    if criteria.status is not None:
        return [one.value for one in dict.fromkeys(criteria.status)]
    return sorted(one.upper() for one in AWAITING) if criteria.needs_response else None


def conditions(select: Select, principal: Principal, criteria: DisputeFilter | None) -> list[str]:
    """All conditions of the filter and of the caller's scope. Raises BadUserInput."""
    check(criteria)
    if is_impossible(criteria):
        return ["1 = 0"]
    parts = scope.payment_conditions(select, principal)
    if criteria is None:
        return parts
    if criteria.merchant is not None:
        parts.append(payment_filter.of_merchant(select, criteria.merchant, "merchant_id"))
    if criteria.status is not None:
        parts.append(select.is_any("status", [one.value for one in criteria.status]))
    return parts + others(select, criteria)


def others(select: Select, criteria: DisputeFilter) -> list[str]:
    """The conditions of all filter fields except the merchant and the status."""
    parts = []
    if criteria.kind is not None:
        parts.append(select.is_any("kind", [one.value for one in criteria.kind]))
    if criteria.needs_response is not None:
        parts.append("needs_response" if criteria.needs_response else "NOT needs_response")
    if (end := parse_time(criteria.due_before)) is not None:
        parts.append(f"respond_by < {select.value(end)}")
    return parts
