"""The scenarios of the local Stripe that the start page names, each with the status that follows."""

from typing import NamedTuple


class Scenario(NamedTuple):
    """A scenario of an account, and the merchant's status after it."""

    name: str
    status: str
    text: str


SCENARIOS = (
    Scenario("complete", "PENDING_REVIEW", "All details are provided, and the review begins."),
    Scenario("activate", "ACTIVE", "All details are verified."),
    Scenario("due_soon", "ACTIVE_DUE_SOON", "A document is due in seven days."),
    Scenario("payouts_blocked", "PAYOUTS_BLOCKED", "The bank account is refused."),
    Scenario("fail_document", "ACTION_REQUIRED", "The identity document is refused."),
    Scenario("past_due", "RESTRICTED", "A document of an active account is past due."),
    Scenario("restricted_other", "RESTRICTED_BY_STRIPE", "Only Stripe support can help."),
    Scenario("reject", "REJECTED", "Stripe rejects the account."),
    Scenario("unsupported", "UNSUPPORTED", "Stripe does not support the business."),
    Scenario("deauthorize", "DISCONNECTED", "The account leaves the platform."),
    Scenario("close", "CLOSED", "The account is closed."),
)
