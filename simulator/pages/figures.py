"""The figures of the Dashboard: balances, and lists of payments, refunds, disputes and payouts."""

from datetime import UTC, datetime

from simulator.money import currencies, ledger
from simulator.money.disputes import disputes, warnings
from simulator.money.payouts import schedule
from simulator.state import Json, State

MOST = 50


def summary(state: State, account: str) -> Json:
    """Return the balances of an account, its payout schedule, its open warnings, and its latest payments,
    refunds, disputes and payouts."""
    intents = state.having("payment_intent", "_account", account)
    return {
        "balances": balances(state, account),
        "rows": [row(state, intent) for intent in intents[: -MOST - 1 : -1]],
        "count": len(intents),
        "disputes": [dispute(one) for one in state.having("dispute", "_account", account)[: -MOST - 1 : -1]],
        "payouts": [
            payout(state, one) for one in state.having("payout", "_account", account)[: -MOST - 1 : -1]
        ],
        "schedule": words(schedule.find(state, account)),
        "interval": schedule.find(state, account)["interval"],
        "warnings": [
            warning(state, one)
            for one in state.having(warnings.OBJECT, "_account", account)
            if one["actionable"]
        ][: -MOST - 1 : -1],
        "refunds": [refund(one) for one in state.having("refund", "_account", account)[: -MOST - 1 : -1]],
    }


def balances(state: State, account: str) -> list[tuple[str, str]]:
    """Return the available and the pending balance in each currency."""
    sums = ledger.sums(state, account)
    names = sorted({*sums["available"], *sums["pending"]})
    shown = currencies.shown
    return [(shown(sums["available"][name], name), shown(sums["pending"][name], name)) for name in names]


def row(state: State, intent: Json) -> Json:
    """Return the list entry for a payment."""
    charge = state.all("charge").get(intent["latest_charge"] or "", {})
    status = intent["status"].replace("_", " ")
    if charge.get("amount_refunded"):
        status = "refunded" if charge["refunded"] else "partially refunded"
    if intent["status"] == "canceled":
        status = "canceled"
    if charge and disputes.charged_back(state, charge):
        status = "disputed"
    payer = charge.get("billing_details", {}).get("email")
    tones = {"succeeded": "active", "canceled": ""}
    return {
        "id": intent["id"],
        "amount": currencies.shown(intent["amount"], intent["currency"]),
        "status": status,
        "day": day(intent["created"]),
        "description": intent["description"] or payer or intent["id"],
        "tone": "failed" if status == "disputed" else tones.get(intent["status"], "pending"),
    }


def refund(made: Json) -> Json:
    """Return the list entry for a refund."""
    return {
        "id": made["id"],
        "amount": currencies.shown(made["amount"], made["currency"]),
        "day": day(made["created"]),
        "status": made["status"],
        "reason": made["failure_reason"] or made["pending_reason"] or made["reason"],
        "tone": {"succeeded": "active", "failed": "failed"}.get(made["status"], "pending"),
    }


def dispute(opened: Json) -> Json:
    """Return the list entry for a dispute."""
    words = {
        "warning_needs_response": "inquiry",
        "warning_under_review": "inquiry in review",
        "warning_closed": "inquiry closed",
    }
    due, status = opened["evidence_details"]["due_by"], opened["status"]
    needs_response = status in {"needs_response", "warning_needs_response"}
    tones = {"won": "active", "warning_closed": "active", "lost": "failed"}
    return {
        "id": opened["id"],
        "intent": opened["payment_intent"],
        "amount": currencies.shown(opened["amount"], opened["currency"]),
        "reason": opened["reason"].replace("_", " "),
        "day": day(opened["created"]),
        "due": day(due) if due and needs_response and not opened["evidence_details"]["past_due"] else None,
        "status": words.get(status, status.replace("_", " ")),
        "tone": tones.get(status, "restricted" if needs_response else "pending"),
        "is_inquiry": status.startswith("warning"),
        "needs_response": needs_response,
        "text": opened["evidence"]["uncategorized_text"] or "",
        "is_open": needs_response or status.endswith("under_review"),
    }


def payout(state: State, made: Json) -> Json:
    """Return the list entry for a payout."""
    tones = {"paid": "active", "failed": "failed", "canceled": ""}
    return {
        "id": made["id"],
        "amount": currencies.shown(made["amount"], made["currency"]),
        "day": day(made["created"]),
        "arrival": day(made["arrival_date"]),
        "bank": state.all("bank_account")[made["destination"]]["last4"],
        "status": made["status"].replace("_", " "),
        "failure": made["failure_message"],
        "can_fail": made["status"] in {"in_transit", "paid", "pending"},
        "tone": tones.get(made["status"], "pending"),
    }


def words(settings: Json) -> str:
    """Return a payout schedule as a sentence."""
    if settings["interval"] == "manual":
        return "Only when you ask for a payout."
    if settings["interval"] == "weekly":
        days = " and ".join(day.capitalize() for day in settings["weekly_payout_days"])
        return f"Automatic, every week on {days}."
    if settings["interval"] == "monthly":
        days = ", ".join(str(day) for day in settings["monthly_payout_days"])
        return f"Automatic, every month on day {days}."
    return "Automatic, every business day."


def warning(state: State, found: Json) -> Json:
    """Return the list entry for an early fraud warning."""
    charge = state.all("charge")[found["charge"]]
    return {
        "intent": found["payment_intent"],
        "amount": currencies.shown(charge["amount_captured"], charge["currency"]),
        "day": day(found["created"]),
        "reason": found["fraud_type"].replace("_", " "),
        "is_open": found["actionable"],
    }


def day(moment: float) -> str:
    """Return a day, such as 3 Feb."""
    found = datetime.fromtimestamp(moment, UTC)
    return f"{found.day} {found:%b}"


def moment(at: float) -> str:
    """Return a time, such as 3 Feb 2026, 14:05."""
    found = datetime.fromtimestamp(at, UTC)
    return f"{found.day} {found:%b %Y, %H:%M}"
