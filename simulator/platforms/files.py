"""Scenario files: groups of merchants, each with payments, a dispute, a failed payout or a subscription.

A file is JSON: `{"name": "demo", "merchants": [{"count": 2, "subscription": "overdue"}]}`. Its accounts have
ids such as `acct_demo0001`, so loading a file twice creates nothing new. ConnectQL adopts these accounts like
accounts that the platform had before it used ConnectQL.
"""

import dataclasses
import json
from collections.abc import Callable, Container, Iterable
from pathlib import Path

from simulator.accounts import accounts, existing, records, rules
from simulator.billing import course, subscriptions
from simulator.control import audits, payouts, scenarios
from simulator.money import intents, methods, payments
from simulator.money import records as money
from simulator.money.checkout import items, sessions
from simulator.money.payouts.payouts import MESSAGES
from simulator.state import CONTROL, Json, State
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

FOLDER = Path(__file__).parent
MOST = 500
SUBSCRIPTIONS = ("active", "trialing", "overdue", "canceled")
DISPUTES = {card.dispute: number for number, card in methods.CARDS.items() if card.dispute is not None}
# Money from the second card is available at once, so that it can be paid out.
_GOOD, _AVAILABLE, _DECLINED = "4242424242424242", "4000000000000077", "4000000000000341"
_LOOKUP = "scenario-file"
# A function that tells whether a value is allowed, and a description of the allowed values.
_Check = tuple[Callable[[object], bool], str]


def _number(least: int, most: int) -> _Check:
    # A bool is an int in Python, but not a number in JSON.
    return lambda value: type(value) is int and least <= value <= most, f"from {least:,} to {most:,}"


def _one_of(names: Iterable[str], *others: object) -> _Check:
    known: Container[object] = (*names, *others)
    return lambda value: value in known, f"one of {', '.join(names)}"


_CHECKS: dict[str, _Check] = {
    "count": _number(1, MOST),
    "name": (lambda value: isinstance(value, str), "a text"),
    "country": (
        lambda value: isinstance(value, str) and value.upper() in rules.CURRENCIES,
        f"one of {', '.join(rules.CURRENCIES)}",
    ),
    "status": _one_of(scenarios.SCENARIOS),
    "payments": _number(0, MOST),
    "amount": _number(50, 10**8 - 1),
    "fee": _number(0, 10**8 - 1),
    "dispute": _one_of(DISPUTES, None),
    "payout_failure": _one_of(MESSAGES, None),
    "subscription": _one_of(SUBSCRIPTIONS, None),
}


def _group(**fields: object) -> Json:
    """Return a group of merchants with these fields. Raises Refused for an unknown field or a wrong value."""
    group: Json = {
        "count": 1,
        "name": "Shop",
        "country": "US",
        "status": "activate",
        "payments": 0,
        "amount": 2500,
        "fee": 100,
        "dispute": None,
        "payout_failure": None,
        "subscription": None,
    }
    if unknown := set(fields) - set(group):
        message = f"{', '.join(sorted(unknown))}: unknown field. A group has the fields {', '.join(group)}"
        raise Refused("parameter_unknown", message)
    group |= fields
    for name, (is_valid, allowed) in _CHECKS.items():
        if not is_valid(group[name]):
            raise Refused("parameter_invalid", f"{name}: must be {allowed}")
    return group


def names() -> list[str]:
    """Return the names of the files that the local Stripe comes with."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def read(name: str) -> Json:
    """Return the content of a file that the local Stripe comes with."""
    order: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return order


def load(state: State, order: Json) -> Json:
    """Create the accounts of a file. Returns their ids. If a group is refused, nothing is created."""
    name, groups = order.get("name", "demo"), order.get("merchants")
    if not isinstance(name, str) or not name.isascii() or not name.isalnum() or len(name) > 20:
        raise Refused("parameter_invalid", "name: 1 to 20 letters and digits")
    if not isinstance(groups, list) or not all(isinstance(one, dict) for one in groups):
        raise Refused("parameter_invalid", "merchants: a list of groups")
    checked = [_group(**one) for one in groups]
    chosen = [group for group in checked for _ in range(group["count"])]
    if len(chosen) > MOST:
        raise Refused("parameter_invalid", f"merchants: at most {MOST}")
    named = {f"acct_{name}{number:04}": (number, group) for number, group in enumerate(chosen, 1)}
    missing = {account: named[account] for account in named if account not in state.all("account")}
    if missing:
        _rehearse(state, checked)
    for account, (number, group) in missing.items():
        title = group["name"] if group["count"] == 1 else f"{group['name']} {number}"
        _open(state, account, group, title)
    audits.check(state)
    return {"accounts": list(named)}


def _rehearse(state: State, groups: Iterable[Json]) -> None:
    """Create one merchant of each group in an empty state. Raises Refused if this is not possible.

    Some values are valid alone but not together, such as a fee and the country Brazil. Without this
    rehearsal, such a group would be refused only after its account was created.
    """
    for number, group in enumerate(groups):
        empty = State(dataclasses.replace(state.settings, state=None))
        for name in CONTROL:
            empty.save("control", name, state.control(name))
        # All payments of a group are equal, so one of them shows whether they are possible.
        _open(empty, f"acct_{number}", {**group, "payments": min(group["payments"], 1)}, group["name"])


def _open(state: State, account: str, group: Json, name: str) -> None:
    order = {"id": account, "display_name": name, "country": group["country"]}
    existing.create(state, {**order, "contact_email": f"{account.removeprefix('acct_')}@shop.example"})
    scenarios.play(state, account, {"scenario": "activate"})
    for _ in range(group["payments"]):
        _pay(state, account, group, _GOOD)
    if group["dispute"]:
        _pay(state, account, group, DISPUTES[group["dispute"]])
    if group["payout_failure"]:
        _pay(state, account, group, _AVAILABLE)
        _fail_payout(state, account, group["payout_failure"])
    if group["subscription"]:
        _subscribe(state, account, group["subscription"])
    if group["status"] != "activate":
        scenarios.play(state, account, {"scenario": group["status"]})


def _pay(state: State, account: str, group: Json, number: str) -> None:
    body = {
        "amount": group["amount"],
        "currency": "usd",
        "application_fee_amount": group["fee"],
        "capture_method": "automatic",
    }
    intent = intents.new(state, account, body)
    money.save(state, intent)
    money.emit(state, "payment_intent.created", intent)
    payments.attempt(state, intent, methods.new(state, account, number), base_url="")


def _fail_payout(state: State, account: str, code: str) -> None:
    payouts.play_balance(state, {"id": account, "scenario": "pay_out"})
    made = state.having("payout", "_account", account)
    if not made:
        raise Refused("parameter_invalid", "payout_failure: the fees leave no money to pay out")
    payouts.play(state, {"id": made[-1]["id"], "scenario": "send"})
    payouts.play(state, {"id": made[-1]["id"], "scenario": "fail", "code": code})


def _subscribe(state: State, account: str, kind: str) -> None:
    changed = records.edit(state, account)
    before = state.all("account")[account]
    accounts.apply(changed, {"configuration": {"customer": {}}}, before, state.today())
    records.publish(state, changed)
    trial = {"trial_period_days": 14} if kind == "trialing" else {}
    body = {
        "mode": "subscription",
        "customer_account": account,
        "line_items": [{"price": _price(state), "quantity": 1}],
        "subscription_data": trial,
        "success_url": "https://app.example/",
    }
    session = state.all("checkout.session")[sessions.create(_call(state, body))]
    method = methods.new(state, PLATFORM, _GOOD)
    if session["amount_total"]:
        payments.attempt(state, course.intent_of(state, session), method, base_url="")
    course.begin(state, session, method, f"http://{state.settings.host}:{state.settings.port}")
    made = state.all("subscription")[session["subscription"]]
    if kind == "canceled":
        subscriptions.end(state, made, "cancellation_requested")
    if kind == "overdue":
        made["default_payment_method"] = methods.new(state, PLATFORM, _DECLINED)["id"]
        course.renew_now(state, made)


def _price(state: State) -> str:
    known = [one["id"] for one in state.having("price", "_account", PLATFORM) if one["lookup_key"] == _LOOKUP]
    if known:
        return str(known[0])
    call = _call(state, {})
    product = items.new_product(call, {"name": "Premium plan"}, is_active=True)
    order = {
        "currency": "usd",
        "unit_amount": 2000,
        "recurring": {"interval": "month"},
        "lookup_key": _LOOKUP,
    }
    return str(items.new_price(call, product["id"], order, is_active=True)["id"])


def _call(state: State, body: Json) -> Call:
    """Return a call by the platform, as if it was parsed from a request."""
    return Call(state, "req_scenario", {}, {}, body, None, "")
