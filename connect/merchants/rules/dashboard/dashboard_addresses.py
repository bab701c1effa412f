"""Addresses of pages in Stripe's Dashboard. Pure.

Stripe documents the form `https://dashboard.stripe.com/<account>/<mode>/<page>`, with the mode `test` for
sandboxes and none for live mode (https://docs.stripe.com/stripe-apps/deep-links). The names of the pages come
from links in Stripe's documentation.
"""

from collections.abc import Callable

STRIPE = "https://dashboard.stripe.com"

HOME = "dashboard"
# "Complete additional account requirements [...] on the Account status page": Stripe's page "Stablecoin
# payouts for Connect".
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

# A function that gives an address in Stripe's Dashboard the base that this installation uses.
Relocate = Callable[[str], str]


def own(account: str, page: str, *, livemode: bool) -> str:
    """The address of a page in the account's own Dashboard."""
    return f"{STRIPE}/{account}{'' if livemode else '/test'}/{page}"


def on_platform(account: str, *, livemode: bool) -> str:
    """The address of the account in the platform's Dashboard.

    https://docs.stripe.com/connect/dashboard links to the list `/connect/accounts`. A click on an
    account in the list opens this address, which no documentation mentions.
    """
    return f"{STRIPE}{'' if livemode else '/test'}/connect/accounts/{account}"


def relocate_to(base: str) -> Relocate:
    """Return a function that moves addresses to a Dashboard at `base`, such as the local Stripe's."""
    return lambda address: base + address.removeprefix(STRIPE)
