"""The rows for the platform's booked fees, and for the parts of fees that are to be returned to merchants."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connect.errors import AnswerUnusable
from connect.merchants.rules.account.snapshot import as_object, as_objects
from connect.payments.rules import state
from connect.payments.rules.money.fees import fee_to_return
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Charge, Refund, Snapshot, reference
from models import ApplicationFee, ApplicationFeeRefund, FeeReturn, Payment
from models.payment import API

# The metadata of a fee's refund has the id of the payment's refund under this key.
REFUND_KEY = "stripe_refund_id"


async def after_fetch(
    row: Payment, previous: Snapshot, current: Snapshot, fee: Mapping[str, Any] | None, at: datetime
) -> None:
    """Store the fee that a fetch has shown for the first time, and plan its returns.

    Runs in the transaction of the fetch. The answer about our own payment contains the fee, so no other call
    is needed. A payment with the origin STRIPE may have a fee of another platform. So only `fees.refresh`,
    which asks in this platform's scope, stores the fee of such a payment. `fees.refresh` also stores a fee
    that was partly returned before this fetch. Later changes of the fee have their own events.
    """
    charge = _charge(current)
    if charge is None or charge.fee is None or charge.fee.amount is None:
        return
    before = _charge(previous)
    is_new = before is None or before.fee is None
    if is_new and fee is not None and row.origin == API and not charge.fee.amount_refunded:
        booked = parse(fee, row.fetch_began_at or at)
        booked.payment_id, booked.stripe_account_id = row.id, row.stripe_account_id
        # The event about the fee may have stored the fee before its payment was known.
        await ApplicationFee.bulk_create(
            [booked], on_conflict=["stripe_fee_id"], update_fields=["payment_id"]
        )
    elif is_new:
        await ApplicationFee.filter(stripe_fee_id=charge.fee.id, payment_id=None).update(payment_id=row.id)
    if current.refunds and (is_new or previous.refunds != current.refunds):
        await plan_returns(row, current, fee or {}, at)


def parse(answer: Mapping[str, Any], began_at: datetime) -> ApplicationFee:
    """An unsaved row for an `application_fee`, whose fetch began at `began_at`. Raises AnswerUnusable."""
    account, charge = reference(answer.get("account")), reference(answer.get("charge"))
    try:
        return ApplicationFee(
            stripe_fee_id=answer["id"],
            stripe_account_id=account or "",
            stripe_charge_id=charge,
            amount=int(answer["amount"]),
            amount_refunded=int(answer["amount_refunded"]),
            currency=str(answer["currency"]).upper()[:3],
            created_at=datetime.fromtimestamp(answer["created"], UTC),
            fetches_started=1,
            fetch_applied=1,
            synced_at=began_at,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerUnusable from error


def parse_refund(answer: Mapping[str, Any], fee_id: uuid.UUID) -> ApplicationFeeRefund:
    """An unsaved row for a `fee_refund`. Raises AnswerUnusable."""
    try:
        return ApplicationFeeRefund(
            stripe_fee_refund_id=answer["id"],
            fee_id=fee_id,
            amount=int(answer["amount"]),
            currency=str(answer["currency"]).upper()[:3],
            created_at=datetime.fromtimestamp(answer["created"], UTC),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerUnusable from error


async def plan_returns(row: Payment, current: Snapshot, fee_answer: Mapping[str, Any], at: datetime) -> None:
    """For each successful refund, store one request to return a part of the platform's fee.

    The part is the share of the fee that belongs to this refund and all earlier ones, less everything that
    was returned before. Two other kinds of parts also count as returned. If a refund fails later, the
    merchant keeps the part that was returned for it. If a refund has `refund_application_fee`, Stripe itself
    returns the part (https://docs.stripe.com/connect/direct-charges#issue-refunds).
    """
    charge = _charge(current)
    if charge is None or charge.fee is None or charge.fee.amount is None or not charge.fee.currency:
        return
    counted = [one for one in current.refunds if one.status in state.COUNTED_REFUNDS]
    rows = await FeeReturn.filter(payment_id=row.id)
    handled = {one.stripe_refund_id for one in rows}
    if all(one.id in handled for one in counted if one.status == "succeeded"):
        return
    if row.origin != API and not await ApplicationFee.exists(stripe_fee_id=charge.fee.id):
        return  # `fees.refresh` plans the returns if it finds the fee
    fee, planned = Money(charge.fee.amount, charge.fee.currency), []
    returned = sum(_amount(one) for one in rows if one.state != "REFUSED")
    total = max(charge.fee.amount_refunded or 0, int(fee_answer.get("amount_refunded") or 0))
    returned += _returned_elsewhere(total, fee_answer, rows)
    for refund in counted:
        if refund.status != "succeeded" or refund.id in handled:
            continue
        handled.add(refund.id)
        refunded = sum(one.amount for one in counted if one.id in handled)
        amount = fee_to_return(fee, charge.amount_captured, refunded, returned)
        if amount > 0:
            returned += amount
            planned.append(_planned(row, refund, charge.fee.id, amount, at))
    if planned:
        await FeeReturn.bulk_create(planned, ignore_conflicts=True)


def _returned_elsewhere(total: int, fee: Mapping[str, Any], rows: Sequence[FeeReturn]) -> int:
    """The part of the fee that was returned without a request of this service. `total` is the sum of all
    returns.

    Stripe may have executed a request that is not settled here yet, so the metadata of the fee's refunds
    decides which parts are ours. Stripe's answer has at most ten of these refunds. If there are more, only
    the settled requests count as ours.
    """
    refunds = as_object(fee.get("refunds"))
    if refunds.get("has_more") is False:
        ids = {one.stripe_refund_id for one in rows}
        listed = as_objects(refunds.get("data"))
        ours = sum(
            amount
            for one in listed
            if as_object(one.get("metadata")).get(REFUND_KEY) in ids
            and isinstance(amount := one.get("amount"), int)
        )
    else:
        ours = sum(_amount(one) for one in rows if one.state == "SUCCEEDED")
    return max(total - ours, 0)


def _amount(request: FeeReturn) -> int:
    return int(json.loads(request.body)["amount"])


def _planned(row: Payment, refund: Refund, fee_id: str, amount: int, at: datetime) -> FeeReturn:
    return FeeReturn(
        idempotency_key=f"fee-return:{refund.id}",
        input=refund.id,
        body=json.dumps({"amount": amount, "metadata": {REFUND_KEY: refund.id}}),
        run_at=at,
        created_at=at,
        merchant_id=row.merchant_id,
        payment_id=row.id,
        stripe_refund_id=refund.id,
        stripe_fee_id=fee_id,
    )


def _charge(known: Snapshot) -> Charge | None:
    return known.intent.charge if known.intent is not None else None
