"""Refunds under crashes and bad answers: each external id is refunded once, and the fee goes back once.

The faults are those of `torture.creation`. The merchant of every third payment refunds a part of it in the
Dashboard just before the mutation.
"""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from connect.faultpoints import POINTS
from testing import tables
from testing.deployment import Deployment, service
from testing.report import Report
from torture import comparison, creation, customers, payment_comparison
from torture.actions import Course
from torture.creation import FAULTS, Mutation
from torture.customers import Shops
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 1000  # injections
PAID, REFUNDED, IN_DASHBOARD = 2500, 1000, 500
REFUND_POINTS = [point for point in POINTS if point.startswith(("refund.", "response."))]
REFUND = """
mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on RefundPaymentPayload { created refund { id externalId } }
    ... on Error { message }
  }
}
"""
# The answer about the refund of another payment.
_ANOTHER = {
    "id": "re_another",
    "object": "refund",
    "status": "succeeded",
    "amount": REFUNDED,
    "currency": "usd",
    "metadata": {"refund_id": "01990000-0000-7000-8000-000000000000"},
}
_MERCHANT = "shop-0"


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    kills: int | None = None,
    twins: int = 50,
    faults: Sequence[tuple[str, Json]] = FAULTS,
) -> Report:
    """Send one mutation many times at once, then inject faults. By default every fifth fault is a kill."""
    with service(database, folder, stripe={"REVIEW_SECONDS": "2"}, FEE_ON_REFUND="return") as deployment:
        accounts = open_shops(deployment, 1)
        mutation = _mutation(Shops(Course(deployment, random.Random(1)), accounts, pause=0))  # noqa: S311
        together = creation.at_once(deployment, mutation, "at-once", twins)
        chosen = [
            ("another refund", {"status": 200, "body": _ANOTHER})
            if name == "another account"
            else (name, fault)
            for name, fault in faults
        ]
        findings = creation.torment(deployment, mutation, creation.injections(size, kills, chosen), seed)
        _, left = comparison.settled(
            lambda: (
                payment_comparison.differences(deployment, accounts)
                or payment_comparison.wrong_returns(deployment)
            ),
            60 + len(findings.requested) / 5,
        )
        views = deployment.simulator.control("payments")["data"]
    report = Report(problems=[*together, *findings.problems, *left])
    report.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "payments": len(views),
        "refunds at Stripe": sum(len(view["refunds"]) for view in views),
        "fees that went back, in minor units": sum(
            view["application_fee"]["amount_refunded"] for view in views if view["application_fee"]
        ),
    }
    return report


def _mutation(shops: Shops) -> Mutation:
    amount, fee = customers.money(PAID, "USD"), customers.money(100, "USD")

    def values(order: str) -> Json:
        return {
            "payment": {"order": {"merchant": {"externalId": _MERCHANT}, "externalId": order}},
            "externalId": order,
            "amount": customers.money(REFUNDED, "USD"),
        }

    def prepare(deployment: Deployment, order: str) -> None:
        """Let a customer pay the order, and let the merchant refund a part of some orders."""
        body = {"input": customers.intent(_MERCHANT, order, amount, fee=fee)}
        answer = deployment.ask(customers.INTENT, body, deployment.replicas[-1])
        intent = answer["data"]["createPaymentIntent"]["payment"]["stripePaymentIntentId"]
        shops.call(_MERCHANT, f"payment_intents/{intent}/confirm", customers.PAID)
        if _is_in_dashboard(order):
            scenario = {"scenario": "refund", "amount": IN_DASHBOARD}
            deployment.simulator.control(f"payments/{intent}", scenario)

    return Mutation(
        "refundPayment",
        "created",
        REFUND,
        values,
        prepare,
        _is_settled,
        _one_each,
        node="refund",
        stored=_stored,
        path="/v1/refunds",
        points=REFUND_POINTS,
    )


def _is_in_dashboard(order: str) -> bool:
    number = order.rpartition("-")[2]
    return number.isdigit() and int(number) % 3 == 0


def _is_settled(deployment: Deployment) -> bool:
    return not any(
        tables.rows(deployment.database_url, f"SELECT id FROM {table} WHERE state = 'PENDING'")  # noqa: S608
        for table in ("refund_request", "fee_return")
    )


def _stored(deployment: Deployment) -> set[str]:
    statement = "SELECT external_id FROM refund_request WHERE state = 'SUCCEEDED'"
    return {row["external_id"] for row in tables.rows(deployment.database_url, statement)}


def _one_each(deployment: Deployment, requested: Collection[str]) -> list[str]:
    """Return a problem for each order without exactly the refunds that were made."""
    problems = []
    seen: Counter[str] = Counter()
    for view in deployment.simulator.control("payments")["data"]:
        order = view["intent"]["metadata"]["external_id"]
        seen[order] += 1
        expected = [REFUNDED, *([IN_DASHBOARD] if _is_in_dashboard(order) else [])]
        made = [one["amount"] for one in view["refunds"]]
        if sorted(made, reverse=True) != expected:
            problems.append(f"{order} has the refunds {made} instead of {expected}")
    return problems + [f"{order} has {seen[order]} payments" for order in requested if seen[order] != 1]
