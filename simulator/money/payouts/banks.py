"""The bank accounts that receive payouts, and the test numbers that make payouts fail.

https://docs.stripe.com/connect/testing#account-numbers
"""

from simulator.accounts import records as accounts
from simulator.accounts import requirements
from simulator.money import records
from simulator.state import Json, State

FAILURES = {
    "000111111116": "no_account",
    "000111111113": "account_closed",
    "000222222227": "insufficient_funds",
    "000333333335": "debit_not_authorized",
    "000444444440": "invalid_currency",
}
WITHOUT_INSTANT = "000888888883"


def current(state: State, account: str) -> Json | None:
    """Return the bank account that receives an account's payouts, or None.

    A bank account that has refused a payout receives no more payouts. A new record replaces such a
    bank account, even if the number is the same.
    """
    owner = state.all("account")[account]
    number = owner["bank"]
    if not number:
        return None
    known = state.having("bank_account", "_account", account)
    if known and known[-1]["_number"] == number and known[-1]["status"] != "errored":
        return known[-1]
    return records.save(state, _new(owner, number))


def _new(owner: Json, number: str) -> Json:
    methods = ["standard"] if number == WITHOUT_INSTANT else ["standard", "instant"]
    return {
        "id": records.new_id("ba"),
        "object": "bank_account",
        "_account": owner["id"],
        "_number": number,
        **records.nulls("account_holder_name account_holder_type account_type"),
        "account": owner["id"],
        "available_payout_methods": methods,
        "bank_name": "STRIPE TEST BANK",
        "country": str(owner["identity"].get("country") or "us").upper(),
        "currency": owner["defaults"].get("currency") or "usd",
        "default_for_currency": True,
        "fingerprint": f"simulated{number[-4:]}",
        "future_requirements": None,
        "last4": number[-4:],
        "metadata": {},
        "requirements": None,
        "routing_number": "110000000" if number.isdigit() else None,
        "status": "new",
    }


def refuse(state: State, bank: Json) -> None:
    """Mark a bank account as errored after it refused a payout. The merchant must add another one."""
    bank["status"] = "errored"
    records.save(state, bank)
    records.emit(state, "account.external_account.updated", bank)
    owner = state.all("account")[bank["_account"]]
    if owner["bank"] == bank["_number"] and not owner["deauthorized"]:
        changed = accounts.edit(state, owner["id"])
        requirements.refuse_bank(changed)
        accounts.publish(state, changed)


def replace(state: State, account: str, number: str) -> Json | None:
    """Replace the bank account, as the merchant does in the Dashboard. Returns the new bank account."""
    changed = accounts.edit(state, account)
    changed["bank"] = number
    requirements.resubmit(changed, requirements.BANK)
    accounts.publish(state, changed)
    return current(state, account)
