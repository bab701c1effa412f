"""Account creation under crashes and bad answers: in the end each merchant has exactly one account.

A seed draws three kinds of faults. The process dies at a named point of the creation. The process is killed
at a random moment under load. Stripe's answer is lost, late, an error, or has no account. On PostgreSQL,
PgBouncer shares a few sessions among all processes.

Half of the clients repeat their mutation; the worker finishes the other creations.
"""

import contextlib
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connect.faultpoints import POINTS
from testing.deployment import Deployment, Replica, service
from testing.environment import ORIGIN
from testing.operations import CREATE, new_merchant
from testing.report import Report
from testing.waits import until
from torture import answers, comparison

SIZE = 1000  # injections

CREATION_POINTS = [point for point in POINTS if not point.startswith("worker.")]
# Names and faults. Some outlast the SDK's retries.
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("reset_before", {"kind": "reset_before"}),
    ("reset_after", {"kind": "reset_after"}),
    ("reset_after", {"kind": "reset_after", "times": 3}),
    ("delay", {"kind": "delay", "seconds": 2.5}),
    ("delay_after", {"kind": "delay_after", "seconds": 2.5}),
    ("malformed", {"kind": "malformed"}),
    ("409", {"status": 409}),
    ("409", {"status": 409, "times": 3}),
    ("429", {"status": 429}),
    ("429", {"status": 429, "headers": {"Stripe-Should-Retry": "true"}, "times": 3}),
    ("429", {"status": 429, "headers": {"Stripe-Should-Retry": "false"}}),
    ("500", {"status": 500, "times": 3}),
    ("502", {"status": 502, "body": "<html>Bad Gateway</html>", "times": 3}),
    ("503", {"status": 503, "times": 3}),
    *answers.UNUSABLE.items(),
    *answers.OUTAGES.items(),
    ("another account", answers.another({})),
]
# Addresses that a browser must never receive as an account link.
BAD_LINKS = "javascript:alert(1)", "data:text/html,hello", "//stripe.example/", "https://a@b.example/", None
_LINK = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to}) { __typename }
}
"""


@dataclass
class Findings:
    """The injected faults and their results."""

    injections: Counter[str] = field(default_factory=Counter)
    requested: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    settled_after_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    accounts: int = 0

    def note(self, answer: dict[str, Any]) -> dict[str, Any] | None:
        """Record an answer to createMerchant. Returns the mutation's result, or None if there is none."""
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        self.problems += [f"createMerchant answered {code}" for code in codes if code != "UNAVAILABLE"]
        result: dict[str, Any] | None = (answer.get("data") or {}).get("createMerchant")
        if result is not None and result["__typename"] == "CreateMerchantPayload":
            merchant = result["merchant"]
            first_id = self.acknowledged.setdefault(merchant["externalId"], merchant["id"])
            if first_id != merchant["id"]:
                self.problems.append(f"{merchant['externalId']} names two merchants")
        return result


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    kills: int | None = None,
    twins: int = 50,
    faults: Sequence[tuple[str, dict[str, Any]]] = FAULTS,
) -> Report:
    """Send one mutation many times at once, then inject faults. By default every fifth fault is a kill."""
    with service(database, folder, stripe={"REVIEW_SECONDS": "3600"}) as deployment:
        ids, creations = at_once(deployment, "at-once", twins)
        bad_links = _bad_links(deployment, "at-once")
        kills = size // 5 if kills is None else kills
        stripe = itertools.islice(itertools.cycle(faults), size - kills)
        findings = torment(deployment, [None] * kills + list(stripe), seed)
    report = Report(problems=bad_links + findings.problems)
    if len(ids) != 1 or creations != 1:
        report.problems.append(
            f"{twins} identical mutations at once: {len(ids)} merchants, created {creations} times"
        )
    report.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "merchants requested": len(findings.requested) + 1,
        "accounts at Stripe": findings.accounts,
        "acknowledged": len(findings.acknowledged),
        "seconds until all creations had finished": round(findings.settled_after_seconds, 1),
    }
    return report


def torment(
    deployment: Deployment, injections: list[tuple[str, dict[str, Any]] | None], seed: int
) -> Findings:
    """Inject faults of Stripe, or a kill for each None. Let all work finish, and compare with Stripe."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    findings = Findings()
    rng.shuffle(injections)
    for number, injection in enumerate(injections):
        external_id = f"shop-{number}"
        findings.requested.add(external_id)
        repeats = rng.random() < 0.5
        replica = rng.choice(list(deployment.replicas))
        if injection is not None:
            name, fault = injection
            deployment.simulator.control("faults", {"path": "/v2/core/accounts", **fault})
            _create(deployment, findings, replica, external_id)
            deployment.simulator.control("faults", method="DELETE")
            findings.injections[f"Stripe: {name}"] += 1
        elif rng.random() < 0.7:
            _kill_at_a_point(deployment, findings, replica, external_id, rng)
        else:
            _kill_under_load(deployment, findings, replica, number, rng)
        if repeats:
            _create(deployment, findings, rng.choice(list(deployment.replicas)), external_id)
    _settle(deployment, findings)
    _repeat_everything(deployment, findings)
    _compare(deployment, findings)
    return findings


def at_once(deployment: Deployment, external_id: str, times: int) -> tuple[set[str], int]:
    """Send identical mutations at once; return the merchants' ids and the number of `created: true`."""
    with ThreadPoolExecutor(times) as pool:
        replicas = deployment.replicas
        results = list(
            pool.map(
                lambda i: deployment.attempt_creation(replicas[i % len(replicas)], external_id), range(times)
            )
        )
    payloads = [r for r in results if r is not None and r["__typename"] == "CreateMerchantPayload"]
    if len(payloads) != times:
        raise AssertionError(f"only {len(payloads)} of {times} mutations were answered")
    return {p["merchant"]["id"] for p in payloads}, sum(p["created"] for p in payloads)


def _create(
    deployment: Deployment, findings: Findings, replica: Replica, external_id: str
) -> dict[str, Any] | None:
    """The result of createMerchant. None if the process died or its answer was incomplete."""
    try:
        answer = deployment.ask(CREATE, {"input": new_merchant(external_id)}, replica)
    except (httpx.HTTPError, json.JSONDecodeError):
        return None
    return findings.note(answer)


def _bad_links(deployment: Deployment, external_id: str) -> list[str]:
    """Ask for links while Stripe's answers contain none that is safe in a browser. No client may get one."""
    expires_at = "2031-01-01T00:00:00Z"
    faults = [{"status": 200, "body": {"url": url, "expires_at": expires_at}} for url in BAD_LINKS]
    problems = []
    for fault in [*faults, *answers.UNUSABLE.values()]:
        deployment.simulator.control("faults", {"path": "/v2/core/account_links", **fault})
        answer = deployment.ask(_LINK, {"id": external_id, "to": f"{ORIGIN}/back"})
        deployment.simulator.control("faults", method="DELETE")
        if answer != {"data": {"createOnboardingLink": {"__typename": "StripeUnavailableError"}}}:
            problems.append(f"a link that Stripe answered with {fault['body']!r} became {answer}")
    return problems


def _kill_at_a_point(
    deployment: Deployment, findings: Findings, replica: Replica, external_id: str, rng: random.Random
) -> None:
    point = rng.choice(CREATION_POINTS)
    # The replica's worker may resume an unfinished creation and reach the point before the API is ready.
    with contextlib.suppress(RuntimeError):
        replica.start(point)
        _create(deployment, findings, replica, external_id)
    # At the last point the client may have its answer before the process has ended.
    until(lambda: replica.is_dead, 10)
    findings.injections[f"killed at {point}"] += 1
    replica.start()


def _kill_under_load(
    deployment: Deployment, findings: Findings, replica: Replica, number: int, rng: random.Random
) -> None:
    external_ids = [f"shop-{number}-{i}" for i in range(6)]
    findings.requested.update(external_ids)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(_create, deployment, findings, replica, one) for one in external_ids]
        time.sleep(rng.uniform(0, 0.25))
        if replica.process is not None:
            replica.process.kill()
        for future in waiting:
            future.result()
    findings.injections["killed under load"] += 1
    replica.start()


def _settle(deployment: Deployment, findings: Findings) -> None:
    """Wait until all creations have finished, without repeating any request."""
    deployment.simulator.control("faults", method="DELETE")
    started = time.monotonic()
    until(lambda: all(m["status"] != "CREATING" for m in deployment.merchants()), 120)
    findings.settled_after_seconds = time.monotonic() - started
    present = {m["externalId"] for m in deployment.merchants()}
    findings.problems += [
        f"{e} was acknowledged but is missing" for e in findings.acknowledged if e not in present
    ]


def _repeat_everything(deployment: Deployment, findings: Findings) -> None:
    for external_id in sorted(findings.requested):
        result = _create(deployment, findings, deployment.replicas[0], external_id)
        if result is None or result["__typename"] != "CreateMerchantPayload":
            findings.problems.append(f"{external_id}: the repeated mutation returned {result}")


def _compare(deployment: Deployment, findings: Findings) -> None:
    accounts = deployment.accounts()
    findings.accounts = len(accounts)
    per_merchant = Counter(account["metadata"]["external_id"] for account in accounts)
    findings.problems += [f"{e} has {n} accounts" for e, n in per_merchant.items() if n != 1]
    findings.problems += [f"{e} has no account" for e in findings.requested if e not in per_merchant]
    by_id = {account["id"]: account for account in accounts}
    merchants = deployment.merchants()
    findings.problems += [
        f"account {one} belongs to no merchant"
        for one in by_id.keys() - {m["account"]["stripeAccountId"] for m in merchants if m["account"]}
    ]
    _, left = comparison.settled(lambda: comparison.differences(deployment), 30)
    findings.problems += left
