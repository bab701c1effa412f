"""Compares services in GraphQL's answers with the local Stripe's subscriptions and invoices."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from testing.deployment import Deployment
from torture.sides import apart, at_stripe, date, moment, money, read

Json = dict[str, Any]

_SERVICES = """
query ($after: String) {
  found: merchants(first: 100, after: $after) {
    edges { node { externalId service {
      stripeSubscriptionId status access graceUntil currentPeriodEndsAt endedAt
      items { stripePriceId quantity unitAmount { ...money } }
      invoices { stripeInvoiceId status number attempts total { ...money } remaining { ...money } }
    } } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_ENDED = {"canceled", "incomplete_expired"}
# The default of CONNECTQL_SERVICE_GRACE_DAYS.
_GRACE = timedelta(days=14)
# The mirror keeps only this number of a service's latest invoices.
_INVOICES = 12


def differences(deployment: Deployment, accounts: Mapping[str, str], at: datetime) -> list[str]:
    """The differences between Stripe and GraphQL. `accounts` maps external ids to account ids.

    `at` is the current time, both for the service and at Stripe.
    """
    shown = {one["externalId"]: one["service"] for one in read(deployment, _SERVICES)}
    return [
        f"{merchant}: {one}"
        for merchant, account in accounts.items()
        for one in _service(deployment, account, shown[merchant], at)
    ]


def _service(deployment: Deployment, account: str, node: Json | None, at: datetime) -> list[str]:
    """The differences between the service that GraphQL shows and Stripe's subscription and invoices."""
    found = at_stripe(deployment, "subscriptions", customer_account=account, status="all")
    running = [one for one in found if one["status"] not in _ENDED]
    current = next(iter([*running, *found]), None)
    if current is None or node is None:
        return [] if current is None and node is None else [f"the service is {node}, at Stripe {current}"]
    invoices = at_stripe(deployment, "invoices", customer_account=account)[:_INVOICES]
    expected = {
        "id": current["id"],
        "status": current["status"].upper(),
        "access": _access(current, invoices, at),
        "periodEndsAt": date(current["items"]["data"][0]["current_period_end"]),
        "endedAt": date(current["ended_at"]),
        "items": [
            (item["price"]["id"], item["quantity"], item["price"]["unit_amount"])
            for item in current["items"]["data"]
        ],
    }
    actual = {
        "id": node["stripeSubscriptionId"],
        "status": node["status"],
        "access": node["access"],
        "periodEndsAt": moment(node["currentPeriodEndsAt"]),
        "endedAt": moment(node["endedAt"]),
        "items": [
            (item["stripePriceId"], item["quantity"], money(item["unitAmount"])[0]) for item in node["items"]
        ],
    }
    problems = apart("service", {account: expected}, {account: actual}, dict)
    by_id = {one["stripeInvoiceId"]: one for one in node["invoices"]}
    return problems + apart("invoice", {one["id"]: _invoice(one) for one in invoices}, by_id, _plain_invoice)


def _access(current: Json, invoices: Iterable[Json], at: datetime) -> str:
    if current["status"] in {"active", "trialing"}:
        return "FULL"
    if current["status"] != "past_due":
        return "NONE"
    overdue = [
        one["status_transitions"]["finalized_at"]
        for one in invoices
        if one["status"] == "open" and one["parent"]["subscription_details"]["subscription"] == current["id"]
    ]
    since = datetime.fromtimestamp(min(overdue), UTC)
    return "GRACE" if at < since + _GRACE else "NONE"


def _invoice(one: Json) -> Json:
    currency = one["currency"].upper()
    return {
        "status": one["status"].upper(),
        "number": one["number"],
        "attempts": one["attempt_count"],
        "total": (one["total"], currency),
        "remaining": (one["amount_remaining"], currency),
    }


def _plain_invoice(node: Json) -> Json:
    amounts = {name: money(node[name]) for name in ("total", "remaining")}
    return {**{name: node[name] for name in ("status", "number", "attempts")}, **amounts}
