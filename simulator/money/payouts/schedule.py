"""The payout schedule of an account, and the automatic payouts that follow it.

https://docs.stripe.com/connect/manage-payout-schedule
"""

import calendar
from typing import Any

from simulator.money import currencies, ledger, records
from simulator.money.payouts import banks, payouts
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

INTERVALS = ("daily", "manual", "monthly", "weekly")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
MOST_DELAY = 31
# The parameters of POST /v1/balance_settings that the simulator supports.
UPDATE: dict[str, forms.Table] = {
    **forms.EXPAND,
    "payments": {
        "debit_negative_balances": bool,
        "payouts": {
            "minimum_balance_by_currency": forms.Unset({"*": forms.Unset(forms.at_least(0))}),
            "schedule": {
                "interval": INTERVALS,
                "monthly_payout_days": [int],
                "weekly_payout_days": [DAYS],
            },
            "statement_descriptor": str,
        },
    },
}


def find(state: State, account: str) -> Json:
    """Return the settings of an account. The default is a payout on every business day."""
    known = state.all("balance_settings").get(account)
    return known or {
        "id": account,
        "object": "balance_settings",
        "_account": account,
        "debits": True,
        "interval": "daily",
        "minimums": {},
        "monthly_payout_days": None,
        "statement_descriptor": None,
        "weekly_payout_days": None,
    }


def show(call: Call) -> Json:
    """GET /v1/balance_settings."""
    return render(call.state, find(call.state, records.owner(call)))


def render(state: State, settings: Json) -> Json:
    """Return settings as the API shows them."""
    account = settings["_account"]
    is_on = account == PLATFORM or records.status_of(state, account, "stripe_balance.payouts") == "active"
    schedule = {name: settings[name] for name in ("interval", "monthly_payout_days", "weekly_payout_days")}
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": settings["debits"],
            "payouts": {
                # The SDK fails on null here (stripe-python 16.1.0).
                "automatic_transfer_rules_by_currency": {},
                "minimum_balance_by_currency": settings["minimums"] or None,
                "schedule": schedule,
                "statement_descriptor": settings["statement_descriptor"],
                "status": "enabled" if is_on else "disabled",
            },
            "settlement_timing": {"delay_days": 2, "delay_days_override": None, "start_of_day": None},
        },
    }


def update(call: Call) -> str:
    """POST /v1/balance_settings.

    Settings of an account with the full Dashboard can be changed only while the switch
    `platform_controls_payouts` is on.
    """
    account = records.owner(call)
    check_control(call.state, account)
    payments = call.body.get("payments", {})
    given = payments.get("payouts", {})
    schedule = given.get("schedule", {})
    changes: Json = {}
    if "debit_negative_balances" in payments:
        changes["debits"] = payments["debit_negative_balances"]
    if "statement_descriptor" in given:
        changes["statement_descriptor"] = given["statement_descriptor"]
    if "minimum_balance_by_currency" in given:
        known = find(call.state, account)["minimums"]
        changes["minimums"] = forms.merged(known, given["minimum_balance_by_currency"])
        for currency in changes["minimums"]:
            currencies.check(currency, "payments[payouts][minimum_balance_by_currency]")
    change(call.state, account, {**changes, **schedule})
    return account


def check_control(state: State, account: str) -> None:
    """Refuse to change the settings or create a payout for an account with the full Dashboard.

    Both are allowed while the switch `platform_controls_payouts` is on.
    """
    is_allowed = state.control("switches")["platform_controls_payouts"]
    if account != PLATFORM and not is_allowed and state.all("account")[account]["dashboard"] == "full":
        message = (
            "You cannot change the payouts of this account, because its owner manages them in the Stripe "
            "Dashboard. Enable platform controls to manage them."
        )
        raise Refused("not_allowed_on_standard_account", message)


def change(state: State, account: str, changes: Json) -> Json:
    """Change the settings of an account, and return them.

    Raises Refused for missing or invalid days, and for days that do not belong to the interval.
    """
    settings = {**find(state, account), **changes}
    path = "payments[payouts][schedule]"
    for interval, name in (("weekly", "weekly_payout_days"), ("monthly", "monthly_payout_days")):
        if settings["interval"] != interval:
            if changes.get(name):
                raise Refused(None, f"{name} needs the interval {interval}.", param=f"{path}[{name}]")
            settings[name] = None
        elif not settings[name]:
            raise forms.required(f"{path}[{name}]")
    if any(not 1 <= day <= 31 for day in settings["monthly_payout_days"] or ()):
        message = "Days of a month are from 1 to 31."
        raise Refused(None, message, param=f"{path}[monthly_payout_days]")
    records.save(state, settings)
    records.emit(state, "balance_settings.updated", settings, render(state, settings))
    return settings


def pay_out(state: State, account: str) -> None:
    """Create the payouts of the day. If a balance is not zero afterwards, schedule those of the next day."""
    owner = state.all("account")[account]
    if owner["closed"] or owner["deauthorized"]:
        return
    if _is_day(state, find(state, account)):
        pay_now(state, account)
    totals = ledger.sums(state, account)
    if any(amount for amounts in totals.values() for amount in amounts.values()):
        ledger.schedule_payout(state, account)


def _is_day(state: State, settings: Json) -> bool:
    """Whether the schedule has a payout today. In shorter months, the 31st means the last day."""
    today = state.today()
    if settings["interval"] == "daily":
        return today.weekday() < len(DAYS)
    if settings["interval"] == "weekly":
        return today.weekday() in {DAYS.index(day) for day in settings["weekly_payout_days"]}
    if settings["interval"] == "monthly":
        last = calendar.monthrange(today.year, today.month)[1]
        return today.day in {min(day, last) for day in settings["monthly_payout_days"]}
    return False


def pay_now(state: State, account: str) -> list[Json]:
    """Create one automatic payout for each currency with available money above its minimum balance.

    Each payout contains all available transactions of its currency that no earlier automatic payout contains.
    Returns the payouts. Creates none if the account has no bank account, or if its payouts are not active.
    """
    bank = banks.current(state, account)
    if bank is None or records.status_of(state, account, "stripe_balance.payouts") != "active":
        return []
    settings = find(state, account)
    made = []
    for currency, amount in sorted(ledger.sums(state, account)["available"].items()):
        kept = min(int(settings["minimums"].get(currency, 0)), amount)
        if amount - kept < 1:
            continue
        whole: Any = {"id": None, "_account": account, "currency": currency}
        if kept:
            ledger.book(state, whole, "payout_minimum_balance_hold", -kept)
        rows = _open_rows(state, account, currency)
        if kept:
            ledger.book(state, whole, "payout_minimum_balance_release", kept)
        descriptor = settings["statement_descriptor"]
        made.append(
            payouts.create(state, bank, currency, amount - kept, rows=rows, statement_descriptor=descriptor)
        )
    return made


def _open_rows(state: State, account: str, currency: str) -> list[Json]:
    """Return the available transactions of a currency that no automatic payout contains."""
    return [
        row
        for row in state.having("balance_transaction", "_account", account)
        if row["currency"] == currency
        and row["_payout"] is None
        and row["balance_type"] == "payments"
        and ledger.status(state, row) == "available"
    ]
