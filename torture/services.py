"""startService under crashes and bad answers: each merchant has one Checkout page, and pays once.

`torture.mutations` injects the faults. No worker completes a request for a page, so all clients repeat their
mutations at the end. Then every merchant subscribes on its page, and tries to subscribe again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from connect.platform.faultpoints import POINTS
from testing.deployment import Deployment, service
from testing.environment import ORIGIN, STRIPE_KEY
from testing.operations import CREATE, START_SERVICE, new_merchant
from testing.report import Report
from testing.subscriptions import make_price
from torture import comparison, customers, mutations
from torture.mutations import FAULTS, Fault, Mutation

Json = dict[str, Any]

SIZE = 200  # injections
SERVICE_POINTS = [point for point in POINTS if point.startswith(("service.", "response."))]
_ACCESS = """
query ($id: String!) {
  merchant(by: {externalId: $id}) { service { stripeSubscriptionId access invoices { status } } }
}
"""
# The page of another merchant, which Stripe sends as a wrong answer.
_ANOTHER = {
    "id": "cs_test_another",
    "object": "checkout.session",
    "status": "open",
    "customer_account": "acct_another",
    "expires_at": 4_000_000_000,
    "url": "https://pay.example/another",
}


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
    with service(database, folder, stripe={"REVIEW_SECONDS": "2"}, **mutations.SERVICE) as deployment:
        starts = _starts(make_price(deployment.simulator))
        together = mutations.at_once(deployment, starts, "at-once", twins)
        injected = mutations.injections(starts, size, faults, points)
        (findings,) = mutations.torment(deployment, injected, seed)
        merchants = sorted({*findings.requested, "at-once"})
        for merchant in merchants:
            _subscribe(deployment, starts, merchant)
        _, left = comparison.settled(partial(_differences, deployment, merchants), 60 + len(merchants))
    result = Report(problems=[*together, *findings.problems, *left])
    result.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "merchants subscribed": len(merchants),
    }
    return result


def _starts(price: str) -> Mutation:
    def values(merchant: str) -> Json:
        return {
            "merchant": {"externalId": merchant},
            "price": price,
            "successUrl": f"{ORIGIN}/done",
            "cancelUrl": f"{ORIGIN}/plans",
        }

    def prepare(deployment: Deployment, merchant: str) -> None:
        deployment.payload(CREATE, {"input": new_merchant(merchant)})

    return Mutation(
        "startService",
        "created",
        START_SERVICE,
        values,
        prepare,
        is_settled=lambda _deployment: True,  # not needed, because every client repeats its mutation
        compare=_one_page_each,
        path="/v1/checkout/sessions",
        another={"status": 200, "body": _ANOTHER},
        points=SERVICE_POINTS,
    )


def _one_page_each(deployment: Deployment, requested: Collection[str]) -> list[str]:
    """Return a problem for each merchant without exactly one page at Stripe."""
    views = deployment.simulator.control("payments")["data"]
    sessions = [view["session"] for view in views if view["session"] is not None]
    per_merchant = Counter(session["metadata"]["external_id"] for session in sessions)
    expected = {*requested, "at-once"}
    return [
        *(f"{one} has {per_merchant[one]} pages" for one in expected if per_merchant[one] != 1),
        *(f"nobody requested {one}" for one in per_merchant.keys() - expected),
    ]


def _subscribe(deployment: Deployment, starts: Mutation, merchant: str) -> None:
    """Complete the page of a merchant, and try to complete it again."""
    payload = deployment.payload(START_SERVICE, {"input": starts.variables(merchant)})
    form = {"number": "4242424242424242", **customers.FORM}
    for _ in range(2):
        deployment.simulator.client.post(payload["url"], data=form)


def _differences(deployment: Deployment, merchants: Collection[str]) -> list[str]:
    """Return a problem for each merchant whose service differs from its one subscription at Stripe."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    accounts = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
    problems = []
    for merchant in merchants:
        query = {"customer_account": accounts[merchant], "status": "all"}
        found = deployment.simulator.client.get("/v1/subscriptions", params=query, headers=headers).json()
        ids = [one["id"] for one in found["data"]]
        shown = deployment.ask(_ACCESS, {"id": merchant})["data"]["merchant"]["service"] or {}
        paid = {"stripeSubscriptionId": ids[0], "access": "FULL", "invoices": [{"status": "PAID"}]}
        if len(ids) != 1 or shown != paid:
            problems.append(f"{merchant} has the subscriptions {ids} at Stripe, but shows {shown}")
    return problems
