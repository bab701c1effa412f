"""Adoption under crashes and bad answers: in the end each account belongs to exactly one merchant.

There are four kinds of faults, in a random order that the seed determines:
- The process dies at a named point of the adoption.
- The process is killed at a random moment, while two merchants claim each account.
- Stripe's answer is lost, late, an error, unusable, or about another account.
- The account changes at Stripe while its adoption waits for the answer, so the event arrives before the
  mirror exists.

On PostgreSQL, all processes share a few sessions through PgBouncer.

No worker completes an adoption, so every client repeats its mutation at the end.
"""

import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connect.platform.faultpoints import POINTS
from testing import existing_accounts
from testing.deployment import Deployment, Replica, service
from testing.report import Report
from testing.waits import until
from torture import answers, comparison

SIZE = 1000  # injections

ADOPTION_POINTS = [point for point in POINTS if point.startswith(("adopt.", "response."))]
CHANGE = "changed while it was fetched"
# The faults of the fetch, each with its name. Some last longer than the SDK's retries.
FAULTS: list[tuple[str, dict[str, Any]]] = [
    (CHANGE, {"kind": "delay_after", "seconds": 0.7}),
    ("reset_before", {"kind": "reset_before"}),
    ("reset_after", {"kind": "reset_after"}),
    ("reset_after", {"kind": "reset_after", "times": 3}),
    ("delay", {"kind": "delay", "seconds": 2.5}),
    ("delay_after", {"kind": "delay_after", "seconds": 2.5}),
    ("malformed", {"kind": "malformed"}),
    ("409", {"status": 409}),
    ("429", {"status": 429, "headers": {"Stripe-Should-Retry": "false"}}),
    ("500", {"status": 500, "times": 3}),
    ("502", {"status": 502, "body": "<html>Bad Gateway</html>", "times": 3}),
    *answers.UNUSABLE.items(),
    *answers.OUTAGES.items(),
    ("another account", answers.another({})),
]
ADOPT = """
mutation ($id: String!, $account: String!) {
  adoptMerchant(input: {externalId: $id, stripeAccountId: $account}) {
    __typename
    ... on AdoptMerchantPayload { created merchant { id externalId account { stripeAccountId } } }
    ... on AccountNotAdoptableError { findings { code } }
  }
}
"""


@dataclass
class Findings:
    """The injected faults and their results. `claims` lists the external ids that claim each account."""

    injections: Counter[str] = field(default_factory=Counter)
    claims: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


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
    """Adopt one account many times at once, then inject faults. By default, a fifth of these are kills."""
    with service(database, folder, stripe={"REVIEW_SECONDS": "3600"}) as deployment:
        findings = Findings()
        _adopt_at_once(deployment, findings, twins)
        kills = size // 5 if kills is None else kills
        stripe = itertools.islice(itertools.cycle(faults), size - kills)
        _torment(deployment, findings, [None] * kills + list(stripe), seed)
        _repeat_everything(deployment, findings)
        adopted = set(findings.claims)
        _, left = comparison.settled(lambda: comparison.differences(deployment, adopted), 60)
        findings.problems += left
        findings.problems += comparison.misordered(deployment)
        merchants = len(deployment.merchants())
    report = Report(problems=findings.problems)
    report.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "accounts to adopt": len(findings.claims),
        "merchants": merchants,
        "acknowledged before the repeats": len(findings.acknowledged),
    }
    return report


def _adopt_at_once(deployment: Deployment, findings: Findings, twins: int) -> None:
    """Send identical mutations at once to all replicas. Exactly one of them must adopt the account."""
    account = existing_accounts.create(deployment.simulator)
    findings.claims[account] = ["at-once"]
    replicas = itertools.islice(itertools.cycle(deployment.replicas), twins)
    with ThreadPoolExecutor(twins) as pool:
        results = list(
            pool.map(lambda replica: _adopt(deployment, findings, "at-once", account, replica), replicas)
        )
    payloads = [one for one in results if one is not None and one["__typename"] == "AdoptMerchantPayload"]
    ids = {one["merchant"]["id"] for one in payloads}
    created = sum(one["created"] for one in payloads)
    if (len(payloads), len(ids), created) != (twins, 1, 1):
        findings.problems.append(
            f"{twins} identical mutations at once: {len(payloads)} answers, {len(ids)} merchants, created "
            f"{created} times"
        )


def _torment(
    deployment: Deployment,
    findings: Findings,
    injections: list[tuple[str, dict[str, Any]] | None],
    seed: int,
) -> None:
    """Inject these faults of Stripe in random order. A None among the injections stands for a kill."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    rng.shuffle(injections)
    for number, injection in enumerate(injections):
        replica = rng.choice(list(deployment.replicas))
        if injection is not None:
            _fail_the_fetch(deployment, findings, replica, f"shop-{number}", *injection)
        elif rng.random() < 0.7:
            _kill_at_a_point(deployment, findings, replica, f"shop-{number}", rng)
        else:
            _kill_under_load(deployment, findings, replica, number, rng)


def _adopt(
    deployment: Deployment, findings: Findings, external_id: str, account: str, replica: Replica
) -> dict[str, Any] | None:
    """Send adoptMerchant. Returns its result, or None if the answer was incomplete or had no result."""
    try:
        answer = deployment.ask(ADOPT, {"id": external_id, "account": account}, replica)
    except (httpx.HTTPError, json.JSONDecodeError):
        return None
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    findings.problems += [f"adoptMerchant answered {code}" for code in codes if code != "UNAVAILABLE"]
    result: dict[str, Any] | None = (answer.get("data") or {}).get("adoptMerchant")
    if result is None or result["__typename"] != "AdoptMerchantPayload":
        return result
    merchant = result["merchant"]
    findings.created[account] += result["created"]
    first_id = findings.acknowledged.setdefault(account, merchant["id"])
    if (first_id, merchant["account"]["stripeAccountId"]) != (merchant["id"], account):
        findings.problems.append(f"{account} was acknowledged for two merchants")
    return result


def _claim(deployment: Deployment, findings: Findings, *external_ids: str) -> str:
    """Create an account at Stripe, and record that these merchants claim it."""
    account = existing_accounts.create(deployment.simulator)
    findings.claims[account] = list(external_ids)
    return account


def _fail_the_fetch(
    deployment: Deployment,
    findings: Findings,
    replica: Replica,
    external_id: str,
    name: str,
    fault: dict[str, Any],
) -> None:
    account, simulator = _claim(deployment, findings, external_id), deployment.simulator
    simulator.control("faults", {"path": f"/v2/core/accounts/{account}", "method": "GET", **fault})
    change = threading.Timer(0.2, simulator.control, (f"accounts/{account}", {"scenario": "activate"}))
    if name == CHANGE:
        change.start()
    _adopt(deployment, findings, external_id, account, replica)
    if name == CHANGE:
        change.join()
    simulator.control("faults", method="DELETE")
    findings.injections[f"Stripe: {name}"] += 1


def _kill_at_a_point(
    deployment: Deployment, findings: Findings, replica: Replica, external_id: str, rng: random.Random
) -> None:
    point, account = rng.choice(ADOPTION_POINTS), _claim(deployment, findings, external_id)
    replica.start(point)
    _adopt(deployment, findings, external_id, account, replica)
    until(lambda: replica.is_dead, 10)
    findings.injections[f"killed at {point}"] += 1
    replica.start()


def _kill_under_load(
    deployment: Deployment, findings: Findings, replica: Replica, number: int, rng: random.Random
) -> None:
    """Kill a replica while two merchants claim each of three accounts, through random replicas."""
    pairs = []
    for one in range(3):
        names = f"shop-{number}-{one}-a", f"shop-{number}-{one}-b"
        account = _claim(deployment, findings, *names)
        pairs += [(name, account) for name in names]
    with ThreadPoolExecutor(len(pairs)) as pool:
        chosen = [rng.choice(list(deployment.replicas)) for _ in pairs]
        waiting = [
            pool.submit(_adopt, deployment, findings, *pair, at)
            for pair, at in zip(pairs, chosen, strict=True)
        ]
        time.sleep(rng.uniform(0, 0.25))
        if replica.process is not None:
            replica.process.kill()
        for future in waiting:
            future.result()
    findings.injections["killed under load"] += 1
    replica.start()


def _repeat_everything(deployment: Deployment, findings: Findings) -> None:
    """Repeat every mutation twice. Exactly one claim of each account must succeed."""
    acknowledged = dict(findings.acknowledged)
    owners = {m["account"]["stripeAccountId"]: m["id"] for m in deployment.merchants() if m["account"]}
    findings.problems += [
        f"{account} was acknowledged, but has no merchant or a different one"
        for account, key in acknowledged.items()
        if owners.get(account) != key
    ]
    for account, names in findings.claims.items():
        for _ in range(2):
            results = [_adopt(deployment, findings, name, account, deployment.replicas[0]) for name in names]
        kinds = sorted(result["__typename"] if result else "no answer" for result in results)
        if kinds != ["AccountNotAdoptableError"] * (len(names) - 1) + ["AdoptMerchantPayload"]:
            findings.problems.append(f"{account}: the repeated mutations returned {kinds}")
    findings.acknowledged = acknowledged
    findings.problems += [
        f"{account} was adopted {count} times" for account, count in findings.created.items() if count > 1
    ]
    mirrored = Counter(m["account"]["stripeAccountId"] for m in deployment.merchants() if m["account"])
    wrong = {account: mirrored[account] for account in findings.claims if mirrored[account] != 1}
    findings.problems += [f"{account} has {count} merchants" for account, count in wrong.items()]
