"""The exact Dashboard tasks, which must agree with the summary and the next action."""

import pytest
from hypothesis import given

from connect.merchants.rules.account.requirements import count
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.next_action import NextActionKind
from connect.merchants.rules.status.status import Status, derive, open_facts
from tests.connect.merchants.rules.guidance import (
    CLOSED,
    CREATING,
    DUE_IN_REVIEW,
    DUE_LATER,
    DUE_SOON,
    ONBOARDING,
    PENDING_REVIEW,
    RESTRICTED,
    TURNED_DOWN,
    UNKNOWN,
    WORKING,
    action_of,
    blocked,
    reason,
    summary_of,
    tasks_of,
)
from tests.connect.merchants.rules.situations import (
    BANK,
    FAILED,
    LATER,
    LIMITED,
    ROUTINE_CHECK,
    facts_of,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    PAST_DUE,
    PAYOUTS,
    Json,
    account,
    any_account,
    deterministic,
    entry,
)


@pytest.mark.parametrize("status", list(Status))
def test_an_unavailable_dashboard_has_a_reason(status: Status) -> None:
    reasons = {
        Status.CREATING: "The account is still being created at Stripe.",
        Status.CLOSED: "The account is closed.",
        Status.DISCONNECTED: "The account is no longer connected to the platform.",
        Status.UNKNOWN: "Stripe has not reported the status of this account yet.",
        Status.ERASED: "The data of this merchant was erased.",
    }
    decided = "Stripe's decision ended the onboarding before the merchant got Stripe credentials."
    reasons |= {Status.REJECTED: decided, Status.UNSUPPORTED: decided}
    onboarding = "The merchant gets Stripe credentials during onboarding, which is not finished yet."
    assert reason(status) == reasons.get(status, onboarding)


FOUR = [
    ("COMPLETE_REQUIREMENTS", "Complete requirements"),
    ("MANAGE_FINANCES", "View and manage finances and reports"),
    ("RESPOND_TO_DISPUTES_AND_REFUNDS", "Respond to disputes and issue refunds"),
    ("SCHEDULE_PAYOUTS", "Schedule payouts"),
]


@pytest.mark.parametrize(
    "facts",
    [CREATING, ONBOARDING, PENDING_REVIEW, WORKING, DUE_SOON, RESTRICTED, TURNED_DOWN, CLOSED, UNKNOWN],
)
@pytest.mark.parametrize("credentials", [False, True])
def test_the_four_tasks_are_always_the_same_in_the_same_order(facts: Facts, credentials: bool) -> None:
    rows = tasks_of(facts, has_credentials=credentials)
    assert [(task["kind"], task["title"]) for task in rows] == FOUR


@pytest.mark.parametrize("facts", [CREATING, ONBOARDING, DUE_SOON, blocked(PAST_DUE, BANK), CLOSED, UNKNOWN])
def test_without_credentials_every_task_is_unavailable_and_has_the_reason(facts: Facts) -> None:
    rows = tasks_of(facts, has_credentials=False)
    assert [(t["available"], t["attention"], t["explanation"]) for t in rows] == [
        (False, 0, reason(derive(facts)))
    ] * 4


BANK_OF_WORKING = entry("external_account", restricts=PAYOUTS, deadline="currently_due")


@pytest.mark.parametrize(
    ("facts", "attention", "explanation"),
    [
        (WORKING, 0, "No information is needed at the moment."),
        (PENDING_REVIEW, 0, "No information is needed at the moment."),
        (DUE_IN_REVIEW, 0, "No information is needed at the moment."),
        (TURNED_DOWN, 0, "No information is needed at the moment."),
        (blocked(LIMITED), 0, "No information is needed at the moment."),
        (facts_of(account(ACTIVE, ACTIVE, LATER)), 0, "No information is needed at the moment."),
        (DUE_LATER, 0, "Nothing is due now, but Stripe asks for more information."),
        (DUE_SOON, 1, "One item (Photo of an official ID) is needed."),
        (facts_of(account(PAST_DUE, PAST_DUE, BANK, ROUTINE_CHECK)), 2, "2 items are needed."),
        (facts_of(account(PAST_DUE, PAST_DUE)), 0, "More information is needed."),
        (blocked(PAST_DUE), 0, "More information is needed."),
        (
            facts_of(account(PAST_DUE, PAST_DUE, FAILED)),
            1,
            "One item (Photo of an official ID) is needed; Stripe could not verify some of the information.",
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, BANK, FAILED)),
            2,
            "2 items are needed; Stripe could not verify some of the information.",
        ),
    ],
)
def test_the_requirements_task_counts_the_due_groups(facts: Facts, attention: int, explanation: str) -> None:
    task = tasks_of(facts)[0]
    assert task == {
        "kind": "COMPLETE_REQUIREMENTS",
        "title": "Complete requirements",
        "available": True,
        "attention": attention,
        "explanation": explanation,
    }


@pytest.mark.parametrize(
    ("facts", "available", "attention", "explanation"),
    [
        (WORKING, True, 0, "Stripe pays out on the schedule that the merchant sets."),
        (DUE_LATER, True, 0, "Stripe pays out on the schedule that the merchant sets."),
        (
            facts_of(account(ACTIVE, ACTIVE, BANK_OF_WORKING)),
            True,
            1,
            "Payouts work; one item (Bank account for payouts) is needed to keep them working.",
        ),
        (
            facts_of(account(ACTIVE, ACTIVE, BANK_OF_WORKING, ROUTINE_CHECK)),
            True,
            2,
            "Payouts work; 2 items are needed to keep them working.",
        ),
        (
            blocked(PAST_DUE, BANK),
            False,
            1,
            "Payouts are on hold: one item (Bank account for payouts) is needed first.",
        ),
        (
            blocked(PAST_DUE, BANK, FAILED),
            False,
            2,
            "Payouts are on hold: 2 items are needed first.",
        ),
        (
            blocked(PAST_DUE, entry(DOCUMENT, restricts=["card_payments"])),
            False,
            0,
            "Payouts are on hold: more information is needed first.",
        ),
        (PENDING_REVIEW, False, 0, "Payouts are on hold while Stripe reviews the information."),
    ],
)
def test_the_payouts_task_describes_the_state_of_payouts(
    facts: Facts, available: bool, attention: int, explanation: str
) -> None:
    task = tasks_of(facts)[3]
    assert task == {
        "kind": "SCHEDULE_PAYOUTS",
        "title": "Schedule payouts",
        "available": available,
        "attention": attention,
        "explanation": explanation,
    }


def test_tasks_that_need_no_attention_describe_their_purpose() -> None:
    assert tasks_of(WORKING)[1:3] == [
        {
            "kind": "MANAGE_FINANCES",
            "title": "View and manage finances and reports",
            "available": True,
            "attention": 0,
            "explanation": "Balance, payments and reports.",
        },
        {
            "kind": "RESPOND_TO_DISPUTES_AND_REFUNDS",
            "title": "Respond to disputes and issue refunds",
            "available": True,
            "attention": 0,
            "explanation": "Respond to disputes and refund payments in the Dashboard.",
        },
    ]


@deterministic
@given(any_account)
def test_summary_action_and_tasks_agree_for_any_answer(answer: Json) -> None:
    facts = facts_of(answer, ever_active=True)
    status = derive(facts)
    action = action_of(facts, started=True)
    sentence = summary_of(facts)
    requirements = tasks_of(facts)[0]
    assert sentence.endswith(".")
    assert "  " not in sentence
    is_due = bool(open_facts(facts, status).due)
    assert (action.kind is NextActionKind.CONTACT_STRIPE) == ("Stripe support" in sentence and not is_due)
    assert requirements["attention"] == count(open_facts(facts, status).due)
    if action.opens_dashboard and action.by == "MERCHANT":
        assert requirements["explanation"] != "No information is needed at the moment."
    if action.kind is NextActionKind.WAIT_FOR_STRIPE:
        assert requirements["explanation"] == "No information is needed at the moment."
