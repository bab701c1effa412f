"""Snapshots of payments in nearly every state, for payments that are stored without calls to Stripe."""

from datetime import datetime
from typing import Any

from connect.payments.rules import snapshot
from connect.payments.rules.snapshot import Snapshot

# The status of the intent for each kind of payment, or None if the payment has no intent.
STATUSES: dict[str, str | None] = {
    "creating": None,  # unknown to Stripe
    "open": None,
    "expired": None,
    "failed attempt": "requires_payment_method",
    "processing": "processing",
    "canceled": "canceled",
    "authorized": "requires_capture",
    "succeeded": "succeeded",
    "refunded": "succeeded",
    "fully refunded": "succeeded",
    "refund pending": "succeeded",
    "refund failed": "succeeded",
    "disputed": "succeeded",
    "inquiry": "succeeded",
    "warned": "succeeded",
    "dispute won": "succeeded",
    "dispute lost": "succeeded",
}
REFUNDS = {
    "refunded": "succeeded",
    "fully refunded": "succeeded",
    "refund pending": "pending",
    "refund failed": "failed",
}
DISPUTES = {
    "disputed": "needs_response",
    "inquiry": "warning_needs_response",
    "dispute won": "won",
    "dispute lost": "lost",
}
SESSIONS = {"open": "open", "expired": "expired", "failed attempt": "open", "canceled": "expired"}
FEE, STRIPE_FEE = 123, 59


def build(
    kind: str,
    key: str,
    *,
    amount: int,
    currency: str,
    email: str,
    last4: str,
    at: datetime,
    payment_id: str,
    has_session: bool = True,
) -> Snapshot | None:
    """The snapshot of a payment of this kind, or None if Stripe does not know such a payment.

    The payment was created at the time `at`, and its ids at Stripe end with `key`.
    """
    if kind == "creating":
        return None
    status, seconds = STATUSES[kind], int(at.timestamp())
    later = seconds + 86400
    currency = currency.lower()
    session = {
        "id": f"cs_{key}",
        "status": SESSIONS.get(kind, "complete"),
        "payment_status": "paid" if status == "succeeded" else "unpaid",
        "amount_total": amount,
        "currency": currency,
        "expires_at": later,
        "metadata": {"payment_id": payment_id},
    }
    known: dict[str, Any] = {"session": snapshot.parse_session(session)} if has_session else {}
    if status is None:
        return Snapshot(**known)
    is_paid = status == "succeeded"
    intent = {
        "id": f"pi_{key}",
        "status": status,
        "amount": amount,
        "amount_received": amount if is_paid else 0,
        "amount_capturable": amount if kind == "authorized" else 0,
        "currency": currency,
        "description": "Order",
        "created": seconds,
        "metadata": {"payment_id": payment_id},
    }
    if kind == "failed attempt":
        intent["last_payment_error"] = {"code": "card_declined", "message": "Your card was declined."}
    if kind != "canceled":
        intent["latest_charge"] = _charge(kind, key, amount, currency, last4, seconds)
    refund = {
        "id": f"re_{key}",
        "status": REFUNDS.get(kind),
        "amount": amount if kind == "fully refunded" else amount // 4,
        "currency": currency,
        "reason": "requested_by_customer",
        "failure_reason": "expired_or_canceled_card" if kind == "refund failed" else None,
        "created": seconds,
    }
    dispute = {
        "id": f"du_{key}",
        "status": DISPUTES.get(kind),
        "amount": amount,
        "currency": currency,
        "reason": "fraudulent",
        "evidence_details": {"due_by": later},
        "created": seconds,
    }
    warning = {"id": f"issfr_{key}", "actionable": True, "fraud_type": "misc", "created": seconds}
    return Snapshot(
        **known,
        intent=snapshot.parse_intent(intent),
        refunds=(snapshot.parse_refund(refund),) if kind in REFUNDS else (),
        disputes=(snapshot.parse_dispute(dispute),) if kind in DISPUTES else (),
        warnings=(snapshot.parse_warning(warning),) if kind == "warned" else (),
        payer_email_hash=snapshot.hash_email(email),
    )


def objects(known: Snapshot | None) -> list[tuple[str, str]]:
    """The ids and kinds of the objects in a snapshot."""
    if known is None:
        return []
    found = [(known.session.id, "checkout.session")] if known.session is not None else []
    if known.intent is not None:
        found.append((known.intent.id, "payment_intent"))
        if known.intent.charge is not None:
            found.append((known.intent.charge.id, "charge"))
    found += [(refund.id, "refund") for refund in known.refunds]
    found += [(dispute.id, "dispute") for dispute in known.disputes]
    return found + [(warning.id, "radar.early_fraud_warning") for warning in known.warnings]


def _charge(kind: str, key: str, amount: int, currency: str, last4: str, seconds: int) -> dict[str, Any]:
    is_paid = STATUSES[kind] == "succeeded"
    refunded = {"fully refunded": amount, "refunded": amount // 4, "refund pending": amount // 4}
    charge: dict[str, Any] = {
        "id": f"ch_{key}",
        "status": {"failed attempt": "failed", "processing": "pending"}.get(kind, "succeeded"),
        "amount": amount,
        "amount_captured": amount if is_paid else 0,
        "amount_refunded": refunded.get(kind, 0),
        "currency": currency,
        "captured": is_paid,
        "paid": is_paid,
        "disputed": kind in DISPUTES,
        "created": seconds,
        "application_fee_amount": FEE,
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "last4": last4, "country": "US", "funding": "credit"},
        },
    }
    if kind == "failed attempt":
        charge |= {"failure_code": "card_declined", "failure_message": "Your card was declined."}
    if kind == "authorized":
        charge["payment_method_details"]["card"]["capture_before"] = seconds + 7 * 86400
    if is_paid:
        charge["application_fee"] = {
            "id": f"fee_{key}",
            "amount": FEE,
            "amount_refunded": 0,
            "currency": currency,
        }
        charge["balance_transaction"] = {
            "id": f"txn_{key}",
            "amount": amount,
            "fee": FEE + STRIPE_FEE,
            "net": amount - FEE - STRIPE_FEE,
            "currency": currency,
            "fee_details": [
                {"type": "stripe_fee", "amount": STRIPE_FEE},
                {"type": "application_fee", "amount": FEE},
            ],
        }
    return charge
