"""The scenarios of the local Stripe that the start page lists, each with the status to which it leads."""

from typing import NamedTuple

from connect.merchants.rules.status.status import Status
from connect.merchants.wording.statuses import STATUS_TITLES, TONES


class Scenario(NamedTuple):
    """A scenario of an account, and the merchant's status after it."""

    name: str
    status: Status
    text: str

    @property
    def title(self) -> str:
        return STATUS_TITLES[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status].value


SCENARIOS = (
    Scenario("complete", Status.PENDING_REVIEW, "All details are provided, and the review begins."),
    Scenario("activate", Status.ACTIVE, "All details are verified."),
    Scenario("due_soon", Status.ACTIVE_DUE_SOON, "A document is due in seven days."),
    Scenario("payouts_blocked", Status.PAYOUTS_BLOCKED, "The bank account is refused."),
    Scenario("fail_document", Status.ACTION_REQUIRED, "The identity document is refused."),
    Scenario("past_due", Status.RESTRICTED, "A document of an active account is past due."),
    Scenario("restricted_other", Status.RESTRICTED_BY_STRIPE, "Only Stripe support can help."),
    Scenario("reject", Status.REJECTED, "Stripe rejects the account."),
    Scenario("unsupported", Status.UNSUPPORTED, "Stripe does not support the business."),
    Scenario("deauthorize", Status.DISCONNECTED, "The account leaves the platform."),
    Scenario("close", Status.CLOSED, "The account is closed."),
)
