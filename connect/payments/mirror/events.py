"""Events of payments. Each event causes a fetch of its payment, unless the payment was fetched after the
event arrived.

The events of one payment are about different objects, such as the session, the intent and the charge. The
first fetch stores all these objects. So an event about an unknown object waits for one retry, and then
usually needs no call.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from connect.errors import StripeNotFound, UnknownPayment
from connect.events.inbox import FOREIGN, Handler, Outcome
from connect.payments.fees import fees
from connect.payments.mirror import adoption, mirror
from connect.payments.mirror.fetches import CHARGE, DISPUTE, INTENT, REFUND, SESSION, WARNING
from connect.stripe_api.gateway import Gateway
from models import ApplicationFee, Payment, StripeEvent
from models.account import find_account_owner
from models.payment import Owner, find_owner

NO_PAYMENT = "The object belongs to no payment."
OF_PLATFORM = "The object belongs to the platform and to no connected account."

TYPES = (
    # A customer has completed the page, or the page expired. Bank debits succeed or fail later.
    "v1.checkout.session.async_payment_failed",
    "v1.checkout.session.async_payment_succeeded",
    "v1.checkout.session.completed",
    "v1.checkout.session.expired",
    # The state of the payment changed.
    "v1.payment_intent.amount_capturable_updated",
    "v1.payment_intent.canceled",
    "v1.payment_intent.payment_failed",
    "v1.payment_intent.processing",
    "v1.payment_intent.requires_action",
    "v1.payment_intent.succeeded",
    # A charge changed: an attempt succeeded or failed, or Stripe captured, refunded or booked it.
    "v1.charge.captured",
    "v1.charge.expired",
    "v1.charge.failed",
    "v1.charge.pending",
    "v1.charge.refunded",
    "v1.charge.succeeded",
    "v1.charge.updated",
    # Refunds, including those that merchants make in the Dashboard.
    "v1.refund.created",
    "v1.refund.failed",
    "v1.refund.updated",
    # The state of a dispute changed, or Stripe withdrew or returned the disputed money.
    "v1.charge.dispute.closed",
    "v1.charge.dispute.created",
    "v1.charge.dispute.funds_reinstated",
    "v1.charge.dispute.funds_withdrawn",
    "v1.charge.dispute.updated",
    # The payer's bank warns of a dispute, or its warning ends.
    "v1.radar.early_fraud_warning.created",
    "v1.radar.early_fraud_warning.updated",
)
# Events about the platform's own objects name no account.
FEE_TYPES = (
    "v1.application_fee.created",
    "v1.application_fee.refunded",
    "v1.application_fee.refund.updated",
)

# The first matching prefix gives the kind of the object.
_KINDS = (
    ("v1.checkout.session.", SESSION),
    ("v1.payment_intent.", INTENT),
    ("v1.charge.dispute.", DISPUTE),
    ("v1.charge.refund.", REFUND),
    ("v1.charge.", CHARGE),
    ("v1.refund.", REFUND),
    ("v1.radar.early_fraud_warning.", WARNING),
)
_ID = re.compile(r"\w{1,255}", re.ASCII)
_FEE = re.compile(r"/v1/application_fees/(\w{1,255})(?:/.*)?", re.ASCII)


async def handle(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
    """Update the mirror of the payment to which the events' object belongs."""
    account = events[0].stripe_account_id
    try:
        return await _handle(gateway, events, account)
    except StripeNotFound:
        owner = await find_account_owner(account) if account is not None else None
        if owner is None or not owner.is_disconnected:
            raise
        return Outcome(owner.merchant_id, account)  # Stripe no longer shows the account; keep its last state


async def _handle(gateway: Gateway, events: Sequence[StripeEvent], account: str | None) -> Outcome:
    key, source = events[0].subject_key, _source(events)
    kind = next(kind for prefix, kind in _KINDS if events[0].type.startswith(prefix))
    known = await find_owner(key)
    if known is not None:
        await _update(gateway, known, kind, key, max(event.received_at for event in events), source)
        return Outcome(known.merchant_id, known.stripe_account_id)
    if account is None:
        return Outcome(ignored=OF_PLATFORM)
    owner = await find_account_owner(account)
    if owner is None:
        return Outcome(ignored=FOREIGN)
    if owner.is_disconnected:
        return Outcome(owner.merchant_id, account)
    if max(event.attempts for event in events) <= 1:
        raise UnknownPayment
    payment = await adoption.adopt(gateway, owner.merchant_id, account, kind, key, source)
    if payment is None:
        return Outcome(ignored=NO_PAYMENT)
    return Outcome(payment.merchant_id, payment.stripe_account_id)


async def _update(
    gateway: Gateway, known: Owner, kind: str, key: str, received_at: datetime, source: str
) -> None:
    """Fetch the payment, unless it was fetched after `received_at` and its mirror has the events' object."""
    if kind not in mirror.LISTED and mirror.covers(known, received_at):
        return
    async with mirror.turn(known.payment_id):
        payment = await Payment.get(id=known.payment_id)
        if not (mirror.covers(payment, received_at) and mirror.shows(payment, kind, key)):
            await mirror.refresh(gateway, payment, source, kinds={kind})


async def handle_fees(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
    """Update the mirror of an application fee. Events about fees name no account. Events about an unknown fee
    wait for one retry, because the fetch of the fee's payment may store the fee.
    """
    key = events[0].subject_key
    fee = await ApplicationFee.get_or_none(stripe_fee_id=key)
    if fee is None and max(event.attempts for event in events) <= 1:
        raise UnknownPayment
    if fee is None or fee.synced_at <= max(event.received_at for event in events):
        fee = await fees.refresh(gateway, key)
    owner = await find_account_owner(fee.stripe_account_id) if fee is not None else None
    if fee is None or owner is None:
        return Outcome(ignored=FOREIGN)
    return Outcome(owner.merchant_id, fee.stripe_account_id)


def object_id(notification: dict[str, Any]) -> str | None:
    """The id of the notification's object; None if it is missing or malformed."""
    related = notification.get("related_object")
    identifier = related.get("id") if isinstance(related, dict) else None
    return identifier if isinstance(identifier, str) and _ID.fullmatch(identifier) else None


def fee_id(notification: dict[str, Any]) -> str | None:
    """The id of the notification's fee, or None. If the object is a refund of a fee, its path contains the
    fee's id.
    """
    related = notification.get("related_object")
    match = _FEE.fullmatch(str(related.get("url"))) if isinstance(related, dict) else None
    return match[1] if match is not None else None


def _source(events: Sequence[StripeEvent]) -> str:
    return mirror.BACKFILL if all(event.back_filled_at for event in events) else "webhook"


HANDLER = Handler(types=TYPES, prefixes=tuple(prefix for prefix, _ in _KINDS), key=object_id, handle=handle)
FEES = Handler(types=FEE_TYPES, prefixes=("v1.application_fee.",), key=fee_id, handle=handle_fees)
