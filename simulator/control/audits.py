"""The invariants of the ledger: every sum of money has a booking, and every booking has a reason.

After each call, form, scenario and piece of scheduled work, `check` examines the changed payments. `audit`
examines everything.
"""

from collections.abc import Iterator

from simulator.money import charges, ledger
from simulator.money.disputes import disputes
from simulator.state import Json, State
from simulator.wire.keys import PLATFORM

_COUNTED = {"pending", "requires_action", "succeeded"}


def check(state: State) -> None:
    """Raise AssertionError if a charge in `state.touched` breaks an invariant."""
    touched = [state.all("charge")[key] for key in state.touched]
    state.touched.clear()
    found = [text for charge in touched for text in _faults(state, charge)]
    if found:
        raise AssertionError("\n".join(found))


def audit(state: State, _: Json) -> Json:
    """Return the balance of each account, and every broken invariant."""
    rows = state.all("balance_transaction").values()
    faults = [text for row in rows for text in _row(row)]
    faults += [text for charge in state.all("charge").values() for text in _faults(state, charge)]
    faults += [text for payout in state.all("payout").values() for text in _payout(state, payout)]
    fees = sum(fee["amount"] - fee["amount_refunded"] for fee in state.all("application_fee").values())
    platform = ("application_fee", "application_fee_refund")
    booked = sum(row["net"] for row in rows if row["_account"] == PLATFORM and row["type"] in platform)
    if fees != booked:
        faults.append(f"the platform's fees are {fees}, and {booked} is booked")
    accounts = dict.fromkeys(row["_account"] for row in rows)
    return {"balances": {account: ledger.sums(state, account) for account in accounts}, "faults": faults}


def _row(row: Json) -> Iterator[str]:
    if row["net"] != row["amount"] - row["fee"]:
        yield f"{row['id']}: net {row['net']} is not {row['amount']} - {row['fee']}"
    if row["fee"] != sum(detail["amount"] for detail in row["fee_details"]):
        yield f"{row['id']}: the fee details are not {row['fee']}"


def _payout(state: State, payout: Json) -> Iterator[str]:
    """Yield the errors in a payout's own bookings, and in the sum of the transactions that it contains."""
    name = payout["id"]
    booked = sum(row["net"] for row in state.having("balance_transaction", "source", name))
    expected = 0 if payout["status"] in {"canceled", "failed"} else -payout["amount"]
    if booked != expected:
        yield f"{name}: {booked} is booked, not {expected}"
    inside = sum(row["net"] for row in state.having("balance_transaction", "_payout", name))
    if payout["automatic"] and inside:
        yield f"{name}: the transactions inside and the payout add up to {inside}, not 0"


def _faults(state: State, charge: Json) -> Iterator[str]:
    """Yield the errors in a charge, in its refunds, disputes and fee, and in their bookings."""
    name = charge["id"]
    refunds = state.having("refund", "charge", name)
    counted = sum(one["amount"] for one in refunds if one["status"] in _COUNTED)
    if charge["amount_refunded"] != counted:
        yield f"{name}: {charge['amount_refunded']} is refunded, and its refunds are {counted}"
    most = charge["amount_captured"]
    if not 0 <= charge["amount_refunded"] <= most:
        yield f"{name}: {charge['amount_refunded']} of {most} is refunded"
    intent = state.all("payment_intent")[charge["payment_intent"]]
    if intent["latest_charge"] == name and intent["amount_received"] != charge["amount_captured"]:
        yield f"{name}: {charge['amount_captured']} is captured, and {intent['amount_received']} received"
    expected = charge["amount_captured"] if charge["balance_transaction"] else 0
    expected += sum(_moved(one) for one in refunds) - charge.get("_returned", 0)
    objects = [name, *(one["id"] for one in refunds)]
    rows = [row for key in objects for row in state.having("balance_transaction", "source", key)]
    if sum(row["amount"] for row in rows) != expected:
        yield f"{name}: {sum(row['amount'] for row in rows)} is booked, not {expected}"
    for row in rows:
        yield from _row(row)
    for one in state.having("dispute", "charge", name):
        taken = -one["amount"] if one["status"] in disputes.WITHDRAWN else 0
        moved = state.having("balance_transaction", "source", one["id"])
        if sum(row["amount"] for row in moved) != taken:
            yield f"{one['id']}: {sum(row['amount'] for row in moved)} is booked, not {taken}"
        for row in moved:
            yield from _row(row)
    for fee in state.having("application_fee", "charge", name):
        given = sum(one["amount"] for one in state.having("fee_refund", "fee", fee["id"]))
        if fee["amount"] != charges.fee_of(charge):
            yield f"{fee['id']}: {fee['amount']} is not the fee of the charge"
        if not 0 <= given == fee["amount_refunded"] <= fee["amount"]:
            yield f"{fee['id']}: {given} of {fee['amount']} is given back, not {fee['amount_refunded']}"


def _moved(refund: Json) -> int:
    """Return the change that a refund made to the balance: 0 if its money has not moved or has come back."""
    taken = -refund["amount"] if refund["balance_transaction"] else 0
    return taken + (refund["amount"] if refund["failure_balance_transaction"] else 0)
