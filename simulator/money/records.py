"""The records of payments, payouts and disputes: find, list, save and show them, and emit their events."""

from collections.abc import Callable
from typing import Any

from simulator.accounts.rules import dig
from simulator.events import events
from simulator.state import Json, State, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM
from simulator.wire.paging import v1_list

APPLICATION = "ca_SimulatedPlatform"
# The path of each object, and (in _PARAMS) the name that Stripe's errors use for the object's id.
PATHS = {
    "payment_intent": "/v1/payment_intents/{id}",
    "payment_method": "/v1/payment_methods/{id}",
    "customer": "/v1/customers/{id}",
    "charge": "/v1/charges/{id}",
    "dispute": "/v1/disputes/{id}",
    "radar.early_fraud_warning": "/v1/radar/early_fraud_warnings/{id}",
    "refund": "/v1/refunds/{id}",
    "balance_transaction": "/v1/balance_transactions/{id}",
    "application_fee": "/v1/application_fees/{id}",
    "fee_refund": "/v1/application_fees/{fee}/refunds/{id}",
    "checkout.session": "/v1/checkout/sessions/{id}",
    "payout": "/v1/payouts/{id}",
    "bank_account": "/v1/accounts/{account}/external_accounts/{id}",
    "balance_settings": "/v1/balance_settings",
    "product": "/v1/products/{id}",
    "price": "/v1/prices/{id}",
    "subscription": "/v1/subscriptions/{id}",
    "invoice": "/v1/invoices/{id}",
    "invoice_payment": "/v1/invoice_payments/{id}",
}
_PARAMS = {
    "payment_intent": "intent",
    "payment_method": "payment_method",
    "payment_method_domain": "payment_method_domain",
    "dispute": "dispute",
    "payout": "payout",
    "radar.early_fraud_warning": "early_fraud_warning",
    "file": "file",
    "refund": "refund",
    "application_fee": "fee",
    "checkout.session": "session",
}


def owner(call: Call) -> str:
    """Return the account that a call acts on."""
    return call.account or PLATFORM


def find(call: Call, kind: str, identifier: str, param: str | None = None) -> Json:
    """Return a record of the call's account. Raises Refused if the account has no such record."""
    record = call.state.all(kind).get(identifier)
    if record is None or record["_account"] != owner(call):
        name = kind.replace("_", " ") if kind.startswith(("application", "balance")) else kind
        known = _PARAMS.get(kind, "id")
        # Recordings show 404 for an id in the path, and 400 for an id in a parameter.
        status = 404 if param is None else 400
        raise Refused("resource_missing", f"No such {name}: '{identifier}'", status, param=param or known)
    return record


def save(state: State, record: Json) -> Json:
    """Save a new or changed record, and return it."""
    charge = record["id"] if record["object"] == "charge" else record.get("charge")
    if charge is not None:
        state.touched.add(charge)
    state.save(record["object"], record["id"], record)
    return record


def show(record: Json) -> Json:
    """Return a record without its hidden fields."""
    return {name: value for name, value in record.items() if not name.startswith("_")}


def emit(state: State, kind: str, record: Json, shown: Json | None = None) -> None:
    """Emit a v1 event about a record. If `shown` is given, the event contains it in place of the record.

    Events about the platform's own objects have no context.
    """
    context = None if record["_account"] == PLATFORM else record["_account"]
    related = (record["object"], PATHS[record["object"]].format(**record))
    snapshot = shown or show(record)
    events.emit(state, f"v1.{kind}", context=context, related=related, reason=state.reason, snapshot=snapshot)


def page(
    call: Call,
    kind: str,
    path: str,
    shower: Callable[[Json], Json],
    keep: Callable[[Json], bool] = lambda _: True,
    source: list[Json] | None = None,
) -> Json:
    """Return a page of those records of the call's account that `keep` accepts, newest first."""
    records = call.state.having(kind, "_account", owner(call)) if source is None else source
    bounds = call.query.get("created", {})
    chosen = [one for one in reversed(records) if within(one["created"], bounds) and keep(one)]
    return v1_list(path, call.query, chosen, shower)


def within(moment: int, bounds: int | dict[str, int]) -> bool:
    """Whether a time is within the bounds of a query parameter. A number means exactly this time."""
    if isinstance(bounds, int):
        return moment == bounds
    return (
        moment > bounds.get("gt", -1)
        and moment >= bounds.get("gte", 0)
        and moment < bounds.get("lt", forms.MOST)
        and moment <= bounds.get("lte", forms.MOST)
    )


def matching(query: Json, *names: str) -> Callable[[Json], bool]:
    """Return a function that tells whether a record has the values of these query parameters."""
    wanted = {name: query[name] for name in names if name in query}
    return lambda record: all(record[name] == value for name, value in wanted.items())


def of_payment(call: Call, kind: str) -> tuple[Callable[[Json], bool], list[Json] | None]:
    """Return the last arguments of `page` for a list that can be filtered by `charge` or `payment_intent`.

    Raises Refused if the query names a charge or intent that does not exist.
    """
    source = None
    names = ("charge", "payment_intent")
    for name in names:
        if name in call.query:
            find(call, name, call.query[name], name)
            source = call.state.having(kind, name, call.query[name])
    return matching(call.query, *names), source


def nulls(names: str) -> Json:
    """Return null for each of these names, which are separated by spaces."""
    return dict.fromkeys(names.split())


def new_id(prefix: str, stem: str = "1") -> str:
    """Return the id of a new object. The objects of one payment have ids with the same `stem`."""
    return f"{prefix}_{stem}{token('', 24 - len(stem))}"


def stem(identifier: str) -> str:
    """Return the part of an id that the objects of one payment share."""
    return identifier.partition("_")[2][:17]


def status_of(state: State, account: str, capability: str) -> Any:
    """Return the status of a merchant capability. For the platform, all capabilities are active."""
    if account == PLATFORM:
        return "active"
    path = f"view.configuration.merchant.capabilities.{capability}.status"
    return dig(state.all("account")[account], path)
