"""Checks whether money may remain in an account that is to be replaced."""

import uuid

from connect.errors import MerchantNotReady, StripeNotFound
from connect.merchants.mirror import documents, mirror
from connect.merchants.mirror.timeline import TimelineKind
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, AccountReplacement, ConnectedAccount, Merchant, TimelineEntry


async def look(
    gateway: Gateway, merchant_id: uuid.UUID, stripe_account_id: str, actor: str | None = None
) -> None:
    """Fetch an open account before it is replaced, because the last event may not have arrived yet.

    Raises MerchantNotReady if Stripe does not know the account. In that case, either the account was deleted,
    or the API key belongs to another platform or mode and the account may still hold money. Also raises
    StripeRefused or StripeUnavailable.
    """
    account = await ConnectedAccount.get_or_none(merchant_id=merchant_id, stripe_account_id=stripe_account_id)
    if account is None or is_gone(account):
        return
    try:
        await mirror.refresh(gateway, account, "refresh", actor=actor)
    except StripeNotFound as error:
        raise MerchantNotReady(
            f"Stripe does not show the account {stripe_account_id} to the platform. The account may still "
            "hold a balance. Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode of this "
            "account. If it does, the account was deleted: create the merchant again under another "
            "externalId."
        ) from error


def is_gone(account: ConnectedAccount) -> bool:
    """Whether the account is closed or disconnected, and so takes no payments through the platform."""
    return account.closed or account.disconnected_at is not None


async def may_be_in(merchant: Merchant, account: ConnectedAccount) -> bool:
    """Whether money may remain in the account.

    This is true if the mirror or the timeline shows that any capability has ever been active. It is also true
    if this service has not created the account, because the past of such an account is unknown.
    """
    succeeded = AccountReplacement.filter(merchant_id=merchant.id, state="SUCCEEDED")
    last = await succeeded.order_by("-finished_at").first()
    if last is None and not await AccountCreation.exists(merchant_id=merchant.id):
        return True
    facts = documents.facts(merchant, account)
    if facts.ever_active or facts.elsewhere or any(c.status == "active" for c in facts.capabilities or ()):
        return True
    entries = TimelineEntry.filter(merchant_id=merchant.id, kind=TimelineKind.CAPABILITY_CHANGED.value)
    if last is not None:
        entries = entries.filter(at__gte=last.finished_at)
    states = [state for entry in await entries.only("after") for state in (entry.after or {}).values()]
    return any(isinstance(state, dict) and state.get("status") == "active" for state in states)
