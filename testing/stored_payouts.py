"""Payouts that are stored without Stripe, each with one balance transaction."""

from datetime import timedelta

from connect.finances import payouts
from connect.finances.rules import payouts as rules
from models import Merchant, Payout, PayoutTransaction, past_uuid7, uuid7
from testing.merchants import NOW

# All fields that are part of a payout's document.
EVERY_FIELD = """
  id status summary amount { minorUnits currency exponent decimal } arrivalDate isLate automatic method
  destination { type name last4 country currency } failure { code explanation remedy wasPaid noticedAt }
  traceId reconciliation transactionsCompleteAt statementDescriptor livemode externalId stripePayoutId
  createdAt updatedAt freshness { syncedAt source stale }
"""


async def add_payout(
    merchant: Merchant,
    status: str = "paid",
    *,
    amount: int = 841,
    last4: str = "6789",
    age: timedelta = timedelta(),
) -> Payout:
    """Store a payout. `age` is the time from its creation to NOW."""
    key, created_at = past_uuid7(NOW - age), NOW - age
    known = rules.Snapshot(
        id=f"po_{key.hex}",
        status=status,
        amount=amount,
        currency="USD",
        arrives_at=created_at + timedelta(days=1),
        created_at=created_at,
        automatic=True,
        method="standard",
        destination=rules.Destination(type="bank_account", name="STRIPE TEST BANK", last4=last4),
        failure_code="account_closed" if status == rules.FAILED else None,
        reconciliation="completed",
    )
    row = Payout(
        id=key,
        merchant_id=merchant.id,
        merchant_external_id=merchant.external_id,
        stripe_account_id=f"acct_{merchant.id.hex}",
        stripe_payout_id=known.id,
        created_at=created_at,
        updated_at=created_at,
        snapshot=rules.encode(known),
        synced_at=NOW,
        synced_by="webhook",
        transactions_at=NOW,
        status=status,
        amount=amount,
        currency="USD",
        arrives_at=created_at + timedelta(days=1),
        failed_at=NOW if status == rules.FAILED else None,
    )
    await payouts.create(row)
    await PayoutTransaction.create(
        id=uuid7(),
        payout_id=row.id,
        stripe_transaction_id=f"txn_{key.hex}",
        type="charge",
        category="charge",
        amount=amount,
        fee=0,
        net=amount,
        currency="USD",
        stripe_source_id=f"ch_{key.hex}",
        created_at=created_at,
    )
    return row
