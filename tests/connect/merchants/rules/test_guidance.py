"""The exact summaries, next actions and tasks of a merchant."""

import pytest
from hypothesis import given

from connect.merchants.rules import guidance
from connect.merchants.rules.guidance import NextActionKind
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.requirements import count
from connect.merchants.rules.status import ABSENT, Facts, Status, derive, open_facts
from connect.merchants.wording import render
from tests.connect.merchants.rules.situations import (
    ACCEPT_TERMS,
    BANK,
    FAILED,
    FUTURE,
    LATER,
    LIMITED,
    NEVER_REQUESTED,
    REJECTED,
    ROUTINE_CHECK,
    SUBMITTED,
    UNSUPPORTED,
    facts_of,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)

FAILED_BANK = entry("external_account", restricts=PAYOUTS, error="verification_failed_other")
REVIEW_BY_MARCH = section(SUBMITTED, time="2026-03-01T00:00:00.000Z")

# A merchant in each status. `ever_active` means that card payments have worked before.
CREATING = facts_of(None)
ONBOARDING = facts_of(account(PAST_DUE, PAST_DUE, ACCEPT_TERMS))
ACTION_REQUIRED = facts_of(account(PAST_DUE, PAST_DUE, BANK))
PENDING_REVIEW = facts_of(account(IN_REVIEW, IN_REVIEW, SUBMITTED))
WORKING = facts_of(account(ACTIVE, ACTIVE), ever_active=True)
DUE_SOON = facts_of(account(ACTIVE, ACTIVE, ROUTINE_CHECK), ever_active=True)
DUE_LATER = facts_of(account(ACTIVE, ACTIVE, future_requirements=FUTURE), ever_active=True)
DUE_IN_REVIEW = facts_of(account(ACTIVE, ACTIVE, requirements=REVIEW_BY_MARCH), ever_active=True)
RESTRICTED = facts_of(account(PAST_DUE, PAST_DUE, ROUTINE_CHECK), ever_active=True)
BY_STRIPE = facts_of(account(LIMITED, LIMITED))
TURNED_DOWN = facts_of(account(REJECTED, REJECTED))
NOT_OFFERED = facts_of(account(UNSUPPORTED, UNSUPPORTED))
NOT_REQUESTED = facts_of(account(None, None))
DISCONNECTED = facts_of(account(ACTIVE, ACTIVE), disconnected=True)
CLOSED = facts_of(account(ACTIVE, ACTIVE, closed=True))
UNKNOWN = facts_of(account(None, None, configuration=NEVER_REQUESTED))


def summary(facts: Facts, audience: Audience = Audience.PLATFORM) -> str:
    status = derive(facts)
    return " ".join(render(one, audience) for one in guidance.summary(status, open_facts(facts, status)))


def next_action(facts: Facts, *, started: bool = False) -> tuple[NextActionKind, str | None, str]:
    action = action_of(facts, started=started)
    return action.kind, action.by, render(action.label, Audience.PLATFORM)


def action_of(facts: Facts, *, started: bool = False) -> guidance.NextAction:
    status = derive(facts)
    has_dashboard = status not in ABSENT and facts.onboarding_submitted and facts.full_dashboard
    return guidance.next_action(
        status, open_facts(facts, status), started=started, has_dashboard=has_dashboard
    )


def tasks(facts: Facts, *, has_credentials: bool = True) -> list[Json]:
    status = derive(facts)
    rows = guidance.dashboard_tasks(
        status, open_facts(facts, status), action_of(facts, started=True), has_credentials=has_credentials
    )
    return [
        {
            "kind": task.kind,
            "title": task.title,
            "available": task.available,
            "attention": task.attention,
            "explanation": render(task.explanation, Audience.PLATFORM),
        }
        for task in rows
    ]


def reason(status: Status, audience: Audience = Audience.PLATFORM) -> str:
    return render(guidance.unavailable_reason(status), audience)


def blocked(payouts: Json | None, *entries: Json) -> Facts:
    return facts_of(account(ACTIVE, payouts, *entries), ever_active=True)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (CREATING, "The account is being created at Stripe."),
        (
            ONBOARDING,
            "Onboarding is not finished: Stripe still needs some information before payments can start.",
        ),
        (
            ACTION_REQUIRED,
            (
                "More information is still needed before card payments can start. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, BANK, ROUTINE_CHECK)),
            (
                "One item (Photo of an official ID) is still needed before card payments can start. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE)),
            "More information is still needed before card payments can start.",
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, FAILED)),
            (
                "Stripe could not verify one item (Photo of an official ID). "
                "Card payments can start after a correction."
            ),
        ),
        (PENDING_REVIEW, "Stripe has all the information and is reviewing it."),
        (WORKING, "Payments and payouts work; nothing needs attention."),
        (
            DUE_SOON,
            (
                "Card payments and payouts work, but one item (Photo of an official ID) is needed "
                "to keep them working."
            ),
        ),
        (
            DUE_LATER,
            "Card payments and payouts work, but Stripe will need more information to keep them working.",
        ),
        (DUE_IN_REVIEW, "Card payments and payouts work; Stripe is reviewing the information provided."),
        (
            blocked(PAST_DUE, BANK),
            ("Card payments work, but payouts are on hold: one item (Bank account for payouts) is needed."),
        ),
        (
            blocked(PAST_DUE, FAILED_BANK),
            (
                "Card payments work, but payouts are on hold: "
                "Stripe could not verify one item (Bank account for payouts)."
            ),
        ),
        (
            blocked(PAST_DUE, ROUTINE_CHECK),
            "Card payments work, but payouts are on hold: one item (Photo of an official ID) is needed.",
        ),
        (
            blocked(PAST_DUE, BANK, ROUTINE_CHECK),
            "Card payments work, but payouts are on hold: 2 items are needed.",
        ),
        (
            blocked(PAST_DUE),
            "Card payments work, but payouts are on hold: more information is needed.",
        ),
        (
            blocked(IN_REVIEW, SUBMITTED),
            "Card payments work, but payouts are on hold while Stripe reviews the information.",
        ),
        (blocked(None), "Card payments work, but payouts are on hold for now."),
        (
            blocked(LIMITED),
            "Card payments work, but payouts do not; Stripe support can explain why.",
        ),
        (
            blocked(UNSUPPORTED),
            "Card payments work, but payouts do not; Stripe support can explain why.",
        ),
        (
            RESTRICTED,
            "Card payments are paused: one item (Photo of an official ID) is needed to resume them.",
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, ROUTINE_CHECK, BANK), ever_active=True),
            (
                "Card payments are paused: one item (Photo of an official ID) is needed to resume them. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE), ever_active=True),
            "Card payments are paused: more information is needed to resume them.",
        ),
        (BY_STRIPE, "Stripe has restricted card payments; Stripe support can explain why."),
        (TURNED_DOWN, "Stripe has rejected the account; Stripe support can explain why."),
        (NOT_OFFERED, "Stripe does not support card payments for this business."),
        (NOT_REQUESTED, "Card payments have not been requested for this account."),
        (DISCONNECTED, "The account is no longer connected to the platform."),
        (CLOSED, "The account is closed."),
        (UNKNOWN, "Stripe has not reported the status of this account yet."),
    ],
)
def test_the_summary_is_one_sentence(facts: Facts, sentence: str) -> None:
    assert summary(facts) == sentence


PROVIDE = (
    NextActionKind.OPEN_DASHBOARD,
    "MERCHANT",
    "Provide the requested information in the Stripe Dashboard",
)
WAIT = (NextActionKind.WAIT_FOR_STRIPE, "STRIPE", "Wait for Stripe's review")
CONTACT = (NextActionKind.CONTACT_STRIPE, "MERCHANT", "Contact Stripe support")


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        (
            CREATING,
            (NextActionKind.WAIT_FOR_STRIPE, "STRIPE", "Wait for the account to be created"),
        ),
        (ONBOARDING, (NextActionKind.START_ONBOARDING, "MERCHANT", "Start onboarding")),
        (
            ACTION_REQUIRED,
            (NextActionKind.RESUME_ONBOARDING, "MERCHANT", "Complete the onboarding form"),
        ),
        (PENDING_REVIEW, WAIT),
        (WORKING, (NextActionKind.OPEN_DASHBOARD, None, "Open the Stripe Dashboard")),
        (DUE_SOON, PROVIDE),
        (DUE_LATER, PROVIDE),
        (DUE_IN_REVIEW, WAIT),
        (
            facts_of(account(ACTIVE, ACTIVE, requirements=section(time="2026-03-01T00:00:00.000Z"))),
            PROVIDE,
        ),
        (blocked(PAST_DUE, BANK), PROVIDE),
        (blocked(LIMITED, BANK), PROVIDE),
        (blocked(PAST_DUE), PROVIDE),
        (blocked(IN_REVIEW, SUBMITTED), WAIT),
        (blocked(capability("pending", "a_new_word", "no_resolution")), WAIT),
        (blocked(None), WAIT),
        (blocked(LIMITED), CONTACT),
        (blocked(UNSUPPORTED), CONTACT),
        (RESTRICTED, PROVIDE),
        (BY_STRIPE, CONTACT),
        (TURNED_DOWN, CONTACT),
        (NOT_OFFERED, (NextActionKind.NONE, None, "No action is possible")),
        (
            NOT_REQUESTED,
            (NextActionKind.CONTACT_PLATFORM, None, "Ask the platform to request card payments"),
        ),
        (DISCONNECTED, (NextActionKind.CONTACT_PLATFORM, None, "Contact the platform")),
        (CLOSED, (NextActionKind.NONE, None, "The account is closed")),
        (UNKNOWN, (NextActionKind.NONE, None, "Check again in a moment")),
    ],
)
def test_the_next_action_follows_from_the_facts(
    facts: Facts, action: tuple[NextActionKind, str | None, str]
) -> None:
    assert next_action(facts) == action


def test_the_next_action_continues_a_started_onboarding() -> None:
    assert next_action(ONBOARDING, started=True) == (
        NextActionKind.RESUME_ONBOARDING,
        "MERCHANT",
        "Continue onboarding",
    )


@pytest.mark.parametrize("status", list(Status))
def test_an_unavailable_dashboard_has_a_reason(status: Status) -> None:
    reasons = {
        Status.CREATING: "The account is still being created at Stripe.",
        Status.CLOSED: "The account is closed.",
        Status.DISCONNECTED: "The account is no longer connected to the platform.",
        Status.UNKNOWN: "Stripe has not reported the status of this account yet.",
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
    rows = tasks(facts, has_credentials=credentials)
    assert [(task["kind"], task["title"]) for task in rows] == FOUR


@pytest.mark.parametrize("facts", [CREATING, ONBOARDING, DUE_SOON, blocked(PAST_DUE, BANK), CLOSED, UNKNOWN])
def test_without_credentials_every_task_is_unavailable_and_has_the_reason(facts: Facts) -> None:
    rows = tasks(facts, has_credentials=False)
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
        (DUE_LATER, 0, "Nothing is due yet, but Stripe will need more information later."),
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
def test_the_requirements_task_counts_due_entries(facts: Facts, attention: int, explanation: str) -> None:
    task = tasks(facts)[0]
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
def test_the_payouts_task_names_the_obstacle(
    facts: Facts, available: bool, attention: int, explanation: str
) -> None:
    task = tasks(facts)[3]
    assert task == {
        "kind": "SCHEDULE_PAYOUTS",
        "title": "Schedule payouts",
        "available": available,
        "attention": attention,
        "explanation": explanation,
    }


def test_tasks_that_need_no_attention_describe_their_purpose() -> None:
    assert tasks(WORKING)[1:3] == [
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
    sentence = summary(facts)
    requirements = tasks(facts)[0]
    assert sentence.endswith(".")
    assert "  " not in sentence
    assert (action.kind is NextActionKind.CONTACT_STRIPE) == ("Stripe support" in sentence)
    assert requirements["attention"] == count(open_facts(facts, status).due)
    if action.opens_dashboard and action.by == "MERCHANT":
        assert requirements["explanation"] != "No information is needed at the moment."
    if action.kind is NextActionKind.WAIT_FOR_STRIPE:
        assert requirements["explanation"] == "No information is needed at the moment."
