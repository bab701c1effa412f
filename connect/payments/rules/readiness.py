"""Whether an account can take payments, as far as its mirror shows. Pure."""

from connect.merchants.rules.account.account_settings import account_settings
from connect.merchants.rules.account.sections import MERCHANT, Capability, capabilities
from connect.merchants.rules.account.snapshot import Snapshot
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.status.facts import CARD_PAYMENTS
from connect.merchants.wording.capabilities import capability as title_of
from connect.merchants.wording.capabilities import capability_detail

# Only operators and services may call updateMerchant.
_NAMELESS = {
    Audience.PLATFORM: "The merchant has no public name for Stripe's payment page. Set `displayName` or "
    "`doingBusinessAs` with updateMerchant.",
    Audience.MERCHANT: "Your business has no public name for Stripe's payment page. Ask the platform to "
    "set one.",
}
_UNREQUESTED = {
    Audience.PLATFORM: "No payment method of the account is active, and `card_payments` was not requested. "
    "Request it with updateMerchant.",
    Audience.MERCHANT: "No payment method of your account is active, and card payments were not requested. "
    "Ask the platform to request them.",
}


def problem(account: Snapshot, *, is_on_page: bool, audience: Audience) -> str | None:
    """The reason why Stripe would refuse a payment, with the remedy, or None.

    In a sandbox, Stripe often accepts payments for accounts whose payments it refuses in live mode. One
    active payment method is enough. For a payment on Stripe's page (`is_on_page`), the business also needs a
    public name.
    """
    methods = [one for one in capabilities(account, MERCHANT) or () if one.name.endswith("_payments")]
    if not any(one.status == "active" for one in methods):
        cards = next((one for one in methods if one.name == CARD_PAYMENTS), None)
        return _inactive(cards, audience)
    if is_on_page and not _has_name(account):
        return _NAMELESS[audience]
    return None


def _inactive(cards: Capability | None, audience: Audience) -> str:
    if cards is None:
        return _UNREQUESTED[audience]
    reasons = dict.fromkeys(capability_detail(one.code, audience) for one in cards.details)
    explained = "".join(f" {reason}" for reason in reasons)
    return (
        f"{title_of(cards.name)} (`{cards.name}`) are not active: their status is {cards.status.upper()}."
        f"{explained} Read `capabilities` and `nextAction` of the merchant."
    )


def _has_name(account: Snapshot) -> bool:
    return bool(account.display_name or account_settings(account)["doingBusinessAs"])
