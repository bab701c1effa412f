"""Account creation under crashes and bad answers: in the end each merchant has exactly one account.

A seed draws three kinds of faults. The process dies at a named point of the creation. The process is killed
at a random moment under load. Stripe's answer is lost, late, malformed or an error.

Half of the clients repeat their mutation; the worker finishes the other creations.
"""

import contextlib
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connect.faultpoints import POINTS
from testing.deployment import Deployment, Replica, service
from testing.report import Report
from testing.waits import until
from torture import comparison

SIZE = 1000  # injections

CREATION_POINTS = [point for point in POINTS if not point.startswith("worker.")]
FAULTS: list[dict[str, Any]] = [
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "reset_after", "times": 3},  # outlasts the SDK's own retries
    {"kind": "delay", "seconds": 2.5},
    {"kind": "delay_after", "seconds": 2.5},
    {"kind": "malformed"},
    {"status": 409},
    {"status": 409, "times": 3},
    {"status": 429},
    {"status": 429, "headers": {"Stripe-Should-Retry": "true"}, "times": 3},
    {"status": 429, "headers": {"Stripe-Should-Retry": "false"}},
    {"status": 500, "times": 3},
    {"status": 502, "body": "<html>Bad Gateway</html>", "times": 3},
    {"status": 503, "times": 3},
]


@dataclass
class Findings:
    """The injected faults and their results."""

    injections: Counter[str] = field(default_factory=Counter)
    requested: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    settled_after_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    accounts: int = 0

    def note(self, result: dict[str, Any] | None) -> None:
        if result is not None and result["__typename"] == "CreateMerchantPayload":
            merchant = result["merchant"]
            first_id = self.acknowledged.setdefault(merchant["externalId"], merchant["id"])
            if first_id != merchant["id"]:
                self.problems.append(f"{merchant['externalId']} names two merchants")


def prove(
    database: str, *, seed: int, size: int, folder: Path, kills: int | None = None, twins: int = 50
) -> Report:
    """Send one mutation many times at once, then inject faults. By default every fifth fault is a kill."""
    with service(database, folder, stripe={"REVIEW_SECONDS": "3600"}) as deployment:
        ids, creations = at_once(deployment, "at-once", twins)
        kills = size // 5 if kills is None else kills
        findings = torment(deployment, injections=size, seed=seed, kills=kills)
    report = Report(problems=findings.problems)
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


def torment(deployment: Deployment, *, injections: int, seed: int, kills: int) -> Findings:
    """Inject faults, let all work finish, and compare clients' answers with Stripe."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    findings = Findings()
    kinds = ["kill"] * kills + ["stripe"] * (injections - kills)
    rng.shuffle(kinds)
    for number, kind in enumerate(kinds):
        external_id = f"shop-{number}"
        findings.requested.add(external_id)
        repeats = rng.random() < 0.5
        replica = rng.choice(list(deployment.replicas))
        if kind == "stripe":
            fault = rng.choice(FAULTS)
            deployment.simulator.control("faults", {"path": "/v2/core/accounts", **fault})
            findings.note(deployment.attempt_creation(replica, external_id))
            deployment.simulator.control("faults", method="DELETE")
            findings.injections[f"Stripe: {fault.get('kind', fault.get('status'))}"] += 1
        elif rng.random() < 0.7:
            _kill_at_a_point(deployment, findings, replica, external_id, rng)
        else:
            _kill_under_load(deployment, findings, replica, number, rng)
        if repeats:
            findings.note(deployment.attempt_creation(rng.choice(list(deployment.replicas)), external_id))
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


def _kill_at_a_point(
    deployment: Deployment, findings: Findings, replica: Replica, external_id: str, rng: random.Random
) -> None:
    point = rng.choice(CREATION_POINTS)
    # The replica's worker may resume an unfinished creation and reach the point before the API is ready.
    with contextlib.suppress(RuntimeError):
        replica.start(point)
        findings.note(deployment.attempt_creation(replica, external_id))
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
        waiting = [pool.submit(deployment.attempt_creation, replica, one) for one in external_ids]
        time.sleep(rng.uniform(0, 0.25))
        if replica.process is not None:
            replica.process.kill()
        for future in waiting:
            findings.note(future.result())
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
        result = deployment.attempt_creation(deployment.replicas[0], external_id)
        if result is None or result["__typename"] != "CreateMerchantPayload":
            findings.problems.append(f"{external_id}: the repeated mutation returned {result}")
        findings.note(result)


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
