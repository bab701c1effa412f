"""Subscriptions of connected accounts (https://docs.stripe.com/api/subscriptions): records and calls.

Stripe creates them here when a Checkout Session is completed.
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
# `subscription_data` of a Checkout Session.
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
    "metadata": forms.Unset(forms.METADATA),
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
    "canceled_at days_until_due default_payment_method default_source description ended_at latest_invoice "
    "next_pending_invoice_item_invoice on_behalf_of pause_collection pending_invoice_item_interval "
    "pending_setup_intent pending_update schedule status_details test_clock transfer_data trial_end "
    "trial_start"
)


def customer_of(account: str) -> str:
    """Return the customer id that stands for an account. Stripe does not publish the form of such an id."""
    return f"cus_{account.removeprefix('acct_')[:14]}"


def check_customer(state: State, account: str | None) -> None:
    """Refuse an account that the platform does not have, or without the configuration `customer`."""
    record = state.all("account").get(account or "")
    if record is None or record["deauthorized"]:
        message = f"No such customer_account: '{account}'"
        raise Refused("resource_missing", message, 400, param="customer_account")
    if record["closed"] or not dig(record, "configuration.customer.applied"):
        message = f"The account {account} does not have the customer configuration."
        raise Refused(None, message, param="customer_account")


def following(moment: int, recurring: Json, times: int = 1) -> int:
    """Return the time after this number of intervals. In a month without this day, it is the last day."""
    start = datetime.fromtimestamp(moment, UTC)
    count = recurring["interval_count"] * times
    if recurring["interval"] in {"day", "week"}:
        days = count * (7 if recurring["interval"] == "week" else 1)
        return int((start + timedelta(days=days)).timestamp())
    months = start.year * 12 + start.month - 1 + count * (12 if recurring["interval"] == "year" else 1)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def new(state: State, session: Json, method: Json | None) -> Json:
    """Return the subscription of a completed session. The caller saves it."""
    now, data = int(state.now()), session["_subscription"]
    identifier = records.new_id("sub")
    lines = state.having("item", "_session", session["id"])
    prices = [state.all("price")[line["_price"]] for line in lines]
    days = data.get("trial_period_days")
    trial_end = now + days * 86400 if days else None
    end = trial_end or following(now, prices[0]["recurring"])
    behavior = data.get("trial_settings", {}).get("end_behavior", {}).get("missing_payment_method")
    return {
        "id": identifier,
        "object": "subscription",
        "_account": PLATFORM,
        # When the first period begins, and the number of periods that have begun.
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
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session["currency"],
        "customer": customer_of(session["customer_account"]),
        "customer_account": session["customer_account"],
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
            "data": [
                _item(identifier, line, price, now, end) for line, price in zip(lines, prices, strict=True)
            ],
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


def _item(subscription: str, line: Json, price: Json, start: int, end: int) -> Json:
    plan_names = "active billing_scheme created currency livemode metadata nickname product"
    return {
        "id": records.new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": start,
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "plan": {
            "id": price["id"],
            "object": "plan",
            **{name: price[name] for name in plan_names.split()},
            **price["recurring"],
            "amount": price["unit_amount"],
            "amount_decimal": price["unit_amount_decimal"],
            **records.nulls("tiers_mode transform_usage"),
        },
        "price": records.show(price),
        "quantity": line["quantity"],
        "subscription": subscription,
        "tax_rates": [],
    }


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
    if "cancel_at_period_end" in body:
        kinds += cancel_later(call.state, changed, cancels=body["cancel_at_period_end"])
    save(call.state, changed, *kinds)
    return str(changed["id"])


def cancel_later(state: State, subscription: Json, *, cancels: bool) -> list[str]:
    """Cancel at the end of the period, or undo this. Returns the additional events to emit."""
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
