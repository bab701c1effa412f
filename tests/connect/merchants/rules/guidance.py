"""The facts of merchants with various statuses, and the texts that describe these facts."""

from connect.merchants.rules.dashboard import dashboard_tasks
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.status import next_action, summary
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.status import ABSENT, Status, derive, open_facts
from connect.merchants.wording import render
from tests.connect.merchants.rules.situations import (
    ACCEPT_TERMS,
    BANK,
    FUTURE,
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
    IN_REVIEW,
    PAST_DUE,
    Json,
    account,
    section,
)

REVIEW_BY_MARCH = section(SUBMITTED, time="2026-03-01T00:00:00.000Z")

# The facts of merchants in various situations. `ever_active` means that card payments have worked before.
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


def summary_of(facts: Facts, audience: Audience = Audience.PLATFORM) -> str:
    status = derive(facts)
    return " ".join(render(one, audience) for one in summary.summary(status, open_facts(facts, status)))


def action_of(facts: Facts, *, started: bool = False) -> next_action.NextAction:
    status = derive(facts)
    has_dashboard = status not in ABSENT and facts.onboarding_submitted and facts.full_dashboard
    return next_action.next_action(
        status, open_facts(facts, status), started=started, has_dashboard=has_dashboard
    )


def tasks_of(facts: Facts, *, has_credentials: bool = True) -> list[Json]:
    status = derive(facts)
    rows = dashboard_tasks.dashboard_tasks(
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
    return render(dashboard_tasks.unavailable_reason(status), audience)


def blocked(payouts: Json | None, *entries: Json) -> Facts:
    return facts_of(account(ACTIVE, payouts, *entries), ever_active=True)
