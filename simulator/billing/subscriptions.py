"""Subscriptions of connected accounts (https://docs.stripe.com/api/subscriptions): records and calls.

Subscriptions are created by completed Checkout Sessions and by `simulator.billing.orders`.
"""

import calendar
from datetime import UTC, datetime, timedelta

from simulator.accounts.rules import dig
from simulator.money import records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

PATH = "/v1/subscriptions"
STATUSES = (
    "active",
    "canceled",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)
ENDED = ("canceled", "incomplete_expired")
END_BEHAVIORS = ("cancel", "create_invoice", "pause")
# The parameters of a new subscription that Checkout takes in `subscription_data`.
DATA: dict[str, forms.Table] = {
    "billing_mode": {"type": ("classic", "flexible")},
    "description": str,
    "metadata": forms.METADATA,
    "trial_period_days": forms.at_least(1),
    "trial_settings": {"end_behavior": {"missing_payment_method": END_BEHAVIORS}},
}
UPDATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "cancel_at_period_end": bool,
    "default_payment_method": str,
    "description": forms.Unset(str),
    "items": [{"id": str, "price": str, "quantity": forms.at_least(1)}],
    "metadata": forms.Unset(forms.METADATA),
    # The local Stripe has no prorations.
    "proration_behavior": ("none",),
}
CANCEL: dict[str, forms.Table] = {
    **forms.EXPAND,
    "cancellation_details": {"comment": str, "feedback": str},
    "invoice_now": bool,
    "prorate": bool,
}
QUERY: dict[str, forms.Table] = {
    **forms.PAGE,
    "customer": str,
    "customer_account": str,
    "price": str,
    "status": (*STATUSES, "all", "ended"),
}
_NULLS = (
    "application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at "
    "canceled_at default_payment_method default_source description ended_at latest_invoice "
    "next_pending_invoice_item_invoice on_behalf_of pause_collection pending_invoice_item_interval "
    "pending_setup_intent pending_update schedule status_details test_clock transfer_data trial_end "
    "trial_start"
)


def customer_of(account: str) -> str:
    """Return the customer id that stands for an account. Stripe does not publish the form of such an id."""
    return f"cus_{account.removeprefix('acct_')[:14]}"


def check_customer(state: State, account: str | None) -> None:
    """Refuse an account that the platform does not have, or that lacks the configuration `customer`."""
    record = state.all("account").get(account or "")
    if record is None or record["deauthorized"]:
        message = f"No such customer_account: '{account}'"
        raise Refused("resource_missing", message, 400, param="customer_account")
    if record["closed"] or not dig(record, "configuration.customer.applied"):
        message = f"The account {account} does not have the customer configuration."
        raise Refused(None, message, param="customer_account")


def following(moment: int, recurring: Json, times: int = 1) -> int:
    """Return the time `times` intervals after `moment`.

    If the new month lacks the day of `moment`, the result is on the last day of the new month.
    """
    start = datetime.fromtimestamp(moment, UTC)
    count = recurring["interval_count"] * times
    if recurring["interval"] in {"day", "week"}:
        days = count * (7 if recurring["interval"] == "week" else 1)
        return int((start + timedelta(days=days)).timestamp())
    months = start.year * 12 + start.month - 1 + count * (12 if recurring["interval"] == "year" else 1)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def of_session(state: State, session: Json, method: Json | None) -> Json:
    """Return the subscription of a completed session. The caller saves it."""
    lines = state.having("item", "_session", session["id"])
    items = [(state.all("price")[line["_price"]], line["quantity"]) for line in lines]
    return new(state, session["customer_account"], items, session["_subscription"], method)


def new(state: State, account: str, items: list[tuple[Json, int]], data: Json, method: Json | None) -> Json:
    """Return a new subscription with these prices and quantities. The caller saves it."""
    now = int(state.now())
    identifier = records.new_id("sub")
    prices = [price for price, _ in items]
    days = data.get("trial_period_days")
    trial_end = now + days * 86400 if days else None
    end = trial_end or following(now, prices[0]["recurring"])
    behavior = data.get("trial_settings", {}).get("end_behavior", {}).get("missing_payment_method")
    return {
        "id": identifier,
        "object": "subscription",
        "_account": PLATFORM,
        # The time from which billing periods are counted, and the number of periods that have begun since
        # then. A trial is not a period.
        "_anchor": trial_end or now,
        "_periods": 0 if trial_end else 1,
        "_failures": 0,
        **records.nulls(_NULLS),
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": trial_end or now,
        "billing_mode": {"flexible": None, "type": data.get("billing_mode", {}).get("type", "flexible")},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": records.nulls("comment feedback reason"),
        "collection_method": data.get("collection_method", "charge_automatically"),
        "created": now,
        "currency": prices[0]["currency"],
        "customer": customer_of(account),
        "customer_account": account,
        "days_until_due": data.get("days_until_due"),
        "default_payment_method": method["id"] if method is not None else None,
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "invoice_settings": {
            **records.nulls("account_tax_ids custom_fields description footer"),
            "issuer": {"type": "self"},
        },
        "items": {
            "object": "list",
            "data": [_item(identifier, price, quantity, now, end) for price, quantity in items],
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={identifier}",
        },
        "livemode": False,
        "metadata": forms.merged({}, data.get("metadata", {})),
        "payment_settings": {
            **records.nulls("payment_method_options payment_method_types"),
            "save_default_payment_method": "on_subscription",
        },
        "start_date": now,
        "status": "trialing" if trial_end else "active",
        "trial_end": trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": behavior or "create_invoice"}},
        "trial_start": now if trial_end else None,
    }


def _item(subscription: str, price: Json, quantity: int, start: int, end: int) -> Json:
    return {
        "id": records.new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": start,
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        **_priced(price),
        "quantity": quantity,
        "subscription": subscription,
        "tax_rates": [],
    }


def _priced(price: Json) -> Json:
    """Return the fields of an item that follow from its price."""
    plan_names = "active billing_scheme created currency livemode metadata nickname product"
    plan = {
        "id": price["id"],
        "object": "plan",
        **{name: price[name] for name in plan_names.split()},
        **price["recurring"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        **records.nulls("tiers_mode transform_usage"),
    }
    return {"plan": plan, "price": records.show(price)}


def save(state: State, subscription: Json, *kinds: str) -> None:
    """Save a changed subscription, and emit these events about it."""
    records.save(state, subscription)
    for kind in kinds:
        records.emit(state, f"customer.subscription.{kind}", subscription)


def period_end(subscription: Json) -> int:
    """Return the end of the current period."""
    return max(int(item["current_period_end"]) for item in subscription["items"]["data"])


def show(call: Call) -> Json:
    """GET /v1/subscriptions/{id}."""
    return records.show(records.find(call, "subscription", call.path["id"]))


def list_subscriptions(call: Call) -> Json:
    """GET /v1/subscriptions. Canceled subscriptions are listed only if `status` asks for them."""
    wanted = call.query.get("status")
    matches = records.matching(call.query, "customer", "customer_account")

    def keep(one: Json) -> bool:
        ended = one["status"] in ENDED
        is_wanted = {None: one["status"] != "canceled", "all": True, "ended": ended}.get(
            wanted, one["status"] == wanted
        )
        prices = {item["price"]["id"] for item in one["items"]["data"]}
        return is_wanted and matches(one) and call.query.get("price", next(iter(prices))) in prices

    return records.page(call, "subscription", PATH, records.show, keep)


def update(call: Call) -> str:
    """POST /v1/subscriptions/{id}."""
    subscription = records.find(call, "subscription", call.path["id"])
    if subscription["status"] in ENDED:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise Refused(None, message)
    changed, body = {**subscription}, call.body
    if "default_payment_method" in body:
        records.find(call, "payment_method", body["default_payment_method"], "default_payment_method")
    if "metadata" in body:
        changed["metadata"] = forms.merged(subscription["metadata"], body["metadata"])
    names = ("default_payment_method", "description")
    changed.update({name: body[name] for name in names if name in body})
    kinds = ["updated"]
    if changed["default_payment_method"] != subscription["default_payment_method"]:
        kinds.append("default_payment_method_changed")
    if "items" in body:
        kinds += _change_items(call, changed, body["items"])
    if "cancel_at_period_end" in body:
        kinds += cancel_later(call.state, changed, cancels=body["cancel_at_period_end"])
    save(call.state, changed, *kinds)
    return str(changed["id"])


def _change_items(call: Call, subscription: Json, orders: list[Json]) -> list[str]:
    """Change prices and quantities of the subscription's items. Returns the additional events to emit."""
    kinds = set()
    for index, order in enumerate(orders):
        forms.require(order, "id", path=f"items[{index}]")
        item = next((one for one in subscription["items"]["data"] if one["id"] == order["id"]), None)
        if item is None:
            message = f"No such subscription item: '{order['id']}'"
            raise Refused("resource_missing", message, 404, param=f"items[{index}][id]")
        if "price" in order and order["price"] != item["price"]["id"]:
            price = records.find(call, "price", order["price"], f"items[{index}][price]")
            switch(subscription, item, price, index)
            kinds.add("item_price_changed")
        if order.get("quantity", item["quantity"]) != item["quantity"]:
            _replace(subscription, order["id"], {"quantity": order["quantity"]})
            kinds.add("item_quantity_changed")
    return sorted(kinds)


def switch(subscription: Json, item: Json, price: Json, index: int = 0) -> None:
    """Give an item another price with the same currency and interval. It applies from the next period on.

    `index` is the place of the item in the request.
    """
    param = f"items[{index}][price]"
    check_price(price, param)
    kept = [price["currency"] == subscription["currency"], price["recurring"] == item["price"]["recurring"]]
    if not all(kept):
        message = (
            "The local Stripe changes a subscription only to a price with the same currency and interval."
        )
        raise Refused(None, message, param=param)
    _replace(subscription, item["id"], _priced(price))


def _replace(subscription: Json, identifier: str, changes: Json) -> None:
    items = subscription["items"]
    data = [{**one, **changes} if one["id"] == identifier else one for one in items["data"]]
    subscription["items"] = {**items, "data": data}


def check_price(price: Json, param: str) -> None:
    """Refuse a price that is charged once, or that is not active."""
    if price["recurring"] is None:
        message = (
            f"The price specified is set to `type=one_time` but this field only accepts prices with "
            f"`type=recurring`: {price['id']}"
        )
        raise Refused(None, message, param=param)
    if not price["active"]:
        message = f"The price specified is inactive. This field only accepts active prices: {price['id']}"
        raise Refused("resource_missing", message, param=param)


def cancel_later(state: State, subscription: Json, *, cancels: bool) -> list[str]:
    """Cancel at the end of the period, or withdraw this cancellation.

    Returns the additional events to emit.
    """
    before = subscription["cancel_at"]
    subscription.update(
        cancel_at_period_end=cancels,
        cancel_at=period_end(subscription) if cancels else None,
        canceled_at=int(state.now()) if cancels else None,
        cancellation_details={
            **subscription["cancellation_details"],
            "reason": "cancellation_requested" if cancels else None,
        },
    )
    return ["cancel_at_changed"] if before != subscription["cancel_at"] else []


def end(state: State, subscription: Json, reason: str) -> None:
    """Cancel a subscription now."""
    now = int(state.now())
    subscription.update(status="canceled", ended_at=now, canceled_at=subscription["canceled_at"] or now)
    subscription["cancellation_details"] = {**subscription["cancellation_details"], "reason": reason}
    save(state, subscription, "deleted")


def cancel(call: Call) -> str:
    """DELETE /v1/subscriptions/{id}."""
    subscription = records.find(call, "subscription", call.path["id"])
    if subscription["status"] in ENDED:
        raise Refused("resource_missing", f"No such subscription: '{subscription['id']}'", 404, param="id")
    end(call.state, subscription, "cancellation_requested")
    return str(subscription["id"])
