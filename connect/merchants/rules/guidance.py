"""The summary, the next action and the Dashboard tasks that a merchant reads. Pure."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connect.merchants.rules.requirements import Subject, subject
from connect.merchants.rules.sections import Entry
from connect.merchants.rules.status import PAYOUTS, Facts, Status, is_unsupported


class NextActionKind(enum.Enum):
    START_ONBOARDING = "START_ONBOARDING"
    RESUME_ONBOARDING = "RESUME_ONBOARDING"
    OPEN_DASHBOARD = "OPEN_DASHBOARD"
    WAIT_FOR_STRIPE = "WAIT_FOR_STRIPE"
    CONTACT_STRIPE = "CONTACT_STRIPE"
    CONTACT_PLATFORM = "CONTACT_PLATFORM"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class NextAction:
    """`by` is MERCHANT or STRIPE, or None when no action is awaited."""

    kind: NextActionKind
    by: str | None
    label: str

    @property
    def opens_dashboard(self) -> bool:
        return self.kind is NextActionKind.OPEN_DASHBOARD


_WAIT = NextAction(NextActionKind.WAIT_FOR_STRIPE, "STRIPE", "Wait for Stripe's review")
_PROVIDE = NextAction(
    NextActionKind.OPEN_DASHBOARD, "MERCHANT", "Provide the requested information in the Stripe Dashboard"
)

_ACTIONS = {
    Status.CREATING: NextAction(
        NextActionKind.WAIT_FOR_STRIPE, "STRIPE", "Wait for the account to be created"
    ),
    Status.PENDING_REVIEW: _WAIT,
    Status.ACTIVE: NextAction(NextActionKind.OPEN_DASHBOARD, None, "Open the Stripe Dashboard"),
    Status.RESTRICTED: _PROVIDE,
    Status.RESTRICTED_BY_STRIPE: NextAction(
        NextActionKind.CONTACT_STRIPE, "MERCHANT", "Contact Stripe support"
    ),
    Status.REJECTED: NextAction(NextActionKind.CONTACT_STRIPE, "MERCHANT", "Contact Stripe support"),
    Status.UNSUPPORTED: NextAction(NextActionKind.NONE, None, "No action is possible"),
    Status.NOT_REQUESTED: NextAction(
        NextActionKind.CONTACT_PLATFORM, None, "Ask the platform to request card payments"
    ),
    Status.DISCONNECTED: NextAction(NextActionKind.CONTACT_PLATFORM, None, "Contact the platform"),
    Status.CLOSED: NextAction(NextActionKind.NONE, None, "The account is closed"),
    Status.UNKNOWN: NextAction(NextActionKind.NONE, None, "Check again in a moment"),
}


def next_action(status: Status, facts: Facts, *, started: bool) -> NextAction:
    """The next action. `started` means that an onboarding link was issued before."""
    match status:
        case Status.ONBOARDING if not started:
            return NextAction(NextActionKind.START_ONBOARDING, "MERCHANT", "Start onboarding")
        case Status.ONBOARDING:
            return NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", "Continue onboarding")
        case Status.ACTION_REQUIRED:
            return NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", "Complete the onboarding form")
        case Status.ACTIVE_DUE_SOON:
            return _PROVIDE if _awaits_merchant(facts) else _WAIT
        case Status.REJECTED if _is_rejected_by_platform(facts):
            return _ACTIONS[Status.DISCONNECTED]
        case Status.PAYOUTS_BLOCKED:
            if facts.due:
                return _PROVIDE
            payouts = facts.capability(PAYOUTS)
            resolutions = {d.resolution for d in payouts.details} if payouts else set()
            if "contact_stripe" in resolutions or is_unsupported(payouts):
                return _ACTIONS[Status.RESTRICTED_BY_STRIPE]
            return _PROVIDE if "provide_info" in resolutions else _WAIT
        case _:
            return _ACTIONS[status]


def summary(status: Status, facts: Facts, deadline: datetime | None) -> str:
    """The status in one sentence for the merchant."""
    due = len(facts.due)
    match status:
        case Status.CREATING:
            return "The account is being created at Stripe."
        case Status.ONBOARDING:
            return (
                "Onboarding is not finished: Stripe still needs some information before payments can start."
            )
        case Status.ACTION_REQUIRED:
            if any(e.errors for e in facts.due):
                return "Stripe could not verify some of the information; please correct it."
            return f"{_items(due)} still needed before card payments can start."
        case Status.PENDING_REVIEW:
            return "Stripe has all the information and is reviewing it."
        case Status.ACTIVE:
            return "Payments and payouts work; nothing needs attention."
        case Status.ACTIVE_DUE_SOON:
            if not _awaits_merchant(facts):
                return "Payments and payouts work; Stripe is reviewing the information provided."
            by = f" by {_date(deadline)}" if deadline else ""
            return f"Payments and payouts work, but Stripe needs more information{by} to keep them active."
        case Status.PAYOUTS_BLOCKED:
            return f"Card payments work, but {_why_no_payouts(facts)}"
        case Status.RESTRICTED:
            return f"Card payments are paused: {_items(due).lower()} needed to resume them."
        case Status.RESTRICTED_BY_STRIPE:
            return "Stripe has restricted the account; Stripe support can explain why."
        case Status.REJECTED:
            if _is_rejected_by_platform(facts):
                return "The platform has rejected the account; the platform can explain why."
            return "Stripe has rejected the account; Stripe support can explain why."
        case Status.UNSUPPORTED:
            return "Stripe does not support card payments for this business."
        case Status.NOT_REQUESTED:
            return "Card payments have not been requested for this account."
        case Status.DISCONNECTED:
            return "The account is no longer connected to the platform."
        case Status.CLOSED:
            return "The account is closed."
        case Status.UNKNOWN:
            return "Stripe has not reported the status of this account yet."


def unavailable_reason(status: Status) -> str:
    """The reason why the Dashboard is not available."""
    match status:
        case Status.CREATING:
            return "The account is still being created at Stripe."
        case Status.CLOSED:
            return "The account is closed."
        case Status.DISCONNECTED:
            return "The account is no longer connected to the platform."
        case Status.UNKNOWN:
            return "Stripe has not reported the status of this account yet."
        case _:
            return "The merchant gets Stripe credentials during onboarding, which is not finished yet."


def dashboard_tasks(status: Status, facts: Facts, *, has_credentials: bool) -> list[dict[str, Any]]:
    """The four tasks of a full Dashboard in wire form, always in the same order."""
    reason = unavailable_reason(status)
    due = facts.due if has_credentials else ()
    payouts_active = facts.is_active(PAYOUTS)
    blocking_payouts = [e for e in due if _restricts_payouts(e)]
    action = next_action(status, facts, started=True)
    must_provide = action.by == "MERCHANT" and action.kind is not NextActionKind.CONTACT_STRIPE
    if not due and not must_provide:
        requirements = "No information is needed at the moment."
    elif not due and status is Status.ACTIVE_DUE_SOON:
        requirements = "Nothing is due yet, but Stripe will need more information later."
    elif any(e.errors for e in due):
        requirements = f"{_items(len(due))} needed; Stripe could not verify some of the information."
    else:
        requirements = f"{_items(len(due))} needed."
    if payouts_active and blocking_payouts:
        payouts = f"Payouts work; {_items(len(blocking_payouts)).lower()} needed to keep them active."
    elif payouts_active:
        payouts = "Stripe pays out on the schedule that the merchant sets."
    elif blocking_payouts:
        payouts = f"Payouts are on hold: {_items(len(blocking_payouts)).lower()} needed first."
    else:
        payouts = "Payouts are not active yet."
    rows = [
        ("COMPLETE_REQUIREMENTS", "Complete requirements", True, len(due), requirements),
        (
            "MANAGE_FINANCES",
            "View and manage finances and reports",
            True,
            0,
            "Balance, payments and reports.",
        ),
        (
            "RESPOND_TO_DISPUTES_AND_REFUNDS",
            "Respond to disputes and issue refunds",
            True,
            0,
            "Respond to disputes and refund payments in the Dashboard.",
        ),
        ("SCHEDULE_PAYOUTS", "Schedule payouts", payouts_active, len(blocking_payouts), payouts),
    ]
    return [
        {
            "kind": kind,
            "title": title,
            "available": has_credentials and available,
            "attention": attention,
            "explanation": explanation if has_credentials else reason,
        }
        for kind, title, available, attention, explanation in rows
    ]


def _is_rejected_by_platform(facts: Facts) -> bool:
    return any(d.code.startswith("rejected_platform") for c in facts.capabilities or () for d in c.details)


def _why_no_payouts(facts: Facts) -> str:
    due = facts.due
    if due and all(subject(e) is Subject.BANK_ACCOUNT for e in due):
        return "payouts are on hold until a valid bank account is added."
    match next_action(Status.PAYOUTS_BLOCKED, facts, started=True).kind:
        case NextActionKind.OPEN_DASHBOARD:
            return f"payouts are on hold: {_items(len(due)).lower()} needed."
        case NextActionKind.CONTACT_STRIPE:
            return "payouts do not; Stripe support can explain why."
        case _:
            return "payouts are on hold for now."


def _awaits_merchant(facts: Facts) -> bool:
    """Whether a working account waits for the merchant, not for Stripe."""
    entries = (*facts.requirements.entries, *facts.future.entries)
    return not entries or any(e.awaiting_action_from == "user" for e in entries)


def _restricts_payouts(entry: Entry) -> bool:
    return subject(entry) is Subject.BANK_ACCOUNT or any(i.capability == PAYOUTS for i in entry.impacts)


def _items(count: int) -> str:
    if count == 0:
        return "More information is"
    return "One item is" if count == 1 else f"{count} items are"


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
