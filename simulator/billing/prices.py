"""Products and prices of an account (https://docs.stripe.com/api/prices)."""

from simulator.money import currencies, records
from simulator.money.checkout import items
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/prices"
PRODUCT_PATH = "/v1/products"
INTERVALS = ("day", "month", "week", "year")
_PRODUCT: dict[str, forms.Table] = {
    "active": bool,
    "description": str,
    "metadata": forms.METADATA,
    "name": str,
}
PRODUCT: dict[str, forms.Table] = {**forms.EXPAND, **_PRODUCT}
PRICE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "active": bool,
    "currency": str,
    "lookup_key": str,
    "metadata": forms.METADATA,
    "nickname": str,
    "product": str,
    "product_data": {name: _PRODUCT[name] for name in ("active", "metadata", "name")},
    "recurring": {
        "interval": INTERVALS,
        "interval_count": forms.at_least(1),
        "usage_type": ("licensed",),
    },
    "unit_amount": forms.at_least(0),
}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "active": bool, "product": str}
PRODUCT_QUERY: dict[str, forms.Table] = {**forms.PAGE, "active": bool}


def create_product(call: Call) -> str:
    """POST /v1/products."""
    forms.require(call.body, "name")
    product = items.new_product(call, call.body, is_active=call.body.get("active", True))
    records.emit(call.state, "product.created", product)
    return str(product["id"])


def create(call: Call) -> str:
    """POST /v1/prices."""
    body = call.body
    forms.require(body, "currency", "unit_amount")
    currency = currencies.check(body["currency"])
    currencies.check_amount(body["unit_amount"], currency, "unit_amount")
    if ("product" in body) == ("product_data" in body):
        message = "You must specify either `product` or `product_data` when creating a price."
        raise Refused("parameter_missing", message, param="product")
    if "recurring" in body:
        forms.require(body["recurring"], "interval", path="recurring")
    if "product" in body:
        product = records.find(call, "product", body["product"], "product")
    else:
        forms.require(body["product_data"], "name", path="product_data")
        product = items.new_product(call, body["product_data"], is_active=True)
    price = items.new_price(call, product["id"], body, is_active=body.get("active", True))
    records.emit(call.state, "price.created", price)
    return str(price["id"])


def show(call: Call) -> Json:
    """GET /v1/prices/{id}."""
    return records.show(records.find(call, "price", call.path["id"]))


def show_product(call: Call) -> Json:
    """GET /v1/products/{id}."""
    return records.show(records.find(call, "product", call.path["id"]))


def list_prices(call: Call) -> Json:
    """GET /v1/prices."""
    return records.page(call, "price", PATH, records.show, records.matching(call.query, "active", "product"))


def list_products(call: Call) -> Json:
    """GET /v1/products."""
    return records.page(call, "product", PRODUCT_PATH, records.show, records.matching(call.query, "active"))
