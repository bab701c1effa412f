"""`expand`: replaces ids in an answer with their objects (https://docs.stripe.com/api/expanding_objects)."""

from collections.abc import Callable

from simulator.money import fees, ledger, records
from simulator.money.checkout import items
from simulator.money.disputes import disputes
from simulator.state import Json, State
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

DEPTH = 4
_PREFIXES = {
    "ch_": "charge",
    "py_": "charge",
    "du_": "dispute",
    "re_": "refund",
    "pyr_": "refund",
    "fee_": "application_fee",
    "fr_": "fee_refund",
    "po_": "payout",
}


def _refunds(state: State, charge: Json) -> Json:
    found = state.having("refund", "charge", charge["id"])[::-1]
    return {
        "object": "list",
        "data": [records.show(one) for one in found[:10]],
        "has_more": len(found) > 10,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }


# The expandable fields of each kind of object, and the kind of object that each field holds. This kind is
# None if the simulator leaves the field as it is, or if the field may hold several kinds.
_FIELDS: dict[str, dict[str, str | None]] = {
    "payment_intent": {
        **dict.fromkeys(("application", "on_behalf_of", "review", "source")),
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "charge": {
        **dict.fromkeys(("application", "on_behalf_of", "review", "source_transfer")),
        "customer": "customer",
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "refund": {
        **dict.fromkeys(("customer", "source_transfer_reversal", "transfer_reversal")),
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
    },
    "application_fee": {
        **dict.fromkeys(("account", "application", "originating_transaction")),
        "balance_transaction": "balance_transaction",
        "charge": "charge",
    },
    "fee_refund": {"balance_transaction": "balance_transaction", "fee": "application_fee"},
    "balance_transaction": {"source": None},
    "checkout.session": {
        **dict.fromkeys(("payment_link", "setup_intent")),
        "customer": "customer",
        "invoice": "invoice",
        "subscription": "subscription",
        "payment_intent": "payment_intent",
    },
    "payment_method": {"customer": "customer"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "payout": {
        **dict.fromkeys(("application_fee", "original_payout", "reversed_by")),
        "balance_transaction": "balance_transaction",
        "destination": "bank_account",
        "failure_balance_transaction": "balance_transaction",
    },
    "bank_account": {},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "customer": {"default_source": None},
    "customer_session": {"customer": "customer"},
    "price": {"product": "product"},
    "subscription": {
        **dict.fromkeys(("application", "customer", "default_source", "pending_setup_intent", "schedule")),
        "default_payment_method": "payment_method",
        "latest_invoice": "invoice",
    },
    "invoice": {
        **dict.fromkeys(("application", "customer", "default_source", "on_behalf_of")),
        "default_payment_method": "payment_method",
    },
    "invoice_payment": {"invoice": "invoice"},
    "product": {"default_price": None, "tax_code": None},
}
# Lists that an answer contains only if they are expanded, with the kind of their items.
_LISTS: dict[str, dict[str, tuple[str, Callable[[State, Json], Json]]]] = {
    "charge": {"refunds": ("refund", _refunds)},
    "checkout.session": {"line_items": ("item", items.expanded)},
}
# Objects and lists that an answer always contains. Fields inside them can be expanded.
_INCLUDED = {"item": {"price": "price"}, "application_fee": {"refunds": "fee_refund"}}


def check(kind: str, paths: list[str], *, is_list: bool = False) -> None:
    """Refuse a path that does not exist in an object of this kind, or in a list of such objects."""
    for path in paths:
        parts = path.split(".")
        if is_list and parts[0] != "data":
            hint = f"You may want to try expanding 'data.{path}' instead."
            raise Refused(None, f"This property cannot be expanded ({path}). {hint}", param="expand")
        # Stripe counts the `data` of a list or of an inner list as a level, as recordings show.
        if len(parts) > DEPTH:
            message = f"You cannot expand more than {DEPTH} levels of a property. Property: {path}"
            raise Refused("property_expansion_max_depth", message, param="expand")
        if not _exists(kind, parts[is_list:]):
            raise Refused(None, f"This property cannot be expanded ({path}).", param="expand")


def _exists(kind: str | None, parts: list[str]) -> bool:
    if not parts or kind is None:
        return kind is None or bool(parts)
    name, *rest = parts
    lists, included = _LISTS.get(kind, {}), _INCLUDED.get(kind, {})
    if name in _FIELDS.get(kind, {}):
        return not rest or _exists(_FIELDS[kind][name], rest)
    if name in lists or name in included:
        inner = lists[name][0] if name in lists else included[name]
        return not rest or _exists(inner, rest[1:] if rest[0] == "data" else rest)
    return False


def apply(call: Call, answer: Json) -> Json:
    """Replace each field that the request's `expand` names with its object or list, and return the answer.

    `check` has accepted these fields.
    """
    for path in call.body.get("expand") or call.query.get("expand") or []:
        answer = _expand(call.state, answer, path.split("."))
    return answer


def _expand(state: State, value: Json, parts: list[str]) -> Json:
    name, *rest = parts
    if name == "data":
        return {**value, "data": [_expand(state, one, rest) if rest else one for one in value["data"]]}
    found = _fetch(state, value, name)
    if isinstance(found, dict) and rest:
        found = _expand(state, found, rest)
    return {**value, name: found}


def _fetch(state: State, value: Json, name: str) -> object:
    kind, present = value["object"], value.get(name)
    if present is None and name in _LISTS.get(kind, {}):
        return _LISTS[kind][name][1](state, value)
    if not isinstance(present, str) or name not in _FIELDS[kind]:
        return present
    found = _FIELDS[kind][name]
    if name == "source":
        found = next(inner for prefix, inner in _PREFIXES.items() if present.startswith(prefix))
    return present if found is None else render(state, state.all(found)[present])


def render(state: State, record: Json) -> Json:
    """Return a record as the API shows it."""
    showers = {
        "application_fee": fees.render,
        "balance_transaction": ledger.render,
        "dispute": disputes.render,
    }
    shower = showers.get(record["object"])
    return shower(state, record) if shower else records.show(record)
