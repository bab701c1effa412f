"""Payments that are stored without Stripe, for tests of queries."""

import uuid
from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from connect.payments.mirror import documents
from connect.payments.rules import snapshot
from models import Merchant, Payment, PaymentObject, past_uuid7
from models.transactions import repeatable
from testing import payment_answers

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)

EVERY_FIELD = """
  id externalId origin state refundState disputeState summary
  failure { code declineCode payerMessage retry }
  appliedFee { source fee { minorUnits } amount { minorUnits } basisPoints flat { minorUnits } }
  amount { minorUnits currency exponent decimal } amountReceived { minorUnits } amountRefunded { minorUnits }
  applicationFee { minorUnits currency } applicationFeeRefunded { minorUnits }
  stripeFee { minorUnits currency } net { minorUnits currency }
  method { type brand last4 country funding wallet }
  checkout { status expiresAt stripeCheckoutSessionId } captureBefore description
  metadata { key value }
  refunds {
    id externalId origin amount { minorUnits } state explanation reason pendingReason failureReason reference
    stripeRefundId createdAt
  }
  disputes {
    id status kind amount { minorUnits } reason explanation needsResponse dueBy stripeDisputeId createdAt
    nextAction { kind label deadline } withdrawn { minorUnits } fee { minorUnits }
    evidence {
      state version submissionCount recommended { field title isFile } programs { program status missing }
    }
  }
  disputeWarnings { actionable explanation stripeWarningId createdAt }
  stripePaymentIntentId stripeChargeId livemode createdAt updatedAt freshness { syncedAt source stale }
"""


@repeatable
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
    """Store a payment of a kind in `payment_answers.STATUSES`. `age` is the time from its creation to NOW."""
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
    known = payment_answers.build(
        kind,
        key.hex,
        amount=amount,
        currency=currency,
        email=email,
        last4=last4,
        at=NOW,
        payment_id=str(key),
    )
    if known is not None:
        payment.snapshot = snapshot.encode(known)
        payment.synced_at, payment.synced_by, payment.fetch_applied = NOW, "webhook", 1
        payment.stripe_payment_intent_id = known.intent.id if known.intent is not None else None
        payment.stripe_checkout_session_id = known.session.id if known.session is not None else None
    async with in_transaction():
        await documents.create(payment)
        for stripe_id, name in payment_answers.objects(known):
            await PaymentObject.create(
                stripe_object_id=stripe_id, kind=name, id=uuid.uuid5(key, stripe_id), payment_id=key
            )
        await documents.save(payment, has_entries=False)
    return payment
