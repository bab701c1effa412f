"""The ledger: the balance transactions of each account, and the balance, which is their sum.

A transaction's status changes when its money becomes available. No other field that the API shows changes.
https://docs.stripe.com/reports/balance-transaction-types.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from simulator.control import later
from simulator.events import events
from simulator.money import records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

PATH = "/v1/balance_transactions"
QUERY: dict[str, forms.Table] = {**forms.PAGE, "currency": str, "payout": str, "source": str, "type": str}
DAY = 86400
# Automatic payouts leave an hour after midnight, after the day's money has become available.
PAYOUT_HOUR = 3600
# Stripe's fee for each payment method: basis points, a fixed part (only in currencies with two decimals), and
# a maximum. These are Stripe's prices in the US (https://stripe.com/pricing). The simulator uses them in all
# countries.
FEES = {"card": (290, 30, None), "us_bank_account": (80, 0, 500), "sepa_debit": (80, 30, 500)}


def stripe_fee(method: str, amount: int, decimals: int) -> int:
    """Return Stripe's fee for a payment, rounded half up."""
    points, fixed, most = FEES[method]
    fee = (amount * points + 5000) // 10000 + (fixed if decimals == 2 else 0)
    return fee if most is None else min(fee, most)


def book(
    state: State,
    source: Json,
    kind: str,
    amount: int,
    *,
    account: str | None = None,
    category: str | None = None,
    fees: list[Json] | None = None,
    at_once: bool = True,
    balance_type: str = "payments",
) -> Json:
    """Book a balance transaction for `source`, by default on its own account. Returns the transaction.

    Money that is not available at once becomes available two business days later, at midnight in UTC. For
    transactions without an object, such as reserves, the `id` of `source` is null.
    """
    now = int(state.now())
    details = fees or []
    fee = sum(detail["amount"] for detail in details)
    available = now if at_once else business_day(state, 2)
    transaction = {
        "id": records.new_id("txn", records.stem(source["id"] or "txn_1")),
        "object": "balance_transaction",
        "_account": account or source["_account"],
        # The automatic payout that contains the transaction.
        "_payout": None,
        "amount": amount,
        "available_on": available,
        "balance_type": balance_type,
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details,
        "net": amount - fee,
        "reporting_category": category or kind,
        "source": source["id"],
        "type": kind,
    }
    records.save(state, transaction)
    if not at_once:
        key = f"{transaction['_account']} {available}"
        later.schedule(state, available - state.now(), "free", transaction["_account"], key)
    if transaction["_account"] != PLATFORM:
        schedule_payout(state, transaction["_account"])
    return transaction


def schedule_payout(state: State, account: str) -> None:
    """Schedule the next automatic payout of an account."""
    now = state.now()
    wait = (PAYOUT_HOUR - now) % DAY or DAY
    later.schedule(state, wait, "pay_out", account, f"pay_out {account}")


def business_day(state: State, days: int) -> int:
    """Return the time of midnight in UTC, this number of business days from today."""
    day = state.today()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def free(state: State, account: str) -> None:
    """Emit an event about pending money that became available.

    Transactions that become available at the same midnight share one event.
    """
    context = None if account == PLATFORM else account
    related = ("balance", "/v1/balance")
    shown = balance(state, account)
    events.emit(state, "v1.balance.available", context=context, related=related, snapshot=shown)


def detail(kind: str, amount: int, currency: str) -> Json:
    """Return an entry of `fee_details`."""
    words = {"stripe_fee": "Stripe processing fees", "application_fee": "Simulated Platform application fee"}
    return {
        "amount": amount,
        "application": records.APPLICATION if kind == "application_fee" else None,
        "currency": currency,
        "description": words[kind],
        "type": kind,
    }


def sums(state: State, account: str) -> dict[str, Counter[str]]:
    """Return an account's available and pending money, each as sums by currency."""
    totals: dict[str, Counter[str]] = {"available": Counter(), "pending": Counter()}
    for row in state.having("balance_transaction", "_account", account):
        if row["balance_type"] == "payments":
            totals[status(state, row)][row["currency"]] += row["net"]
    return totals


def available(state: State, account: str, currency: str) -> int:
    """Return the available balance of an account in a currency."""
    return sums(state, account)["available"][currency]


def status(state: State, transaction: Json) -> str:
    """Return the status of a transaction: `pending` until its money is available, then `available`."""
    return "available" if transaction["available_on"] <= state.now() else "pending"


def render(state: State, transaction: Json) -> Json:
    """Return a transaction as the API shows it."""
    return {**records.show(transaction), "status": status(state, transaction)}


def show(call: Call) -> Json:
    """GET /v1/balance_transactions/{id}."""
    return render(call.state, records.find(call, "balance_transaction", call.path["id"]))


def list_transactions(call: Call) -> Json:
    """GET /v1/balance_transactions. For unknown types and currencies the page is empty, as recordings show.
    The page is also empty if `source` is a dispute: only the dispute itself shows its transactions.
    """
    matches = records.matching(call.query, "currency", "source", "type")
    is_of_dispute = call.query.get("source", "") in call.state.all("dispute")
    inside = _inside(call) if "payout" in call.query else None

    def keep(row: Json) -> bool:
        return not is_of_dispute and matches(row)

    return records.page(call, "balance_transaction", PATH, lambda one: render(call.state, one), keep, inside)


def _inside(call: Call) -> list[Json]:
    """Return the transactions that an automatic payout contains, and the transaction of the payout itself.

    Raises Refused if the payout is manual, or if its transactions are not reconciled yet.
    """
    payout = records.find(call, "payout", call.query["payout"], "payout")
    if not payout["automatic"]:
        message = "Balance transaction history can only be filtered on automatic transfers, not manual."
        raise Refused(None, message, param="payout")
    if payout["reconciliation_status"] != "completed":
        message = f"The balance transactions of payout {payout['id']} are not ready yet."
        raise Refused("payout_reconciliation_not_ready", message, param="payout")
    rows = call.state.having("balance_transaction", "_payout", payout["id"])
    return sorted(rows, key=lambda row: row["created"])


def show_balance(call: Call) -> Json:
    """GET /v1/balance."""
    return balance(call.state, records.owner(call))


def balance(state: State, account: str) -> Json:
    """Return a balance. An account without transactions has a balance of zero in its default currency."""
    totals = sums(state, account)
    own = state.all("account").get(account, {"defaults": {}})["defaults"].get("currency") or "usd"
    currencies = sorted({own, *totals["available"], *totals["pending"]})
    parts = {
        name: [
            {
                "amount": amounts[currency],
                "currency": currency,
                "source_types": {"card": amounts[currency]},
            }
            for currency in currencies
        ]
        for name, amounts in totals.items()
    }
    return {"object": "balance", "livemode": False, **parts}
