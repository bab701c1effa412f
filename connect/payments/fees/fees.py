"""The mirror of the fees that Stripe has booked for the platform, and the revenue from these fees.

Fees belong to the platform, so calls and events about fees name no account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connect.errors import AnswerUnusable
from connect.merchants.mirror import mirror as accounts
from connect.payments import calls
from connect.payments.fees import booked_fees
from connect.payments.mirror import documents, mirror
from connect.payments.rules import entries
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.snapshot import decode
from connect.stripe_api.gateway import Gateway
from models import ApplicationFee, ApplicationFeeRefund, Payment, now
from models.payment import start_fee_fetch, sums_by_month
from models.transactions import repeatable, transaction_on


@dataclass(frozen=True, slots=True)
class Revenue:
    """The fees of one month and currency, in minor units. `month` is the first day of the month in UTC."""

    month: date
    currency: str
    booked: int
    returned: int


async def refresh(gateway: Gateway, fee_id: str) -> ApplicationFee | None:
    """Fetch a fee with its refunds, and write it. Returns the fee's row, or None if the fee's account belongs
    to no merchant.
    """
    known = await ApplicationFee.get_or_none(stripe_fee_id=fee_id)
    number = await start_fee_fetch(known.id) if known is not None else None
    began_at = await now()
    answer = await calls.retrieve_fee(gateway, fee_id)
    fetched = booked_fees.parse(answer, began_at)
    if known is None and await accounts.find(fetched.stripe_account_id) is None:
        return None
    refunds = answer.get("refunds")
    listed: Any = refunds.get("data") if isinstance(refunds, Mapping) else None
    if not isinstance(refunds, Mapping) or not isinstance(listed, list) or refunds.get("has_more"):
        listed = await calls.list_fee_refunds(gateway, fee_id)
    if not all(isinstance(refund, Mapping) for refund in listed):
        raise AnswerUnusable
    charge = fetched.stripe_charge_id
    payment = await mirror.find(charge) if charge is not None else None
    return await _write(fetched, number, {**answer, "refunds": {"data": listed, "has_more": False}}, payment)


@repeatable
async def _write(
    fetched: ApplicationFee, number: int | None, answer: Mapping[str, Any], payment: Payment | None
) -> ApplicationFee:
    """Write a fetched fee, unless a later fetch was written already. The fee's new refunds are always
    written.

    `number` is None if the fee had no row when the fetch began. A fetch of the payment may have stored the
    row since then, so the start times of the fetches are compared.
    """
    async with transaction_on(payment.id if payment is not None else fetched.stripe_fee_id):
        owner = await Payment.select_for_update().get(id=payment.id) if payment is not None else None
        await ApplicationFee.bulk_create([fetched], ignore_conflicts=True)
        row = await ApplicationFee.select_for_update().get(stripe_fee_id=fetched.stripe_fee_id)
        is_new = row.id == fetched.id
        is_linked = owner is not None and row.payment_id is None
        before = 0 if is_new else row.amount_refunded
        if owner is not None:
            row.payment_id = owner.id
        is_later = fetched.synced_at > row.synced_at if number is None else number > row.fetch_applied
        if not is_new and is_later:
            row.fetch_applied, row.synced_at = number or row.fetch_applied, fetched.synced_at
            row.amount, row.amount_refunded = fetched.amount, fetched.amount_refunded
        await row.save()
        rows = [booked_fees.parse_refund(refund, row.id) for refund in answer["refunds"]["data"]]
        if rows:
            await ApplicationFeeRefund.bulk_create(rows, ignore_conflicts=True)
        returned = row.amount_refunded - before
        if owner is not None and (returned or is_linked):
            at = await now()
            if is_linked:
                await booked_fees.plan_returns(owner, decode(owner.snapshot), answer, at)
            if returned:
                message = entries.returned_message(returned, row.currency)
                await mirror.record(owner.id, EntryKind.FEE_CHANGED, message, at)
            await documents.save(owner, at, has_entries=bool(returned))
        return row


async def revenue(first: date, last: date) -> list[Revenue]:
    """The booked fees and their returns from the first to the last day, by month and currency.

    A return counts in the month in which the money was returned. Days and months are in UTC.
    """
    since = datetime.combine(first, time(), UTC)
    until = datetime.combine(last + timedelta(days=1), time(), UTC)
    booked = {row[:2]: row[2] for row in await sums_by_month("application_fee", since, until)}
    returned = {row[:2]: row[2] for row in await sums_by_month("application_fee_refund", since, until)}
    return [
        Revenue(date.fromisoformat(f"{month}-01"), currency, booked.get(key, 0), returned.get(key, 0))
        for key in sorted(booked.keys() | returned.keys())
        for month, currency in [key]
    ]
