"""Events of balances and payouts. Each event causes a fetch of its object.

If the API key may not read balances or payouts, the event is ignored, and a problem reports the missing
permission to the operator. Once the key has the permission, the sweep of payments also fetches balances and
payouts.
"""

from collections.abc import Sequence
from typing import Any

from connect.errors import StripeNotFound, StripePermissionMissing
from connect.events.inbox import FOREIGN, Handler, Outcome
from connect.events.notifications import account_id
from connect.finances import mirror, payouts
from connect.finances.mirror import Part
from connect.merchants.mirror import mirror as accounts
from connect.payments.mirror.events import OF_PLATFORM, object_id
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, StripeEvent

AVAILABLE = "v1.balance.available"
SETTINGS = "v1.balance_settings.updated"

# Pending money became available, or the schedule of payouts changed.
BALANCE_TYPES = (AVAILABLE, SETTINGS)
PAYOUT_TYPES = (
    "v1.payout.canceled",
    "v1.payout.created",
    # A payout can fail after it was paid.
    "v1.payout.failed",
    "v1.payout.paid",
    # Stripe knows all transactions inside an automatic payout.
    "v1.payout.reconciliation_completed",
    # Stripe knows the payout's trace ID, or has sent the payout to the bank.
    "v1.payout.updated",
)


def balance_key(notification: dict[str, Any]) -> str | None:
    """The key for the balance of an account, which is used because a balance has no id. None for the
    platform's own balance.
    """
    account = account_id(notification)
    return f"balance:{account}" if account is not None else None


async def handle_balance(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
    """Bring the balance of the events' account up to date. If an event is about the account's settings, bring
    these up to date, too.
    """
    owner, outcome = await _owner(events)
    if owner is None:
        return outcome
    # Finances are kept for the current account only.
    account = await ConnectedAccount.get_or_none(stripe_account_id=owner.stripe_account_id)
    if account is not None:
        types = {event.type for event in events}
        parts = {Part.BALANCE, *([Part.SETTINGS] if SETTINGS in types else [])}
        try:
            await mirror.refresh(gateway, account, _source(events), parts)
        except StripePermissionMissing as error:
            return Outcome(ignored=error.message)
    return outcome


async def handle_payout(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
    """Bring the payout of the events up to date."""
    owner, outcome = await _owner(events)
    if owner is not None:
        known = await payouts.find(events[0].subject_key)
        received_at = max(event.received_at for event in events)
        # If a fetch began after the notification arrived, its answer already shows the change.
        if known is None or known.fetch_began_at is None or known.fetch_began_at <= received_at:
            try:
                await payouts.refresh(gateway, owner, events[0].subject_key, _source(events))
            except StripeNotFound:
                current = await accounts.find(owner.stripe_account_id)
                if current is None or current.disconnected_at is None:
                    raise
            except StripePermissionMissing as error:
                return Outcome(ignored=error.message)
    return outcome


async def _owner(events: Sequence[StripeEvent]) -> tuple[ConnectedAccount | None, Outcome]:
    """Return the account of the events and the outcome of the events. The account is None if nothing needs to
    be fetched.
    """
    key = events[0].stripe_account_id
    if key is None:
        return None, Outcome(ignored=OF_PLATFORM)
    owner = await accounts.find(key)
    if owner is None:
        return None, Outcome(ignored=FOREIGN)
    return owner if owner.disconnected_at is None else None, Outcome(owner.merchant_id, key)


def _source(events: Sequence[StripeEvent]) -> str:
    return mirror.BACKFILL if all(event.back_filled_at for event in events) else "webhook"


BALANCES = Handler(
    types=BALANCE_TYPES,
    prefixes=("v1.balance.", "v1.balance_settings."),
    key=balance_key,
    handle=handle_balance,
)
PAYOUTS = Handler(types=PAYOUT_TYPES, prefixes=("v1.payout.",), key=object_id, handle=handle_payout)
