"""Compare the finances and payouts of one account with Stripe, as a part of the sweep of payments."""

from datetime import datetime, timedelta

import structlog

from connect.errors import AnswerUnusable
from connect.finances import calls, mirror, payouts
from connect.finances.rules import payouts as rules
from connect.finances.rules.obstacles import is_late
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Payout

# Stripe lists payouts by creation. A payout can arrive a week later, and then fail within five business days.
RETURNED = timedelta(days=21)

log = structlog.get_logger("reconcile")


async def compare(
    gateway: Gateway, account: ConnectedAccount, since: datetime, started_at: datetime
) -> tuple[int, int]:
    """Fetch the finances, and each payout that differs or may have changed. `since` is the time since which
    changes are searched, and `started_at` the start of the sweep. Returns the number of compared payouts, and
    the number of payouts with a missed change. Raises the errors of the calls to Stripe.
    """
    checked = repaired = 0
    unchanged = set[str]()
    async for page in calls.recent_payouts(gateway, account.stripe_account_id, since - RETURNED):
        try:
            listed = [rules.parse(answer) for answer in page]
        except ValueError as error:
            raise AnswerUnusable from error
        rows = Payout.filter(stripe_payout_id__in=[one.id for one in listed])
        known = {row.stripe_payout_id: rules.decode(row.snapshot) for row in await rows}
        for one in listed:
            checked += 1
            if one.id not in known or rules.differs(one, known[one.id]):
                repaired += await _repair(gateway, account, one.id)
            else:
                unchanged.add(one.id)
    # Payouts that are too old for the list can still be on their way.
    waiting = Payout.filter(
        merchant_id=account.merchant_id,
        stripe_account_id=account.stripe_account_id,
        status__in=sorted(rules.ON_THE_WAY),
        synced_at__lt=started_at,
    )
    for row in await waiting.order_by("id"):
        if row.stripe_payout_id not in unchanged:
            checked += 1
        # A payout that was written from the answer to its creation is fetched, because Stripe can repeat old
        # answers.
        elif row.fetch_began_at is not None and not is_late(row.arrives_at, started_at):
            continue
        repaired += await _repair(gateway, account, row.stripe_payout_id)
    await mirror.refresh(gateway, account, mirror.SWEEP)
    return checked, repaired


async def _repair(gateway: Gateway, account: ConnectedAccount, stripe_payout_id: str) -> bool:
    has_changed = await payouts.refresh(gateway, account, stripe_payout_id, mirror.SWEEP)
    if has_changed:
        log.warning("payout_drift_repaired", payout=stripe_payout_id, account=account.stripe_account_id)
    return has_changed
