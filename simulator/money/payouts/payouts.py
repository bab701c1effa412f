"""The course of a payout: it leaves the balance, arrives at the bank, or returns.

https://docs.stripe.com/payouts
"""

from collections.abc import Iterable
from typing import Any

from simulator.control import later
from simulator.money import ledger, records
from simulator.money.payouts import banks
from simulator.state import Json, State, token
from simulator.wire.errors import Refused

# The failure codes of payouts to bank accounts (https://docs.stripe.com/payouts#payout-failures), with
# messages that are shorter than Stripe's.
MESSAGES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account does not allow this payout.",
    "bank_ownership_changed": "The branch of the bank account has changed ownership.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "The bank account does not allow debits.",
    "declined": "The bank has declined this payout.",
    "incorrect_account_holder_name": "The name of the account holder is not correct.",
    "insufficient_funds": "The balance is too low to cover this payout.",
    "invalid_account_number": "The account number is not valid.",
    "invalid_currency": "The bank account does not take this currency.",
    "no_account": "The bank found no account with these details.",
}


def create(
    state: State, bank: Json, currency: str, amount: int, *, rows: Iterable[Json] | None = None, **given: Any
) -> Json:
    """Take an amount from the balance, and send it to a bank account. Returns the payout.

    `rows` are the balance transactions that an automatic payout contains, or None for a manual payout.
    """
    is_instant = given.get("method") == "instant"
    made: Json = {
        "id": records.new_id("po"),
        "object": "payout",
        "_account": bank["_account"],
        **records.nulls(
            "application_fee application_fee_amount failure_balance_transaction failure_code failure_message "
            "original_payout payout_method reversed_by statement_descriptor"
        ),
        "amount": amount,
        "arrival_date": int(state.now()) if is_instant else ledger.business_day(state, 1),
        "automatic": rows is not None,
        "created": int(state.now()),
        "currency": currency,
        "description": None if rows is None else "STRIPE PAYOUT",
        "destination": bank["id"],
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "not_applicable" if rows is None else "in_progress",
        "source_type": "card",
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
        **given,
    }
    row = ledger.book(state, made, "payout", -amount)
    made["balance_transaction"] = row["id"]
    records.save(state, made)
    for one in (*rows, row) if rows is not None else ():
        one["_payout"] = made["id"]
        records.save(state, one)
    records.emit(state, "payout.created", made)
    # A payout can be canceled only until it is sent, so a manual payout is sent after a delay.
    wait = float(state.control("money")["payout_seconds"]) if rows is None else 0.0
    later.schedule(state, wait, "send_payout", made["id"])
    return made


def send(state: State, identifier: str) -> None:
    """Hand a payout to the bank."""
    made = state.all("payout")[identifier]
    if made["status"] == "pending":
        _update(state, made, status="in_transit")
        later.schedule(state, made["arrival_date"] - state.now(), "arrive_payout", identifier)


def arrive(state: State, identifier: str) -> None:
    """Let a payout arrive, or fail with the failure code that belongs to the bank account's test number."""
    made = state.all("payout")[identifier]
    if made["status"] != "in_transit":
        return
    bank = state.all("bank_account")[made["destination"]]
    failure = banks.FAILURES.get(bank["_number"])
    if failure is not None:
        fail(state, made, failure)
        return
    made["status"] = "paid"
    records.save(state, made)
    records.emit(state, "payout.paid", made)
    if made["automatic"]:
        made["reconciliation_status"] = "completed"
        records.save(state, made)
        records.emit(state, "payout.reconciliation_completed", made)
    later.schedule(state, float(state.control("money")["payout_trace_seconds"]), "trace_payout", identifier)


def trace(state: State, identifier: str) -> None:
    """Show the trace id, with which the bank can find the payout."""
    made = state.all("payout")[identifier]
    if made["status"] == "paid":
        _update(state, made, trace_id={"status": "supported", "value": token("", 15).upper()})


def fail(state: State, made: Json, code: str) -> None:
    """Let a payout fail because the bank refused it, even after it was paid.

    The amount returns to the balance, and the bank account receives no more payouts.
    """
    if made["status"] not in {"in_transit", "paid", "pending"}:
        raise Refused("parameter_invalid", f"The payout has the status {made['status']}.")
    row = ledger.book(state, made, "payout_failure", made["amount"])
    made.update(status="failed", failure_balance_transaction=row["id"], failure_code=code)
    made["failure_message"] = MESSAGES[code]
    records.save(state, made)
    records.emit(state, "payout.failed", made)
    records.emit(state, "payout.updated", made)
    banks.refuse(state, state.all("bank_account")[made["destination"]])


def cancel(state: State, made: Json) -> None:
    """Cancel a payout that has not been sent yet, and return its amount to the balance."""
    ledger.book(state, made, "payout_cancel", made["amount"])
    made["status"] = "canceled"
    records.save(state, made)
    records.emit(state, "payout.canceled", made)


def _update(state: State, made: Json, **changes: object) -> None:
    made.update(changes)
    records.save(state, made)
    records.emit(state, "payout.updated", made)


WORKS: dict[str, later.Work] = {"arrive_payout": arrive, "send_payout": send, "trace_payout": trace}
