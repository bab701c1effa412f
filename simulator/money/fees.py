"""Application fees and their refunds. Both belong to the platform (https://docs.stripe.com/connect/direct-charges)."""

from simulator.money import currencies, ledger, records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM
from simulator.wire.paging import v1_list

PATH = "/v1/application_fees"
REFUND: dict[str, forms.Table] = {
    **forms.EXPAND,
    "amount": forms.at_least(1),
    "metadata": forms.METADATA,
}
REFUND_UPDATE: dict[str, forms.Table] = {**forms.EXPAND, "metadata": forms.Unset(forms.METADATA)}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "charge": str}
REFUNDS_QUERY = {name: table for name, table in forms.PAGE.items() if name != "created"}


def check(state: State, account: str, fee: int | None, amount: int, param: str) -> None:
    """Refuse an application fee that this account cannot have for this amount.

    According to the SDK's documentation, Stripe caps a fee at the amount. A higher fee is refused only
    while the switch `application_fee_above_amount_refused` is on.
    """
    if not fee:
        return
    if account == PLATFORM:
        message = (
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment "
            "(using an OAuth key or Stripe-Account header) or destination payment (using "
            "transfer_data[destination])."
        )
        raise Refused(None, message, param=param)
    if state.all("account")[account]["identity"].get("country") == "BR":
        message = "Application fees are not allowed for accounts in BR."
        raise Refused("application_fees_not_allowed", message, param=param)
    if fee > amount and state.control("switches")["application_fee_above_amount_refused"]:
        raise Refused(None, "The application fee cannot be greater than the amount.", param=param)


def book(state: State, charge: Json, amount: int) -> None:
    """Save the application fee of a charge, and add it to the platform's balance."""
    fee = {
        "id": records.new_id("fee"),
        "object": "application_fee",
        "_account": PLATFORM,
        "account": charge["_account"],
        "amount": amount,
        "amount_refunded": 0,
        "application": records.APPLICATION,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": int(state.now()),
        "currency": charge["currency"],
        "fee_source": {"charge": charge["id"], "payout": None, "type": "charge"},
        "livemode": False,
        "originating_transaction": None,
        "refunded": False,
    }
    fee["balance_transaction"] = ledger.book(state, fee, "application_fee", amount, at_once=False)["id"]
    records.save(state, fee)
    charge["application_fee"] = fee["id"]
    records.emit(state, "application_fee.created", fee, render(state, fee))


def give_back(state: State, fee: Json, amount: int, metadata: Json | None = None) -> Json:
    """Refund a part of a fee: move it from the platform's balance to the merchant's. Returns the refund.

    The merchant gets a balance transaction, too. How Stripe represents it is unknown.
    """
    refund = {
        "id": records.new_id("fr"),
        "object": "fee_refund",
        "_account": PLATFORM,
        "amount": amount,
        "balance_transaction": None,
        "created": int(state.now()),
        "currency": fee["currency"],
        "fee": fee["id"],
        "metadata": metadata or {},
    }
    kind = "application_fee_refund"
    refund["balance_transaction"] = ledger.book(state, refund, kind, -amount)["id"]
    ledger.book(state, refund, kind, amount, account=fee["account"])
    records.save(state, refund)
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    records.save(state, fee)
    records.emit(state, "application_fee.refunded", fee, render(state, fee))
    return refund


def create_refund(call: Call) -> str:
    """POST /v1/application_fees/{fee}/refunds. The default amount is the whole remaining fee."""
    fee = records.find(call, "application_fee", call.path["fee"])
    left = fee["amount"] - fee["amount_refunded"]
    amount = call.body.get("amount", left)
    if not left:
        raise Refused(None, f"Application fee {fee['id']} has already been refunded.")
    if amount > left:
        shown = [currencies.shown(one, fee["currency"]) for one in (amount, left)]
        message = f"Refund amount ({shown[0]}) is greater than unrefunded amount on fee ({shown[1]})"
        raise Refused(None, message, param="amount")
    metadata = forms.merged({}, call.body.get("metadata", {}))
    return str(give_back(call.state, fee, amount, metadata)["id"])


def _find_refund(call: Call) -> Json:
    records.find(call, "application_fee", call.path["fee"])
    return records.find(call, "fee_refund", call.path["id"])


def update_refund(call: Call) -> str:
    """POST /v1/application_fees/{fee}/refunds/{id}. Changes only the metadata."""
    refund = _find_refund(call)
    if "metadata" in call.body:
        refund["metadata"] = forms.merged(refund["metadata"], call.body["metadata"])
    records.save(call.state, refund)
    records.emit(call.state, "application_fee.refund.updated", refund)
    return str(refund["id"])


def show_refund(call: Call) -> Json:
    """GET /v1/application_fees/{fee}/refunds/{id}."""
    return records.show(_find_refund(call))


def list_refunds(call: Call) -> Json:
    """GET /v1/application_fees/{fee}/refunds, newest first."""
    fee = records.find(call, "application_fee", call.path["fee"])
    refunds = call.state.having("fee_refund", "fee", fee["id"])
    return v1_list(f"{PATH}/{fee['id']}/refunds", call.query, refunds[::-1], records.show)


def render(state: State, fee: Json) -> Json:
    """Return a fee with its latest ten refunds."""
    refunds = state.having("fee_refund", "fee", fee["id"])[::-1]
    page = {
        "object": "list",
        "data": [records.show(one) for one in refunds[:10]],
        "has_more": len(refunds) > 10,
        "url": f"{PATH}/{fee['id']}/refunds",
    }
    return {**records.show(fee), "refunds": page}


def show(call: Call) -> Json:
    """GET /v1/application_fees/{id}."""
    return render(call.state, records.find(call, "application_fee", call.path["id"]))


def list_fees(call: Call) -> Json:
    """GET /v1/application_fees."""
    keep = records.matching(call.query, "charge")
    return records.page(call, "application_fee", PATH, lambda one: render(call.state, one), keep)
