"""Account sessions, which let a page of the platform show embedded components of a connected account.

https://docs.stripe.com/api/account_sessions. The platform makes the call, and names the account in the body.
Only the answer to this call contains the secret, because Stripe has no call that retrieves or lists
sessions.
"""

from simulator.accounts.rules import dig
from simulator.money import records
from simulator.state import Json, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/account_sessions"
# Stripe does not publish the lifetime of a session.
SECONDS = 3600

_LOGIN = "disable_stripe_user_authentication"
_BANK = "external_account_collection"
_REQUIREMENTS = {_LOGIN: False, _BANK: True}
_DISPUTES = {
    "destination_on_behalf_of_charge_management": False,
    "dispute_management": True,
    "refund_management": True,
    "smart_disputes_management": True,
}
_PAYMENTS = {"capture_payments": True, **_DISPUTES}
_PAYOUTS = {
    **_REQUIREMENTS,
    "edit_payout_schedule": True,
    "instant_payouts": True,
    "standard_payouts": True,
}
_CARDS = {
    "card_management": True,
    "card_spend_dispute_management": True,
    "cardholder_management": False,
    "spend_control_management": True,
}
# The features of each component, with their defaults for accounts for which Stripe bears the losses. The
# simulator uses these defaults for all accounts.
COMPONENTS: dict[str, dict[str, bool]] = {
    "account_management": _REQUIREMENTS,
    "account_onboarding": _REQUIREMENTS,
    "balance_report": {},
    "balances": _PAYOUTS,
    "disputes_list": _PAYMENTS,
    "documents": {},
    "financial_account": {**_REQUIREMENTS, "send_money": True, "transfer_balance": True},
    "financial_account_transactions": {"card_spend_dispute_management": True},
    "instant_payouts_promotion": {**_REQUIREMENTS, "instant_payouts": True},
    "issuing_card": _CARDS,
    "issuing_cards_list": {**_CARDS, _LOGIN: False},
    "notification_banner": _REQUIREMENTS,
    "payment_details": _PAYMENTS,
    "payment_disputes": _DISPUTES,
    "payment_method_settings": {_LOGIN: False},
    "payments": _PAYMENTS,
    "payout_details": {},
    "payout_reconciliation_report": {},
    "payouts": _PAYOUTS,
    "payouts_list": {},
    "reporting_chart": {},
    "tax_registrations": {},
    "tax_settings": {},
    "terminal_hardware_orders": {},
    "terminal_hardware_shop": {},
}
_TABLES: forms.Named = {
    name: {"enabled": bool, "features": dict.fromkeys(features, bool)}
    for name, features in COMPONENTS.items()
}
FIELDS: dict[str, forms.Table] = {**forms.EXPAND, "account": str, "components": _TABLES}


def create(call: Call) -> str:
    """POST /v1/account_sessions."""
    forms.require(call.body, "account", "components")
    account = call.body["account"]
    if account not in call.state.all("account"):
        raise Refused("resource_missing", f"No such account: '{account}'", 400, param="account")
    for name, order in call.body["components"].items():
        forms.require(order, "enabled", path=f"components[{name}]")
        _check_login(call, account, name, order.get("features", {}))
    session = {
        "id": token("accs_"),  # Stripe's sessions have no id
        "object": "account_session",
        "_account": records.owner(call),
        "account": account,
        "client_secret": f"accs_secret__{token('', 48)}",
        "components": {name: _component(call.body["components"].get(name), name) for name in COMPONENTS},
        "expires_at": int(call.state.now()) + SECONDS,
        "livemode": False,
    }
    records.save(call.state, session)
    return str(session["id"])


def _check_login(call: Call, account: str, component: str, features: Json) -> None:
    """Refuse to turn off Stripe's log-in for an account whose requirements Stripe collects."""
    collector = "view.defaults.responsibilities.requirements_collector"
    if features.get(_LOGIN) and dig(call.state.all("account")[account], collector) != "application":
        path = f"components[{component}][features][{_LOGIN}]"
        message = f"The feature {_LOGIN} is only for accounts whose requirements the platform collects."
        raise Refused(None, message, param=path)


def _component(order: Json | None, name: str) -> Json:
    is_enabled = order is not None and order["enabled"]
    defaults = {feature: is_enabled and value for feature, value in COMPONENTS[name].items()}
    given = order.get("features", {}) if order is not None and is_enabled else {}
    features = {**defaults, **given}
    if "smart_disputes_management" in features and "smart_disputes_management" not in given:
        features["smart_disputes_management"] = features["dispute_management"]
    return {"enabled": is_enabled, "features": features}


def show(call: Call) -> Json:
    """Return a new session, without an id."""
    session = call.state.all("account_session")[call.path["id"]]
    return {name: value for name, value in records.show(session).items() if name != "id"}
