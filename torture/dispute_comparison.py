"""Compares the disputes that GraphQL shows, and the task about them, with the local Stripe's disputes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from testing.deployment import Deployment
from torture.sides import apart, moment, money, read

Json = dict[str, Any]

_DISPUTES = """
query ($after: String) {
  found: disputes(first: 100, after: $after) {
    edges { node {
      stripeDisputeId status kind reason dueBy needsResponse amount { ...money } withdrawn { ...money }
      fee { ...money } evidence { state submissionCount } merchant { externalId }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_TASKS = """
query ($after: String) {
  found: merchants(first: 100, after: $after) {
    edges { node { externalId dashboard { tasks { kind attention deadline } } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_AWAITING = {"warning_needs_response", "needs_response"}


def differences(deployment: Deployment, accounts: Mapping[str, str]) -> list[str]:
    """The differences between Stripe and GraphQL. `accounts` maps external ids to account ids."""
    shown = {one["externalId"]: one for one in read(deployment, _TASKS)}
    disputed = read(deployment, _DISPUTES)
    problems = []
    for merchant, account in accounts.items():
        own = [one for one in disputed if one["merchant"]["externalId"] == merchant]
        problems += [f"{merchant}: {one}" for one in _disputes(deployment, account, shown[merchant], own)]
    return problems


def _disputes(deployment: Deployment, account: str, node: Json, shown: Iterable[Json]) -> list[str]:
    """The differences between an account's disputes at Stripe, and the disputes and the task in GraphQL."""
    views = [one for one in deployment.simulator.control("payments")["data"] if one["account"] == account]
    expected = {
        one["id"]: _dispute(one, is_refunded=view["charge"]["refunded"])
        for view in views
        for one in view["disputes"]
    }
    problems = apart("dispute", expected, {one["stripeDisputeId"]: one for one in shown}, _plain_dispute)
    open_disputes = [one for one in expected.values() if one["needsResponse"]]
    warned = [view for view in views if any(one["actionable"] for one in view["warnings"])]
    failed = [view for view in views if any(one["status"] == "failed" for one in view["refunds"])]
    # The task counts failed refunds, too, but only for a limited time.
    least = len(open_disputes) + sum(not view["charge"]["refunded"] for view in warned)
    most = least + len(failed)
    (task,) = (one for one in node["dashboard"]["tasks"] if one["kind"] == "RESPOND_TO_DISPUTES_AND_REFUNDS")
    deadline = min((one["dueBy"] for one in open_disputes), default=None)
    if moment(task["deadline"]) != deadline:
        problems.append(f"the task's deadline is {task['deadline']}, but the disputes' is {deadline}")
    if not least <= task["attention"] <= most:
        problems.append(f"the task counts {task['attention']} instead of {least} to {most}")
    return problems


def _dispute(one: Json, *, is_refunded: bool) -> Json:
    rows, details = one["balance_transactions"], one["evidence_details"]
    currency, due_by = one["currency"].upper(), details["due_by"]
    is_inquiry = one["status"].startswith("warning")
    is_awaited = one["status"] in _AWAITING and not details["past_due"] and due_by is not None
    state = "STAGED" if details["has_evidence"] else "NONE"
    if details["submission_count"] and one["status"] not in _AWAITING:
        state = "SUBMITTED"
    elif details["past_due"]:
        state = "PAST_DUE"
    return {
        "status": one["status"].upper(),
        "kind": "INQUIRY" if is_inquiry else "CHARGEBACK",
        "reason": one["reason"],
        "dueBy": datetime.fromtimestamp(due_by, UTC) if due_by is not None else None,
        "needsResponse": is_awaited and not (is_inquiry and is_refunded),
        "amount": (one["amount"], currency),
        "withdrawn": (-sum(row["amount"] for row in rows), currency) if rows else None,
        "fee": (sum(row["fee"] for row in rows), currency) if rows else None,
        "evidence": (state, details["submission_count"]),
    }


def _plain_dispute(node: Json) -> Json:
    names = "status", "kind", "reason", "needsResponse"
    return {
        **{name: node[name] for name in names},
        **{name: money(node[name]) for name in ("amount", "withdrawn", "fee")},
        "dueBy": moment(node["dueBy"]),
        "evidence": (node["evidence"]["state"], node["evidence"]["submissionCount"]),
    }
