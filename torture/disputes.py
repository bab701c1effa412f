"""Answers to disputes under crashes and lost answers: each dispute is answered once.

In each round, a process dies at a point of a mutation, or Stripe's answer is lost. Half of the clients repeat
their mutation; the worker finishes the other requests.
"""

import contextlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Sequence
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

SIZE = 100  # rounds
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
# The kinds of answers, with the status and the number of submissions that follow.
KINDS = {"submitted": ("under_review", 1), "staged": ("needs_response", 0), "accepted": ("lost", 0)}


def prove(
    database: str, *, seed: int, size: int, folder: Path, points: Sequence[str] | None = None
) -> Report:
    """Answer `size` disputes, each with a fault."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    pairs = itertools.product(KINDS, [*(points or DISPUTE_POINTS), LOST])
    injected = list(itertools.islice(itertools.cycle(pairs), size))
    problems: list[str] = []
    figures: Counter[str] = Counter()
    with service(database, folder, stripe={"REVIEW_SECONDS": "2"}, **mutations.SERVICE) as deployment:
        accounts = open_shops(deployment, 1)
        expected: dict[str, str] = {}
        for number, (kind, point) in enumerate(injected):
            dispute, version = _disputed(deployment, accounts[_MERCHANT], f"order-{number}", set(expected))
            expected[dispute] = kind
            problems += _answer(deployment, dispute, version, kind, point, is_repeated=rng.random() < 0.5)
            figures[f"{kind}, {point}"] += 1
        until(lambda: not _pending(deployment), 120)
        problems += _differences(deployment, expected)
    return Report(problems=problems, figures={"answers": size, **dict(sorted(figures.items()))})


def _disputed(deployment: Deployment, account: str, order: str, known: set[str]) -> tuple[str, str]:
    """Let a customer pay and dispute the order. Returns the dispute and its version."""
    body = {"input": customers.intent(_MERCHANT, order, customers.money(2500, "USD"))}
    made = deployment.payload(customers.INTENT, body, deployment.replicas[-1])
    intent = made["payment"]["stripePaymentIntentId"]
    answer = deployment.simulator.client.post(
        f"/v1/payment_intents/{intent}/confirm",
        data=DISPUTED,
        headers={"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account},
    )
    answer.raise_for_status()
    found: dict[str, str] = {}

    def is_known() -> bool:
        data = deployment.ask(DISPUTES, {}, deployment.replicas[-1])["data"]
        nodes = [edge["node"] for edge in data["disputes"]["edges"]]
        found.update({one["stripeDisputeId"]: one["evidence"]["version"] for one in nodes})
        return bool(found.keys() - known)

    until(is_known, 60)
    (dispute,) = found.keys() - known
    return dispute, found[dispute]


def _answer(
    deployment: Deployment, dispute: str, version: str, kind: str, point: str, *, is_repeated: bool
) -> list[str]:
    """Answer the dispute with a fault. Returns a problem for an unexpected result."""
    values: Json = {"dispute": {"stripeDisputeId": dispute}, "expectedVersion": version}
    if kind != "accepted":
        values |= {
            "evidence": [{"field": "UNCATEGORIZED_TEXT", "text": TEXT}],
            "submit": kind == "submitted",
        }
    text = ACCEPT if kind == "accepted" else ANSWER
    replica = deployment.replicas[0]
    if point == LOST:
        path = f"/v1/disputes/{dispute}{'/close' if kind == 'accepted' else ''}"
        fault = {"method": "POST", "path": path, "kind": "reset_after", "times": 3}
        deployment.simulator.control("faults", fault)
        _send(deployment, text, values, replica)
    else:
        if deployment.worker is replica:
            # A worker that resumes an earlier answer would die at the point instead.
            until(lambda: not _pending(deployment), 60)
        replica.start(point)
        _send(deployment, text, values, replica)
        until(lambda: replica.is_dead, 30)
        replica.start()
    if is_repeated or point == "dispute.arrived":
        result = _send(deployment, text, values, replica)
        if result is None or not result["__typename"].endswith(("Payload", "StripeUnavailableError")):
            return [f"the repeated answer to {dispute} ({kind}, {point}) got {result}"]
    return []


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
    """A problem for each dispute that is not answered once, and for evidence that is still stored."""
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
            problems.append(f"{dispute} was {kind}, and is {shown}")
        if kind != "accepted" and found["evidence"]["uncategorized_text"] != TEXT:
            problems.append(f"{dispute} was {kind}, and has no evidence")
    rows = tables.rows(deployment.database_url, "SELECT state, body FROM dispute_request")
    states = Counter(row["state"] for row in rows)
    if states != Counter(SUCCEEDED=len(expected)):
        problems.append(f"{len(expected)} answers have the requests {dict(states)}")
    return problems + ["a request keeps its evidence" for row in rows if "evidence" in row["body"]]
