"""Scenarios of payouts and balances: decisions of banks and of Stripe, and actions of a merchant."""

from collections.abc import Callable

from simulator.control import audits
from simulator.money import currencies, ledger, records
from simulator.money.payouts import banks, payouts, schedule
from simulator.state import Json, State
from simulator.wire.errors import Refused

Scenario = Callable[[State, Json, Json], None]


def play(state: State, order: Json) -> Json:
    """Apply the scenario in the request to its payout. Returns the payout."""
    made = state.all("payout").get(order["id"])
    if made is None:
        raise Refused("resource_missing", f"No such payout: '{order['id']}'", 404)
    _chosen(PAYOUTS, order)(state, made, order)
    audits.check(state)
    return records.show(made)


def play_balance(state: State, order: Json) -> Json:
    """Apply the scenario in the request to the balance of its account. Returns the balance."""
    account = state.all("account").get(order["id"])
    if account is None:
        raise Refused("resource_missing", f"No such account: '{order['id']}'", 404)
    _chosen(BALANCES, order)(state, account, order)
    audits.check(state)
    return ledger.balance(state, account["id"])


def _chosen(scenarios: dict[str, Scenario], order: Json) -> Scenario:
    if order.get("scenario") not in scenarios:
        raise Refused("parameter_invalid", f"scenario: must be one of {', '.join(scenarios)}")
    return scenarios[order["scenario"]]


def _send(state: State, made: Json, _: Json) -> None:
    payouts.send(state, made["id"])


def _arrive(state: State, made: Json, _: Json) -> None:
    payouts.send(state, made["id"])
    payouts.arrive(state, made["id"])


def _trace(state: State, made: Json, _: Json) -> None:
    payouts.trace(state, made["id"])


def fail(state: State, made: Json, order: Json) -> None:
    """Let the bank refuse a payout, even after it was paid."""
    code = order.get("code") or "account_closed"
    if code not in payouts.MESSAGES:
        raise Refused("parameter_invalid", f"code: must be one of {', '.join(payouts.MESSAGES)}")
    payouts.fail(state, made, code)


def pay_out(state: State, account: Json, _: Json) -> None:
    """Create the automatic payouts now."""
    schedule.pay_now(state, account["id"])


def replace_bank(state: State, account: Json, order: Json) -> None:
    """Replace the bank account, as the merchant does in the Dashboard."""
    number = "".join(str(order.get("number") or "").split())
    if not number.isalnum() or not 4 <= len(number) <= 34:
        raise Refused("parameter_invalid", "number: must have from 4 to 34 letters and digits")
    banks.replace(state, account["id"], number)


def reschedule(state: State, account: Json, order: Json) -> None:
    """Change the payout schedule, as the merchant does in the Dashboard."""
    names = ("interval", "monthly_payout_days", "weekly_payout_days")
    changes = {name: order[name] for name in names if order.get(name)}
    if changes.get("interval") not in schedule.INTERVALS:
        raise Refused("parameter_invalid", f"interval: must be one of {', '.join(schedule.INTERVALS)}")
    schedule.change(state, account["id"], changes)


def _reserve(state: State, account: Json, order: Json) -> None:
    _move_reserve(state, account, order, "reserve_hold", -1)


def _release(state: State, account: Json, order: Json) -> None:
    _move_reserve(state, account, order, "reserve_release", 1)


def _move_reserve(state: State, account: Json, order: Json, kind: str, sign: int) -> None:
    """Move an amount between the balance and the reserve that Stripe holds."""
    amount = int(order.get("amount", 0))
    if amount < 1:
        raise Refused("parameter_invalid", "amount: must be at least 1")
    source: Json = {
        "id": None,
        "_account": account["id"],
        "currency": currencies.check(str(order.get("currency", "usd"))),
    }
    ledger.book(state, source, kind, sign * amount)
    ledger.book(state, source, kind, -sign * amount, balance_type="risk_reserved")


PAYOUTS: dict[str, Scenario] = {"arrive": _arrive, "fail": fail, "send": _send, "trace": _trace}
BALANCES: dict[str, Scenario] = {
    "pay_out": pay_out,
    "release": _release,
    "replace_bank": replace_bank,
    "reschedule": reschedule,
    "reserve": _reserve,
}
