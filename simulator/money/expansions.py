"""`expand`: replaces ids in an answer by their objects (https://docs.stripe.com/api/expanding_objects)."""

from collections.abc import Callable

from simulator.money import fees, ledger, records
from simulator.money.checkout import items
from simulator.state import Json, State
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

DEPTH = 4
_PREFIXES = {
    "ch_": "charge",
    "py_": "charge",
    "re_": "refund",
    "pyr_": "refund",
    "fee_": "application_fee",
    "fr_": "fee_refund",
}


def _refunds(state: State, charge: Json) -> Json:
    found = state.having("refund", "charge", charge["id"])[::-1]
    return {
        "object": "list",
        "data": [records.show(one) for one in found[:10]],
        "has_more": len(found) > 10,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }


# The expandable fields of each object: the kind of the object, None for one that is always null here, or a
# function for a list that is absent otherwise.
Field = str | None | Callable[[State, Json], Json]
_FIELDS: dict[str, dict[str, Field]] = {
    "payment_intent": {
        **dict.fromkeys(("application", "customer", "on_behalf_of", "review", "source")),
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "charge": {
        **dict.fromkeys(("application", "customer", "on_behalf_of", "review", "source_transfer")),
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "refunds": _refunds,
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
    "balance_transaction": {"source": "source"},
    "checkout.session": {
        **dict.fromkeys(("customer", "invoice", "payment_link", "setup_intent", "subscription")),
        "line_items": items.expanded,
        "payment_intent": "payment_intent",
    },
    "payment_method": {"customer": None},
    "price": {"product": "product"},
    "product": {"default_price": None, "tax_code": None},
}


def apply(call: Call, answer: Json) -> Json:
    """Return the answer with the fields that the request's `expand` names."""
    for path in call.body.get("expand") or call.query.get("expand") or []:
        parts = path.split(".")
        is_list = answer["object"] == "list"
        if is_list and parts[0] != "data":
            hint = f"You may want to try expanding 'data.{path}' instead."
            raise Refused(None, f"This property cannot be expanded ({path}). {hint}", param="expand")
        if len(parts) - is_list > DEPTH:
            message = f"You cannot expand more than {DEPTH} levels of a property. Property: {path}"
            raise Refused(None, message, param="expand")
        answer = _expand(call.state, answer, parts, path)
    return answer


def _expand(state: State, value: Json, parts: list[str], path: str) -> Json:
    name, rest = parts[0], parts[1:]
    if name == "data" and value.get("object") == "list":
        # A page by itself is nothing to expand, unless its list was.
        return {**value, "data": [_expand(state, one, rest, path) if rest else one for one in value["data"]]}
    fields = _FIELDS.get(value.get("object", ""), {})
    if name not in fields:
        inner = value.get(name)
        if isinstance(inner, dict) and rest:
            return {**value, name: _expand(state, inner, rest, path)}
        raise Refused(None, f"This property cannot be expanded ({path}).", param="expand")
    found = _fetch(state, value, name, fields[name])
    if isinstance(found, dict) and rest:
        found = _expand(state, found, rest, path)
    return {**value, name: found}


def _fetch(state: State, value: Json, name: str, field: Field) -> object:
    present = value.get(name)
    if field is None or isinstance(present, dict):
        return present
    if not isinstance(field, str):
        return field(state, value)
    if present is None:
        return None
    kind = field
    if field == "source":
        kind = next(kind for prefix, kind in _PREFIXES.items() if present.startswith(prefix))
    return render(state, state.all(kind)[present])


def render(state: State, record: Json) -> Json:
    """Return a record as the API shows it."""
    shower = {"balance_transaction": ledger.render, "application_fee": fees.render}.get(record["object"])
    return shower(state, record) if shower else records.show(record)
