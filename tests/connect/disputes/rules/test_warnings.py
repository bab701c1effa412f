"""The texts of a bank's warning: while a refund can still avoid the dispute, and afterwards."""

from datetime import UTC, datetime

from connect.disputes.rules import warnings
from connect.payments.rules.snapshot import FraudWarning

OPEN = FraudWarning(id="issfr_1", actionable=True, created_at=datetime(2026, 1, 31, tzinfo=UTC))
ENDED = "Nothing is left to do: the payment is refunded in full, or is disputed already."


def test_a_warning_says_what_to_do_until_a_full_refund_or_a_dispute() -> None:
    assert warnings.build(OPEN, is_refunded=False) == {
        "actionable": True,
        "explanation": "The customer's bank may soon dispute the payment. A full refund before that "
        "usually avoids the dispute and its fee. The bank names no date.",
        "stripeWarningId": "issfr_1",
        "createdAt": "2026-01-31T00:00:00.000Z",
    }
    refunded = warnings.build(OPEN, is_refunded=True)
    ended = warnings.build(FraudWarning(id="issfr_1"), is_refunded=False)
    assert [(one["actionable"], one["explanation"]) for one in (refunded, ended)] == [(False, ENDED)] * 2
