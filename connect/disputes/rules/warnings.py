"""The bank's warnings that it may dispute a payment, in wire form. Pure.

Stripe calls them early fraud warnings (https://docs.stripe.com/api/radar/early_fraud_warnings/object). The
texts do not mention fraud, because merchants read them.
"""

from typing import Any

from connect.disputes import wording
from connect.merchants.rules.wire import wire_time
from connect.payments.rules.snapshot import FraudWarning


def build(warning: FraudWarning, *, is_refunded: bool) -> dict[str, Any]:
    """Build the warning's part of the payment's document. `is_refunded` means a full refund, even if it is
    pending.
    """
    actionable = warning.actionable and not is_refunded
    return {
        "actionable": actionable,
        "explanation": wording.WARNING if actionable else wording.WARNING_ENDED,
        "stripeWarningId": warning.id,
        "createdAt": wire_time(warning.created_at),
    }
