"""The summary, the next action and the Dashboard tasks that people read. Pure.

Each sentence considers only the requirements of the capability that it speaks of.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connect.merchants.rules import requirements
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.sections import Entry
from connect.merchants.rules.status import (
    CARD_PAYMENTS,
    CORE,
    DECIDED,
    PAYOUTS,
    REVIEW_CODES,
    Facts,
    Status,
    has_resolution,
    is_rejected,
    is_rejected_by_platform,
    is_unsupported,
    lacks_entries,
)


class NextActionKind(enum.Enum):
    START_ONBOARDING = "START_ONBOARDING"
    RESUME_ONBOARDING = "RESUME_ONBOARDING"
    OPEN_DASHBOARD = "OPEN_DASHBOARD"
    WAIT_FOR_STRIPE = "WAIT_FOR_STRIPE"
    CONTACT_STRIPE = "CONTACT_STRIPE"
    CONTACT_PLATFORM = "CONTACT_PLATFORM"
    NONE = "NONE"


# The kinds that somebody can do, which deserve a button.
ACTIONABLE = frozenset(
    {
        NextActionKind.START_ONBOARDING,
        NextActionKind.RESUME_ONBOARDING,
        NextActionKind.OPEN_DASHBOARD,
        NextActionKind.CONTACT_STRIPE,
        NextActionKind.CONTACT_PLATFORM,
    }
)


@dataclass(frozen=True, slots=True)
class NextAction:
    """`by` is MERCHANT or STRIPE, or None when no action is awaited."""

    kind: NextActionKind
    by: str | None
    label: Message

    @property
    def opens_dashboard(self) -> bool:
        return self.kind is NextActionKind.OPEN_DASHBOARD


@dataclass(frozen=True, slots=True)
class Task:
    """One of the four tasks of a full Dashboard."""

    kind: str
    title: str
    available: bool
    attention: int
    explanation: Message


_WAIT = NextAction(NextActionKind.WAIT_FOR_STRIPE, "STRIPE", say("action.wait"))
_PROVIDE = NextAction(NextActionKind.OPEN_DASHBOARD, "MERCHANT", say("action.provide"))
_FORM = NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", say("action.complete_form"))
_APPEAL = NextAction(NextActionKind.OPEN_DASHBOARD, "MERCHANT", say("action.appeal"))
_CONTACT_STRIPE = NextAction(NextActionKind.CONTACT_STRIPE, "MERCHANT", say("action.contact_stripe"))
_CONTACT_PLATFORM = NextAction(NextActionKind.CONTACT_PLATFORM, None, say("action.contact_platform"))

_ACTIONS = {
    Status.CREATING: NextAction(NextActionKind.WAIT_FOR_STRIPE, "STRIPE", say("action.creating")),
    Status.ACTION_REQUIRED: _FORM,
    Status.ACTIVE: NextAction(NextActionKind.OPEN_DASHBOARD, None, say("action.open_dashboard")),
    Status.RESTRICTED_BY_STRIPE: _CONTACT_STRIPE,
    Status.UNSUPPORTED: NextAction(NextActionKind.NONE, None, say("action.unsupported")),
    Status.NOT_REQUESTED: NextAction(NextActionKind.CONTACT_PLATFORM, None, say("action.request_cards")),
    Status.DISCONNECTED: _CONTACT_PLATFORM,
    Status.CLOSED: NextAction(NextActionKind.NONE, None, say("action.closed")),
    Status.UNKNOWN: NextAction(NextActionKind.NONE, None, say("action.check_again")),
}


def next_action(status: Status, facts: Facts, *, started: bool, has_dashboard: bool) -> NextAction:
    """The next action. `started` means that an onboarding link was issued before.

    Without a Dashboard to log in to, the merchant provides information in the onboarding form.
    """
    provide = _PROVIDE if has_dashboard else _FORM
    match status:
        case Status.ONBOARDING if not started:
            return NextAction(NextActionKind.START_ONBOARDING, "MERCHANT", say("action.start_onboarding"))
        case Status.ONBOARDING:
            return NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", say("action.resume_onboarding"))
        case Status.PENDING_REVIEW:
            return _FORM if facts.due else _WAIT
        case Status.ACTIVE if facts.due:
            return provide
        case Status.ACTIVE_DUE_SOON:
            return provide if _awaits_merchant(facts) else _WAIT
        case Status.RESTRICTED:
            return provide
        case Status.REJECTED:
            if is_rejected_by_platform(facts):
                return _CONTACT_PLATFORM
            return _APPEAL if facts.due else _CONTACT_STRIPE
        case Status.PAYOUTS_BLOCKED:
            if facts.needed_for(PAYOUTS) or lacks_entries(facts, PAYOUTS):
                return provide
            if _needs_stripe_support(facts):
                return _CONTACT_STRIPE
            return provide if facts.due else _WAIT
        case _:
            return _ACTIONS[status]


def summary(status: Status, facts: Facts) -> list[Message]:
    """The status in one sentence. A second sentence names errands for other capabilities."""
    first, covered = _summary(status, facts)
    return [first, *_also(facts, covered)]


def _summary(status: Status, facts: Facts) -> tuple[Message, Sequence[Entry]]:
    """The first sentence, and the entries that it covers."""
    cards = facts.needed_for(CARD_PAYMENTS)
    match status:
        case Status.ONBOARDING:
            return say("summary.onboarding"), facts.due
        case Status.ACTION_REQUIRED:
            return _say("summary.action_required", cards), cards
        case Status.PENDING_REVIEW:
            return say("summary.pending_review.cards" if facts.due else "summary.pending_review"), ()
        case Status.ACTIVE:
            return say("summary.active.core" if facts.due else "summary.active"), ()
        case Status.ACTIVE_DUE_SOON:
            return _due_soon(facts)
        case Status.PAYOUTS_BLOCKED:
            return _payouts_blocked(facts)
        case Status.RESTRICTED:
            overdue = facts.is_overdue(CARD_PAYMENTS)
            return _say("summary.restricted.overdue" if overdue else "summary.restricted", cards), cards
        case Status.REJECTED:
            if is_rejected_by_platform(facts):
                return say("summary.rejected.platform"), ()
            return say("summary.rejected.appeal" if facts.due else "summary.rejected"), facts.due
        case _:
            return say(f"summary.{status.value.lower()}"), ()


def _due_soon(facts: Facts) -> tuple[Message, Sequence[Entry]]:
    needed = _union(facts.needed_for(name) for name in CORE)
    if not needed:
        later = "summary.due_soon.later" if _awaits_merchant(facts) else "summary.due_soon.review"
        return say(later), ()
    overdue = [name for name in CORE if facts.is_overdue(name)]
    at_stake = overdue or [name for name in CORE if facts.needed_for(name)]
    key = "summary.due_soon.overdue" if overdue else "summary.due_soon"
    key = f"{key}.one" if len(at_stake) == 1 else key
    return say(key, **_counted(needed), capabilities=tuple(at_stake)), needed


def _payouts_blocked(facts: Facts) -> tuple[Message, Sequence[Entry]]:
    needed = facts.needed_for(PAYOUTS)
    if needed or lacks_entries(facts, PAYOUTS):
        return _say("summary.payouts_blocked", needed), needed
    if _needs_stripe_support(facts):
        return say("summary.payouts_blocked.contact"), ()
    return say(f"summary.payouts_blocked.{'review' if _in_review(facts, PAYOUTS) else 'wait'}"), ()


def _also(facts: Facts, covered: Sequence[Entry]) -> list[Message]:
    """A sentence about the errands that the first one leaves out."""
    known = {entry.identity for entry in covered}
    rest = [e for e in facts.due if e.identity not in known]
    if not rest or facts.capabilities is None:
        return []
    unmet = {name: {e.identity for e in facts.needed_for(name)} for e in rest for name in e.stakes}
    names = tuple(name for name, needed in unmet.items() if any(e.identity in needed for e in rest))
    if not names:
        return [say("summary.also.other", **_counted(rest))]
    named = [e for e in rest if any(e.identity in unmet[name] for name in names)]
    overdue = any(facts.is_overdue(name) for name in names)
    key = "summary.also.overdue" if overdue else "summary.also"
    return [say(key, **_counted(named), capabilities=names)]


def unavailable_reason(status: Status) -> Message:
    """The reason why the Dashboard is not available."""
    match status:
        case Status.CREATING:
            return say("dashboard.creating")
        case Status.CLOSED | Status.DISCONNECTED | Status.UNKNOWN:
            return say(f"summary.{status.value.lower()}")
        case _:
            return say("dashboard.decided" if status in DECIDED else "dashboard.onboarding")


def dashboard_tasks(status: Status, facts: Facts, action: NextAction, *, has_credentials: bool) -> list[Task]:
    """The four tasks of a full Dashboard, always in the same order."""
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
        ("SCHEDULE_PAYOUTS", "Schedule payouts", facts.is_active(PAYOUTS), payouts, _payouts(facts, payouts)),
    ]
    return [
        Task(
            kind,
            title,
            has_credentials and available,
            requirements.count(entries),
            text if has_credentials else reason,
        )
        for kind, title, available, entries, text in rows
    ]


def _requirements(facts: Facts, due: Sequence[Entry], action: NextAction) -> Message:
    provides = action.by == "MERCHANT" and action.kind is not NextActionKind.CONTACT_STRIPE
    if due:
        return _say("task.requirements", due, all_of_them=True)
    if not provides:
        return say("task.requirements.none")
    later = facts.is_active(CARD_PAYMENTS) and facts.is_active(PAYOUTS)
    return say("task.requirements.later") if later else say("task.requirements", count=0)


def _payouts(facts: Facts, needed: Sequence[Entry]) -> Message:
    payouts = facts.capability(PAYOUTS)
    if facts.is_active(PAYOUTS):
        return say("task.payouts.keep", **_counted(needed)) if needed else say("task.payouts")
    if is_rejected(payouts):
        platform = is_rejected_by_platform(facts)
        return say("task.payouts.rejected.platform" if platform else "task.payouts.rejected")
    if is_unsupported(payouts):
        return say("task.payouts.unsupported")
    if needed or lacks_entries(facts, PAYOUTS):
        return say("task.payouts.needed", **_counted(needed))
    if has_resolution(payouts, "contact_stripe"):
        return say("task.payouts.contact")
    return say("task.payouts.review" if _in_review(facts, PAYOUTS) else "task.payouts.inactive")


def _needs_stripe_support(facts: Facts) -> bool:
    payouts = facts.capability(PAYOUTS)
    return has_resolution(payouts, "contact_stripe") or is_unsupported(payouts)


def _in_review(facts: Facts, name: str) -> bool:
    capability = facts.capability(name)
    return (
        (capability is not None and capability.status == "pending")
        or any(d.code in REVIEW_CODES for d in (capability.details if capability else ()))
        or any(e.awaiting_action_from == "stripe" for e in facts.concerning(name))
    )


def _awaits_merchant(facts: Facts) -> bool:
    """Whether a working account waits for the merchant, not for Stripe."""
    entries = (*facts.requirements.entries, *facts.future.entries)
    return not entries or any(e.awaits_merchant for e in entries)


def _say(key: str, entries: Sequence[Entry], *, all_of_them: bool = False) -> Message:
    """The sentence about these entries, or about those that Stripe could not verify."""
    failed = [e for e in entries if e.errors]
    errors = f"{key}.errors"
    if failed and key in _WITH_ERRORS:
        return say(errors, **_counted(entries if all_of_them else failed))
    return say(key, **_counted(entries))


_WITH_ERRORS = {"summary.action_required", "summary.payouts_blocked", "task.requirements"}


def _counted(entries: Sequence[Entry]) -> dict[str, int | str]:
    title = requirements.only_title(entries) if entries else None
    return {"count": requirements.count(entries)} | ({"item": title} if title else {})


def _union(groups: Iterable[Sequence[Entry]]) -> list[Entry]:
    return list({e.identity: e for group in groups for e in group}.values())
