"""Line items of a Checkout Session. Each has a stored price, or a price and a product from `price_data`."""

from simulator.money import currencies, records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.paging import v1_list

PRICE_DATA: dict[str, forms.Table] = {
    "currency": str,
    "product_data": {"description": str, "images": [str], "metadata": forms.METADATA, "name": str},
    "unit_amount": forms.at_least(0),
}
ITEM: dict[str, forms.Table] = {"price": str, "price_data": PRICE_DATA, "quantity": forms.at_least(1)}
QUERY = {name: table for name, table in forms.PAGE.items() if name != "created"}
MOST = 100
_PRICE_NULLS = "custom_unit_amount tax_behavior tiers_mode transform_quantity"
_PRODUCT_NULLS = "default_price package_dimensions shippable statement_descriptor tax_code unit_label url"


def check(call: Call, orders: list[Json]) -> str:
    """Return the currency of the items. Raises Refused for an item that Stripe refuses."""
    if not orders:
        raise forms.required("line_items")
    if len(orders) > MOST:
        raise Refused(None, f"You may only specify up to {MOST} line items.", param="line_items")
    found = {_check(call, order, f"line_items[{index}]") for index, order in enumerate(orders)}
    if len(found) > 1:
        message = "All line items must have the same currency."
        raise Refused(None, message, param="line_items")
    return found.pop()


def _check(call: Call, order: Json, path: str) -> str:
    if "price" in order:
        return str(records.find(call, "price", order["price"], f"{path}[price]")["currency"])
    if "price_data" not in order:
        raise forms.required(f"{path}[price]")
    data = order["price_data"]
    forms.require(data, "currency", "product_data", "unit_amount", path=f"{path}[price_data]")
    forms.require(data["product_data"], "name", path=f"{path}[price_data][product_data]")
    forms.require(order, "quantity", path=path)
    currency = currencies.check(data["currency"], f"{path}[price_data][currency]")
    currencies.check_amount(data["unit_amount"], currency, f"{path}[price_data][unit_amount]")
    return currency


def total(call: Call, orders: list[Json]) -> int:
    """Return the sum of the items in minor units."""
    return sum(_unit(call.state, order) * order.get("quantity", 1) for order in orders)


def _unit(state: State, order: Json) -> int:
    if "price" in order:
        return int(state.all("price")[order["price"]]["unit_amount"])
    return int(order["price_data"]["unit_amount"])


def create(call: Call, session: str, orders: list[Json]) -> None:
    """Save the items of a new session."""
    for order in orders:
        price = (
            call.state.all("price")[order["price"]] if "price" in order else _price(call, order["price_data"])
        )
        quantity = order.get("quantity", 1)
        amount = price["unit_amount"] * quantity
        item = {
            "id": records.new_id("li"),
            "object": "item",
            "_account": records.owner(call),
            "_session": session,
            "_price": price["id"],
            "amount_discount": 0,
            "amount_subtotal": amount,
            "amount_tax": 0,
            "amount_total": amount,
            "currency": price["currency"],
            "description": call.state.all("product")[price["product"]]["name"],
            "metadata": {},
            "quantity": quantity,
        }
        records.save(call.state, item)


def _price(call: Call, data: Json) -> Json:
    """Save the price and the product of `price_data`, for this session only."""
    product = new_product(call, data["product_data"], is_active=False)
    return new_price(call, product["id"], data, is_active=False)


def new_product(call: Call, described: Json, *, is_active: bool) -> Json:
    """Save a new product of the call's account, and return it."""
    now = int(call.state.now())
    product = {
        "id": f"prod_{records.new_id('', '')[1:15]}",
        "object": "product",
        "_account": records.owner(call),
        **records.nulls(_PRODUCT_NULLS),
        "active": is_active,
        "created": now,
        "description": described.get("description"),
        "images": described.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": forms.merged({}, described.get("metadata", {})),
        "name": described["name"],
        "type": "service",
        "updated": now,
    }
    return records.save(call.state, product)


def new_price(call: Call, product: str, data: Json, *, is_active: bool) -> Json:
    """Save a new price of the call's account, and return it. It is recurring if `data` has `recurring`."""
    recurring = data.get("recurring")
    price = {
        "id": records.new_id("price"),
        "object": "price",
        "_account": records.owner(call),
        **records.nulls(_PRICE_NULLS),
        "active": is_active,
        "billing_scheme": "per_unit",
        "created": int(call.state.now()),
        "currency": data["currency"].lower(),
        "livemode": False,
        "lookup_key": data.get("lookup_key"),
        "metadata": forms.merged({}, data.get("metadata", {})),
        "nickname": data.get("nickname"),
        "product": product,
        "recurring": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }
    if recurring:
        price["recurring"] = {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            **records.nulls("meter trial_period_days"),
            "usage_type": "licensed",
        }
    return records.save(call.state, price)


def of(state: State, session: str) -> list[Json]:
    """Return the items of a session in the order of the request, as the API shows them."""
    prices = state.all("price")
    return [
        {**records.show(item), "price": records.show(prices[item["_price"]])}
        for item in state.having("item", "_session", session)
    ]


def expanded(state: State, session: Json) -> Json:
    """Return `line_items` of a session, with the first ten items."""
    found = of(state, session["id"])
    path = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": found[:10], "has_more": len(found) > 10, "url": path}


def list_items(call: Call) -> Json:
    """GET /v1/checkout/sessions/{id}/line_items, in the order of the request."""
    session = records.find(call, "checkout.session", call.path["id"])
    path = f"/v1/checkout/sessions/{session['id']}/line_items"
    return v1_list(path, call.query, of(call.state, session["id"]), lambda item: item)
