"""Refunds, by the API or in the Dashboard. They can be pending, fail later, and give back the fee.
https://docs.stripe.com/refunds. The error messages are copied from recordings of Stripe.
"""

from simulator.control import later
from simulator.money import charges, currencies, fees, ledger, methods, payments, records
from simulator.money.disputes import disputes, warnings
from simulator.state import Json, State, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/refunds"
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CREATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "amount": forms.at_least(1),
    "charge": str,
    "metadata": forms.Unset(forms.METADATA),
    "payment_intent": str,
    "reason": REASONS,
    "refund_application_fee": bool,
}
UPDATE: dict[str, forms.Table] = {**forms.EXPAND, "metadata": forms.Unset(forms.METADATA)}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "charge": str, "payment_intent": str}
FAILURES = (
    *("lost_or_stolen_card", "expired_or_canceled_card", "charge_for_pending_refund_disputed"),
    *("insufficient_funds", "declined", "merchant_request", "unknown"),
)
RETRY_SECONDS = 3600.0


def create(call: Call) -> str:
    """POST /v1/refunds. The default amount is the whole remaining amount."""
    body = call.body
    charge = _charge(call)
    order: Json = {name: body[name] for name in ("amount", "reason", "metadata") if name in body}
    returns_fee = bool(body.get("refund_application_fee"))
    return str(refund(call.state, charge, order, returns_fee=returns_fee)["id"])


def _charge(call: Call) -> Json:
    body = call.body
    if "charge" in body:
        return records.find(call, "charge", body["charge"])
    if "payment_intent" not in body:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise Refused(None, message)
    intent = records.find(call, "payment_intent", body["payment_intent"])
    if intent["status"] == "requires_capture":
        message = (
            f"This PaymentIntent ({intent['id']}) has a status of requires_capture: to release its funds, "
            "you must cancel the PaymentIntent."
        )
        raise Refused(None, message, param="payment_intent")
    charge = call.state.all("charge").get(intent["latest_charge"])
    if intent["status"] != "succeeded" or charge is None:
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise Refused(None, message, param="payment_intent")
    return charge


def refund(state: State, charge: Json, order: Json, *, returns_fee: bool = False) -> Json:
    """Refund a charge: the `amount` in `order`, or the whole remaining amount. Returns the refund."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = order.get("amount", left)
    if disputes.charged_back(state, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise Refused("charge_disputed", message)
    _check(charge, amount, left, returns_fee=returns_fee)
    # Stripe books a charge after a delay, but a charge must be booked before its refund.
    payments.book(state, charge["id"])
    made = _new(state, charge, amount, order.get("reason"), forms.merged({}, order.get("metadata", {})))
    needs_balance = state.control("switches")["refund_needs_available_balance"]
    if needs_balance and ledger.available(state, charge["_account"], charge["currency"]) < amount:
        _wait_for_balance(state, made, charge)
    else:
        _execute(state, made, charge)
    if made["status"] == "failed":
        records.save(state, made)
        records.emit(state, "refund.created", made)
        records.emit(state, "refund.failed", made)
        return made
    _count(state, charge, amount)
    records.save(state, made)
    records.emit(state, "refund.created", made)
    records.emit(state, "charge.refunded", charge)
    if charge["refunded"]:
        warnings.settle(state, charge)
    if returns_fee:
        _return_fee(state, charge)
    return made


def _check(charge: Json, amount: int, left: int, *, returns_fee: bool) -> None:
    if charge["status"] != "succeeded" or not charge["captured"]:
        message = f"Charge {charge['id']} has not been captured or did not succeed; cannot issue a refund."
        raise Refused("charge_not_refundable", message)
    if left == 0:
        raise Refused("charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
    if amount > left:
        shown = [currencies.shown(one, charge["currency"]) for one in (amount, left)]
        message = f"Refund amount ({shown[0]}) is greater than unrefunded amount on charge ({shown[1]})"
        raise Refused(None, message, param="amount")
    currencies.check_amount(amount, charge["currency"])
    if returns_fee and not charges.fee_of(charge):
        message = f"Attempting to refund_application_fee on {charge['id']}, but it has no application fee"
        raise Refused(None, message, param="refund_application_fee")


def _new(state: State, charge: Json, amount: int, reason: str | None, metadata: Json) -> Json:
    is_card = charge["payment_method_details"]["type"] == "card"
    nulls = (
        "balance_transaction customer_account description failure_balance_transaction "
        "failure_reason next_action pending_reason receipt_number source_transfer_reversal transfer_reversal"
    )
    details: Json = {"type": charge["payment_method_details"]["type"]}
    if is_card:
        details["card"] = {
            "reference": None,
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        }
    return {
        "id": records.new_id("re" if is_card else "pyr", records.stem(charge["id"])),
        "object": "refund",
        "_account": charge["_account"],
        **records.nulls(nulls),
        "amount": amount,
        "charge": charge["id"],
        "created": int(state.now()),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": details,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "status": "pending",
    }


def _execute(state: State, made: Json, charge: Json) -> None:
    """Take a refund's money from the balance. Cards usually get it at once, and bank accounts later."""
    is_card = charge["payment_method_details"]["type"] == "card"
    kind = "refund" if is_card else "payment_refund"
    transaction = ledger.book(state, made, kind, -made["amount"], category="refund")
    made["balance_transaction"] = transaction["id"]
    card = methods.CARDS.get(charge["_method"])
    seconds = float(state.control("money")["refund_seconds"])
    if card is None or card.refund == "pends":
        made.update(status="pending", pending_reason="processing")
        later.schedule(state, seconds, "finish_refund", made["id"])
        return
    made.update(status="succeeded", pending_reason=None)
    if card.refund == "fails":
        later.schedule(state, seconds, "fail_refund", made["id"])
    else:
        wait = float(state.control("money")["refund_reference_seconds"])
        later.schedule(state, wait, "refer_refund", made["id"])


def _wait_for_balance(state: State, made: Json, charge: Json) -> None:
    """Let a card refund wait until the balance is high enough. A refund to a bank account fails."""
    if charge["payment_method_details"]["type"] == "card":
        made.update(status="pending", pending_reason="insufficient_funds")
        later.schedule(state, RETRY_SECONDS, "retry_refund", made["id"])
    else:
        made.update(status="failed", failure_reason="insufficient_funds")


def _count(state: State, charge: Json, amount: int) -> None:
    """Add `amount`, which is negative after a failure, to the refunded amount of a charge."""
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    records.save(state, charge)


def _return_fee(state: State, charge: Json) -> None:
    """Refund the application fee in proportion to all refunds, rounded half up, minus the part that was
    refunded before."""
    fee = state.all("application_fee")[charge["application_fee"]]
    whole, part = charge["amount_captured"], fee["amount"] * charge["amount_refunded"]
    share = (2 * part + whole) // (2 * whole) - fee["amount_refunded"]
    if share > 0:
        fees.give_back(state, fee, share)


def _updated(state: State, made: Json) -> None:
    records.save(state, made)
    records.emit(state, "refund.updated", made)
    records.emit(state, "charge.refund.updated", made)


def finish(state: State, identifier: str) -> None:
    """Complete a refund that is waiting for the bank."""
    made = state.all("refund")[identifier]
    if made["status"] == "pending" and made["pending_reason"] == "processing":
        made.update(status="succeeded", pending_reason=None)
        _updated(state, made)


def retry(state: State, identifier: str) -> None:
    """Execute a refund that waited for the balance, or try again later if the balance is still too low."""
    made = state.all("refund")[identifier]
    if made["status"] != "pending":
        return
    if ledger.available(state, made["_account"], made["currency"]) < made["amount"]:
        later.schedule(state, RETRY_SECONDS, "retry_refund", identifier)
        return
    _execute(state, made, state.all("charge")[made["charge"]])
    _updated(state, made)


def refer(state: State, identifier: str) -> None:
    """Show the reference, with which the cardholder's bank can find the refund."""
    made = state.all("refund")[identifier]
    if made["status"] == "succeeded":
        card = {"reference": token("", 12), "reference_status": "available"}
        made["destination_details"]["card"].update(card)
        _updated(state, made)


def fail(state: State, identifier: str, reason: str = "expired_or_canceled_card") -> None:
    """Let a refund fail, even after it has succeeded. The money returns to the merchant's balance."""
    made = state.all("refund")[identifier]
    if made["status"] not in {"pending", "succeeded"}:
        return
    if made["balance_transaction"] is not None:
        returned = ledger.book(state, made, "refund_failure", made["amount"])
        made["failure_balance_transaction"] = returned["id"]
    made.update(status="failed", failure_reason=reason, pending_reason=None)
    charge = state.all("charge")[made["charge"]]
    _count(state, charge, -made["amount"])
    records.save(state, made)
    records.emit(state, "refund.failed", made)
    _updated(state, made)
    records.emit(state, "charge.updated", charge)


def expire_authorization(state: State, identifier: str) -> None:
    """Cancel an intent whose authorization was not captured in time.

    Since 2025-03-31, Stripe creates no refund when an authorization expires or is captured in part
    (https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow).
    """
    intent = state.all("payment_intent")[identifier]
    if intent["status"] == "requires_capture":
        charge = state.all("charge")[intent["latest_charge"]]
        records.emit(state, "charge.expired", charge)
        payments.cancel(state, intent, "expired")


def show(call: Call) -> Json:
    """GET /v1/refunds/{id}."""
    return records.show(records.find(call, "refund", call.path["id"]))


def update(call: Call) -> str:
    """POST /v1/refunds/{id}. Changes only the metadata."""
    made = records.find(call, "refund", call.path["id"])
    if "metadata" in call.body:
        made["metadata"] = forms.merged(made["metadata"], call.body["metadata"])
    _updated(call.state, made)
    return str(made["id"])


def list_refunds(call: Call) -> Json:
    """GET /v1/refunds. A charge or intent in the query must exist."""
    return records.page(call, "refund", PATH, records.show, *records.of_payment(call, "refund"))


WORKS = {
    "expire_authorization": expire_authorization,
    "fail_refund": fail,
    "finish_refund": finish,
    "refer_refund": refer,
    "retry_refund": retry,
}
