"""The kinds of entries in the timeline of a payment, and the changes between two snapshots. Pure.

Messages are for operators and merchants, so they contain no reason for a decline.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connect.payments.rules import state
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Charge, Dispute, Fee, FraudWarning, Refund, Snapshot


class EntryKind(enum.Enum):
    CREATED = "CREATED"
    STATE_CHANGED = "STATE_CHANGED"
    ATTEMPT_FAILED = "ATTEMPT_FAILED"
    BOOKED = "BOOKED"
    FEE_CHANGED = "FEE_CHANGED"
    REFUND_CHANGED = "REFUND_CHANGED"
    DISPUTE_CHANGED = "DISPUTE_CHANGED"
    DRIFT_REPAIRED = "DRIFT_REPAIRED"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two snapshots of a payment."""

    kind: EntryKind
    message: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def found_message(*, by_link: bool) -> str:
    """The message of the first timeline entry, if the payment was created at Stripe."""
    if by_link:
        return "A customer paid through a payment link. The payment was found at Stripe."
    return "The payment was created at Stripe, not by this service."


def state_message(before: str, after: str) -> str:
    """The message about a change of the state."""
    return f"State changed from {before} to {after}."


def returned_message(amount: int, currency: str) -> str:
    """The message that a part of the fee was returned. `amount` is in minor units."""
    return f"{_money(amount, currency)} of the platform's fee went back to the merchant."


def changes(before: Snapshot, after: Snapshot, *, is_cancel_requested: bool = False) -> Iterator[Change]:
    """Yield those differences between two snapshots that belong on the timeline."""
    old = state.payment_state(before, is_cancel_requested=is_cancel_requested)
    new = state.payment_state(after, is_cancel_requested=is_cancel_requested)
    if _failed_charge(after) not in {None, _failed_charge(before)}:
        message = "An attempt to pay failed."
        yield Change(EntryKind.ATTEMPT_FAILED, message, None, {"charge": _failed_charge(after)})
    if old is not new:
        message = state_message(old.value, new.value)
        yield Change(EntryKind.STATE_CHANGED, message, {"state": old.value}, {"state": new.value})
    yield from _bookings(_charge(before), _charge(after))
    yield from _parts(EntryKind.REFUND_CHANGED, "refund", before.refunds, after.refunds)
    yield from _parts(EntryKind.DISPUTE_CHANGED, "dispute", before.disputes, after.disputes)
    yield from _warnings(before.warnings, after.warnings)


def _bookings(before: Charge | None, after: Charge | None) -> Iterator[Change]:
    transaction = after.transaction if after is not None else None
    if transaction is not None and (before is None or before.transaction != transaction):
        net = _money(transaction.net, transaction.currency)
        message = f"Stripe booked {_money(transaction.amount, transaction.currency)}, {net} after all fees."
        values = {"amount": transaction.amount, "net": transaction.net, "currency": transaction.currency}
        yield Change(EntryKind.BOOKED, message, None, values)
    fee = _booked(after)
    if fee is not None and _booked(before) is None:
        message = f"Stripe booked the platform's fee of {_money(fee.amount or 0, fee.currency or '')}."
        values = {"amount": fee.amount, "currency": fee.currency}
        yield Change(EntryKind.FEE_CHANGED, message, None, values)


def _parts(
    kind: EntryKind, noun: str, before: Sequence[Refund | Dispute], after: Sequence[Refund | Dispute]
) -> Iterator[Change]:
    known = {part.id: part for part in before}
    for part in after:
        old = known.get(part.id)
        amount = _money(part.amount, part.currency)
        if old is None:
            message = f"New {noun} of {amount}, with the status {part.status}."
            yield Change(kind, message, None, {"id": part.id, "status": part.status})
        elif old.status != part.status:
            message = f"The {noun} of {amount} changed from {old.status} to {part.status}."
            values = ({"id": part.id, "status": one.status} for one in (old, part))
            yield Change(kind, message, *values)
        elif old != part:
            yield Change(kind, f"Stripe has new details of the {noun} of {amount}.", None, {"id": part.id})


def _warnings(before: Sequence[FraudWarning], after: Sequence[FraudWarning]) -> Iterator[Change]:
    known = {one.id: one for one in before}
    for one in after:
        old = known.get(one.id)
        if old is not None and old.actionable == one.actionable:
            continue
        if one.actionable:
            message = (
                "The customer's bank warned that it may dispute the payment. "
                "A full refund usually avoids that."
            )
        elif old is None:
            message = (
                "The customer's bank warned of a dispute, but the payment was already refunded or disputed."
            )
        else:
            message = (
                "The bank's warning no longer applies, because the payment was fully refunded or disputed."
            )
        values = {"id": one.id, "actionable": one.actionable}
        yield Change(EntryKind.DISPUTE_CHANGED, message, None, values)


def _charge(known: Snapshot) -> Charge | None:
    return known.intent.charge if known.intent is not None else None


def _failed_charge(known: Snapshot) -> str | None:
    charge = _charge(known)
    return charge.id if charge is not None and charge.status == "failed" else None


def _booked(charge: Charge | None) -> Fee | None:
    fee = charge.fee if charge is not None else None
    return fee if fee is not None and fee.amount is not None else None


def _money(amount: int, currency: str) -> str:
    try:
        return str(Money(amount, currency))
    except ValueError:
        return str(amount)
