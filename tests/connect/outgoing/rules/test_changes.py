"""The events of a change are derived from the documents before and after the change."""

import json
from typing import Any

from connect.outgoing.rules.changes import occurrences


def merchant(status: str = "ACTIVE", due: int = 0, deadline: str | None = None, **more: Any) -> str:
    requirements = {"dueCount": due, "nearestDeadline": deadline, "groups": [{"title": "secret"}]}
    return json.dumps({"externalId": "shop-1", "status": status, "requirements": requirements, **more})


def payment(state: str, *refunds: dict[str, Any]) -> str:
    return json.dumps(
        {
            "externalId": "order-1",
            "state": state,
            "description": "for Jo",
            "failure": {"code": "fraudulent"},
            "refunds": [{"externalId": None, "reason": "fraudulent", **one} for one in refunds],
        }
    )


def dispute(status: str, *, needs: bool, due: str | None = "2026-02-07T00:00:00.000Z") -> str:
    known = {"id": "D1", "paymentId": "P1", "status": status, "needsResponse": needs, "dueBy": due}
    return json.dumps({**known, "reason": "fraudulent"})


def payout(status: str) -> str:
    return json.dumps({"id": "O1", "externalId": None, "status": status, "failure": {"code": "x"}})


def events(noun: str, before: str | None, after: str | None) -> list[tuple[str, dict[str, Any]]]:
    return [(one.type.value, one.data) for one in occurrences(noun, before, after)]


def test_the_events_of_a_merchant_are_derived_from_its_documents() -> None:
    day = "2026-02-14T00:00:00.000Z"
    assert events("merchant", None, merchant("CREATING")) == [("merchant.created", {"status": "CREATING"})]
    assert events("merchant", merchant(), merchant(displayName="Other")) == []
    moved = {"status": "ACTIVE_DUE_SOON", "previousStatus": "ACTIVE"}
    due = {"dueCount": 2, "deadline": day, "status": "ACTIVE_DUE_SOON"}
    assert events("merchant", merchant(), merchant("ACTIVE_DUE_SOON", 2, day)) == [
        ("merchant.status_changed", moved),
        ("merchant.requirements_changed", due),
    ]
    assert events("merchant", merchant(due=1), merchant(due=0)) == [
        ("merchant.requirements_changed", {"dueCount": 0, "deadline": None, "status": "ACTIVE"})
    ]
    assert events("merchant", merchant(), None) == [("merchant.removed", {})]


def test_the_events_of_a_payment_and_its_refunds_are_derived_from_the_payments_documents() -> None:
    about = {"externalId": "order-1"}
    one, two = {"id": "R1", "state": "PENDING"}, {"id": "R2", "state": "SUCCEEDED"}
    assert events("payment", None, payment("AWAITING_CUSTOMER")) == [
        ("payment.created", {**about, "state": "AWAITING_CUSTOMER"})
    ]
    moved = {"state": "SUCCEEDED", "previousState": "PROCESSING"}
    assert events("payment", payment("PROCESSING"), payment("SUCCEEDED")) == [
        ("payment.state_changed", {**about, **moved})
    ]
    # The newest refund is listed first, but its event comes last.
    refund = {**about, "refund": {"id": "R1", "externalId": None}}
    assert events(
        "payment", payment("SUCCEEDED", one), payment("SUCCEEDED", two, {**one, "state": "FAILED"})
    ) == [
        ("refund.state_changed", {**refund, "state": "FAILED", "previousState": "PENDING"}),
        ("refund.created", {**about, "refund": {"id": "R2", "externalId": None}, "state": "SUCCEEDED"}),
    ]
    assert events("payment", payment("FAILED"), None) == [("payment.removed", about)]


def test_the_events_of_a_dispute_and_a_payout_are_derived_from_their_documents() -> None:
    about = {"payment": {"id": "P1"}, "needsResponse": True, "dueBy": "2026-02-07T00:00:00.000Z"}
    opened = dispute("NEEDS_RESPONSE", needs=True)
    assert events("dispute", None, opened) == [("dispute.created", {**about, "status": "NEEDS_RESPONSE"})]
    assert events("dispute", opened, opened.replace("fraudulent", "general")) == []
    ended = {"payment": {"id": "P1"}, "needsResponse": False, "dueBy": None}
    assert events("dispute", opened, dispute("LOST", needs=False)) == [
        ("dispute.status_changed", {**ended, "status": "LOST", "previousStatus": "NEEDS_RESPONSE"})
    ]
    assert events("payout", None, payout("PENDING")) == [
        ("payout.created", {"externalId": None, "status": "PENDING"})
    ]
    assert events("payout", payout("PAID"), payout("FAILED")) == [
        ("payout.status_changed", {"externalId": None, "status": "FAILED", "previousStatus": "PAID"})
    ]


def test_a_document_of_an_older_release_may_lack_parts() -> None:
    assert events("payout", '{"id": "O1"}', payout("PAID")) == [
        ("payout.status_changed", {"externalId": None, "status": "PAID", "previousStatus": None})
    ]
    assert events("merchant", '{"externalId": "shop-1", "status": "ACTIVE"}', merchant()) == []
    assert events("event", None, "{}") == []
