"""Whether an account can take payments, as far as its mirror shows. Pure."""

from connect.merchants.rules.account_settings import account_settings
from connect.merchants.rules.facts import CARD_PAYMENTS
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.sections import MERCHANT, Capability, capabilities
from connect.merchants.rules.snapshot import Snapshot
from connect.merchants.wording.capabilities import capability as title_of
from connect.merchants.wording.capabilities import capability_detail


def problem(account: Snapshot, *, is_on_page: bool) -> str | None:
    """The reason why Stripe would refuse a payment, with the remedy, or None.

    Sandboxes often accept payments of an account that live mode refuses. One active method is enough. Stripe
    refuses its page (`is_on_page`) for a business without a public name. The reason is for every reader.
    """
    methods = [one for one in capabilities(account, MERCHANT) or () if one.name.endswith("_payments")]
    if not any(one.status == "active" for one in methods):
        cards = next((one for one in methods if one.name == CARD_PAYMENTS), None)
        return _inactive(cards)
    if is_on_page and not _has_name(account):
        return (
            "The merchant has no public name, which Stripe's payment page shows. Set `displayName` or "
            "`doingBusinessAs` with updateMerchant."
        )
    return None


def _inactive(cards: Capability | None) -> str:
    if cards is None:
        return (
            "The account has requested no way to take payments. Request `card_payments` with updateMerchant."
        )
    reasons = dict.fromkeys(capability_detail(one.code, Audience.MERCHANT) for one in cards.details)
    explained = "".join(f" {reason}" for reason in reasons)
    return (
        f"{title_of(cards.name)} (`{cards.name}`) are not active: their status is {cards.status.upper()}."
        f"{explained} Read `capabilities` and `nextAction` of the merchant."
    )


def _has_name(account: Snapshot) -> bool:
    return bool(account.display_name or account_settings(account)["doingBusinessAs"])
