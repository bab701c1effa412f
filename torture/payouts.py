"""Payouts outside the schedule under crashes and bad answers: each external id is paid out once.

`torture.mutations` injects the faults. The balance of the merchant covers all payouts.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from connect.platform.faultpoints import POINTS
from testing import tables
from testing.deployment import Deployment, service
from testing.environment import STRIPE_KEY
from testing.report import Report
from testing.waits import until
from torture import customers, mutations
from torture.mutations import FAULTS, Fault, Mutation
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 500  # injections
AMOUNT, BALANCE = 100, 50_000_00
PAYOUT_POINTS = [point for point in POINTS if point.startswith(("payout.", "response."))]
PAID = {**customers.PAID, "payment_method": "pm_card_bypassPending"}
CREATE = """
mutation ($input: CreatePayoutInput!) {
  createPayout(input: $input) {
    __typename
    ... on CreatePayoutPayload { created payout { id externalId } }
    ... on Error { message }
  }
}
"""
# The payout of another request, which Stripe sends as a wrong answer.
_ANOTHER = {
    "id": "po_another",
    "object": "payout",
    "status": "pending",
    "amount": AMOUNT,
    "currency": "usd",
    "metadata": {"connectql_request": "01990000-0000-7000-8000-000000000000"},
}
_MERCHANT = "shop-0"


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    points: Sequence[str] | None = None,
    twins: int = 50,
    faults: Sequence[Fault] = FAULTS,
) -> Report:
    """Send one mutation many times at once, then inject faults (see `mutations.injections`)."""
    with service(database, folder, **mutations.SERVICE) as deployment:
        account = open_shops(deployment, 1)[_MERCHANT]
        _fund(deployment, account)
        mutation = _mutation(account)
        together = mutations.at_once(deployment, mutation, "at-once", twins)
        injected = mutations.injections(mutation, size, faults, points)
        (findings,) = mutations.torment(deployment, injected, seed)
        left = _differences(deployment)
        faulty = deployment.simulator.control("ledger")["faults"]
    report = Report(problems=[*together, *findings.problems, *left, *faulty])
    report.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "payouts": len(findings.requested) + 1,
        "seconds until all requests had finished": round(findings.settled_after_seconds, 1),
    }
    return report


def _fund(deployment: Deployment, account: str) -> None:
    """Fill the balance with one payment, let the platform control payouts, and set a manual schedule."""
    simulator = deployment.simulator
    simulator.control("switches", {"platform_controls_payouts": True})
    simulator.control(f"balances/{account}", {"scenario": "reschedule", "interval": "manual"})
    body = {"input": customers.intent(_MERCHANT, "money", customers.money(BALANCE, "USD"))}
    made = deployment.payload(customers.INTENT, body, deployment.replicas[-1])
    intent = made["payment"]["stripePaymentIntentId"]
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account}
    simulator.client.post(
        f"/v1/payment_intents/{intent}/confirm", data=PAID, headers=headers
    ).raise_for_status()
    simulator.control("clock", {"advance_seconds": 5})


def _at_stripe(deployment: Deployment, account: str) -> list[Json]:
    """All payouts of the account."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account}
    found: list[Json] = []
    query: Json = {"limit": 100}
    while True:
        page = deployment.simulator.client.get("/v1/payouts", params=query, headers=headers).json()
        found += page["data"]
        if not page["has_more"]:
            return found
        query["starting_after"] = found[-1]["id"]


def _mutation(account: str) -> Mutation:
    def values(order: str) -> Json:
        amount = customers.money(AMOUNT, "USD")
        return {"merchant": {"externalId": _MERCHANT}, "externalId": order, "amount": amount}

    def compare(deployment: Deployment, requested: Collection[str]) -> list[str]:
        """A problem for each external id that was not paid out exactly once."""
        made = Counter(one["metadata"]["external_id"] for one in _at_stripe(deployment, account))
        return [f"{order} was paid out {made[order]} times" for order in requested if made[order] != 1]

    return Mutation(
        "createPayout",
        "created",
        CREATE,
        values,
        lambda _deployment, _order: None,
        _is_settled,
        compare,
        node="payout",
        stored=_stored,
        path="/v1/payouts",
        another={"status": 200, "body": _ANOTHER},
        points=PAYOUT_POINTS,
    )


def _is_settled(deployment: Deployment) -> bool:
    return not tables.rows(deployment.database_url, "SELECT id FROM payout_request WHERE state = 'PENDING'")


def _stored(deployment: Deployment) -> set[str]:
    statement = "SELECT external_id FROM payout_request WHERE state = 'SUCCEEDED'"
    return {row["external_id"] for row in tables.rows(deployment.database_url, statement)}


def _differences(deployment: Deployment) -> list[str]:
    """A problem if, after a minute, the stored payouts or their statuses differ from Stripe's."""

    def found() -> list[str]:
        known = {
            row["stripe_payout_id"]: row["status"]
            for row in tables.rows(deployment.database_url, "SELECT stripe_payout_id, status FROM payout")
        }
        (account,) = (one["id"] for one in deployment.accounts())
        listed = {one["id"]: one["status"] for one in _at_stripe(deployment, account)}
        return [] if known == listed else [f"the mirror has {known}, and Stripe {listed}"]

    try:
        until(lambda: not found(), 60)
    except (AssertionError, TimeoutError):
        return found()
    return []
