"""Refunds under crashes and bad answers: each external id is refunded once, and the fee is returned once.

`torture.mutations` injects the faults, also into the calls that return the fee. Before the mutations, the
merchant refunds a part of every third payment in the Dashboard.
"""

import itertools
import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from connect.platform.faultpoints import POINTS
from testing import tables
from testing.deployment import Deployment, service
from testing.report import Report
from torture import comparison, customers, mutations, payment_comparison
from torture.actions import Course
from torture.customers import Shops
from torture.mutations import FAULTS, Fault, Injection, Mutation
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 1000  # injections
PAID, REFUNDED, IN_DASHBOARD = 2500, 1000, 500
REFUND_POINTS = [point for point in POINTS if point.startswith(("refund.", "fee_return.", "response."))]
REFUND = """
mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on RefundPaymentPayload { created refund { id externalId } }
    ... on Error { message }
  }
}
"""
# The refund of another payment, which Stripe sends as a wrong answer.
_ANOTHER = {
    "id": "re_another",
    "object": "refund",
    "status": "succeeded",
    "amount": REFUNDED,
    "currency": "usd",
    "metadata": {"refund_id": "01990000-0000-7000-8000-000000000000"},
}
# The return of another fee, which Stripe sends as a wrong answer.
_ANOTHER_RETURN = {
    "id": "fr_another",
    "object": "fee_refund",
    "amount": 40,
    "currency": "usd",
    "fee": "fee_another",
    "metadata": {"stripe_refund_id": "re_another"},
}
FEE_REFUNDS = "/v1/application_fees/{fee}/refunds"
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
    settings = {**mutations.SERVICE, "FEE_ON_REFUND": "return"}
    with service(database, folder, stripe={"REVIEW_SECONDS": "2"}, **settings) as deployment:
        accounts = open_shops(deployment, 1)
        mutation = _mutation(Shops(Course(deployment, random.Random(1)), accounts, pause=0))  # noqa: S311
        together = mutations.at_once(deployment, mutation, "at-once", twins)
        injected = mutations.injections(mutation, size, faults, points)
        (findings,) = mutations.torment(deployment, _with_fees(injected), seed)
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
        "seconds until all requests had finished": round(findings.settled_after_seconds, 1),
    }
    return report


def _with_fees(injected: Sequence[Injection]) -> list[Injection]:
    """Let every fourth fault of Stripe affect the next return of a fee instead of a refund."""
    numbers = itertools.count()
    return [_of_fee(one) if one.fault is not None and next(numbers) % 4 == 3 else one for one in injected]


def _of_fee(injection: Injection) -> Injection:
    fault = {**(injection.fault or {}), "path": FEE_REFUNDS, "metadata": {}}
    if fault.get("body") == _ANOTHER:
        fault["body"] = _ANOTHER_RETURN
    return replace(injection, name=injection.name.replace("Stripe:", "Stripe, about a fee:"), fault=fault)


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
        made = deployment.payload(customers.INTENT, body, deployment.replicas[-1])
        intent = made["payment"]["stripePaymentIntentId"]
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
        another={"status": 200, "body": _ANOTHER},
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
    """Return a problem for each order with missing or additional refunds, or without exactly one payment."""
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
