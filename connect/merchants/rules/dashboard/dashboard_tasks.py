"""The tasks of a full Dashboard, and the reason why the Dashboard is not available. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.rules.account.capabilities import has_resolution, is_rejected, is_unsupported
from connect.merchants.rules.account.requirements import count, counted
from connect.merchants.rules.account.sections import Entry
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.status.facts import CARD_PAYMENTS, PAYOUTS, Facts
from connect.merchants.rules.status.next_action import Matter, NextAction
from connect.merchants.rules.status.status import DECIDED, Status


@dataclass(frozen=True, slots=True)
class Task:
    """One of the four tasks of a full Dashboard.

    `deadline` is the earliest deadline of the task's matters. For COMPLETE_REQUIREMENTS, the document has the
    deadline of the requirements instead.
    """

    kind: str
    title: str
    available: bool
    attention: int
    explanation: Message
    deadline: datetime | None = None

    @property
    def is_of_requirements(self) -> bool:
        return self.kind == "COMPLETE_REQUIREMENTS"


def unavailable_reason(status: Status) -> Message:
    """The reason why the Dashboard is not available."""
    match status:
        case Status.CREATING:
            return say("dashboard.creating")
        case Status.CLOSED | Status.DISCONNECTED | Status.UNKNOWN | Status.ERASED:
            return say(f"summary.{status.value.lower()}")
        case _:
            return say("dashboard.decided" if status in DECIDED else "dashboard.onboarding")


def dashboard_tasks(
    status: Status,
    facts: Facts,
    action: NextAction,
    matters: Sequence[Matter] = (),
    *,
    has_credentials: bool,
) -> list[Task]:
    """The four tasks of a full Dashboard, always in the same order.

    If `matters` has matters of a task, the task gets the explanation of the first one, unless the task is
    unavailable or the merchant must first provide information for it.
    """
    due = facts.due if has_credentials else ()
    payouts = facts.needed_for(PAYOUTS) if has_credentials else ()
    reason = unavailable_reason(status)
    rows = [
        ("COMPLETE_REQUIREMENTS", "Complete requirements", True, due, _requirements(facts, due, action)),
        ("MANAGE_FINANCES", "View and manage finances and reports", True, (), say("task.finances")),
        (
            "RESPOND_TO_DISPUTES_AND_REFUNDS",
            "Respond to disputes and issue refunds",
            True,
            (),
            say("task.disputes"),
        ),
        (
            "SCHEDULE_PAYOUTS",
            "Schedule payouts",
            facts.is_active(PAYOUTS),
            payouts,
            _payouts(status, facts, payouts),
        ),
    ]
    tasks = []
    for kind, title, available, entries, text in rows:
        mine = [one for one in matters if one.task == kind] if has_credentials else []
        explanation = text if has_credentials else reason
        if mine and not entries and available:
            explanation = mine[0].explanation
        attention = count(entries) + sum(one.count for one in mine)
        deadline = min((one.deadline for one in mine if one.deadline), default=None)
        tasks.append(Task(kind, title, has_credentials and available, attention, explanation, deadline))
    return tasks


def _requirements(facts: Facts, due: Sequence[Entry], action: NextAction) -> Message:
    if due:
        errors = any(e.errors for e in due)
        return say("task.requirements.errors" if errors else "task.requirements", **counted(due))
    if not action.provides:
        return say("task.requirements.none")
    later = facts.is_active(CARD_PAYMENTS) and facts.is_active(PAYOUTS)
    return say("task.requirements.later") if later else say("task.requirements", count=0)


def _payouts(status: Status, facts: Facts, needed: Sequence[Entry]) -> Message:
    payouts = facts.capability(PAYOUTS)
    if facts.is_active(PAYOUTS):
        overdue = facts.overdue_for(PAYOUTS)
        if overdue:
            return say("task.payouts.overdue", **counted(overdue))
        return say("task.payouts.keep", **counted(needed)) if needed else say("task.payouts")
    if is_rejected(payouts):
        platform = facts.is_rejected_by_platform
        return say("task.payouts.rejected.platform" if platform else "task.payouts.rejected")
    if is_unsupported(payouts):
        return say("task.payouts.unsupported")
    if status in DECIDED:
        return say("task.payouts.inactive")
    if needed or facts.lacks_entries(PAYOUTS):
        return say("task.payouts.needed", **counted(needed))
    if facts.awaits_review(PAYOUTS):
        return say("task.payouts.review")
    needs_support = has_resolution(payouts, "contact_stripe") or facts.is_held(PAYOUTS)
    is_blocked = status is Status.PAYOUTS_BLOCKED or needs_support
    return say("task.payouts.contact" if is_blocked else "task.payouts.inactive")
