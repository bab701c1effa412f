"""Sessions of the billing portal (https://docs.stripe.com/api/customer_portal/sessions/create)."""

from simulator.billing import subscriptions
from simulator.money import records
from simulator.state import Json, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/billing_portal/sessions"
FLOWS = ("payment_method_update", "subscription_cancel")
FIELDS: dict[str, forms.Table] = {
    **forms.EXPAND,
    "customer_account": str,
    "flow_data": {"subscription_cancel": {"subscription": str}, "type": FLOWS},
    "return_url": str,
}
# Stripe says that the address is short-lived, but does not say how long it works.
SECONDS = 300


def create(call: Call) -> str:
    """POST /v1/billing_portal/sessions."""
    forms.require(call.body, "customer_account")
    subscriptions.check_customer(call.state, call.body["customer_account"])
    flow = call.body.get("flow_data")
    if flow is not None:
        forms.require(flow, "type", path="flow_data")
        if flow["type"] == "subscription_cancel":
            forms.require(flow, "subscription_cancel", path="flow_data")
            cancels = flow["subscription_cancel"].get("subscription")
            records.find(call, "subscription", cancels, "flow_data[subscription_cancel][subscription]")
    url = call.body.get("return_url")
    if url is not None and not url.startswith(("http://", "https://")):
        raise Refused("url_invalid", "Not a valid URL", param="return_url")
    identifier, secret = records.new_id("bps"), token("test_", 40)
    account = call.body["customer_account"]
    session = {
        "id": identifier,
        "object": "billing_portal.session",
        "_account": records.owner(call),
        "_secret": secret,
        "_expires_at": call.state.now() + SECONDS,
        "configuration": "bpc_1SimulatedPortal",
        "created": int(call.state.now()),
        "customer": subscriptions.customer_of(account),
        "customer_account": account,
        "flow": _flow(flow),
        "livemode": False,
        "locale": None,
        "on_behalf_of": None,
        "return_url": url,
        "url": f"{call.base_url}/p/session/{secret}",
    }
    records.save(call.state, session)
    return identifier


def _flow(order: Json | None) -> Json | None:
    if order is None:
        return None
    names = "customer_update subscription_cancel subscription_pause subscription_update "
    flow = records.nulls(f"{names}subscription_update_confirm")
    if order["type"] == "subscription_cancel":
        flow["subscription_cancel"] = {"retention": None, **order["subscription_cancel"]}
    after = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"}
    return {**flow, "after_completion": after, "type": order["type"]}


def show(call: Call) -> Json:
    """Return a new session."""
    return records.show(call.state.all("billing_portal.session")[call.path["id"]])
