"""Addresses of pages in Stripe's Dashboard. Pure.

Stripe documents the form `https://dashboard.stripe.com/<account>/<mode>/<page>`. The mode is `test` for
sandboxes and is left out for live mode (https://docs.stripe.com/stripe-apps/deep-links). The names of the
pages come from links in Stripe's documentation.
"""

from collections.abc import Callable

STRIPE = "https://dashboard.stripe.com"

HOME = "dashboard"
# Stripe's page "Stablecoin payouts for Connect" says: "Complete additional account requirements [...] on the
# Account status page".
REQUIREMENTS = "account/status"
# https://docs.stripe.com/payouts/instant-payouts links to both pages.
BALANCE, PAYOUTS = "balance/overview", "settings/payouts"
# https://docs.stripe.com/disputes/responding
DISPUTES = "disputes"

TASK_PAGES = {
    "COMPLETE_REQUIREMENTS": REQUIREMENTS,
    "MANAGE_FINANCES": BALANCE,
    "RESPOND_TO_DISPUTES_AND_REFUNDS": DISPUTES,
    "SCHEDULE_PAYOUTS": PAYOUTS,
}

# A function that replaces the base of an address in Stripe's Dashboard by the one of this installation.
Relocate = Callable[[str], str]


def own(account: str, page: str, *, livemode: bool) -> str:
    """The address of a page in the account's own Dashboard."""
    return f"{STRIPE}/{account}{'' if livemode else '/test'}/{page}"


def on_platform(account: str, *, livemode: bool) -> str:
    """The address of the account in the platform's Dashboard.

    https://docs.stripe.com/connect/dashboard links to the list `/connect/accounts`. A click on an account in
    that list opens this address, which Stripe does not document.
    """
    return f"{STRIPE}{'' if livemode else '/test'}/connect/accounts/{account}"


def relocate_to(base: str) -> Relocate:
    """Return a function that moves addresses to the Dashboard at `base`, such as that of a local Stripe."""
    return lambda address: base + address.removeprefix(STRIPE)
