"""Disputes are answered under crashes and lost responses of Stripe: each dispute is answered once.

For each dispute, either a process dies at a point of the mutation, or Stripe's response is lost. At the end,
the clients whose requests were not stored repeat their mutations. About half of the other clients do so as
well, and the worker finishes the remaining requests.
"""

import contextlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from connect.platform.faultpoints import POINTS
from testing import tables
from testing.deployment import Deployment, Replica, service
from testing.environment import STRIPE_KEY
from testing.report import Report
from testing.waits import until
from torture import customers, mutations
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 100  # disputes
DISPUTE_POINTS = [point for point in POINTS if point.startswith(("dispute.", "response."))]
LOST = "the answer of Stripe is lost"
TEXT = "The customer picked the hat up."
DISPUTED = {**customers.PAID, "payment_method": "pm_card_createDispute"}
DISPUTES = "{ disputes(first: 100) { edges { node { stripeDisputeId evidence { version } } } } }"
ANSWER = """
mutation ($input: SubmitDisputeEvidenceInput!) {
  answer: submitDisputeEvidence(input: $input) {
    __typename
    ... on SubmitDisputeEvidencePayload { created }
    ... on Error { message }
  }
}
"""
ACCEPT = """
mutation ($input: AcceptDisputeInput!) {
  answer: acceptDispute(input: $input) {
    __typename
    ... on AcceptDisputePayload { created }
    ... on Error { message }
  }
}
"""
_MERCHANT = "shop-0"
# The kinds of answers, each with the status and the number of submissions that it must lead to at Stripe.
KINDS = {"submitted": ("under_review", 1), "staged": ("needs_response", 0), "accepted": ("lost", 0)}


def prove(
    database: str, *, seed: int, size: int, folder: Path, points: Sequence[str] | None = None
) -> Report:
    """Answer `size` disputes, and inject a fault into each answer."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    pairs = itertools.product(KINDS, [*(points or DISPUTE_POINTS), LOST])
    injected = list(itertools.islice(itertools.cycle(pairs), size))
    figures = Counter(f"{kind}, {point}" for kind, point in injected)
    with service(database, folder, stripe={"REVIEW_SECONDS": "2"}, **mutations.SERVICE) as deployment:
        accounts = open_shops(deployment, 1)
        disputed = _disputed(deployment, accounts[_MERCHANT], size)
        answers = [
            _Answer(dispute, version, kind, point)
            for (dispute, version), (kind, point) in zip(disputed.items(), injected, strict=True)
        ]
        for answer in answers:
            _interrupt(deployment, answer)
        deployment.replicas[0].start()
        problems = _repeat(deployment, [one for one in answers if one.is_lost or rng.random() < 0.5])
        until(lambda: not _pending(deployment), 120)
        problems += _differences(deployment, {one.dispute: one.kind for one in answers})
    return Report(problems=problems, figures={"answers": size, **dict(sorted(figures.items()))})


@dataclass(frozen=True)
class _Answer:
    """A client's answer to a dispute, and its fault: LOST, or the point at which the process dies."""

    dispute: str
    version: str
    kind: str
    point: str

    @property
    def is_lost(self) -> bool:
        """Whether the process dies before it has stored the answer."""
        return self.point == "dispute.arrived"

    def send(self, deployment: Deployment, replica: Replica) -> Json | None:
        values: Json = {"dispute": {"stripeDisputeId": self.dispute}, "expectedVersion": self.version}
        if self.kind != "accepted":
            values |= {
                "evidence": [{"field": "UNCATEGORIZED_TEXT", "text": TEXT}],
                "submit": self.kind == "submitted",
            }
        return _send(deployment, ACCEPT if self.kind == "accepted" else ANSWER, values, replica)


def _disputed(deployment: Deployment, account: str, count: int) -> dict[str, str]:
    """Let customers pay and dispute this number of orders. Returns the version of each dispute's evidence."""
    for number in range(count):
        body = {"input": customers.intent(_MERCHANT, f"order-{number}", customers.money(2500, "USD"))}
        made = deployment.payload(customers.INTENT, body, deployment.replicas[-1])
        intent = made["payment"]["stripePaymentIntentId"]
        answer = deployment.simulator.client.post(
            f"/v1/payment_intents/{intent}/confirm",
            data=DISPUTED,
            headers={"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account},
        )
        answer.raise_for_status()
    found: dict[str, str] = {}

    def are_known() -> bool:
        data = deployment.ask(DISPUTES, {}, deployment.replicas[-1])["data"]
        nodes = [edge["node"] for edge in data["disputes"]["edges"]]
        found.update({one["stripeDisputeId"]: one["evidence"]["version"] for one in nodes})
        return len(found) == count

    until(are_known, 60 + count)
    return found


def _interrupt(deployment: Deployment, answer: _Answer) -> None:
    """Send the answer while its fault is active."""
    replica = deployment.replicas[0]
    if answer.point == LOST:
        if replica.is_dead:
            replica.start()
        path = f"/v1/disputes/{answer.dispute}{'/close' if answer.kind == 'accepted' else ''}"
        fault = {"method": "POST", "path": path, "kind": "reset_after", "times": 3}
        deployment.simulator.control("faults", fault)
        answer.send(deployment, replica)
    else:
        # The worker is off, because it could resume an earlier answer and die at the point instead.
        replica.start(answer.point, WORKER="off")
        answer.send(deployment, replica)
        until(lambda: replica.is_dead, 30)


def _repeat(deployment: Deployment, answers: Sequence[_Answer]) -> list[str]:
    """Send these answers again, all at the same time. Returns a problem for each unexpected result."""
    replicas = itertools.cycle(deployment.replicas)
    with ThreadPoolExecutor(max(len(answers), 1)) as pool:
        results = list(
            pool.map(lambda pair: pair[0].send(deployment, pair[1]), zip(answers, replicas, strict=False))
        )
    return [
        f"the repeated answer to {one.dispute} ({one.kind}, {one.point}) got {result}"
        for one, result in zip(answers, results, strict=True)
        if result is None or not result["__typename"].endswith(("Payload", "StripeUnavailableError"))
    ]


def _send(deployment: Deployment, text: str, values: Json, replica: Replica) -> Json | None:
    with contextlib.suppress(httpx.HTTPError, json.JSONDecodeError):
        answer = deployment.ask(text, {"input": values}, replica)
        result: Json | None = (answer.get("data") or {}).get("answer")
        return result
    return None


def _pending(deployment: Deployment) -> bool:
    statement = "SELECT id FROM dispute_request WHERE state = 'PENDING'"
    return bool(tables.rows(deployment.database_url, statement))


def _differences(deployment: Deployment, expected: dict[str, str]) -> list[str]:
    """A problem for each dispute not answered exactly once, and for each request that still has evidence."""
    problems = []
    at_stripe = {
        one["id"]: one
        for view in deployment.simulator.control("payments")["data"]
        for one in view["disputes"]
    }
    for dispute, kind in expected.items():
        found = at_stripe[dispute]
        shown = found["status"], found["evidence_details"]["submission_count"]
        if shown != KINDS[kind]:
            problems.append(f"{dispute} was {kind}, but at Stripe it is {shown}")
        if kind != "accepted" and found["evidence"]["uncategorized_text"] != TEXT:
            problems.append(f"{dispute} was {kind}, but has no evidence at Stripe")
    rows = tables.rows(deployment.database_url, "SELECT state, body FROM dispute_request")
    states = Counter(row["state"] for row in rows)
    if states != Counter(SUCCEEDED=len(expected)):
        problems.append(f"the requests of {len(expected)} answers have the states {dict(states)}")
    return problems + ["a request still has its evidence" for row in rows if "evidence" in row["body"]]
