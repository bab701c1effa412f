"""Compares payouts and balances in GraphQL's answers with the local Stripe's objects.

Every amount is compared in minor units.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from testing.deployment import Deployment
from torture.sides import apart, at_stripe, money, one_at_stripe, read

Json = dict[str, Any]
Sums = dict[str, Counter[str]]  # by part of the balance, then by currency

_PAYOUTS = """
query ($after: String) {
  found: payouts(first: 100, after: $after, orderBy: CREATED_AT_ASC) {
    edges { node {
      stripePayoutId status amount { ...money } arrivalDate automatic traceId reconciliation
      transactionsCompleteAt destination { last4 } failure { code } merchant { externalId }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_INSIDE = """
query ($payout: String!, $after: String) {
  payout(by: {stripePayoutId: $payout}) {
    found: transactions(first: 100, after: $after) {
      edges { node {
        stripeTransactionId stripeSourceId type amount { ...money } fee { ...money } net { ...money }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
fragment money on Money { minorUnits currency }
"""
_MERCHANTS = """
query ($after: String) {
  found: merchants(first: 100, after: $after) {
    edges { node {
      externalId payoutObstacles { kind } payoutSchedule { interval weeklyDays monthlyDays isEnabled }
      balance { amounts { currency available { ...money } pending { ...money } reserved { ...money } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_ON_THE_WAY = {"PENDING", "IN_TRANSIT"}


def differences(deployment: Deployment, accounts: Mapping[str, str]) -> list[str]:
    """The differences between Stripe and GraphQL. `accounts` maps external ids to account ids."""
    shown = {one["externalId"]: one for one in read(deployment, _MERCHANTS)}
    sent = payouts(deployment)
    problems = []
    for merchant, account in accounts.items():
        own = [one for one in sent if one["merchant"]["externalId"] == merchant]
        found = [
            *_payouts(deployment, account, own),
            *_balance(deployment, account, shown[merchant], own),
        ]
        problems += [f"{merchant}: {one}" for one in found]
    return problems


def payouts(deployment: Deployment) -> list[Json]:
    """Every payout, read through GraphQL."""
    return read(deployment, _PAYOUTS)


def reserved(deployment: Deployment) -> dict[tuple[str, str], int]:
    """The reserves that clients read, by merchant and currency."""
    return {
        (one["externalId"], part["currency"]): money(part["reserved"])[0]
        for one in read(deployment, _MERCHANTS)
        for part in (one["balance"] or {"amounts": []})["amounts"]
    }


def _payouts(deployment: Deployment, account: str, shown: Iterable[Json]) -> list[str]:
    """The differences between Stripe and GraphQL in payouts and their transactions."""
    listed = at_stripe(deployment, "payouts", account, **{"expand[]": "data.destination"})
    nodes = {one["stripePayoutId"]: one for one in shown}
    problems = apart("payout", {one["id"]: _payout(one) for one in listed}, nodes, _plain_payout)
    for one in listed:
        if one["reconciliation_status"] != "completed" or one["id"] not in nodes:
            continue
        rows = at_stripe(deployment, "balance_transactions", account, payout=one["id"])
        expected = {row["id"]: _transaction(row) for row in rows if row["source"] != one["id"]}
        inside = read(deployment, _INSIDE, {"payout": one["id"]}, "payout")
        by_id = {row["stripeTransactionId"]: row for row in inside}
        problems += apart(f"transaction in {one['id']}", expected, by_id, _plain_transaction)
        total = sum(money(row["net"])[0] for row in inside)
        if total != one["amount"]:
            problems.append(f"the transactions in {one['id']} add up to {total}, not {one['amount']}")
    return problems


def _payout(one: Json) -> Json:
    return {
        "status": one["status"].upper(),
        "amount": (one["amount"], one["currency"].upper()),
        "arrivalDate": datetime.fromtimestamp(one["arrival_date"], UTC).date().isoformat(),
        "automatic": one["automatic"],
        "traceId": one["trace_id"]["value"],
        "reconciliation": one["reconciliation_status"].upper(),
        "destination": one["destination"]["last4"],
        "failure": one["failure_code"],
    }


def _plain_payout(node: Json) -> Json:
    names = "status", "arrivalDate", "automatic", "traceId", "reconciliation"
    return {
        **{name: node[name] for name in names},
        "amount": money(node["amount"]),
        "destination": node["destination"]["last4"],
        "failure": node["failure"]["code"] if node["failure"] else None,
    }


def _transaction(row: Json) -> Json:
    currency = row["currency"].upper()
    amounts = {name: (row[name], currency) for name in ("amount", "fee", "net")}
    return {**amounts, "type": row["type"], "source": row["source"]}


def _plain_transaction(node: Json) -> Json:
    amounts = {name: money(node[name]) for name in ("amount", "fee", "net")}
    return {**amounts, "type": node["type"], "source": node["stripeSourceId"]}


def _balance(deployment: Deployment, account: str, node: Json, sent: Iterable[Json]) -> list[str]:
    """The differences between Stripe and GraphQL in the balance, the payout schedule and the obstacles."""
    ledger = deployment.simulator.control("ledger")["balances"].get(account, {})
    expected: Sums = {name: _without_zero(ledger.get(name, {})) for name in ("available", "pending")}
    expected["reserved"] = Counter()
    for kind in ("reserve_hold", "reserve_release"):
        for row in at_stripe(deployment, "balance_transactions", account, type=kind):
            if row["balance_type"] == "risk_reserved":
                expected["reserved"][row["currency"].upper()] += row["net"]
    expected["reserved"] = _without_zero(expected["reserved"])
    amounts = (node["balance"] or {"amounts": []})["amounts"]
    problems = []
    for name, sums in expected.items():
        actual = _without_zero({one["currency"]: money(one[name])[0] for one in amounts})
        if actual != sums:
            problems.append(f"the balance has {dict(actual)} {name}, at Stripe {dict(sums)}")
    settings = one_at_stripe(deployment, "balance_settings", account)["payments"]["payouts"]
    schedule = settings["schedule"]
    problems += apart(
        "schedule",
        {
            account: {
                "interval": schedule["interval"].upper(),
                "weeklyDays": [day.upper() for day in schedule["weekly_payout_days"] or ()],
                "monthlyDays": schedule["monthly_payout_days"] or [],
                "isEnabled": settings["status"] == "enabled",
            }
        },
        {account: node["payoutSchedule"] or {}},
        dict,
    )
    kinds = {one["kind"] for one in node["payoutObstacles"]}
    available, total = expected["available"], Counter(expected["available"])
    total.update(expected["pending"])
    is_negative = any(amount < 0 for amount in (*available.values(), *total.values()))
    for kind, exists in (
        ("BALANCE_NEGATIVE", is_negative),
        ("MONEY_RESERVED", bool(expected["reserved"])),
        ("PAYOUT_FAILED", _has_failed(sent)),
    ):
        if (kind in kinds) is not exists:
            problems.append(f"the obstacle {kind} is {'missing' if exists else 'shown'}")
    return problems


def _has_failed(sent: Iterable[Json]) -> bool:
    """Whether the last finished payout of any currency failed. `sent` begins with the oldest payout."""
    last = {one["amount"]["currency"]: one["status"] for one in sent if one["status"] not in _ON_THE_WAY}
    return "FAILED" in last.values()


def _without_zero(sums: Mapping[str, int]) -> Counter[str]:
    return Counter({name.upper(): amount for name, amount in sums.items() if amount})
