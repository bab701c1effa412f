"""The course of a payment: an attempt, its decline or success, authentication, capture and booking.

The order of the events follows recordings of sandboxes and docs.stripe.com/payments/paymentintents/lifecycle.
"""

from simulator.control import later
from simulator.money import charges, fees, ledger, methods, records
from simulator.money.checkout import progress
from simulator.money.disputes import disputes
from simulator.state import Json, State, token
from simulator.wire.errors import Refused, doc_url

AUTHORIZATION_SECONDS = 7 * 86400
_BANK_MESSAGES = {
    "account_closed": "The customer's bank account has been closed.",
    "no_account": "The customer's bank account could not be located.",
    "insufficient_funds": "The customer's account has insufficient funds to cover this payment.",
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
}
_BY_DEFAULT = "The customer's bank has declined this payment."


def attempt(
    state: State,
    intent: Json,
    method: Json,
    *,
    base_url: str,
    return_url: str | None = None,
    authenticated: bool = False,
) -> Refused | None:
    """Try to pay an intent with a payment method.

    If the card is declined, the intent stores the card error, and the function returns it.
    """
    offered = methods.offered(state, intent["_account"], intent["currency"], intent)
    if not offered:
        raise methods.none_offered("Payment Intent")
    if method["type"] not in offered:
        message = f"The payment method type {method['type']} is not one of: {', '.join(offered)}."
        raise Refused("payment_intent_incompatible_payment_method", message, param="payment_method")
    intent.update(payment_method=method["id"], last_payment_error=None, next_action=None)
    card = methods.CARDS.get(method["_number"])
    if card is not None and card.authenticates and not authenticated:
        _require_authentication(state, intent, base_url, return_url)
        return None
    if card is None:
        _debit(state, intent, method)
        return None
    declined = methods.declined(method)
    if declined is not None:
        return _decline(state, intent, method, declined, authenticated=authenticated)
    _succeed(state, intent, method, authenticated=authenticated)
    return None


def _require_authentication(state: State, intent: Json, base_url: str, return_url: str | None) -> None:
    intent["_secret"] = token("", 24)
    intent["_return_url"] = return_url
    url = f"{base_url}/authenticate/{intent['id']}/{intent['_secret']}"
    if return_url is None:
        action: Json = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        action["use_stripe_sdk"]["stripe_js"] = url
    else:
        action = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    intent.update(status="requires_action", next_action=action)
    records.save(state, intent)
    records.emit(state, "payment_intent.requires_action", intent)


def authenticate(state: State, intent: Json, base_url: str, *, passed: bool) -> Refused | None:
    """End the authentication of an intent: pay the intent if the payer passed, or else refuse the attempt."""
    method = state.all("payment_method")[intent["payment_method"]]
    if passed:
        return attempt(state, intent, method, base_url=base_url, authenticated=True)
    code = "payment_intent_authentication_failure"
    message = (
        "We are unable to authenticate your payment method. Please choose a different payment method and "
        "try again."
    )
    error = {"code": code, "doc_url": doc_url(code), "message": message, "type": "invalid_request_error"}
    _return_to_start(state, intent, method, error)
    return Refused(code, message, 402)


def _return_to_start(state: State, intent: Json, method: Json, error: Json) -> None:
    """Make the intent require another payment method, after a failed attempt."""
    error = {**error, "payment_method": records.show(method)}
    intent.update(status="requires_payment_method", payment_method=None, next_action=None)
    intent["last_payment_error"] = error
    records.save(state, intent)
    records.emit(state, "payment_intent.payment_failed", intent)


def _decline(
    state: State, intent: Json, method: Json, decline: tuple[str, str, str, str], *, authenticated: bool
) -> Refused:
    code, decline_code, message, advice = decline
    charge = charges.new(state, intent, method, "failed")
    charge["payment_method_details"] = methods.details(method, None, authenticated=authenticated)
    outcome = {
        "advice_code": advice,
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": decline_code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
    charges.fail(charge, code, message, outcome)
    _attach(state, intent, charge)
    records.emit(state, "charge.failed", charge)
    error: Json = {
        "advice_code": advice,
        "charge": charge["id"],
        "code": code,
        "decline_code": decline_code,
        "doc_url": doc_url(code),
        "message": message,
        "type": "card_error",
    }
    _return_to_start(state, intent, method, error)
    # The API's error contains the whole intent.
    more = {name: error[name] for name in ("advice_code", "charge", "decline_code")}
    more["payment_intent"] = records.show(intent)
    return Refused(code, message, 402, "card_error", more=more)


def _succeed(state: State, intent: Json, method: Json, *, authenticated: bool) -> None:
    is_manual = intent["capture_method"] == "manual"
    before = int(state.now()) + AUTHORIZATION_SECONDS if is_manual else None
    charge = charges.new(state, intent, method, "succeeded")
    charge["payment_method_details"] = methods.details(method, before, authenticated=authenticated)
    _attach(state, intent, charge)
    if is_manual:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        records.save(state, intent)
        records.emit(state, "charge.succeeded", charge)
        records.emit(state, "payment_intent.amount_capturable_updated", intent)
        later.schedule(state, AUTHORIZATION_SECONDS, "expire_authorization", intent["id"])
    else:
        _receive(state, intent, charge)
        records.emit(state, "charge.succeeded", charge)
        disputes.follow(state, charge)
        records.emit(state, "payment_intent.succeeded", intent)


def _attach(state: State, intent: Json, charge: Json) -> None:
    records.save(state, charge)
    intent["latest_charge"] = charge["id"]


def _receive(state: State, intent: Json, charge: Json) -> None:
    """Record the captured amount. The charge is booked after a short delay, or at once if `capture_method`
    is automatic.
    """
    intent.update(status="succeeded", amount_received=charge["amount_captured"], amount_capturable=0)
    if intent["capture_method"] == "automatic":
        charges.book(state, charge)
    records.save(state, charge)
    records.save(state, intent)
    later.schedule(state, float(state.control("money")["booking_seconds"]), "book", charge["id"])


def book(state: State, identifier: str) -> None:
    """Book a charge and its application fee, if they are not booked yet."""
    charge = state.all("charge")[identifier]
    fee = charges.fee_of(charge)
    was_booked = charge["balance_transaction"] is not None
    if was_booked and (charge["application_fee"] is not None or not fee):
        return
    if not was_booked:
        charges.book(state, charge)
    if fee:
        fees.book(state, charge, fee)
    records.save(state, charge)
    records.emit(state, "charge.updated", charge)


def book_on_time(state: State, identifier: str) -> None:
    """Book a charge. Its application fee is booked at the same time, or after a delay of its own."""
    seconds = float(state.control("money")["fee_seconds"])
    charge = state.all("charge")[identifier]
    if not seconds or not charges.fee_of(charge):
        book(state, identifier)
        return
    if charge["balance_transaction"] is None:
        charges.book(state, charge)
        records.save(state, charge)
        records.emit(state, "charge.updated", charge)
    later.schedule(state, seconds, "book_fee", identifier)


def _debit(state: State, intent: Json, method: Json) -> None:
    charge = charges.new(state, intent, method, "pending", paid=False)
    charge["payment_method_details"] = methods.details(method, None, authenticated=False)
    _attach(state, intent, charge)
    intent.update(status="processing", processing=None)
    records.save(state, intent)
    records.emit(state, "payment_intent.processing", intent)
    records.emit(state, "charge.pending", charge)
    if methods.BANKS[method["_number"]].failure != "processing":
        later.schedule(state, float(state.control("money")["debit_seconds"]), "settle", intent["id"])


def settle(state: State, identifier: str) -> None:
    """End a bank debit with the outcome that its test account sets, unless the debit has already ended."""
    intent = state.all("payment_intent")[identifier]
    if intent["status"] != "processing":
        return
    method = state.all("payment_method")[intent["payment_method"]]
    failure = methods.BANKS[method["_number"]].failure
    if failure in {None, "processing"}:
        succeed_debit(state, intent)
    else:
        fail_debit(state, intent, str(failure))


def succeed_debit(state: State, intent: Json) -> None:
    """Let a bank debit succeed."""
    charge = state.all("charge")[intent["latest_charge"]]
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    _receive(state, intent, charge)
    records.emit(state, "charge.succeeded", charge)
    disputes.follow(state, charge)
    records.emit(state, "payment_intent.succeeded", intent)
    progress.settled(state, intent, succeeded=True)


def fail_debit(state: State, intent: Json, failure: str) -> None:
    """Let a bank debit fail with this failure code."""
    charge = state.all("charge")[intent["latest_charge"]]
    method = state.all("payment_method")[intent["payment_method"]]
    message = _BANK_MESSAGES.get(failure, _BY_DEFAULT)
    outcome = {"network_status": "declined_by_network", "reason": failure, "type": "issuer_declined"}
    charges.fail(charge, failure, message, {**outcome, "seller_message": message})
    records.save(state, charge)
    records.emit(state, "charge.failed", charge)
    error = {
        "charge": charge["id"],
        "code": "payment_intent_payment_attempt_failed",
        "decline_code": failure,
        "doc_url": doc_url("payment_intent_payment_attempt_failed"),
        "message": message,
        "type": "card_error",
    }
    _return_to_start(state, intent, method, error)
    progress.settled(state, intent, succeeded=False)


def return_debit(state: State, intent: Json, failure: str) -> None:
    """Let the bank return the money of a successful debit to the payer. The intent stays `succeeded`."""
    charge = state.all("charge")[intent["latest_charge"]]
    book(state, charge["id"])
    charge["_returned"] = charge["amount_captured"] - charge["amount_refunded"]
    kind = "payment_failure_refund"
    row = ledger.book(state, charge, kind, -charge["_returned"], category="charge_failure")
    charge.update(status="failed", paid=False, failure_balance_transaction=row["id"], failure_code=failure)
    charge["failure_message"] = _BANK_MESSAGES.get(failure, _BY_DEFAULT)
    records.save(state, charge)
    records.emit(state, "charge.failed", charge)
    records.emit(state, "charge.updated", charge)


def capture(state: State, intent: Json, amount: int, fee: int | None) -> None:
    """Capture an authorization, or a part of it. The rest is released."""
    charge = state.all("charge")[intent["latest_charge"]]
    if fee is not None:
        intent["application_fee_amount"] = charge["application_fee_amount"] = fee or None
    charge.update(captured=True, amount_captured=amount)
    _receive(state, intent, charge)
    records.emit(state, "charge.captured", charge)
    disputes.follow(state, charge)
    records.emit(state, "payment_intent.succeeded", intent)


def cancel(state: State, intent: Json, reason: str | None) -> None:
    """Cancel an intent, which releases its authorization."""
    intent.update(status="canceled", canceled_at=int(state.now()), cancellation_reason=reason)
    intent.update(amount_capturable=0, next_action=None)
    records.save(state, intent)
    records.emit(state, "payment_intent.canceled", intent)


WORKS = {"book": book_on_time, "book_fee": book, "settle": settle}
