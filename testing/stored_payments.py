"""Payments that are stored without Stripe, for tests of queries."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.transactions import in_transaction

from connect.payments import documents
from connect.payments.rules import snapshot
from models import Merchant, Payment, PaymentObject, past_uuid7

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
SECONDS = int(NOW.timestamp())

EVERY_FIELD = """
  id externalId origin state refundState disputeState
  amount { minorUnits currency exponent decimal } amountReceived { minorUnits } amountRefunded { minorUnits }
  applicationFee { minorUnits currency } applicationFeeRefunded { minorUnits }
  stripeFee { minorUnits currency } net { minorUnits currency }
  method { type brand last4 country funding wallet }
  checkout { status expiresAt stripeCheckoutSessionId } captureBefore description
  metadata { key value }
  refunds {
    id externalId origin amount { minorUnits } state reason pendingReason failureReason reference
    stripeRefundId createdAt
  }
  disputes { id status amount { minorUnits } reason dueBy stripeDisputeId createdAt }
  stripePaymentIntentId livemode createdAt updatedAt freshness { syncedAt source stale }
"""

# The status of the intent for each kind of payment. A "creating" payment is unknown to Stripe.
KINDS = {
    "creating": None,
    "open": None,
    "authorized": "requires_capture",
    "succeeded": "succeeded",
    "refunded": "succeeded",
    "disputed": "succeeded",
}


async def add_payment(
    merchant: Merchant,
    external_id: str | None,
    kind: str = "succeeded",
    *,
    amount: int = 1000,
    currency: str = "USD",
    email: str = "payer@example.com",
    last4: str = "4242",
    age: timedelta = timedelta(),
) -> Payment:
    """Store a payment of this kind. `age` is the time since its creation, before NOW."""
    key = past_uuid7(NOW - age)
    payment = Payment(
        id=key,
        merchant_id=merchant.id,
        merchant_external_id=merchant.external_id,
        stripe_account_id=f"acct_{merchant.id.hex}",
        origin="API" if external_id is not None else "STRIPE",
        external_id=external_id,
        created_at=NOW - age,
        updated_at=NOW - age,
        amount=amount,
        currency=currency,
    )
    known = _snapshot(key, kind, amount, currency.lower(), email, last4)
    if known is not None:
        payment.snapshot = snapshot.encode(known)
        payment.synced_at, payment.synced_by, payment.fetch_applied = NOW, "webhook", 1
        payment.stripe_payment_intent_id = known.intent.id if known.intent is not None else None
        payment.stripe_checkout_session_id = known.session.id if known.session is not None else None
    async with in_transaction():
        await documents.create(payment)
        for stripe_id, name in _objects(known):
            await PaymentObject.create(
                stripe_object_id=stripe_id, kind=name, id=uuid.uuid5(key, stripe_id), payment_id=key
            )
        await documents.save(payment, has_entries=False)
    return payment


def _snapshot(
    key: uuid.UUID, kind: str, amount: int, currency: str, email: str, last4: str
) -> snapshot.Snapshot | None:
    if kind == "creating":
        return None
    session = snapshot.parse_session(
        {
            "id": f"cs_{key.hex}",
            "status": "open" if kind == "open" else "complete",
            "payment_status": "unpaid" if kind == "open" else "paid",
            "amount_total": amount,
            "currency": currency,
            "expires_at": SECONDS + 86400,
            "metadata": {"payment_id": str(key)},
        }
    )
    if kind == "open":
        return snapshot.Snapshot(session=session)
    is_captured = kind != "authorized"
    charge: dict[str, Any] = {
        "id": f"ch_{key.hex}",
        "status": "succeeded",
        "amount": amount,
        "amount_captured": amount if is_captured else 0,
        "amount_refunded": amount // 4 if kind == "refunded" else 0,
        "currency": currency,
        "captured": is_captured,
        "paid": True,
        "disputed": kind == "disputed",
        "created": SECONDS,
        "application_fee_amount": 123,
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "last4": last4, "country": "US", "funding": "credit"},
        },
    }
    if is_captured:
        charge["application_fee"] = {
            "id": f"fee_{key.hex}",
            "amount": 123,
            "amount_refunded": 0,
            "currency": currency,
        }
        charge["balance_transaction"] = {
            "id": f"txn_{key.hex}",
            "amount": amount,
            "fee": 182,
            "net": amount - 182,
            "currency": currency,
            "fee_details": [
                {"type": "stripe_fee", "amount": 59},
                {"type": "application_fee", "amount": 123},
            ],
        }
    else:
        charge["payment_method_details"]["card"]["capture_before"] = SECONDS + 7 * 86400
    intent = snapshot.parse_intent(
        {
            "id": f"pi_{key.hex}",
            "status": KINDS[kind],
            "amount": amount,
            "amount_received": amount if is_captured else 0,
            "amount_capturable": 0 if is_captured else amount,
            "currency": currency,
            "description": "Order",
            "created": SECONDS,
            "latest_charge": charge,
            "metadata": {"payment_id": str(key)},
        }
    )
    refund = {
        "id": f"re_{key.hex}",
        "status": "succeeded",
        "amount": amount // 4,
        "currency": currency,
        "reason": "requested_by_customer",
        "created": SECONDS,
    }
    dispute = {
        "id": f"du_{key.hex}",
        "status": "needs_response",
        "amount": amount,
        "currency": currency,
        "reason": "fraudulent",
        "evidence_details": {"due_by": SECONDS + 86400},
        "created": SECONDS,
    }
    return snapshot.Snapshot(
        session=session,
        intent=intent,
        refunds=(snapshot.parse_refund(refund),) if kind == "refunded" else (),
        disputes=(snapshot.parse_dispute(dispute),) if kind == "disputed" else (),
        payer_email_hash=snapshot.hash_email(email),
    )


def _objects(known: snapshot.Snapshot | None) -> list[tuple[str, str]]:
    """The ids and kinds of the objects in a snapshot."""
    if known is None:
        return []
    found = [(known.session.id, "checkout.session")] if known.session is not None else []
    if known.intent is not None:
        found.append((known.intent.id, "payment_intent"))
        if known.intent.charge is not None:
            found.append((known.intent.charge.id, "charge"))
    found += [(refund.id, "refund") for refund in known.refunds]
    return found + [(dispute.id, "dispute") for dispute in known.disputes]
