"""Compares the payments in the mirror and in GraphQL's answers with the local Stripe's ledger.

Every amount is compared in minor units, per payment, per account and in total.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from connect.payments.fees import fees
from connect.payments.rules.money.fees import fee_to_return
from connect.payments.rules.money.money import Money
from connect.payments.rules.snapshot import Snapshot, decode
from models import ApplicationFee, ApplicationFeeRefund, Payment, PaymentEntry
from testing.deployment import Deployment
from torture import finance_comparison
from torture.comparison import in_database
from torture.sides import at_stripe, money

Json = dict[str, Any]
Sums = dict[tuple[str, str], int]  # by account and currency

_ALL = """
query ($after: String) {
  payments(first: 50, after: $after, orderBy: CREATED_AT_ASC) {
    edges { node {
      id externalId origin state refundState disputeState stripePaymentIntentId
      merchant { externalId } checkout { stripeCheckoutSessionId }
      amount { ...money } amountReceived { ...money } amountRefunded { ...money } stripeFee { ...money }
      net { ...money } applicationFee { ...money } applicationFeeRefunded { ...money }
      refunds { stripeRefundId state amount { ...money } }
      disputes { stripeDisputeId status amount { ...money } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_COUNTED = {"pending", "requires_action", "succeeded"}
_UNTRIED = {"requires_payment_method", "requires_confirmation", "canceled"}
_STATES = {
    "requires_confirmation": "AWAITING_CUSTOMER",
    "requires_action": "REQUIRES_ACTION",
    "processing": "PROCESSING",
    "requires_capture": "AUTHORIZED",
}
# The dispute states of a payment, each with the disputes' statuses that cause it. The first match counts.
_DISPUTES = (
    ("LOST", {"lost"}),
    ("NEEDS_RESPONSE", {"needs_response"}),
    ("UNDER_REVIEW", {"under_review"}),
    ("INQUIRY", {"warning_needs_response", "warning_under_review"}),
    ("WON", {"won"}),
)
_WITHDRAWN = {"NEEDS_RESPONSE", "UNDER_REVIEW", "LOST"}
# The local Stripe's fee for each chargeback, in minor units.
_DISPUTE_FEE = 1500


def payments(deployment: Deployment) -> list[Json]:
    """Every payment, read through GraphQL."""
    nodes: list[Json] = []
    after = None
    while True:
        page = deployment.ask(_ALL, {"after": after})["data"]["payments"]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


def differences(deployment: Deployment, accounts: Mapping[str, str]) -> list[str]:
    """The differences between Stripe's payments and ours. `accounts` maps external ids to account ids."""
    # Leave out the payments on the platform's own account, which pay for the platform's services.
    own = set(accounts.values())
    views = [view for view in deployment.simulator.control("payments")["data"] if view["account"] in own]
    shown, rows = payments(deployment), in_database(deployment, _rows)
    problems, pairs = _paired(views, shown)
    for view, node in pairs:
        name = node["externalId"] or node["stripePaymentIntentId"]
        expected = _expected(view, is_canceled=rows[node["id"]].cancel_requested_at is not None)
        actual = _plain(node, accounts)
        problems += [
            f"{name}: {key} is {actual[key]!r}, at Stripe {value!r}"
            for key, value in expected.items()
            if actual[key] != value
        ]
        problems += [
            f"{name}: the mirror has {one}" for one in _drift(decode(rows[node["id"]].snapshot), view)
        ]
    return problems + _unbalanced(deployment, shown, accounts)


def wrong_returns(deployment: Deployment) -> list[str]:
    """One problem for each fee that was not returned in proportion to the refunds.

    The service must run with FEE_ON_REFUND=return. If a refund fails after its part of the fee was returned,
    the merchant keeps that part.
    """
    problems = []
    for view in deployment.simulator.control("payments")["data"]:
        fee, refunds = view["application_fee"], view["refunds"]
        if fee is None or not refunds:
            continue
        booked = Money(fee["amount"], fee["currency"].upper())
        refunded = sum(one["amount"] for one in refunds if one["status"] == "succeeded")
        due = fee_to_return(booked, view["charge"]["amount_captured"], refunded, 0)
        returned = fee["amount_refunded"]
        is_simple = all(one["status"] == "succeeded" for one in refunds)
        if returned != due if is_simple else not due <= returned <= fee["amount"]:
            problems.append(f"{fee['id']}: {returned} of {fee['amount']} was returned instead of {due}")
    return problems


def misordered(deployment: Deployment) -> list[str]:
    """One problem for each fetch that was stored after a newer one, or that was stored but never started."""
    entries, rows = in_database(deployment, _fetches), in_database(deployment, _rows)
    problems = [
        f"payment {key}: fetch {second} was written after fetch {first}"
        for key, fetches in entries.items()
        for first, second in pairwise(fetches)
        if second < first
    ]
    return problems + [
        f"payment {row.id}: fetch {row.fetch_applied} was never started"
        for row in rows.values()
        if row.fetch_applied > row.fetches_started
    ]


def _paired(views: Sequence[Json], shown: Sequence[Json]) -> tuple[list[str], list[tuple[Json, Json]]]:
    """Pair Stripe's payments with ours. Returns the problems and the pairs."""
    by_intent = Counter(node["stripePaymentIntentId"] for node in shown if node["stripePaymentIntentId"])
    problems = [f"{key} has {count} payments" for key, count in by_intent.items() if count > 1]
    nodes = {node["stripePaymentIntentId"] or _session(node): node for node in shown}
    orders = Counter(_order(view) for view in views)
    pairs = []
    for view in views:
        key = (view["intent"] or view["session"])["id"]
        node = nodes.pop(key, None)
        if node is not None:
            pairs.append((view, node))
        elif _is_payment(view) or (_order(view) and not (_is_expired(view) and orders[_order(view)] > 1)):
            problems.append(f"{key} is missing")
    problems += [f"{node['externalId']} ({key}) is not at Stripe" for key, node in nodes.items()]
    return problems, pairs


def _order(view: Json) -> str | None:
    """The id of the ConnectQL payment to which this object at Stripe belongs."""
    payment_id: str | None = (view["intent"] or view["session"])["metadata"].get("payment_id")
    return payment_id


def _is_expired(view: Json) -> bool:
    """Whether the page expired. The service replaces such a page."""
    return view["session"] is not None and view["session"]["status"] == "expired"


def _is_payment(view: Json) -> bool:
    """Whether there was an attempt to pay. ConnectQL may have no payment for an intent without an attempt."""
    return view["intent"] is not None and (
        view["charge"] is not None or view["intent"]["status"] not in _UNTRIED
    )


def _session(node: Json) -> str:
    return str((node["checkout"] or {}).get("stripeCheckoutSessionId"))


def _expected(view: Json, *, is_canceled: bool) -> Json:
    """The fields that the payment should have, according to Stripe's objects."""
    intent, session, charge = view["intent"], view["session"], view["charge"] or {}
    booked, fee = view["balance_transaction"], view["application_fee"]
    currency = (intent or session)["currency"].upper()
    captured = charge.get("amount_captured", 0)
    counted = [one["amount"] for one in view["refunds"] if one["status"] in _COUNTED]
    refunded = sum(counted) if captured else 0
    statuses = {one["status"] for one in view["disputes"]}
    quiet = "WARNED" if any(one["actionable"] for one in view["warnings"]) else "NONE"
    own = [one["amount"] for one in booked["fee_details"] if one["type"] == "stripe_fee"] if booked else []
    return {
        "account": view["account"],
        "session": session["id"] if session else None,
        "state": _state(view, is_canceled=is_canceled),
        "refundState": _refund_state(view, captured, refunded),
        "disputeState": next((name for name, group in _DISPUTES if group & statuses), quiet),
        "amount": (intent["amount"] if intent else session["amount_total"], currency),
        "amountReceived": (captured, currency),
        "amountRefunded": (refunded, currency),
        "stripeFee": (sum(own), currency) if booked else None,
        "net": (booked["net"], currency) if booked else None,
        "applicationFee": (fee["amount"], currency) if fee else None,
        "applicationFeeRefunded": (fee["amount_refunded"], currency) if fee else None,
        "refunds": {one["id"]: (one["status"].upper(), one["amount"], currency) for one in view["refunds"]},
        "disputes": {one["id"]: (one["status"].upper(), one["amount"], currency) for one in view["disputes"]},
    }


def _plain(node: Json, accounts: Mapping[str, str]) -> Json:
    """The payment that GraphQL shows, in the form of `_expected`."""
    checkout = node["checkout"]
    amounts = "amount amountReceived amountRefunded stripeFee net applicationFee applicationFeeRefunded"
    return {
        "account": accounts[node["merchant"]["externalId"]],
        "session": checkout["stripeCheckoutSessionId"] if checkout else None,
        **{name: node[name] for name in ("state", "refundState", "disputeState")},
        **{name: money(node[name]) for name in amounts.split()},
        "refunds": {one["stripeRefundId"]: (one["state"], *money(one["amount"])) for one in node["refunds"]},
        "disputes": {
            one["stripeDisputeId"]: (one["status"], *money(one["amount"])) for one in node["disputes"]
        },
    }


def _state(view: Json, *, is_canceled: bool) -> str:
    intent, session, charge = view["intent"], view["session"], view["charge"] or {}
    is_expired = session is not None and session["status"] == "expired"
    ended = "CANCELED" if is_canceled else "EXPIRED"
    if intent is None:
        return ended if is_expired else "AWAITING_CUSTOMER"
    status = intent["status"]
    if status == "canceled":
        return ended if is_expired else "CANCELED"
    if status == "succeeded":
        return "FAILED" if charge["failure_balance_transaction"] else "SUCCEEDED"
    if status != "requires_payment_method":
        return _STATES[status]
    if intent["last_payment_error"] is None:
        return ended if is_expired else "AWAITING_CUSTOMER"
    return "ATTEMPT_FAILED" if session is None or session["status"] == "open" else "FAILED"


def _refund_state(view: Json, captured: int, refunded: int) -> str:
    statuses = {one["status"] for one in view["refunds"]}
    if statuses & {"pending", "requires_action"}:
        return "PENDING"
    if refunded:
        return "FULL" if refunded >= captured else "PARTIAL"
    return "FAILED" if "failed" in statuses else "NONE"


def _drift(mirror: Snapshot, view: Json) -> list[str]:
    """The differences between the mirror and Stripe in the transaction, refunds, disputes and warnings."""
    charge = mirror.intent.charge if mirror.intent is not None else None
    transaction = charge.transaction if charge is not None else None
    booked = view["balance_transaction"]
    mirrored: Json = {
        "transaction": (transaction.id, transaction.amount, transaction.fee, transaction.net)
        if transaction
        else None,
        "refunds": [(one.id, one.status, one.amount) for one in mirror.refunds],
        "disputes": [(one.id, one.status, one.withdrawn, one.fee) for one in mirror.disputes],
        "warnings": [(one.id, one.actionable) for one in mirror.warnings],
    }
    expected: Json = {
        "transaction": tuple(booked[name] for name in ("id", "amount", "fee", "net")) if booked else None,
        "refunds": [(one["id"], one["status"], one["amount"]) for one in view["refunds"]],
        "disputes": [
            (
                one["id"],
                one["status"],
                -sum(row["amount"] for row in one["balance_transactions"]),
                sum(row["fee"] for row in one["balance_transactions"]),
            )
            for one in view["disputes"]
        ],
        "warnings": [(one["id"], one["actionable"]) for one in view["warnings"]],
    }
    return [
        f"{name} {mirrored[name]!r}, Stripe {expected[name]!r}"
        for name in expected
        if mirrored[name] != expected[name]
    ]


def _unbalanced(deployment: Deployment, shown: Sequence[Json], accounts: Mapping[str, str]) -> list[str]:
    """The differences between the ledger's balances and the sums of the amounts that clients read.

    These amounts are payments, payouts and reserves for merchants, and application fees for the platform.
    """
    ledger = deployment.simulator.control("ledger")
    problems = [f"the ledger: {fault}" for fault in ledger["faults"]]
    balances: Sums = defaultdict(int)
    for account, parts in ledger["balances"].items():
        for part in parts.values():
            for currency, amount in part.items():
                balances[account, currency.upper()] += amount
    sums: Sums = defaultdict(int)
    for node in shown:
        account = accounts[node["merchant"]["externalId"]]
        for currency, amount in _movements(node):
            sums[account, currency] += amount
    for node in finance_comparison.payouts(deployment):
        if node["status"] not in {"FAILED", "CANCELED"}:
            amount, currency = money(node["amount"])
            sums[accounts[node["merchant"]["externalId"]], currency] -= amount
    for (merchant, currency), amount in finance_comparison.reserved(deployment).items():
        sums[accounts[merchant], currency] -= amount
    platform = {key: value for key, value in balances.items() if key[0] not in set(accounts.values())}
    problems += [
        f"{key}: payments, payouts and reserves sum up to {sums[key]}, the balance is {balances[key]}"
        for key in sorted({*sums, *balances} - platform.keys())
        if sums[key] != balances[key]
    ]
    booked = {currency: amount for (_, currency), amount in platform.items()}
    # Merchants' payments for services are in the platform's balance as well.
    for row in at_stripe(deployment, "balance_transactions", type="charge"):
        booked[row["currency"].upper()] -= row["net"]
    for name, revenue in {**_revenues(deployment), "GraphQL": _earned(shown)}.items():
        if {key: value for key, value in revenue.items() if value} != {k: v for k, v in booked.items() if v}:
            problems.append(f"the revenue by {name} is {dict(revenue)}, the platform's balance {booked}")
    return problems


def _movements(node: Json) -> list[tuple[str, int]]:
    """The amounts by which a payment has changed the balance of its account, each with the currency. They are
    computed from the amounts that clients read.
    """
    if node["net"] is None:
        return []
    currency = node["net"]["currency"]
    received, refunded = money(node["amountReceived"])[0], money(node["amountRefunded"])[0]
    amounts = [money(node["net"])[0], -refunded]
    if node["applicationFeeRefunded"] is not None:
        amounts.append(money(node["applicationFeeRefunded"])[0])
    if node["state"] == "FAILED":  # the bank took the debit back
        amounts.append(refunded - received)
    for dispute in node["disputes"]:
        if dispute["status"] in _WITHDRAWN:
            amounts.append(-money(dispute["amount"])[0])
        if dispute["status"] in {*_WITHDRAWN, "WON"}:
            amounts.append(-_DISPUTE_FEE)
    return [(currency, amount) for amount in amounts]


def _earned(shown: Sequence[Json]) -> Counter[str]:
    """The application fees that the payments show, minus the returned parts."""
    earned: Counter[str] = Counter()
    for node in shown:
        if node["applicationFee"] is not None:
            amount, currency = money(node["applicationFee"])
            earned[currency] += amount - money(node["applicationFeeRefunded"])[0]
    return earned


def _revenues(deployment: Deployment) -> dict[str, Counter[str]]:
    """The revenue computed from the rows of fees, and the revenue that clients read by month."""

    async def read() -> dict[str, Counter[str]]:
        rows, months = Counter[str](), Counter[str]()
        for fee in await ApplicationFee.all():
            rows[fee.currency] += fee.amount
        for refund in await ApplicationFeeRefund.all():
            rows[refund.currency] -= refund.amount
        today = datetime.now(UTC).date()
        for month in await fees.revenue(
            today.replace(year=today.year - 1), today.replace(year=today.year + 2)
        ):
            months[month.currency] += month.booked - month.returned
        return {"rows": rows, "months": months}

    return in_database(deployment, read)


async def _rows() -> dict[str, Payment]:
    """The stored payments, by the ids that clients read."""
    return {json.loads(row.document)["id"]: row for row in await Payment.all()}


async def _fetches() -> dict[Any, list[int]]:
    fetches: dict[Any, list[int]] = defaultdict(list)
    rows: Any = await PaymentEntry.exclude(fetch=None).order_by("id").values_list("payment_id", "fetch")
    for payment_id, fetch in rows:
        fetches[payment_id].append(fetch)
    return fetches
