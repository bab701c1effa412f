"""Account creation under crashes and bad answers: in the end each merchant has exactly one account.

`torture.replacement` and `torture.charging` use the same faults for other mutations.

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
from collections.abc import Callable, Collection, Sequence
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

Json = dict[str, Any]

SIZE = 1000  # injections

CREATION_POINTS = [point for point in POINTS if point.startswith(("create.", "response."))]
# Names and faults. Some outlast the SDK's retries.
FAULTS: list[tuple[str, Json]] = [
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


@dataclass(frozen=True)
class Mutation:
    """The mutation under test. `flag` is the field of its payload that is true for the first call only.

    `prepare` makes everything ready for the mutation of one external id, and `variables` returns its input.
    `is_settled` is true if no request is pending. `compare` returns the problems with the objects at Stripe.

    The payload has the changed object in the field `node`. `stored` returns the external ids of all such
    objects. The faults of Stripe affect `path`, and processes die at one of `points`.
    """

    name: str
    flag: str
    text: str
    variables: Callable[[str], Json]
    prepare: Callable[[Deployment, str], None]
    is_settled: Callable[[Deployment], bool]
    compare: Callable[[Deployment, Collection[str]], list[str]]
    node: str = "merchant"
    stored: Callable[[Deployment], set[str]] = lambda deployment: {
        merchant["externalId"] for merchant in deployment.merchants()
    }
    path: str = "/v2/core/accounts"
    points: Sequence[str] = tuple(CREATION_POINTS)

    @property
    def payload(self) -> str:
        return f"{self.name[0].upper()}{self.name[1:]}Payload"


@dataclass
class Findings:
    """The injected faults and their results."""

    mutation: Mutation
    injections: Counter[str] = field(default_factory=Counter)
    requested: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    settled_after_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    accounts: int = 0

    def note(self, answer: Json) -> Json | None:
        """Record an answer to the mutation. Returns the mutation's result, or None if there is none."""
        name = self.mutation.name
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        self.problems += [f"{name} answered {code}" for code in codes if code != "UNAVAILABLE"]
        result: Json | None = (answer.get("data") or {}).get(name)
        if result is not None and result["__typename"] == self.mutation.payload:
            made = result[self.mutation.node]
            first_id = self.acknowledged.setdefault(made["externalId"], made["id"])
            if first_id != made["id"]:
                self.problems.append(f"{made['externalId']} names two objects")
        return result


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
    with service(database, folder, stripe={"REVIEW_SECONDS": "3600"}) as deployment:
        together = at_once(deployment, CREATION, "at-once", twins)
        bad_links = _bad_links(deployment, "at-once")
        findings = torment(deployment, CREATION, injections(size, kills, faults), seed)
    return report(findings, together + bad_links)


def injections(
    size: int, kills: int | None, faults: Sequence[tuple[str, Json]]
) -> list[tuple[str, Json] | None]:
    """A list of this length with kills (None) and the faults in turn. By default, a fifth of the entries are
    kills."""
    kills = size // 5 if kills is None else kills
    return [None] * kills + list(itertools.islice(itertools.cycle(faults), size - kills))


def report(findings: Findings, problems: Sequence[str]) -> Report:
    """The report of a proof whose first merchant was called `at-once`."""
    result = Report(problems=[*problems, *findings.problems])
    result.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "merchants requested": len(findings.requested) + 1,
        "accounts at Stripe": findings.accounts,
        "acknowledged": len(findings.acknowledged),
        "seconds until all creations had finished": round(findings.settled_after_seconds, 1),
    }
    return result


def torment(
    deployment: Deployment, mutation: Mutation, injected: list[tuple[str, Json] | None], seed: int
) -> Findings:
    """Inject faults of Stripe, or a kill for each None. Let all work finish, and compare with Stripe."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    findings = Findings(mutation)
    rng.shuffle(injected)
    for number, injection in enumerate(injected):
        external_id = f"shop-{number}"
        findings.requested.add(external_id)
        mutation.prepare(deployment, external_id)
        repeats = rng.random() < 0.5
        replica = rng.choice(list(deployment.replicas))
        if injection is not None:
            name, fault = injection
            deployment.simulator.control("faults", {"path": mutation.path, **fault})
            _send(deployment, findings, replica, external_id)
            deployment.simulator.control("faults", method="DELETE")
            findings.injections[f"Stripe: {name}"] += 1
        elif rng.random() < 0.7:
            _kill_at_a_point(deployment, findings, replica, external_id, rng)
        else:
            _kill_under_load(deployment, findings, replica, number, rng)
        if repeats:
            _send(deployment, findings, rng.choice(list(deployment.replicas)), external_id)
    _settle(deployment, findings)
    _repeat_everything(deployment, findings)
    _compare(deployment, findings)
    return findings


def at_once(deployment: Deployment, mutation: Mutation, external_id: str, times: int) -> list[str]:
    """Send identical mutations at once. Returns a problem unless the work was done exactly once."""
    mutation.prepare(deployment, external_id)
    findings, replicas = Findings(mutation), deployment.replicas
    with ThreadPoolExecutor(times) as pool:
        results = list(
            pool.map(
                lambda i: _send(deployment, findings, replicas[i % len(replicas)], external_id), range(times)
            )
        )
    payloads = [r for r in results if r is not None and r["__typename"] == mutation.payload]
    if len(payloads) != times:
        raise AssertionError(f"only {len(payloads)} of {times} mutations were answered")
    ids, first = {p[mutation.node]["id"] for p in payloads}, sum(p[mutation.flag] for p in payloads)
    if len(ids) == 1 and first == 1:
        return findings.problems
    return [f"{times} identical mutations at once: {len(ids)} objects, {mutation.flag} {first} times"]


def _send(deployment: Deployment, findings: Findings, replica: Replica, external_id: str) -> Json | None:
    """The result of the mutation. None if the process died or its answer was incomplete."""
    mutation = findings.mutation
    try:
        answer = deployment.ask(mutation.text, {"input": mutation.variables(external_id)}, replica)
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
    point = rng.choice(findings.mutation.points)
    # The replica's worker may resume an unfinished creation and reach the point before the API is ready.
    with contextlib.suppress(RuntimeError):
        replica.start(point)
        _send(deployment, findings, replica, external_id)
    # At the last point the client may have its answer before the process has ended.
    until(lambda: replica.is_dead, 10)
    findings.injections[f"killed at {point}"] += 1
    replica.start()


def _kill_under_load(
    deployment: Deployment, findings: Findings, replica: Replica, number: int, rng: random.Random
) -> None:
    external_ids = [f"shop-{number}-{i}" for i in range(6)]
    findings.requested.update(external_ids)
    for external_id in external_ids:
        findings.mutation.prepare(deployment, external_id)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(_send, deployment, findings, replica, one) for one in external_ids]
        time.sleep(rng.uniform(0, 0.25))
        if replica.process is not None:
            replica.process.kill()
        for future in waiting:
            future.result()
    findings.injections["killed under load"] += 1
    replica.start()


def _settle(deployment: Deployment, findings: Findings) -> None:
    """Wait until all requests have finished, without repeating any."""
    deployment.simulator.control("faults", method="DELETE")
    started = time.monotonic()
    until(lambda: findings.mutation.is_settled(deployment), 120)
    findings.settled_after_seconds = time.monotonic() - started
    stored = findings.mutation.stored(deployment)
    findings.problems += [
        f"{e} was acknowledged but is missing" for e in findings.acknowledged if e not in stored
    ]


def _repeat_everything(deployment: Deployment, findings: Findings) -> None:
    for external_id in sorted(findings.requested):
        result = _send(deployment, findings, deployment.replicas[0], external_id)
        if result is None or result["__typename"] != findings.mutation.payload:
            findings.problems.append(f"{external_id}: the repeated mutation returned {result}")


def _compare(deployment: Deployment, findings: Findings) -> None:
    findings.accounts = len(deployment.accounts())
    findings.problems += findings.mutation.compare(deployment, findings.requested)
    _, left = comparison.settled(lambda: comparison.differences(deployment), 30)
    findings.problems += left


def _is_settled(deployment: Deployment) -> bool:
    return all(merchant["status"] != "CREATING" for merchant in deployment.merchants())


def _one_account_each(deployment: Deployment, requested: Collection[str]) -> list[str]:
    accounts = deployment.accounts()
    per_merchant = Counter(account["metadata"]["external_id"] for account in accounts)
    owned = {m["account"]["stripeAccountId"] for m in deployment.merchants() if m["account"]}
    return [
        *(f"{e} has {n} accounts" for e, n in per_merchant.items() if n != 1),
        *(f"{e} has no account" for e in requested if e not in per_merchant),
        *(f"account {one['id']} belongs to no merchant" for one in accounts if one["id"] not in owned),
    ]


CREATION = Mutation(
    "createMerchant",
    "created",
    CREATE,
    new_merchant,
    lambda _deployment, _external_id: None,
    _is_settled,
    _one_account_each,
)
