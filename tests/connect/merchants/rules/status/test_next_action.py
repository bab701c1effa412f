"""The exact next action that follows from the facts."""

from datetime import UTC, datetime

import pytest

from connect.merchants.rules.messages import Audience, say
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.next_action import Matter, NextActionKind, most_urgent, next_action
from connect.merchants.rules.status.status import derive
from connect.merchants.wording import render
from tests.connect.merchants.rules.guidance import (
    ACTION_REQUIRED,
    BY_STRIPE,
    CLOSED,
    CREATING,
    DISCONNECTED,
    DUE_IN_REVIEW,
    DUE_LATER,
    DUE_SOON,
    NOT_OFFERED,
    NOT_REQUESTED,
    ONBOARDING,
    PENDING_REVIEW,
    RESTRICTED,
    TURNED_DOWN,
    UNKNOWN,
    WORKING,
    action_of,
    blocked,
)
from tests.connect.merchants.rules.situations import (
    BANK,
    LIMITED,
    SUBMITTED,
    UNSUPPORTED,
    facts_of,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    IN_REVIEW,
    PAST_DUE,
    account,
    capability,
    section,
)


def action(facts: Facts, *, started: bool = False) -> tuple[NextActionKind, str | None, str]:
    step = action_of(facts, started=started)
    return step.kind, step.by, render(step.label, Audience.PLATFORM)


PROVIDE = (
    NextActionKind.OPEN_DASHBOARD,
    "MERCHANT",
    "Provide the requested information in the Stripe Dashboard",
)
WAIT = (NextActionKind.WAIT_FOR_STRIPE, "STRIPE", "Wait for Stripe's review")
CONTACT = (NextActionKind.CONTACT_STRIPE, "MERCHANT", "Contact Stripe support")


@pytest.mark.parametrize(
    ("facts", "expected"),
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
        (blocked(None), CONTACT),
        (blocked(LIMITED), CONTACT),
        (blocked(UNSUPPORTED), CONTACT),
        (RESTRICTED, PROVIDE),
        (BY_STRIPE, CONTACT),
        (TURNED_DOWN, CONTACT),
        (NOT_OFFERED, (NextActionKind.NONE, None, "No action is possible")),
        (
            NOT_REQUESTED,
            (NextActionKind.CONTACT_PLATFORM, "PLATFORM", "Request card payments"),
        ),
        (DISCONNECTED, (NextActionKind.CONTACT_PLATFORM, "PLATFORM", "Talk to the merchant")),
        (CLOSED, (NextActionKind.NONE, None, "The account is closed")),
        (UNKNOWN, (NextActionKind.NONE, None, "Check again in a moment")),
    ],
)
def test_the_next_action_follows_from_the_facts(
    facts: Facts, expected: tuple[NextActionKind, str | None, str]
) -> None:
    assert action(facts) == expected


def test_the_next_action_continues_a_started_onboarding() -> None:
    assert action(ONBOARDING, started=True) == (
        NextActionKind.RESUME_ONBOARDING,
        "MERCHANT",
        "Continue onboarding",
    )


THURSDAY, FRIDAY, SATURDAY = (datetime(2026, 1, day, tzinfo=UTC) for day in (8, 9, 10))
DISPUTE = Matter(
    "RESPOND_TO_DISPUTES_AND_REFUNDS", 1, say("task.disputes"), say("action.provide"), deadline=FRIDAY
)
FAILED_PAYOUT = Matter("SCHEDULE_PAYOUTS", 1, say("task.payouts"), say("action.appeal"))
RESERVE = Matter("MANAGE_FINANCES", 1, say("task.finances"))


@pytest.mark.parametrize(
    ("facts", "matters", "deadline", "task"),
    [
        (WORKING, (RESERVE,), None, None),
        (WORKING, (FAILED_PAYOUT,), None, "SCHEDULE_PAYOUTS"),
        (WORKING, (FAILED_PAYOUT, DISPUTE), None, "RESPOND_TO_DISPUTES_AND_REFUNDS"),
        (DUE_SOON, (FAILED_PAYOUT,), None, None),
        (DUE_SOON, (DISPUTE,), None, "RESPOND_TO_DISPUTES_AND_REFUNDS"),
        (DUE_SOON, (DISPUTE,), THURSDAY, None),
        (DUE_SOON, (DISPUTE,), FRIDAY, None),
        (DUE_SOON, (DISPUTE,), SATURDAY, "RESPOND_TO_DISPUTES_AND_REFUNDS"),
        (RESTRICTED, (DISPUTE,), None, None),
        (CLOSED, (DISPUTE,), None, None),
    ],
)
def test_the_most_urgent_of_requirements_disputes_and_payouts_is_the_next_action(
    facts: Facts, matters: tuple[Matter, ...], deadline: datetime | None, task: str | None
) -> None:
    status = derive(facts)
    base = next_action(status, facts, started=True, has_dashboard=True)
    action = most_urgent(status, base, matters, deadline)
    assert action.task == task
    assert action == base if task is None else (action.by, action.provides) == ("MERCHANT", False)
    assert action.deadline == (FRIDAY if task == "RESPOND_TO_DISPUTES_AND_REFUNDS" else None)
