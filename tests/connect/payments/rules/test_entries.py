"""The timeline of a payment has one entry for each change. No entry contains the reason for a decline."""

import dataclasses

import msgspec

from connect.payments.rules import entries
from connect.payments.rules.entries import Change, EntryKind
from connect.payments.rules.snapshot import (
    Charge,
    Dispute,
    Failure,
    Fee,
    FraudWarning,
    Intent,
    Refund,
    Session,
    Snapshot,
    Transaction,
)

OPEN = Session(id="cs_1", status="open", payment_status="unpaid")
STOLEN = Failure(code="card_declined", decline_code="stolen_card", message="Your card was stolen.")
DECLINED = Charge(id="ch_1", status="failed", amount=1000, currency="JPY", failure=STOLEN)
PAID = Charge(
    id="ch_2",
    status="succeeded",
    amount=1000,
    currency="JPY",
    amount_captured=1000,
    transaction=Transaction(id="txn_1", amount=1000, fee=66, net=934, currency="JPY"),
    fee=Fee(id="fee_1", amount=30, currency="JPY"),
)
REFUND = Refund(id="re_1", status="pending", amount=400, currency="JPY")
DISPUTE = Dispute(id="du_1", status="needs_response", amount=600, currency="JPY")


def intent(status: str, charge: Charge | None, failure: Failure | None = None) -> Intent:
    return Intent(id="pi_1", status=status, amount=1000, currency="JPY", charge=charge, failure=failure)


def messages(before: Snapshot, after: Snapshot) -> list[str]:
    return [change.message for change in entries.changes(before, after)]


def test_each_change_has_a_sentence() -> None:
    opened = Snapshot(session=OPEN)
    declined = Snapshot(session=OPEN, intent=intent("requires_payment_method", DECLINED, STOLEN))
    paid = Snapshot(session=OPEN, intent=intent("succeeded", PAID))
    disputed = msgspec.structs.replace(paid, refunds=(REFUND,), disputes=(DISPUTE,))
    done = msgspec.structs.replace(REFUND, status="succeeded")
    refunded = msgspec.structs.replace(disputed, refunds=(done,))
    traced = msgspec.structs.replace(refunded, refunds=(msgspec.structs.replace(done, reference="1"),))
    assert messages(Snapshot(), opened) == ["State changed from UNKNOWN to AWAITING_CUSTOMER."]
    assert messages(opened, declined) == [
        "An attempt to pay failed.",
        "State changed from AWAITING_CUSTOMER to ATTEMPT_FAILED.",
    ]
    assert messages(declined, paid) == [
        "State changed from ATTEMPT_FAILED to SUCCEEDED.",
        "Stripe booked 1000 JPY, 934 JPY after all fees.",
        "Stripe booked the platform's fee of 30 JPY.",
    ]
    assert messages(paid, disputed) == [
        "New refund of 400 JPY, with the status pending.",
        "New dispute of 600 JPY, with the status needs_response.",
    ]
    assert messages(disputed, refunded) == ["The refund of 400 JPY changed from pending to succeeded."]
    assert messages(refunded, traced) == ["Stripe has new details of the refund of 400 JPY."]
    assert messages(traced, traced) == []


def test_a_warning_of_a_bank_has_entries_for_its_start_and_its_end() -> None:
    def warned(*, actionable: bool) -> Snapshot:
        warning = FraudWarning(id="issfr_1", actionable=actionable)
        return Snapshot(intent=intent("succeeded", PAID), warnings=(warning,))

    paid, opened, ended = (
        Snapshot(intent=intent("succeeded", PAID)),
        warned(actionable=True),
        warned(actionable=False),
    )
    start = "The customer's bank warned that it may dispute the payment. A full refund usually avoids that."
    assert messages(paid, opened) == [start]
    assert messages(opened, ended) == [
        "The bank's warning no longer applies, because the payment was fully refunded or disputed."
    ]
    assert messages(paid, ended) == [
        "The customer's bank warned of a dispute, but the payment was already refunded or disputed."
    ]
    assert messages(ended, ended) == []


def test_an_entry_does_not_contain_the_reason_for_a_decline() -> None:
    declined = Snapshot(session=OPEN, intent=intent("requires_payment_method", DECLINED, STOLEN))
    for change in entries.changes(Snapshot(session=OPEN), declined):
        assert "stolen" not in str(dataclasses.asdict(change))


def test_a_page_that_cancel_payment_has_closed_counts_as_canceled_and_not_as_expired() -> None:
    expired = Snapshot(session=msgspec.structs.replace(OPEN, status="expired"))
    before = Snapshot(session=OPEN)
    assert list(entries.changes(before, expired, is_cancel_requested=True)) == [
        Change(
            EntryKind.STATE_CHANGED,
            "State changed from AWAITING_CUSTOMER to CANCELED.",
            {"state": "AWAITING_CUSTOMER"},
            {"state": "CANCELED"},
        )
    ]
