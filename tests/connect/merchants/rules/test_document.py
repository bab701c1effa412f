"""The whole document of a merchant in typical situations."""

from datetime import UTC, datetime

from connect.merchants.rules.document import Derived
from connect.merchants.rules.status import Status
from tests.connect.merchants.rules.expected_documents import (
    CREATING,
    NEEDS_INFORMATION,
    NOTHING_REQUIRED,
    PAYS_OUT,
    PROVIDE,
    REQUIRED_BANK,
    REQUIRED_DOCUMENT,
    REQUIRED_OF_A_NEW_ACCOUNT,
    RETURNED,
    WORKED,
    WORKING,
    WORKS,
    capabilities,
    dashboard,
    derived,
    new_account,
    no_dashboard,
)
from tests.connect.merchants.rules.situations import BANK, FAILED, FUTURE, ROUTINE_CHECK
from tests.connect.merchants.rules.stripe_answers import ACTIVE, PAST_DUE, account, section


def test_a_merchant_without_an_account_has_the_status_creating() -> None:
    assert derived(None) == Derived(CREATING, Status.CREATING, "STRIPE", None)


def test_a_new_account_is_onboarding_and_has_no_dashboard_yet() -> None:
    result = derived(new_account())
    entries = result.document["requirements"].pop("entries")
    reason = "The merchant gets Stripe credentials during onboarding, which is not finished yet."
    expected = WORKING | {
        "status": "ONBOARDING",
        "summary": (
            "Onboarding is not finished: Stripe still needs some information before payments can start."
        ),
        "nextAction": {
            "kind": "START_ONBOARDING",
            "by": "MERCHANT",
            "label": "Start onboarding",
            "deadline": None,
            "url": None,
        },
        "dashboard": no_dashboard(reason),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": {
            "dueCount": 17,
            "pendingCount": 0,
            "nearestDeadline": None,
            "transitionsAt": None,
        },
        "onboarding": CREATING["onboarding"],
    }
    assert result == Derived(expected, Status.ONBOARDING, "MERCHANT", None)
    assert [e["key"] for e in entries] == REQUIRED_OF_A_NEW_ACCOUNT
    assert entries[2] == REQUIRED_BANK
    assert [e["subject"] for e in entries] == [
        *("ACCOUNT", "ACCOUNT", "BANK_ACCOUNT", "TERMS_OF_SERVICE", "TERMS_OF_SERVICE", "ACCOUNT"),
        *["PERSON"] * 11,
    ]
    assert {e["personId"] for e in entries} == {None, "person_1"}


def test_a_requirement_for_a_failed_document_has_the_error() -> None:
    failed = REQUIRED_DOCUMENT | {
        "subject": "PERSON",
        "personId": "person_1",
        "deadline": "PAST_DUE",
        "reasons": ["routine_onboarding"],
        "errors": [
            {
                "code": "verification_document_expired",
                "message": "Stripe's own words.",
                "explanation": "The document has expired. Upload one that is still valid.",
            }
        ],
        "restricts": [
            {"capability": "card_payments", "deadline": "PAST_DUE"},
            {"capability": "stripe_balance.payouts", "deadline": "PAST_DUE"},
        ],
    }
    expected = WORKING | {
        "status": "ACTION_REQUIRED",
        "summary": "Stripe could not verify some of the information; please correct it.",
        "nextAction": {
            "kind": "RESUME_ONBOARDING",
            "by": "MERCHANT",
            "label": "Complete the onboarding form",
            "deadline": None,
            "url": None,
        },
        "dashboard": dashboard(
            (1, "One item is needed; Stripe could not verify some of the information."),
            (False, 1, "Payouts are on hold: one item is needed first."),
        ),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": NOTHING_REQUIRED | {"dueCount": 1, "entries": [failed]},
        "onboarding": {
            "started": True,
            "linksIssued": 2,
            "lastLinkIssuedAt": "2026-02-01T11:00:00.000Z",
            "lastReturnedAt": "2026-02-01T12:00:00.000Z",
            "everActiveAt": None,
        },
    }
    result = derived(account(PAST_DUE, PAST_DUE, FAILED), RETURNED)
    assert result == Derived(expected, Status.ACTION_REQUIRED, "MERCHANT", None)


def test_a_working_account_has_access_to_the_dashboard() -> None:
    assert derived(account(ACTIVE, ACTIVE), WORKED) == Derived(WORKING, Status.ACTIVE, None, None)


def test_an_account_without_a_bank_account_takes_payments_but_gets_no_payouts() -> None:
    expected = WORKING | {
        "status": "PAYOUTS_BLOCKED",
        "summary": ("Card payments work, but payouts are on hold until a valid bank account is added."),
        "nextAction": PROVIDE,
        "dashboard": dashboard(
            (1, "One item is needed."), (False, 1, "Payouts are on hold: one item is needed first.")
        ),
        "canReceivePayouts": False,
        "capabilities": capabilities(WORKS, NEEDS_INFORMATION),
        "requirements": NOTHING_REQUIRED | {"dueCount": 1, "entries": [REQUIRED_BANK]},
    }
    result = derived(account(ACTIVE, PAST_DUE, BANK), WORKED)
    assert result == Derived(expected, Status.PAYOUTS_BLOCKED, "MERCHANT", None)


def test_an_account_with_a_due_requirement_has_a_deadline() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "summary": (
            "Payments and payouts work, but Stripe needs more information by 9 March 2026 to "
            "keep them active."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-03-09T00:00:00.000Z"},
        "dashboard": dashboard(
            (1, "One item is needed."), (True, 1, "Payouts work; one item is needed to keep them active.")
        ),
        "requirements": NOTHING_REQUIRED
        | {"dueCount": 1, "nearestDeadline": "2026-03-09T00:00:00.000Z", "entries": [REQUIRED_DOCUMENT]},
    }
    required = section(ROUTINE_CHECK, time="2026-03-09T00:00:00.000Z")
    result = derived(account(ACTIVE, ACTIVE, requirements=required), WORKED)
    due = datetime(2026, 3, 9, tzinfo=UTC)
    assert result == Derived(expected, Status.ACTIVE_DUE_SOON, "MERCHANT", due)


def test_future_requirements_have_the_date_of_their_transition() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "summary": (
            "Payments and payouts work, but Stripe needs more information by 1 September 2026 "
            "to keep them active."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-09-01T00:00:00.000Z"},
        "dashboard": dashboard(
            (0, "Nothing is due yet, but Stripe will need more information later."), PAYS_OUT
        ),
        "futureRequirements": NOTHING_REQUIRED
        | {"dueCount": 1, "transitionsAt": "2026-09-01T00:00:00.000Z", "entries": [REQUIRED_DOCUMENT]},
    }
    result = derived(account(ACTIVE, ACTIVE, future_requirements=FUTURE), WORKED)
    assert result == Derived(expected, Status.ACTIVE_DUE_SOON, "MERCHANT", datetime(2026, 9, 1, tzinfo=UTC))
