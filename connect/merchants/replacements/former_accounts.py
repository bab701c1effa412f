"""Former accounts: accounts that were replaced, and new accounts that a merchant did not use after all.

The last state of each account is stored, and later events update it. A change that matters to the merchant
gets an entry in the timeline, because a former account may still be open at Stripe.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from connect.merchants.mirror import timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules.account.snapshot import Snapshot, decode, encode, merge
from connect.merchants.rules.document import former_account
from connect.merchants.rules.status.facts import CARD_PAYMENTS, Facts, facts
from models import ConnectedAccount, FormerAccount, Merchant


async def retire(merchant: Merchant, row: ConnectedAccount, at: datetime) -> None:
    """Store the current account as a former account, in the transaction that replaces it. Does not save the
    merchant.

    Also resets the merchant's columns about onboarding.
    """
    await FormerAccount.create(
        merchant_id=merchant.id,
        stripe_account_id=row.stripe_account_id,
        snapshot=row.snapshot,
        disconnected_at=row.disconnected_at,
        ever_active_at=merchant.ever_active_at,
        fetch_applied=row.fetch_applied,
        synced_at=row.synced_at,
        replaced_at=at,
    )
    merchant.ever_active_at = merchant.last_link_issued_at = merchant.last_returned_at = None
    merchant.links_issued = 0
    await _list(merchant)


async def set_aside(merchant: Merchant, unused: Snapshot, fetch: int, at: datetime) -> None:
    """Store an unused new account as a former account. Does not save the merchant.

    `fetch` is the number of the last fetch that was started.
    """
    await FormerAccount.create(
        merchant_id=merchant.id,
        stripe_account_id=unused.stripe_account_id,
        snapshot=encode(unused),
        fetch_applied=fetch,
        synced_at=at,
        replaced_at=at,
    )
    await _list(merchant)


async def save(merchant: Merchant, former: FormerAccount, current: Snapshot, at: datetime) -> bool:
    """Store the answer of a fetch. Returns whether the snapshot changed. Does not save the merchant."""
    before = _facts(former)
    previous = former.snapshot
    former.snapshot = encode(merge(decode(former.snapshot), current))
    after = _facts(former)
    if former.ever_active_at is None and after.is_active(CARD_PAYMENTS):
        former.ever_active_at = at
    former.synced_at = at
    await former.save()
    await _record(merchant, former, before, after, at)
    return former.snapshot != previous


async def connect(merchant: Merchant, former: FormerAccount, at: datetime, *, connected: bool) -> None:
    """Record whether the account still belongs to the platform. Does not save the merchant."""
    before = _facts(former)
    former.disconnected_at = None if connected else at
    await former.save(update_fields=["disconnected_at"])
    await _record(merchant, former, before, _facts(former), at)


async def _record(
    merchant: Merchant, former: FormerAccount, before: Facts, after: Facts, at: datetime
) -> None:
    for kind, message in _changes(former.stripe_account_id, before, after):
        # This entry gets no fetch number, because that would mark it as a change of the current account.
        await timeline.record(merchant.id, kind, message, at)
    await _list(merchant)


def _changes(account_id: str, before: Facts, after: Facts) -> Iterator[tuple[TimelineKind, str]]:
    if after.closed and not before.closed:
        yield TimelineKind.CLOSED, f"The former account {account_id} was closed."
    if after.disconnected and not before.disconnected:
        message = f"The former account {account_id} was disconnected from the platform."
        yield TimelineKind.DISCONNECTED, message
    if after.is_active(CARD_PAYMENTS) and not before.is_active(CARD_PAYMENTS):
        message = f"Card payments of the former account {account_id} became active."
        yield TimelineKind.CAPABILITY_CHANGED, message


async def _list(merchant: Merchant) -> None:
    """Set the list of former accounts in the merchant's row, newest first."""
    rows = await FormerAccount.filter(merchant_id=merchant.id).order_by("-replaced_at", "-id")
    listed = [
        former_account(
            decode(row.snapshot),
            ever_active_at=row.ever_active_at,
            disconnected=row.disconnected_at is not None,
            replaced_at=row.replaced_at,
        )
        for row in rows
    ]
    merchant.former_accounts = json.dumps(listed)


def _facts(row: FormerAccount) -> Facts:
    return facts(
        decode(row.snapshot),
        ever_active_at=row.ever_active_at,
        disconnected=row.disconnected_at is not None,
    )
