"""Checkout Sessions with the hosted page (https://docs.stripe.com/api/checkout/sessions).

Every account can have sessions in mode `payment`. Only the platform can have sessions in mode `subscription`.
"""

from simulator.accounts.rules import dig
from simulator.billing import subscriptions
from simulator.control import later
from simulator.money import currencies, fees, intents, methods, payments, records
from simulator.money.checkout import items
from simulator.state import Json, State, token
from simulator.wire import forms, versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

PATH = "/v1/checkout/sessions"
_INTENT: dict[str, forms.Table] = {
    "application_fee_amount": forms.at_least(0),
    "capture_method": ("automatic", "automatic_async", "manual"),
    "description": str,
    "metadata": forms.METADATA,
    "receipt_email": str,
    "statement_descriptor": str,
    "statement_descriptor_suffix": str,
}
UPDATE: dict[str, forms.Table] = {**forms.EXPAND, "metadata": forms.Unset(forms.METADATA)}
QUERY: dict[str, forms.Table] = {
    **forms.PAGE,
    "customer": str,
    "customer_account": str,
    "customer_details": {"email": str},
    "payment_intent": str,
    "status": ("complete", "expired", "open"),
    "subscription": str,
}
LEAST_SECONDS, MOST_SECONDS = 1800, 86400
_NULLS = (
    "after_expiration allow_promotion_codes billing_address_collection branding_settings "
    "client_secret collected_information consent consent_collection currency_conversion "
    "customer_details discounts integration_identifier invoice locale "
    "managed_payments origin_context payment_intent payment_link "
    "payment_method_configuration_details permissions phone_number_collection recovered_from "
    "redirect_on_completion return_url saved_payment_method_options setup_intent "
    "shipping_address_collection shipping_cost submit_type subscription tax_id_collection"
)


def create_table(version: str) -> dict[str, forms.Table]:
    """Return the parameters that create a session in this version of the API."""
    mode = "hosted" if version < versions.CHECKOUT_MODES else "hosted_page"
    return {
        **forms.EXPAND,
        "allowed_payment_method_types": [str],
        "cancel_url": str,
        "client_reference_id": str,
        "customer": str,
        "customer_account": str,
        "customer_email": str,
        "excluded_payment_method_types": [str],
        "expires_at": int,
        "line_items": [items.ITEM],
        "locale": str,
        "metadata": forms.METADATA,
        "mode": ("payment", "subscription"),
        "payment_intent_data": _INTENT,
        "payment_method_collection": ("always", "if_required"),
        "submit_type": ("auto", "book", "donate", "pay"),
        "subscription_data": subscriptions.DATA,
        "success_url": str,
        "ui_mode": (mode,),
    }


def create(call: Call) -> str:
    """POST /v1/checkout/sessions."""
    body, account = call.body, records.owner(call)
    forms.require(body, "line_items", "mode", "success_url")
    for name in ("success_url", "cancel_url"):
        if name in body and not body[name].startswith(("http://", "https://")):
            raise Refused("url_invalid", "Not a valid URL", param=name)
    if "customer" in body and "customer_email" in body:
        raise Refused(None, "You may only specify one of these parameters: customer, customer_email.")
    intents.check_customer(call)
    _check_name(call.state, account)
    currency = items.check(call, body["line_items"])
    is_subscription = body["mode"] == "subscription"
    _check_mode(call, is_subscription=is_subscription)
    has_trial = "trial_period_days" in body.get("subscription_data", {})
    total = 0 if has_trial else items.total(call, body["line_items"])
    if not has_trial:
        _check_total(total, currency)
    data = body.get("payment_intent_data", {})
    fee_path = "payment_intent_data[application_fee_amount]"
    fees.check(call.state, account, data.get("application_fee_amount"), total, fee_path)
    choice = {**body, "allowed_payment_method_types": ["card"]} if is_subscription else body
    offered = methods.offered(call.state, account, currency, choice)
    if not offered:
        raise methods.none_offered("Checkout Session")
    expires_at = _expiry(call)
    session = _new(call, account, offered, currency, total, expires_at)
    items.create(call, session["id"], body["line_items"])
    records.save(call.state, session)
    later.schedule(call.state, expires_at - call.state.now(), "expire_session", session["id"])
    return str(session["id"])


def _new(call: Call, account: str, offered: list[str], currency: str, total: int, expires_at: int) -> Json:
    body = call.body
    identifier = f"cs_test_{token('a1', 56)}"
    names = (
        "cancel_url client_reference_id customer customer_account customer_email locale "
        "submit_type success_url"
    )
    filters = ("allowed_payment_method_types", "excluded_payment_method_types")
    return {
        "id": identifier,
        "object": "checkout.session",
        "_account": account,
        "_intent": body.get("payment_intent_data", {}),
        "_subscription": body.get("subscription_data", {}),
        **records.nulls(_NULLS),
        **{name: body.get(name) for name in names.split()},
        **{name: body[name] for name in filters if name in body},
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": int(call.state.now()),
        "currency": currency,
        "custom_fields": [],
        "custom_text": records.nulls("after_submit shipping_address submit terms_of_service_acceptance"),
        "customer_creation": "if_required" if body["mode"] == "payment" else None,
        "expires_at": expires_at,
        "invoice_creation": None,
        "livemode": False,
        "metadata": forms.merged({}, body.get("metadata", {})),
        "mode": body["mode"],
        "payment_method_collection": body.get("payment_method_collection")
        or ("always" if body["mode"] == "subscription" else None),
        "payment_method_options": {},
        "payment_method_types": offered,
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{call.base_url}/c/pay/{identifier}",
        "wallet_options": None,
    }


def merchant(state: State, account: str) -> str | None:
    """Return the public name of an account, or None."""
    if account == PLATFORM:
        return "Simulated Platform"
    record = state.all("account")[account]
    name = dig(record, "defaults.profile.doing_business_as") or record["display_name"]
    name = name or dig(record, "identity.business_details.registered_name")
    return str(name) if name else None


def _check_name(state: State, account: str) -> None:
    if not merchant(state, account):
        message = (
            "In order to use Checkout, you must set an account or business name at "
            "https://dashboard.stripe.com/account."
        )
        raise Refused(None, message)


def _check_total(total: int, currency: str) -> None:
    currencies.check_amount(total, currency, "line_items")
    if total < currencies.least(currency):
        least = f"{currencies.shown(currencies.least(currency), currency)} {currency}"
        message = f"The Checkout Session's total amount due must add up to at least {least}"
        raise Refused(None, message)


def _check_mode(call: Call, *, is_subscription: bool) -> None:
    """Refuse parameters, prices and customers that do not fit the mode.

    The messages that name the local Stripe are invented. The others are Stripe's, from reports of its users.
    """
    body, state = call.body, call.state
    others = ("payment_intent_data", "submit_type") if is_subscription else ("subscription_data",)
    for name in others:
        if name in body:
            raise Refused(None, f"You can not pass `{name}` in `{body['mode']}` mode.", param=name)
    prices = [state.all("price").get(order.get("price", "")) for order in body["line_items"]]
    recurring = [price["recurring"] for price in prices if price is not None and price["recurring"]]
    if recurring and not is_subscription:
        message = (
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode "
            "or use only one-time prices."
        )
        raise Refused(None, message, param="mode")
    if not is_subscription:
        if "customer_account" in body or "payment_method_collection" in body:
            message = (
                "The local Stripe supports customer_account and payment_method_collection only for "
                "subscriptions."
            )
            raise Refused(None, message)
        return
    if len(recurring) < len(prices):
        message = "You must provide at least one recurring price in `subscription` mode when using prices."
        raise Refused(None, message, param="line_items")
    if any(one != recurring[0] for one in recurring):
        message = "All recurring prices must have the same billing interval."
        raise Refused(None, message, param="line_items")
    if records.owner(call) != PLATFORM or "customer" in body:
        message = (
            "The local Stripe supports subscriptions only on the platform's account, and only with a "
            "connected account as the customer (`customer_account`)."
        )
        raise Refused(None, message, param="customer")
    forms.require(body, "customer_account")
    subscriptions.check_customer(state, body["customer_account"])


def _expiry(call: Call) -> int:
    now = int(call.state.now())
    moment = call.body.get("expires_at", now + MOST_SECONDS)
    # A second may pass between the client's computation and this check.
    if moment < now + LEAST_SECONDS - 1:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise Refused(None, message, param="expires_at")
    if moment > now + MOST_SECONDS:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise Refused(None, message, param="expires_at")
    return int(moment)


def intent_of(state: State, session: Json) -> Json:
    """Return the intent of a session. The first attempt to pay creates it."""
    known = state.all("payment_intent").get(session["payment_intent"] or "")
    if known is not None:
        return known
    filters = ("allowed_payment_method_types", "excluded_payment_method_types")
    body = {
        **session["_intent"],
        **{name: session[name] for name in filters if name in session},
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
    }
    intent = intents.new(state, session["_account"], body, "Checkout Session")
    intent["_session"] = session["id"]
    records.save(state, intent)
    session["payment_intent"] = intent["id"]
    records.save(state, session)
    records.emit(state, "payment_intent.created", intent)
    return intent


def expire(call: Call) -> str:
    """POST /v1/checkout/sessions/{id}/expire."""
    session = records.find(call, "checkout.session", call.path["id"])
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of `{session['status']}`."
        )
        raise Refused(None, message)
    end(call.state, session["id"])
    return str(session["id"])


def end(state: State, identifier: str) -> None:
    """Expire an open session, and cancel its intent."""
    session = state.all("checkout.session")[identifier]
    if session["status"] != "open":
        return
    session.update(status="expired", url=None)
    records.save(state, session)
    intent = state.all("payment_intent").get(session["payment_intent"] or "")
    if intent is not None and intent["status"] not in {"canceled", "succeeded"}:
        payments.cancel(state, intent, "expired")
    records.emit(state, "checkout.session.expired", session)


def update(call: Call) -> str:
    """POST /v1/checkout/sessions/{id}. Changes only the metadata."""
    session = records.find(call, "checkout.session", call.path["id"])
    if "metadata" in call.body:
        session["metadata"] = forms.merged(session["metadata"], call.body["metadata"])
    records.save(call.state, session)
    return str(session["id"])


def show(call: Call) -> Json:
    """GET /v1/checkout/sessions/{id}."""
    return _render(call, records.find(call, "checkout.session", call.path["id"]))


def list_sessions(call: Call) -> Json:
    """GET /v1/checkout/sessions."""
    names = ("customer", "customer_account", "payment_intent", "status", "subscription")
    matches = records.matching(call.query, *names)
    email = call.query.get("customer_details", {}).get("email")

    def keep(session: Json) -> bool:
        return matches(session) and email in {None, (session["customer_details"] or {}).get("email")}

    return records.page(call, "checkout.session", PATH, lambda one: _render(call, one), keep)


def _render(call: Call, session: Json) -> Json:
    mode = "hosted" if call.version < versions.CHECKOUT_MODES else "hosted_page"
    return {**records.show(session), "ui_mode": mode}


WORKS = {"expire_session": end}
