"""The next action of a merchant, and the party that must act. Pure."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.status.facts import PAYOUTS, Facts
from connect.merchants.rules.status.status import Status


class NextActionKind(enum.Enum):
    START_ONBOARDING = "START_ONBOARDING"
    RESUME_ONBOARDING = "RESUME_ONBOARDING"
    OPEN_DASHBOARD = "OPEN_DASHBOARD"
    WAIT_FOR_STRIPE = "WAIT_FOR_STRIPE"
    CONTACT_STRIPE = "CONTACT_STRIPE"
    CONTACT_PLATFORM = "CONTACT_PLATFORM"
    NONE = "NONE"


# The kinds for which somebody can act, so clients show a button.
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
    """`by` is MERCHANT, STRIPE or PLATFORM, or None if nobody must act. If the action is about a `Matter`,
    `task` is the Dashboard's task whose page has the next step, and `deadline` is the matter's deadline.
    """

    kind: NextActionKind
    by: str | None
    label: Message
    task: str | None = None
    deadline: datetime | None = None

    @property
    def provides(self) -> bool:
        """Whether the merchant provides information by this action."""
        is_information = self.kind is not NextActionKind.CONTACT_STRIPE and self.task is None
        return self.by == "MERCHANT" and is_information

    @property
    def opens_dashboard(self) -> bool:
        return self.kind is NextActionKind.OPEN_DASHBOARD


@dataclass(frozen=True, slots=True)
class Matter:
    """An issue with money, such as open disputes or failed payouts, which belongs to a task of the Dashboard.

    `count` is the number of objects that need attention, until `deadline` if there is one. `action` is the
    label of the next step; it is None if the merchant can only wait. `opens` is the task whose page has the
    next step, if that is not the page of `task`.
    """

    task: str
    count: int
    explanation: Message
    action: Message | None = None
    deadline: datetime | None = None
    opens: str | None = None


# A `Matter` can be the most urgent issue only in these statuses. In all other statuses, card payments do not
# work, or the account no longer belongs to the platform.
_WITH_MONEY = frozenset({Status.ACTIVE, Status.ACTIVE_DUE_SOON, Status.PAYOUTS_BLOCKED})

_WAIT = NextAction(NextActionKind.WAIT_FOR_STRIPE, "STRIPE", say("action.wait"))
_PROVIDE = NextAction(NextActionKind.OPEN_DASHBOARD, "MERCHANT", say("action.provide"))
_FORM = NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", say("action.complete_form"))
_APPEAL = NextAction(NextActionKind.OPEN_DASHBOARD, "MERCHANT", say("action.appeal"))
_CONTACT_STRIPE = NextAction(NextActionKind.CONTACT_STRIPE, "MERCHANT", say("action.contact_stripe"))
_CONTACT_PLATFORM = NextAction(NextActionKind.CONTACT_PLATFORM, "PLATFORM", say("action.contact_platform"))

_ACTIONS = {
    Status.CREATING: NextAction(NextActionKind.WAIT_FOR_STRIPE, "STRIPE", say("action.creating")),
    Status.ACTION_REQUIRED: _FORM,
    Status.ACTIVE: NextAction(NextActionKind.OPEN_DASHBOARD, None, say("action.open_dashboard")),
    Status.RESTRICTED_BY_STRIPE: _CONTACT_STRIPE,
    Status.UNSUPPORTED: NextAction(NextActionKind.NONE, None, say("action.unsupported")),
    Status.NOT_REQUESTED: NextAction(
        NextActionKind.CONTACT_PLATFORM, "PLATFORM", say("action.request_cards")
    ),
    Status.DISCONNECTED: _CONTACT_PLATFORM,
    Status.CLOSED: NextAction(NextActionKind.NONE, None, say("action.closed")),
    Status.UNKNOWN: NextAction(NextActionKind.NONE, None, say("action.check_again")),
    Status.ERASED: NextAction(NextActionKind.NONE, None, say("action.erased")),
}


def next_action(status: Status, facts: Facts, *, started: bool, has_dashboard: bool) -> NextAction:
    """The next action. `started` means that an onboarding link was issued before.

    If the merchant has no Dashboard to log in to, it provides information in the onboarding form.
    """
    provide = _PROVIDE if has_dashboard else _FORM
    match status:
        case Status.ONBOARDING if not started:
            return NextAction(NextActionKind.START_ONBOARDING, "MERCHANT", say("action.start_onboarding"))
        case Status.ONBOARDING:
            return NextAction(NextActionKind.RESUME_ONBOARDING, "MERCHANT", say("action.resume_onboarding"))
        case Status.PENDING_REVIEW:
            return _FORM if facts.due or facts.lacks_entries(PAYOUTS) else _WAIT
        case Status.ACTIVE if facts.has_reviews:
            return _WAIT
        case Status.ACTIVE_DUE_SOON | Status.RESTRICTED:
            return provide
        case Status.RESTRICTED_BY_STRIPE | Status.NOT_REQUESTED | Status.UNKNOWN if facts.due:
            return provide
        case Status.REJECTED:
            if facts.is_rejected_by_platform:
                return _CONTACT_PLATFORM
            return _APPEAL if facts.due else _CONTACT_STRIPE
        case Status.PAYOUTS_BLOCKED:
            if facts.due or facts.lacks_entries(PAYOUTS):
                return provide
            return _WAIT if facts.awaits_review(PAYOUTS) else _CONTACT_STRIPE
        case _:
            return _ACTIONS[status]


def most_urgent(
    status: Status, action: NextAction, matters: Sequence[Matter], deadline: datetime | None
) -> NextAction:
    """The action about the account, or the action of a more urgent `Matter` (docs/decisions/0030).

    `deadline` is the deadline of the requirements. While the merchant must provide information, a matter
    comes first only if the matter has a deadline and the requirements have a later deadline or none.
    """
    open_matters = [one for one in matters if one.action is not None]
    if status not in _WITH_MONEY or not open_matters:
        return action
    dated = [(one.deadline, place, one) for place, one in enumerate(open_matters) if one.deadline is not None]
    first = min(dated)[2] if dated else open_matters[0]
    is_later = first.deadline is None or (deadline is not None and deadline <= first.deadline)
    if first.action is None or (action.provides and is_later):
        return action
    task = first.opens or first.task
    return NextAction(
        NextActionKind.OPEN_DASHBOARD, "MERCHANT", first.action, task=task, deadline=first.deadline
    )
