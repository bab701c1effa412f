"""PaymentIntents: create, change, confirm, capture, cancel, show and list them.

https://docs.stripe.com/api/payment_intents. Most error messages are copied from recordings of Stripe.
"""

from simulator.money import charges, currencies, fees, methods, payments, records
from simulator.state import Json, State, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/payment_intents"
_CAPTURE = ("automatic", "automatic_async", "manual")
_FIELDS: dict[str, forms.Table] = {
    **forms.EXPAND,
    "amount": forms.at_least(1),
    "application_fee_amount": forms.Unset(forms.at_least(0)),
    "currency": str,
    "customer": str,
    "description": forms.Unset(str),
    "metadata": forms.Unset(forms.METADATA),
    "payment_method": str,
    "receipt_email": forms.Unset(str),
    "shipping": forms.Unset(charges.SHIPPING),
    "statement_descriptor": str,
    "statement_descriptor_suffix": str,
}
UPDATE = _FIELDS
QUERY: dict[str, forms.Table] = {**forms.PAGE, "customer": str}
CREATE: dict[str, forms.Table] = {
    **_FIELDS,
    "allowed_payment_method_types": [str],
    "automatic_payment_methods": {"allow_redirects": ("always", "never"), "enabled": bool},
    "capture_method": _CAPTURE,
    "confirm": bool,
    "excluded_payment_method_types": [str],
    "return_url": str,
}
CONFIRM: dict[str, forms.Table] = {
    **forms.EXPAND,
    "client_secret": str,
    "payment_method": str,
    "receipt_email": forms.Unset(str),
    "return_url": str,
}
CAPTURE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "amount_to_capture": forms.at_least(1),
    "application_fee_amount": forms.at_least(0),
    "metadata": forms.Unset(forms.METADATA),
}
CANCEL: dict[str, forms.Table] = {
    **forms.EXPAND,
    "cancellation_reason": ("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
}
_NULLS = (
    "amount_details canceled_at cancellation_reason customer_account last_payment_error "
    "latest_charge next_action on_behalf_of payment_method payment_method_configuration_details processing "
    "review setup_future_usage source transfer_data transfer_group"
)
_MONEY = ("amount", "currency", "application_fee_amount")
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELABLE = (
    *("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action"),
    "processing",
)


def create(call: Call) -> str:
    """POST /v1/payment_intents."""
    body = call.body
    forms.require(body, "amount", "currency")
    if body.get("confirm") and not body.get("payment_method"):
        message = "You must provide a payment method if `confirm` is true."
        raise Refused("parameter_missing", message, param="payment_method")
    if body.get("confirm"):
        _check_return_url(body)
    check_customer(call)
    account = records.owner(call)
    intent = new(call.state, account, body)
    if "payment_method" in body:
        intent["payment_method"] = methods.of_test_id(call, body["payment_method"])["id"]
        intent["status"] = "requires_confirmation"
    records.save(call.state, intent)
    records.emit(call.state, "payment_intent.created", intent)
    if body.get("confirm"):
        _attempt(call, intent, body.get("return_url"))
    return str(intent["id"])


def check_customer(call: Call) -> None:
    """Refuse a customer that the call's account does not have."""
    if "customer" in call.body:
        records.find(call, "customer", call.body["customer"], "customer")


def new(state: State, account: str, body: Json, what: str = "Payment Intent") -> Json:
    """Return a new intent. Raises Refused if the account cannot take this payment."""
    currency = currencies.check(body["currency"])
    amount = body["amount"]
    currencies.check_amount(amount, currency)
    if amount < currencies.least(currency):
        least = f"{currencies.shown(currencies.least(currency), currency)} {currency}"
        raise Refused("amount_too_small", f"Amount must be at least {least}", param="amount")
    fee = body.get("application_fee_amount")
    fees.check(state, account, fee, amount, "application_fee_amount")
    offered = methods.offered(state, account, currency, body)
    if not offered:
        raise methods.none_offered(what)
    identifier = records.new_id("pi", token("3", 16))
    filters = {
        name: body.get(name) for name in ("allowed_payment_method_types", "excluded_payment_method_types")
    }
    automatic = {
        "allow_redirects": "always",
        "enabled": True,
        **(body.get("automatic_payment_methods") or {}),
    }
    return {
        "id": identifier,
        "object": "payment_intent",
        "_account": account,
        **records.nulls(_NULLS),
        **{name: value for name, value in filters.items() if value},
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "application": records.APPLICATION if fee else None,
        "application_fee_amount": fee or None,
        "automatic_payment_methods": automatic if automatic["enabled"] else None,
        "capture_method": body.get("capture_method", "automatic_async"),
        "client_secret": f"{identifier}_secret_{token('', 25)}",
        "confirmation_method": "automatic",
        "created": int(state.now()),
        "currency": currency,
        "customer": body.get("customer"),
        "description": body.get("description"),
        "livemode": False,
        "metadata": forms.merged({}, body.get("metadata", {})),
        "payment_method_options": {},
        "payment_method_types": offered,
        "receipt_email": body.get("receipt_email"),
        "shipping": charges.shipping(body.get("shipping")),
        "statement_descriptor": body.get("statement_descriptor"),
        "statement_descriptor_suffix": body.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
    }


def _check_return_url(body: Json) -> None:
    redirects = (body.get("automatic_payment_methods") or {}).get("allow_redirects", "always")
    if redirects != "never" and not body.get("return_url"):
        message = (
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because "
            "some of these payment methods might redirect your customer off of your page, you must provide a "
            "`return_url`. If you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment "
            "Intents."
        )
        raise Refused(None, message, param="return_url")


def find(call: Call) -> Json:
    """Return the intent that the path names.

    A call with a publishable key needs the intent's client secret.
    """
    intent = records.find(call, "payment_intent", call.path["id"])
    secret = call.query.get("client_secret") or call.body.get("client_secret")
    if call.api_key.startswith("pk_") and secret is None:
        raise forms.required("client_secret")
    if secret is not None and secret != intent["client_secret"]:
        message = (
            "The client_secret provided does not match any associated PaymentIntent on this account. Ensure "
            "the publishable key used belongs to the same account that created the PaymentIntent."
        )
        raise Refused("payment_intent_invalid_parameter", message, param="client_secret")
    return intent


def _unexpected(intent: Json, verb: str, allowed: tuple[str, ...], opening: str | None = None) -> Refused:
    start = opening or f"You cannot {verb} this PaymentIntent because it"
    past = {"capture": "captured", "cancel": "canceled", "confirm": "confirmed"}.get(verb, verb)
    message = (
        f"{start} has a status of {intent['status']}. Only a PaymentIntent with one of the following "
        f"statuses may be {past}: {', '.join(allowed)}."
    )
    more = {"payment_intent": records.show(intent)}
    return Refused("payment_intent_unexpected_state", message, more=more)


def _check_no_session(state: State, intent: Json, verb: str) -> None:
    session = state.all("checkout.session").get(intent.get("_session", ""))
    if session is not None and session["status"] == "open":
        message = f"You cannot {verb} a PaymentIntent of an open Checkout Session. Expire the session."
        raise Refused("payment_intent_unexpected_state", message)


def update(call: Call) -> str:
    """POST /v1/payment_intents/{id}. The fields of _MONEY can change only while the status is in _OPEN."""
    intent, body = find(call), call.body
    check_customer(call)
    money = next((name for name in _MONEY if name in body), None)
    if money is not None and intent["status"] not in _OPEN:
        message = (
            f"This PaymentIntent's {money} could not be updated because it has a status of "
            f"{intent['status']}. You may only update the {money} of a PaymentIntent with one of the "
            f"following statuses: {', '.join(_OPEN)}."
        )
        more = {"payment_intent": records.show(intent)}
        raise Refused("payment_intent_unexpected_state", message, param=money, more=more)
    changes = {name: body[name] for name in UPDATE if name in body and name != "expand"}
    if money is not None:
        names = ("allowed_payment_method_types", "excluded_payment_method_types", *_MONEY)
        known = {name: intent.get(name) for name in names}
        checked = new(call.state, intent["_account"], {**known, **body})
        changes |= {name: checked[name] for name in ("application", "payment_method_types", *_MONEY)}
    if "payment_method" in body:
        method = methods.of_test_id(call, body["payment_method"])
        changes.update(payment_method=method["id"], status="requires_confirmation")
    if "metadata" in body:
        changes["metadata"] = forms.merged(intent["metadata"], body["metadata"])
    if "shipping" in body:
        changes["shipping"] = charges.shipping(body["shipping"])
    intent.update(changes, last_payment_error=None)
    records.save(call.state, intent)
    return str(intent["id"])


def confirm(call: Call) -> str:
    """POST /v1/payment_intents/{id}/confirm."""
    intent, body = find(call), call.body
    _check_no_session(call.state, intent, "confirm")
    if intent["status"] == "succeeded":
        message = (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
            "confirmed."
        )
        more = {"payment_intent": records.show(intent)}
        raise Refused("payment_intent_unexpected_state", message, more=more)
    if intent["status"] not in _OPEN:
        raise _unexpected(intent, "confirm", ("requires_confirmation", "requires_action"))
    if "payment_method" in body:
        intent["payment_method"] = methods.of_test_id(call, body["payment_method"])["id"]
    if intent["payment_method"] is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either "
            "update the PaymentIntent with a payment method and then confirm it again, or confirm it again "
            "directly with a payment method or ConfirmationToken."
        )
        more = {"payment_intent": records.show(intent)}
        raise Refused("payment_intent_unexpected_state", message, more=more)
    if not call.api_key.startswith("pk_") and intent["automatic_payment_methods"]:
        _check_return_url({"automatic_payment_methods": intent["automatic_payment_methods"], **body})
    if "receipt_email" in body:
        intent["receipt_email"] = body["receipt_email"]
    _attempt(call, intent, body.get("return_url"))
    return str(intent["id"])


def _attempt(call: Call, intent: Json, return_url: str | None) -> None:
    method = call.state.all("payment_method")[intent["payment_method"]]
    declined = payments.attempt(call.state, intent, method, base_url=call.base_url, return_url=return_url)
    if declined is not None:
        raise declined


def capture(call: Call) -> str:
    """POST /v1/payment_intents/{id}/capture."""
    intent, body = find(call), call.body
    if intent["status"] != "requires_capture":
        opening = "This PaymentIntent could not be captured because it"
        raise _unexpected(intent, "capture", ("requires_capture",), opening)
    amount = body["amount_to_capture"] if "amount_to_capture" in body else intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        shown = [currencies.shown(one, intent["currency"]) for one in (amount, intent["amount_capturable"])]
        message = f"The amount to capture ({shown[0]}) is greater than the capturable amount ({shown[1]})."
        raise Refused("amount_too_large", message, param="amount_to_capture")
    currencies.check_amount(amount, intent["currency"], "amount_to_capture")
    fee = body.get("application_fee_amount")
    fees.check(call.state, intent["_account"], fee, amount, "application_fee_amount")
    if "metadata" in body:
        intent["metadata"] = forms.merged(intent["metadata"], body["metadata"])
    payments.capture(call.state, intent, amount, fee)
    return str(intent["id"])


def cancel(call: Call) -> str:
    """POST /v1/payment_intents/{id}/cancel. An authorization is released."""
    intent = find(call)
    _check_no_session(call.state, intent, "cancel")
    if intent["status"] not in _CANCELABLE:
        raise _unexpected(intent, "cancel", _CANCELABLE)
    if intent["status"] == "processing":
        raise _unexpected(intent, "cancel", _CANCELABLE[:-1])  # the bank already has the debit
    payments.cancel(call.state, intent, call.body.get("cancellation_reason"))
    return str(intent["id"])


def show(call: Call) -> Json:
    """GET /v1/payment_intents/{id}."""
    return records.show(find(call))


def list_intents(call: Call) -> Json:
    """GET /v1/payment_intents."""
    keep = records.matching(call.query, "customer")
    return records.page(call, "payment_intent", PATH, records.show, keep)
