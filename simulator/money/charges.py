"""Charges: one for each attempt to pay that reaches the payer's bank.

The charge of a bank debit is pending until the bank has answered.
"""

from simulator.money import currencies, ledger, methods, records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call

PATH = "/v1/charges"
UPDATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "description": forms.Unset(str),
    "metadata": forms.Unset(forms.METADATA),
    "receipt_email": forms.Unset(str),
}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "customer": str, "payment_intent": str}
ADDRESS: dict[str, forms.Table] = dict.fromkeys(
    ("city", "country", "line1", "line2", "postal_code", "state"), forms.Unset(str)
)
SHIPPING: dict[str, forms.Table] = {
    "address": ADDRESS,
    **dict.fromkeys(("carrier", "name", "phone", "tracking_number"), forms.Unset(str)),
}
_NULLS = (
    "application_fee balance_transaction calculated_statement_descriptor "
    "failure_balance_transaction failure_code failure_message on_behalf_of presentment_details "
    "receipt_number receipt_url review source source_transfer transfer_data transfer_group"
)
_APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 20,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def new(state: State, intent: Json, method: Json, status: str, **more: object) -> Json:
    """Return a new charge of an intent. The caller saves it."""
    is_paid = status != "failed"
    is_captured = is_paid and intent["capture_method"] != "manual"
    prefix = "ch" if method["type"] == "card" else "py"
    fee = intent["application_fee_amount"]
    return {
        "id": records.new_id(prefix, records.stem(intent["id"])),
        "object": "charge",
        "_account": intent["_account"],
        "_method": method["_number"],
        **records.nulls(_NULLS),
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if is_captured and status == "succeeded" else 0,
        "amount_refunded": 0,
        "application": records.APPLICATION if fee else None,
        "application_fee_amount": fee,
        "billing_details": method["billing_details"],
        "captured": is_captured,
        "created": int(state.now()),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": dict(_APPROVED),
        "paid": is_paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        **more,
    }


def shipping(order: Json | None) -> Json | None:
    """Return the shipping details of an order, with null for each missing value."""
    if order is None:
        return None
    return {**dict.fromkeys(SHIPPING), **order, "address": address(order.get("address", {}))}


def address(order: Json | None) -> Json | None:
    """Return an address, with null for each missing value."""
    return None if order is None else {**dict.fromkeys(ADDRESS), **order}


def fail(charge: Json, code: str, message: str, outcome: Json) -> None:
    """Mark a charge as failed, with the code, message and outcome from the bank."""
    charge.update(status="failed", paid=False, captured=False, amount_captured=0)
    charge.update(failure_code=code, failure_message=message)
    charge["outcome"] = {**_APPROVED, **outcome}


def book(state: State, charge: Json) -> None:
    """Book a captured charge on its account: the amount, less Stripe's fee and the application fee."""
    decimals = currencies.exponent(charge["currency"])
    kind = charge["payment_method_details"]["type"]
    fee = ledger.stripe_fee(kind, charge["amount_captured"], decimals)
    details = [ledger.detail("stripe_fee", fee, charge["currency"])]
    if applied := fee_of(charge):
        details.insert(0, ledger.detail("application_fee", applied, charge["currency"]))
    card = methods.CARDS.get(charge["_method"])
    transaction = ledger.book(
        state,
        charge,
        "charge" if kind == "card" else "payment",
        charge["amount_captured"],
        category="charge",
        fees=details,
        at_once=card is not None and card.bypasses_pending,
    )
    charge["balance_transaction"] = transaction["id"]


def fee_of(charge: Json) -> int:
    """Return the application fee of a captured charge, which is at most the captured amount."""
    return min(int(charge["application_fee_amount"] or 0), int(charge["amount_captured"]))


def show(call: Call) -> Json:
    """GET /v1/charges/{id}."""
    return records.show(records.find(call, "charge", call.path["id"]))


def update(call: Call) -> str:
    """POST /v1/charges/{id}. Changes the description, the e-mail address for receipts and the metadata."""
    charge = records.find(call, "charge", call.path["id"])
    changes = dict(call.body)
    if "metadata" in changes:
        changes["metadata"] = forms.merged(charge["metadata"], changes["metadata"])
    charge.update({name: changes[name] for name in UPDATE if name in changes and name != "expand"})
    records.save(call.state, charge)
    records.emit(call.state, "charge.updated", charge)
    return str(charge["id"])


def list_charges(call: Call) -> Json:
    """GET /v1/charges."""
    intent = call.query.get("payment_intent")
    source = None
    if intent is not None:
        records.find(call, "payment_intent", intent, "payment_intent")
        source = call.state.having("charge", "payment_intent", intent)
    keep = records.matching(call.query, "customer")
    return records.page(call, "charge", PATH, records.show, keep, source)
