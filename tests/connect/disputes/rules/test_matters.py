"""Disputes, failed refunds and warnings in the merchant's document."""

import dataclasses
from datetime import UTC, datetime

import pytest

from connect.disputes.rules import responses
from connect.disputes.rules.responses import Responses
from connect.finances.rules.snapshot import Finances, Payouts
from tests.connect.finances.rules.situations import SENT
from tests.connect.merchants.rules.expected_documents import DASHBOARD_OF_ACCOUNT, SHOP, derived
from tests.connect.merchants.rules.stripe_answers import ACTIVE, account

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "attention", "explanation", "label"),
    [
        (
            Responses(disputes=2, due_by=AT),
            2,
            "2 disputes need a response.",
            "Answer a dispute",
        ),
        (
            Responses(failed_refunds=1, warnings=2),
            3,
            "One refund failed. Banks may soon dispute 2 payments; full refunds usually avoid that.",
            "Refund a payment that the customer's bank may dispute",
        ),
        (
            Responses(failed_refunds=2),
            2,
            "2 refunds failed.",
            "Check a failed refund in the Stripe Dashboard",
        ),
    ],
)
def test_the_document_has_the_deadline_and_the_page_to_respond(
    known: Responses, attention: int, explanation: str, label: str
) -> None:
    profile = dataclasses.replace(SHOP, responses=responses.encode(known))
    result = derived(account(ACTIVE, ACTIVE), profile)
    action, task = result.document["nextAction"], result.document["dashboard"]["tasks"][2]
    assert (task["attention"], task["explanation"], action["label"]) == (attention, explanation, label)
    assert (action["kind"], action["by"], action["isActionable"]) == ("OPEN_DASHBOARD", "MERCHANT", True)
    deadline = "2026-03-01T00:00:00.000Z" if known.due_by else None
    assert action["deadline"] == task["deadline"] == deadline
    assert action["url"] == task["url"] == f"{DASHBOARD_OF_ACCOUNT}disputes"
    assert (result.awaiting_action_from, result.next_deadline_at) == ("MERCHANT", known.due_by)


@pytest.mark.parametrize(
    ("known", "label"),
    [
        (Responses(warnings=1), "Refund a payment that the customer's bank may dispute"),
        (Responses(failed_refunds=1), "Check a failed refund in the Stripe Dashboard"),
        (Responses(), "Fix the bank account for payouts in the Stripe Dashboard"),
    ],
)
def test_failed_refunds_and_warnings_come_before_failed_payouts(known: Responses, label: str) -> None:
    profile = dataclasses.replace(SHOP, responses=responses.encode(known))
    result = derived(account(ACTIVE, ACTIVE), profile, finances=Finances(payouts=Payouts(failed=(SENT,))))
    assert result.document["nextAction"]["label"] == label


def test_without_an_account_nobody_can_respond() -> None:
    known = responses.encode(Responses(disputes=1, due_by=AT))
    absent = derived(None, dataclasses.replace(SHOP, responses=known))
    assert (absent.awaiting_action_from, absent.next_deadline_at) == ("STRIPE", None)
    assert absent.document["dashboard"]["tasks"][2]["attention"] == 0
