"""The calls about payouts (https://docs.stripe.com/api/payouts)."""

from simulator.money import currencies, ledger, records
from simulator.money.payouts import banks, payouts, schedule
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

PATH = "/v1/payouts"
CREATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "amount": forms.at_least(1),
    "currency": str,
    "description": str,
    "destination": str,
    "metadata": forms.Unset(forms.METADATA),
    "method": ("instant", "standard"),
    "source_type": ("bank_account", "card", "fpx"),
    "statement_descriptor": str,
}
UPDATE: dict[str, forms.Table] = {**forms.EXPAND, "metadata": forms.Unset(forms.METADATA)}
QUERY: dict[str, forms.Table] = {
    **forms.PAGE,
    "arrival_date": forms.CREATED,
    "destination": str,
    "status": str,
}
# The values of the filter `status` (https://docs.stripe.com/api/payouts/list). `in_transit` is not allowed.
STATUSES = ("pending", "paid", "failed", "canceled")
LONGEST_DESCRIPTOR = 22


def create(call: Call) -> str:
    """POST /v1/payouts: a manual payout from the available balance."""
    body, state = call.body, call.state
    forms.require(body, "amount", "currency")
    account = records.owner(call)
    schedule.check_control(state, account)
    currency = currencies.check(body["currency"])
    bank = banks.current(state, account) if account != PLATFORM else None
    if bank is None or body.get("destination", bank["id"]) != bank["id"]:
        message = "Sorry, you don't have any external accounts in that currency."
        raise Refused(None, message, param="destination" if "destination" in body else None)
    if records.status_of(state, account, "stripe_balance.payouts") != "active":
        message = "Cannot create payouts: this account has requirements that need to be provided."
        raise Refused("payouts_not_allowed", message)
    method = body.get("method", "standard")
    if method not in bank["available_payout_methods"]:
        message = "The bank account does not support instant payouts."
        raise Refused("instant_payouts_unsupported", message, param="method")
    if len(body.get("statement_descriptor", "")) > LONGEST_DESCRIPTOR:
        message = f"The statement descriptor must be at most {LONGEST_DESCRIPTOR} characters."
        raise Refused(None, message, param="statement_descriptor")
    if body["amount"] > ledger.available(state, account, currency):
        message = "You have insufficient funds in your Stripe account for this payout."
        raise Refused("balance_insufficient", message)
    given = {
        name: body[name] for name in ("description", "source_type", "statement_descriptor") if name in body
    }
    metadata = forms.merged({}, body.get("metadata", {}))
    made = payouts.create(state, bank, currency, body["amount"], method=method, metadata=metadata, **given)
    return str(made["id"])


def show(call: Call) -> Json:
    """GET /v1/payouts/{id}."""
    return records.show(records.find(call, "payout", call.path["id"]))


def update(call: Call) -> str:
    """POST /v1/payouts/{id}. Changes only the metadata."""
    made = records.find(call, "payout", call.path["id"])
    if "metadata" in call.body:
        made["metadata"] = forms.merged(made["metadata"], call.body["metadata"])
    records.save(call.state, made)
    records.emit(call.state, "payout.updated", made)
    return str(made["id"])


def cancel(call: Call) -> str:
    """POST /v1/payouts/{id}/cancel: cancel a manual payout that has not been sent to the bank yet."""
    made = records.find(call, "payout", call.path["id"])
    if made["automatic"] or made["status"] != "pending":
        message = (
            f"Payouts that are {'automatic' if made['automatic'] else made['status']} cannot be canceled."
        )
        raise Refused(None, message)
    payouts.cancel(call.state, made)
    return str(made["id"])


def list_payouts(call: Call) -> Json:
    """GET /v1/payouts."""
    query = call.query
    if "status" in query and query["status"] not in STATUSES:
        raise Refused(None, f"Invalid status: must be one of {', '.join(STATUSES)}", param="status")
    matches = records.matching(query, "destination", "status")

    def keep(record: Json) -> bool:
        return matches(record) and records.within(record["arrival_date"], query.get("arrival_date", {}))

    return records.page(call, "payout", PATH, records.show, keep)
