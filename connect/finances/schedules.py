"""Change the payout schedule of a merchant. A change contains the whole schedule, so repeats are safe.

For accounts with the full Dashboard, Stripe refuses these changes unless the platform has configured platform
controls (https://docs.stripe.com/connect/platform-controls-for-standard-accounts).
"""

import uuid
from typing import Any

from connect.errors import InvalidInput
from connect.finances import calls, mirror
from connect.finances.rules import snapshot
from connect.finances.rules.inputs import Interval, NewSchedule, check_schedule
from connect.finances.rules.snapshot import Finances
from connect.merchants import accounts
from connect.merchants.mirror import documents, timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, now
from models.transactions import repeatable, transaction_on


async def change(gateway: Gateway, merchant: Merchant, new: NewSchedule, *, actor: str) -> Merchant:
    """Set the payout schedule at Stripe, and write Stripe's answer into the mirror.

    Raises InvalidInput, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    if fields := list(check_schedule(new)):
        raise InvalidInput(fields)
    account = await accounts.open_account(merchant)
    # Stripe may execute the change even if its answer is lost, so the timeline entry is written first.
    await _record(account, new, actor)
    number, _ = await mirror.begin(account)
    # If a call gets no answer, the gateway's client repeats it with the same key.
    key = f"schedule:{uuid.uuid4()}"
    answer = await calls.update_settings(gateway, account.stripe_account_id, _body(new), key)
    await mirror.write(account, Finances(settings=snapshot.parse_settings(answer, number)))
    return await Merchant.get(id=merchant.id)


def _body(new: NewSchedule) -> dict[str, Any]:
    """The body of the request that changes the settings
    (https://docs.stripe.com/api/balance-settings/update).
    """
    schedule: dict[str, Any] = {"interval": new.interval.value.lower()}
    if new.interval is Interval.WEEKLY:
        schedule["weekly_payout_days"] = list(new.weekly_days)
    if new.interval is Interval.MONTHLY:
        schedule["monthly_payout_days"] = list(new.monthly_days)
    return {"payments": {"payouts": {"schedule": schedule}}}


@repeatable
async def _record(account: ConnectedAccount, new: NewSchedule, actor: str) -> None:
    days = [*(day.capitalize() for day in new.weekly_days), *map(str, new.monthly_days)]
    words = f"{new.interval.value.lower()} ({', '.join(days)})" if days else new.interval.value.lower()
    async with transaction_on(account.merchant_id):
        row = await Merchant.select_for_update().get(id=account.merchant_id)
        at, kind = await now(), TimelineKind.PAYOUT_SCHEDULE_CHANGED
        message = f"The payout schedule {words} was requested."
        await timeline.record(row.id, kind, message, at, actor=actor)
        await documents.save(row, await ConnectedAccount.get_or_none(merchant_id=row.id), at)
