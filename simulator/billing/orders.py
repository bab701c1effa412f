"""POST /v1/subscriptions (https://docs.stripe.com/api/subscriptions/create)."""

from simulator.billing import course, invoices, subscriptions
from simulator.money import methods, records
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

FIELDS: dict[str, forms.Table] = {
    **forms.EXPAND,
    **subscriptions.DATA,
    "collection_method": ("charge_automatically", invoices.SEND_INVOICE),
    "customer_account": str,
    "days_until_due": forms.at_least(0),
    "default_payment_method": str,
    "items": [{"price": str, "quantity": forms.at_least(1)}],
    "off_session": bool,
    "payment_behavior": ("allow_incomplete", "default_incomplete"),
}


def create(call: Call) -> str:
    """Create a subscription for one of the platform's accounts."""
    body = call.body
    forms.require(body, "customer_account", "items")
    subscriptions.check_customer(call.state, body["customer_account"])
    items = _items(call, body["items"])
    _check_collection(body)
    method = None
    if "default_payment_method" in body:
        method = methods.of_test_id(call, body["default_payment_method"])
    behavior = body.get("payment_behavior", "allow_incomplete")
    is_charged = body.get("collection_method") != invoices.SEND_INVOICE and "trial_period_days" not in body
    if is_charged and method is None and behavior == "allow_incomplete":
        message = (
            "This customer has no attached payment source or default payment method. Please consider "
            "adding a default payment method."
        )
        raise Refused("resource_missing", message)
    subscription = subscriptions.new(call.state, body["customer_account"], items, body, method)
    course.order(call.state, subscription, call.base_url, pays=behavior == "allow_incomplete")
    return str(subscription["id"])


def _items(call: Call, orders: list[Json]) -> list[tuple[Json, int]]:
    """Return the prices and quantities of the items."""
    found = []
    for index, order in enumerate(orders):
        forms.require(order, "price", path=f"items[{index}]")
        price = records.find(call, "price", order["price"], f"items[{index}][price]")
        subscriptions.check_price(price, f"items[{index}][price]")
        found.append((price, order.get("quantity", 1)))
    first = found[0][0]
    if any(
        (one["currency"], one["recurring"]) != (first["currency"], first["recurring"]) for one, _ in found
    ):
        message = "The local Stripe accepts only items with the same currency and interval."
        raise Refused(None, message, param="items")
    return found


def _check_collection(body: Json) -> None:
    """Require `days_until_due` if invoices are sent, and refuse it if they are not."""
    is_sent = body.get("collection_method") == invoices.SEND_INVOICE
    if is_sent != ("days_until_due" in body):
        message = "`days_until_due` is required for `collection_method=send_invoice`, and only valid with it."
        raise Refused(None, message, param="days_until_due")
