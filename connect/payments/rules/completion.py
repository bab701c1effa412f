"""The times at which a paid payment is fetched again, because Stripe books a payment only after its success.
Pure.

Right after a success, a charge has neither its balance transaction nor its application fee
(https://docs.stripe.com/payments/payment-intents/asynchronous-capture).
"""

from datetime import datetime, timedelta

from connect.payments.rules.snapshot import Snapshot

# The pauses before the fetches. `charge.updated` usually announces the booking within seconds.
PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


def is_complete(known: Snapshot) -> bool:
    """Whether Stripe has booked the payment completely. A payment that has not succeeded counts as booked."""
    if known.intent is None or known.intent.status != "succeeded":
        return True
    charge = known.intent.charge
    if charge is None:  # the answer to a creation lacks the charge
        return False
    has_fee = charge.fee is not None and charge.fee.amount is not None
    return charge.transaction is not None and (has_fee or not charge.application_fee_amount)


def next_fetch(done: int, at: datetime) -> datetime | None:
    """The time of the next fetch, if `done` fetches were made since the success. None after the last
    fetch.
    """
    return at + PAUSES[done] if done < len(PAUSES) else None
