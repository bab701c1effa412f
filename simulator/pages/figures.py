"""The figures of the Dashboard: balances, and the lines of payments and refunds."""

from datetime import UTC, datetime

from simulator.money import currencies, ledger
from simulator.state import Json, State

MOST = 50


def summary(state: State, account: str) -> Json:
    """Return the balances of an account, and its latest payments and refunds."""
    intents = state.having("payment_intent", "_account", account)
    return {
        "balances": balances(state, account),
        "rows": [row(state, intent) for intent in intents[: -MOST - 1 : -1]],
        "count": len(intents),
        "refunds": [refund(one) for one in state.having("refund", "_account", account)[: -MOST - 1 : -1]],
    }


def balances(state: State, account: str) -> list[tuple[str, str]]:
    """Return the available and the pending sum of each currency."""
    sums = ledger.sums(state, account)
    names = sorted({*sums["available"], *sums["pending"]})
    shown = currencies.shown
    return [(shown(sums["available"][name], name), shown(sums["pending"][name], name)) for name in names]


def row(state: State, intent: Json) -> Json:
    """Return the line of a payment in the list."""
    charge = state.all("charge").get(intent["latest_charge"] or "", {})
    status = intent["status"].replace("_", " ")
    if charge.get("amount_refunded"):
        status = "refunded" if charge["refunded"] else "partially refunded"
    if intent["status"] == "canceled":
        status = "canceled"
    payer = charge.get("billing_details", {}).get("email")
    tones = {"succeeded": "active", "canceled": ""}
    return {
        "id": intent["id"],
        "amount": currencies.shown(intent["amount"], intent["currency"]),
        "status": status,
        "day": day(intent["created"]),
        "description": intent["description"] or payer or intent["id"],
        "tone": tones.get(intent["status"], "pending"),
    }


def refund(made: Json) -> Json:
    """Return the line of a refund in the list."""
    return {
        "id": made["id"],
        "amount": currencies.shown(made["amount"], made["currency"]),
        "day": day(made["created"]),
        "status": made["status"],
        "reason": made["failure_reason"] or made["pending_reason"] or made["reason"],
        "tone": {"succeeded": "active", "failed": "failed"}.get(made["status"], "pending"),
    }


def day(moment: float) -> str:
    """Return a day, such as 3 Feb."""
    found = datetime.fromtimestamp(moment, UTC)
    return f"{found.day} {found:%b}"
