"""The stage of a merchant's onboarding, for a funnel. Pure."""

import enum
from datetime import datetime

from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.status import Status


class OnboardingStage(enum.Enum):
    """The stages in their usual order."""

    CREATED = "CREATED"
    LINK_ISSUED = "LINK_ISSUED"
    FORM_LEFT = "FORM_LEFT"
    INFORMATION_NEEDED = "INFORMATION_NEEDED"
    IN_REVIEW = "IN_REVIEW"
    ACTIVATED = "ACTIVATED"
    STOPPED = "STOPPED"


# With these statuses, card payments work.
WORKING = frozenset({Status.ACTIVE, Status.ACTIVE_DUE_SOON, Status.PAYOUTS_BLOCKED})
# With these statuses, the merchant may still fill out the form. UNKNOWN lasts until the next fetch.
OPEN = frozenset({Status.CREATING, Status.ONBOARDING, Status.ACTION_REQUIRED, Status.UNKNOWN})


def derive_stage(status: Status, facts: Facts, *, has_link: bool, has_returned: bool) -> OnboardingStage:
    """The stage. `has_link` and `has_returned` tell whether the merchant has received a link to the form, and
    whether a browser has returned from it.
    """
    if facts.ever_active or status in WORKING:
        return OnboardingStage.ACTIVATED
    if status is Status.PENDING_REVIEW:
        return OnboardingStage.IN_REVIEW
    if status not in OPEN:
        return OnboardingStage.STOPPED
    if facts.onboarding_submitted:
        return OnboardingStage.INFORMATION_NEEDED
    if has_returned:
        return OnboardingStage.FORM_LEFT
    return OnboardingStage.LINK_ISSUED if has_link else OnboardingStage.CREATED


def first_seen(
    stage: OnboardingStage,
    *,
    created_at: datetime,
    last_link_issued_at: datetime | None,
    last_returned_at: datetime | None,
    ever_active_at: datetime | None,
    status_since: datetime,
) -> datetime:
    """The best estimate of the time at which the stage began, for a row that has not stored this time."""
    times = {
        OnboardingStage.CREATED: created_at,
        OnboardingStage.LINK_ISSUED: last_link_issued_at,
        OnboardingStage.FORM_LEFT: last_returned_at,
        OnboardingStage.ACTIVATED: ever_active_at,
    }
    return times.get(stage) or status_since
