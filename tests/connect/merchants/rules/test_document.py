"""The whole document of a merchant in typical situations."""

from datetime import UTC, datetime

from connect.merchants.rules.status.status import Status
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
    shown,
)
from tests.connect.merchants.rules.situations import BANK, FAILED, FUTURE, ROUTINE_CHECK
from tests.connect.merchants.rules.stripe_answers import ACTIVE, PAST_DUE, account, section


def test_a_merchant_without_an_account_has_the_status_creating() -> None:
    assert shown(derived(None)) == (CREATING, Status.CREATING, "STRIPE", None)


def test_a_new_account_is_onboarding_and_has_no_dashboard_yet() -> None:
    result = derived(new_account())
    entries = result.document["requirements"].pop("entries")
    reason = "The merchant gets Stripe credentials during onboarding, which is not finished yet."
    expected = WORKING | {
        "status": "ONBOARDING",
        "statusTitle": "Onboarding",
        "statusTone": "NEUTRAL",
        "summary": (
            "Onboarding is not finished: Stripe still needs some information before payments can start."
        ),
        "nextAction": {
            "kind": "START_ONBOARDING",
            "by": "MERCHANT",
            "label": "Start onboarding",
            "isActionable": True,
            "deadline": None,
            "url": None,
        },
        "dashboard": no_dashboard(reason),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": {
            "dueCount": 12,
            "pendingCount": 0,
            "nearestDeadline": None,
            "transitionsAt": None,
        },
        "onboarding": CREATING["onboarding"],
    }
    assert shown(result) == (expected, Status.ONBOARDING, "MERCHANT", None)
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
        "person": {"id": "person_1", "name": None, "role": None, "label": "Person behind the business"},
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
        "statusTitle": "Information needed",
        "statusTone": "WARNING",
        "summary": (
            "Stripe could not verify one item (Photo of an official ID). "
            "Card payments can start after a correction."
        ),
        "nextAction": {
            "kind": "RESUME_ONBOARDING",
            "by": "MERCHANT",
            "label": "Complete the onboarding form",
            "isActionable": True,
            "deadline": None,
            "url": None,
        },
        "dashboard": dashboard(
            (
                1,
                (
                    "One item (Photo of an official ID) is needed; "
                    "Stripe could not verify some of the information."
                ),
            ),
            (False, 1, "Payouts are on hold: one item (Photo of an official ID) is needed first."),
        ),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": NOTHING_REQUIRED | {"dueCount": 1, "entries": [failed]},
        "onboarding": {
            "stage": "INFORMATION_NEEDED",
            "stageSince": "2026-01-31T09:59:59.123Z",
            "started": True,
            "linksIssued": 2,
            "lastLinkIssuedAt": "2026-02-01T11:00:00.000Z",
            "lastReturnedAt": "2026-02-01T12:00:00.000Z",
            "everActiveAt": None,
        },
    }
    result = derived(account(PAST_DUE, PAST_DUE, FAILED), RETURNED)
    assert shown(result) == (expected, Status.ACTION_REQUIRED, "MERCHANT", None)


def test_a_working_account_has_access_to_the_dashboard() -> None:
    assert shown(derived(account(ACTIVE, ACTIVE), WORKED)) == (WORKING, Status.ACTIVE, None, None)


def test_an_account_without_a_bank_account_takes_payments_but_gets_no_payouts() -> None:
    expected = WORKING | {
        "status": "PAYOUTS_BLOCKED",
        "statusTitle": "Payouts on hold",
        "statusTone": "WARNING",
        "summary": (
            "Card payments work, but payouts are on hold: one item (Bank account for payouts) is needed."
        ),
        "nextAction": PROVIDE,
        "dashboard": dashboard(
            (1, "One item (Bank account for payouts) is needed."),
            (False, 1, "Payouts are on hold: one item (Bank account for payouts) is needed first."),
        ),
        "canReceivePayouts": False,
        "capabilities": capabilities(WORKS, NEEDS_INFORMATION),
        "requirements": NOTHING_REQUIRED | {"dueCount": 1, "entries": [REQUIRED_BANK]},
    }
    result = derived(account(ACTIVE, PAST_DUE, BANK), WORKED)
    assert shown(result) == (expected, Status.PAYOUTS_BLOCKED, "MERCHANT", None)


def test_an_account_with_a_due_requirement_has_a_deadline() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "statusTitle": "Active, information due",
        "statusTone": "WARNING",
        "summary": (
            "Card payments and payouts work, but one item (Photo of an official ID) is needed "
            "to keep them working."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-03-09T00:00:00.000Z"},
        "dashboard": dashboard(
            (1, "One item (Photo of an official ID) is needed."),
            (True, 1, "Payouts work; one item (Photo of an official ID) is needed to keep them working."),
            deadline="2026-03-09T00:00:00.000Z",
        ),
        "requirements": NOTHING_REQUIRED
        | {"dueCount": 1, "nearestDeadline": "2026-03-09T00:00:00.000Z", "entries": [REQUIRED_DOCUMENT]},
    }
    required = section(ROUTINE_CHECK, time="2026-03-09T00:00:00.000Z")
    result = derived(account(ACTIVE, ACTIVE, requirements=required), WORKED)
    due = datetime(2026, 3, 9, tzinfo=UTC)
    assert shown(result) == (expected, Status.ACTIVE_DUE_SOON, "MERCHANT", due)


def test_future_requirements_have_the_date_of_their_transition() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "statusTitle": "Active, information due",
        "statusTone": "WARNING",
        "summary": (
            "Card payments and payouts work. Stripe asks for more information for card payments and payouts."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-09-01T00:00:00.000Z"},
        "dashboard": dashboard(
            (0, "Nothing is due now, but Stripe asks for more information."),
            PAYS_OUT,
            deadline="2026-09-01T00:00:00.000Z",
        ),
        "futureRequirements": NOTHING_REQUIRED
        | {"dueCount": 1, "transitionsAt": "2026-09-01T00:00:00.000Z", "entries": [REQUIRED_DOCUMENT]},
    }
    result = derived(account(ACTIVE, ACTIVE, future_requirements=FUTURE), WORKED)
    assert shown(result) == (expected, Status.ACTIVE_DUE_SOON, "MERCHANT", datetime(2026, 9, 1, tzinfo=UTC))
