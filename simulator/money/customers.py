"""Customers of an account, and the sessions that give a payer's app access to one customer.

https://docs.stripe.com/api/customers, https://docs.stripe.com/api/customer_sessions.
"""

from simulator.money import charges, records
from simulator.state import Json, token
from simulator.wire import forms, versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/customers"
SESSION_PATH = "/v1/customer_sessions"
FIELDS: dict[str, forms.Table] = {
    **forms.EXPAND,
    **dict.fromkeys(("description", "email", "name", "phone"), forms.Unset(str)),
    "address": forms.Unset(charges.ADDRESS),
    "metadata": forms.Unset(forms.METADATA),
    "preferred_locales": [str],
    "shipping": forms.Unset(charges.SHIPPING),
}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "email": str}
_NULLS = (
    "address business_name currency customer_account default_source description email individual_name name "
    "phone shipping"
)
_SWITCH = ("disabled", "enabled")
_DISPLAY = ("always", "limited", "unspecified")
# The components that a session can enable, and the features of each. Stripe has four more components, for
# other products.
COMPONENTS: dict[str, forms.Named] = {
    "customer_sheet": {
        "payment_method_allow_redisplay_filters": [_DISPLAY],
        "payment_method_remove": _SWITCH,
    },
    "mobile_payment_element": {
        "payment_method_allow_redisplay_filters": [_DISPLAY],
        "payment_method_redisplay": _SWITCH,
        "payment_method_remove": _SWITCH,
        "payment_method_save": _SWITCH,
        "payment_method_save_allow_redisplay_override": _DISPLAY,
    },
    "payment_element": {
        "payment_method_allow_redisplay_filters": [_DISPLAY],
        "payment_method_redisplay": _SWITCH,
        "payment_method_redisplay_limit": forms.at_least(1),
        "payment_method_remove": _SWITCH,
        "payment_method_save": _SWITCH,
        "payment_method_save_usage": ("off_session", "on_session"),
    },
}
_OTHERS = ("active_entitlements", "buy_button", "customer_portal", "pricing_table")
# API versions before `versions.MOBILE_SESSIONS` need an ephemeral key for these two components.
_MOBILE = ("customer_sheet", "mobile_payment_element")
_DEFAULTS: Json = {
    "payment_method_allow_redisplay_filters": ["always"],
    "payment_method_redisplay": "disabled",
    "payment_method_redisplay_limit": 3,
    "payment_method_remove": "disabled",
    "payment_method_save": "disabled",
}
# Stripe does not publish the lifetime of a session.
SESSION_SECONDS = 1800


def create(call: Call) -> str:
    """POST /v1/customers."""
    customer = {
        "id": f"cus_{token('', 14)}",
        "object": "customer",
        "_account": records.owner(call),
        **records.nulls(_NULLS),
        "balance": 0,
        "created": int(call.state.now()),
        "delinquent": False,
        "invoice_prefix": token("", 8).upper(),
        "invoice_settings": records.nulls("custom_fields default_payment_method footer rendering_options"),
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
    _change(customer, call.body)
    records.save(call.state, customer)
    records.emit(call.state, "customer.created", customer)
    return str(customer["id"])


def _change(customer: Json, body: Json) -> None:
    customer.update({name: body[name] for name in FIELDS if name in body and name != "expand"})
    if "metadata" in body:
        customer["metadata"] = forms.merged(customer["metadata"], body["metadata"])
    if "address" in body:
        customer["address"] = charges.address(body["address"])
    if "shipping" in body:
        customer["shipping"] = charges.shipping(body["shipping"])


def update(call: Call) -> str:
    """POST /v1/customers/{id}."""
    customer = records.find(call, "customer", call.path["id"])
    changed = {**customer, "metadata": dict(customer["metadata"])}
    _change(changed, call.body)
    records.save(call.state, changed)
    records.emit(call.state, "customer.updated", changed)
    return str(changed["id"])


def show(call: Call) -> Json:
    """GET /v1/customers/{id}."""
    return records.show(records.find(call, "customer", call.path["id"]))


def list_customers(call: Call) -> Json:
    """GET /v1/customers. The e-mail address must match exactly, as Stripe documents."""
    return records.page(call, "customer", PATH, records.show, records.matching(call.query, "email"))


def session_table(version: str) -> forms.Named:
    """Return the parameters that a customer session takes in this version of the API."""
    known = [name for name in COMPONENTS if version >= versions.MOBILE_SESSIONS or name not in _MOBILE]
    parts: forms.Named = {name: {"enabled": bool, "features": COMPONENTS[name]} for name in known}
    return {**forms.EXPAND, "components": parts, "customer": str}


def create_session(call: Call) -> str:
    """POST /v1/customer_sessions. Only this answer contains the secret."""
    forms.require(call.body, "components", "customer")
    customer = records.find(call, "customer", call.body["customer"], "customer")
    for name, part in call.body["components"].items():
        forms.require(part, "enabled", path=f"components[{name}]")
    if not any(part["enabled"] for part in call.body["components"].values()):
        raise Refused(None, "At least one component must be enabled.", param="components")
    now = int(call.state.now())
    session = {
        "id": token("cuss_"),  # Stripe's sessions have no id
        "object": "customer_session",
        "_account": records.owner(call),
        "client_secret": f"cuss_secret_{token('', 48)}",
        "components": _components(call.body["components"]),
        "created": now,
        "customer": customer["id"],
        "expires_at": now + SESSION_SECONDS,
        "livemode": False,
    }
    records.save(call.state, session)
    return str(session["id"])


def _components(order: Json) -> Json:
    parts: Json = {name: {"enabled": False} for name in _OTHERS}
    for name, features in COMPONENTS.items():
        asked = order.get(name, {"enabled": False})
        defaults = {feature: _DEFAULTS.get(feature) for feature in features}
        shown = {**defaults, **asked.get("features", {})} if asked["enabled"] else None
        parts[name] = {"enabled": asked["enabled"], **({"features": shown} if shown else {})}
    return parts


def show_session(call: Call) -> Json:
    """Return a new session, without an id."""
    session = call.state.all("customer_session")[call.path["id"]]
    return {name: value for name, value in records.show(session).items() if name != "id"}
