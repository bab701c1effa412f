"""A dispute: an inquiry of the payer's bank, or a chargeback, which withdraws the money.

https://docs.stripe.com/disputes/how-disputes-work. Events and balance transactions
come in the order that recordings of sandboxes show.
"""

from datetime import UTC, datetime, timedelta

from simulator.control import later
from simulator.money import ledger, methods, records
from simulator.money.disputes import warnings
from simulator.state import Json, State
from simulator.wire.errors import Refused

REASONS = (
    *("bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated"),
    *("debit_not_authorized", "duplicate", "fraudulent", "general", "incorrect_account_details"),
    *("insufficient_funds", "noncompliant", "product_not_received", "product_unacceptable"),
    *("subscription_canceled", "unrecognized"),
)
# Visa's network reason codes of chargebacks, by reason, from recordings. All inquiries have the same code.
_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}
_INQUIRY_CODE = "10"
TEXTS = (
    "access_activity_log billing_address cancellation_policy_disclosure cancellation_rebuttal "
    "customer_email_address customer_name customer_purchase_ip duplicate_charge_explanation "
    "duplicate_charge_id product_description refund_policy_disclosure refund_refusal_explanation "
    "service_date shipping_address shipping_carrier shipping_date shipping_tracking_number uncategorized_text"
)
FILES = (
    "cancellation_policy customer_communication customer_signature duplicate_charge_documentation receipt "
    "refund_policy service_documentation shipping_documentation uncategorized_file"
)
FIELDS = (*TEXTS.split(), *FILES.split())
APPEALS = {"appeal_needs_response", "appeal_under_review"}
# A chargeback with one of these statuses blocks refunds, and its money is withdrawn.
WITHDRAWN = {"needs_response", "under_review", "lost"} | APPEALS
# Stripe's fee for a chargeback, in minor units. At Stripe, the fee differs between countries.
FEE = 1500
RESPONSE_DAYS = 8
INQUIRY_DAYS = 120


def follow(state: State, charge: Json) -> None:
    """After a payment, open the disputes or the early fraud warning that its test card or bank account
    causes, immediately or after a delay.
    """
    if methods.disputes(charge["_method"]) is None:
        return
    seconds = float(state.control("money")["dispute_seconds"])
    if seconds:
        later.schedule(state, seconds, "dispute", charge["id"])
    else:
        dispute(state, charge["id"])


def dispute(state: State, identifier: str) -> None:
    """Open the disputes or the early fraud warning that the test card or bank account of a charge causes.

    A charge that is fully refunded or not captured gets none.
    """
    charge = state.all("charge")[identifier]
    kind = methods.disputes(charge["_method"])
    if not charge["captured"] or charge["refunded"]:
        return
    whole = charge["amount_captured"]
    if kind == "several":
        open_dispute(state, charge, "fraudulent", whole - whole // 2)
        open_dispute(state, charge, "fraudulent", whole // 2)
    elif kind == "inquiry":
        open_dispute(state, charge, "fraudulent", is_inquiry=True)
    elif kind == "warning":
        warnings.warn(state, charge)
    else:
        open_dispute(state, charge, str(kind))


def open_dispute(
    state: State, charge: Json, reason: str, amount: int | None = None, *, is_inquiry: bool = False
) -> Json:
    """Open an inquiry or a chargeback for a charge, by default for the whole amount. Returns the dispute.

    Chargebacks of bank debits cannot be answered, and are lost at once.
    """
    _check(charge, reason, amount)
    is_card = charge["payment_method_details"]["type"] == "card"
    is_final = not is_card and not is_inquiry
    opened = _new(state, charge, reason, amount or charge["amount_captured"], is_inquiry=is_inquiry)
    if is_final:
        opened["evidence_details"]["due_by"] = None
    else:
        later.schedule(state, opened["evidence_details"]["due_by"] - state.now(), "dispute_due", opened["id"])
    if is_inquiry:
        later.schedule(state, INQUIRY_DAYS * 86400, "end_inquiry", opened["id"])
    charge["disputed"] = True
    records.save(state, charge)
    if not is_inquiry:
        withdraw(state, opened, charge)
    records.save(state, opened)
    emit(state, "created", opened)
    if not is_inquiry:
        emit(state, "funds_withdrawn", opened)
        updated(state, charge)
    if is_final:
        opened["status"] = "lost"
        records.save(state, opened)
        emit(state, "closed", opened)
    warnings.settle(state, charge)
    return opened


def _check(charge: Json, reason: str, amount: int | None) -> None:
    if charge["status"] != "succeeded" or not charge["captured"] or charge["refunded"]:
        raise Refused("parameter_invalid", "Only a paid charge that is not refunded can be disputed.")
    if reason not in REASONS:
        raise Refused("parameter_invalid", f"reason: must be one of {', '.join(REASONS)}")
    if amount is not None and not 0 < amount <= charge["amount_captured"]:
        raise Refused("parameter_invalid", f"amount: must be from 1 to {charge['amount_captured']}")


def _new(state: State, charge: Json, reason: str, amount: int, *, is_inquiry: bool) -> Json:
    card = charge["payment_method_details"].get("card")
    code = _INQUIRY_CODE if is_inquiry else _CODES.get(reason)
    details = None
    if card is not None:
        kind = "inquiry" if is_inquiry else "chargeback"
        part = {"brand": card["brand"], "case_type": kind, "network": card["brand"]}
        details = {"type": "card", "card": {**part, "network_reason_code": code}}
    payer = charge["billing_details"]
    evidence = {**records.nulls(f"{TEXTS} {FILES} appeal"), "enhanced_evidence": {}}
    evidence.update(customer_email_address=payer["email"], customer_name=payer["name"])
    return {
        "id": records.new_id("du"),
        "object": "dispute",
        "_account": charge["_account"],
        "_transactions": [],
        "amount": amount,
        "charge": charge["id"],
        "created": int(state.now()),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": due_by(state),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": code,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": details,
        "reason": reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
    }


def due_by(state: State) -> int:
    """Return the deadline for an answer: the end of the UTC day eight days from now, as in recordings."""
    day = state.today() + timedelta(days=RESPONSE_DAYS + 1)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 1


def withdraw(state: State, opened: Json, charge: Json) -> None:
    """Take the disputed amount and the fee from the account."""
    fee = {
        "amount": FEE,
        "application": None,
        "currency": opened["currency"],
        "description": "Dispute fee",
        "type": "stripe_fee",
    }
    _book(state, opened, charge, -opened["amount"], "dispute", "withdrawal", [fee])


def reinstate(state: State, opened: Json, charge: Json) -> None:
    """Give back the disputed amount. Stripe keeps the fee."""
    _book(state, opened, charge, opened["amount"], "dispute_reversal", "reversal", [])


def _book(
    state: State, opened: Json, charge: Json, amount: int, category: str, word: str, fees: list[Json]
) -> None:
    # In recordings, this transaction is pending as long as the payment's own transaction is pending.
    paid = state.all("balance_transaction").get(charge["balance_transaction"] or "")
    at_once = paid is not None and ledger.status(state, paid) == "available"
    source = {**opened, "description": f"Chargeback {word} for {charge['id']}"}
    row = ledger.book(state, source, "adjustment", amount, category=category, fees=fees, at_once=at_once)
    opened["_transactions"] = [*opened["_transactions"], row["id"]]


def charged_back(state: State, charge: Json) -> bool:
    """Whether a chargeback blocks refunds of a charge. A dispute that the merchant won blocks none."""
    return any(one["status"] in WITHDRAWN for one in state.having("dispute", "charge", charge["id"]))


def emit(state: State, kind: str, opened: Json) -> None:
    """Emit an event about a dispute."""
    records.emit(state, f"charge.dispute.{kind}", opened, render(state, opened))


def updated(state: State, charge: Json) -> None:
    """Emit an event about a booked charge. For an unbooked charge, the event follows when it is booked."""
    if charge["balance_transaction"] is not None:
        records.emit(state, "charge.updated", charge)


def render(state: State, opened: Json) -> Json:
    """Return a dispute with its balance transactions."""
    rows = [state.all("balance_transaction")[key] for key in opened["_transactions"]]
    return {**records.show(opened), "balance_transactions": [ledger.render(state, row) for row in rows]}
