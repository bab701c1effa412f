"""Mirrors that nothing has refreshed for long are fetched again, in case an event was lost."""

from datetime import timedelta

import structlog
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from connect import mirror
from connect.errors import ConnectError, StripeRefused
from connect.gateway import Gateway
from models import ConnectedAccount, now

LEASE = timedelta(seconds=60)

log = structlog.get_logger("reconcile")


async def refresh_stale(gateway: Gateway, *, stale_after: timedelta, limit: int = 5) -> int:
    """Refresh the accounts that were seen longest ago. Returns how many. Safe with many workers."""
    at = await now()
    async with in_transaction():
        stale = await (
            ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=at - stale_after)
            .filter(Q(leased_until=None) | Q(leased_until__lt=at))
            .order_by("synced_at")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        await ConnectedAccount.filter(id__in=[a.id for a in stale]).update(leased_until=at + LEASE)
    for account in stale:
        try:
            await mirror.refresh(gateway, account, "stale")
        except ConnectError as error:
            # The lease runs on, so the next attempt comes after a pause; after a definite "no" a long one.
            if isinstance(error, StripeRefused):
                later = ConnectedAccount.filter(id=account.id)
                await later.update(leased_until=await now() + stale_after)
            log.warning("not_refreshed", account=account.stripe_account_id, reason=error.message)
    return len(stale)
