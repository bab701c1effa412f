"""Derives the events about a change from the documents before and after the change. Pure.

An event says that something changed. It names the new status and, for requirements and disputes, also the
deadline. Consumers read everything else from the API, so no event contains data about payers, addresses of
links, amounts, or Stripe's reasons.

To add events about another kind of object, add a rule to RULES, the GraphQL type to TYPE_NAMES, and the event
types to `connect.outgoing.rules.types`.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from connect.merchants.rules.document import global_id
from connect.outgoing.rules.types import EventType

Part = TypeVar("Part")
Data = dict[str, Any]


class Occurrence(NamedTuple):
    """An event about a change: its type, and the part of its data that depends on the type."""

    type: EventType
    data: Data


class _Requirements(msgspec.Struct, rename="camel"):
    due_count: int = 0
    nearest_deadline: str | None = None


class _Merchant(msgspec.Struct, rename="camel"):
    external_id: str
    status: str = ""
    requirements: _Requirements = msgspec.field(default_factory=_Requirements)


class _Refund(msgspec.Struct, rename="camel"):
    id: str
    external_id: str | None = None
    state: str = ""


class _Payment(msgspec.Struct, rename="camel"):
    external_id: str | None = None
    state: str = ""
    refunds: list[_Refund] = []


class _Dispute(msgspec.Struct, rename="camel"):
    id: str
    payment_id: str = ""
    status: str = ""
    needs_response: bool = False
    due_by: str | None = None


class _Payout(msgspec.Struct, rename="camel"):
    id: str
    external_id: str | None = None
    status: str = ""


def occurrences(noun: str, before: str | None, after: str | None) -> list[Occurrence]:
    """The events about the change of an object. `noun` is the kind of the object.

    `before` is the document before the change, or None for a new object. `after` is None for an object that
    was removed, because Stripe refused its creation. Nouns without a rule have no events.
    """
    rule = RULES.get(noun)
    return list(rule(before, after)) if rule is not None else []


def subject_data(merchant_id: uuid.UUID, external_id: str | None) -> Data:
    """The data that all events about a merchant or its objects have in common."""
    return {"merchant": {"id": global_id("Merchant", merchant_id), "externalId": external_id}}


def _of_merchant(before: str | None, after: str | None) -> Iterator[Occurrence]:
    old, new = _read(before, _Merchant), _read(after, _Merchant)
    if new is None:
        yield Occurrence(EventType.MERCHANT_REMOVED, {})
        return
    if old is None:
        yield Occurrence(EventType.MERCHANT_CREATED, {"status": new.status})
        return
    if old.status != new.status:
        yield Occurrence(EventType.MERCHANT_STATUS_CHANGED, _moved("status", old.status, new.status))
    if old.requirements != new.requirements:
        due = {"dueCount": new.requirements.due_count, "deadline": new.requirements.nearest_deadline}
        yield Occurrence(EventType.MERCHANT_REQUIREMENTS_CHANGED, {**due, "status": new.status})


def _of_payment(before: str | None, after: str | None) -> Iterator[Occurrence]:
    old, new = _read(before, _Payment), _read(after, _Payment)
    if new is None:
        yield Occurrence(EventType.PAYMENT_REMOVED, {"externalId": old.external_id if old else None})
        return
    about = {"externalId": new.external_id}
    if old is None:
        yield Occurrence(EventType.PAYMENT_CREATED, {**about, "state": new.state})
    elif old.state != new.state:
        yield Occurrence(EventType.PAYMENT_STATE_CHANGED, {**about, **_moved("state", old.state, new.state)})
    known = {refund.id: refund.state for refund in (old.refunds if old is not None else ())}
    for refund in reversed(new.refunds):  # they are listed newest first
        one = {**about, "refund": {"id": refund.id, "externalId": refund.external_id}}
        if refund.id not in known:
            yield Occurrence(EventType.REFUND_CREATED, {**one, "state": refund.state})
        elif known[refund.id] != refund.state:
            moved = _moved("state", known[refund.id], refund.state)
            yield Occurrence(EventType.REFUND_STATE_CHANGED, {**one, **moved})


def _of_dispute(before: str | None, after: str | None) -> Iterator[Occurrence]:
    old, new = _read(before, _Dispute), _read(after, _Dispute)
    if new is None:
        return
    about = {
        "payment": {"id": new.payment_id},
        "needsResponse": new.needs_response,
        "dueBy": new.due_by if new.needs_response else None,
    }
    if old is None:
        yield Occurrence(EventType.DISPUTE_CREATED, {**about, "status": new.status})
    elif (old.status, old.needs_response, old.due_by) != (new.status, new.needs_response, new.due_by):
        moved = _moved("status", old.status, new.status)
        yield Occurrence(EventType.DISPUTE_STATUS_CHANGED, {**about, **moved})


def _of_payout(before: str | None, after: str | None) -> Iterator[Occurrence]:
    old, new = _read(before, _Payout), _read(after, _Payout)
    if new is None:
        return
    about = {"externalId": new.external_id}
    if old is None:
        yield Occurrence(EventType.PAYOUT_CREATED, {**about, "status": new.status})
    elif old.status != new.status:
        yield Occurrence(
            EventType.PAYOUT_STATUS_CHANGED, {**about, **_moved("status", old.status, new.status)}
        )


RULES: Mapping[str, Callable[[str | None, str | None], Iterator[Occurrence]]] = {
    "merchant": _of_merchant,
    "payment": _of_payment,
    "dispute": _of_dispute,
    "payout": _of_payout,
}

# The GraphQL type of each noun.
TYPE_NAMES = {"merchant": "Merchant", "payment": "Payment", "dispute": "Dispute", "payout": "Payout"}


def _moved(name: str, old: str, new: str) -> Data:
    """The new value and the previous value. The previous value is null if an older release wrote a document
    without it.
    """
    return {name: new, f"previous{name[0].upper()}{name[1:]}": old or None}


def _read(text: str | None, part: type[Part]) -> Part | None:
    return msgspec.json.decode(text, type=part) if text is not None else None
