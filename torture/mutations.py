"""Mutations under faults: lost and wrong answers of Stripe, and killed processes.

Several clients send mutations at the same time. The seed determines the faults. For most mutations, Stripe's
answer is lost, late, an error, or without the requested object. Meanwhile processes are killed in pairs: the
first one dies at a random moment under load, and its successor dies at a named point of a mutation. About
half of the clients repeat their mutation; the worker finishes the other requests.
"""

import contextlib
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from connect.platform.faultpoints import POINTS
from testing.deployment import Deployment, Part, Replica
from testing.waits import until
from torture import answers

Json = dict[str, Any]
Fault = tuple[str, Json]

# The number of clients that send mutations at the same time.
CLIENTS = 8
# The number of mutations that clients send at once, a moment before a process is killed.
CROWD = 6
# The limits on calls to Stripe are high or off, because many clients share one token, and the local Stripe
# has no limit. The timeout is shorter than the delay of each late answer.
SERVICE: dict[str, Any] = {
    "STRIPE_CALLS_PER_SECOND": "100",
    "STRIPE_CALLS_PER_SECOND_OF_OPERATION": "100",
    "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
    "STRIPE_TIMEOUT_SECONDS": "2",
}
ANOTHER = "another object"
# The faults of Stripe, each with its name. Some last longer than the SDK's retries.
FAULTS: list[Fault] = [
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
    (ANOTHER, {}),  # see `Mutation.another`
]


@dataclass(frozen=True, eq=False)
class Mutation:
    """The mutation under test. `flag` is the payload's field that is true only for the first call.

    `prepare` sets up the mutation of one external id, and `variables` returns the mutation's input.
    `is_settled` is true if no request is pending. `compare` returns the problems with the objects at Stripe.

    The payload has the changed object in the field `node`. `stored` returns the external ids of all stored
    objects of this kind. The faults of Stripe affect `path`, and processes die at one of `points`. `another`
    is an answer of Stripe about another object.
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
    another: Json = field(default_factory=lambda: answers.another({}))
    points: Sequence[str] = tuple(one for one in POINTS if one.startswith(("create.", "response.")))

    @property
    def payload(self) -> str:
        return f"{self.name[0].upper()}{self.name[1:]}Payload"


@dataclass(frozen=True)
class Injection:
    """A fault of Stripe for one mutation, or two deaths of a process: under load, then at `point`."""

    mutation: Mutation
    name: str = ""
    fault: Json | None = None
    point: str = ""

    def orders(self, number: int) -> list[str]:
        """The external ids for this injection's mutations. `number` is its place among all injections."""
        crowd = [f"shop-{number}-{i}" for i in range(CROWD)] if self.fault is None else []
        return [f"shop-{number}", *crowd]


@dataclass
class Findings:
    """The injected faults and their results."""

    mutation: Mutation
    injections: Counter[str] = field(default_factory=Counter)
    requested: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    settled_after_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

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
                self.problems.append(f"{made['externalId']} is the external id of two objects")
        return result


def injections(
    mutation: Mutation, size: int, faults: Sequence[Fault], points: Sequence[str] | None = None
) -> list[Injection]:
    """Return two deaths of a process for each point, and so many faults of Stripe that the total is `size`.

    By default, a fifth of the total are deaths, and the points of the mutation are used in turn.
    """
    if points is None:
        points = list(itertools.islice(itertools.cycle(mutation.points), size // 10))
    chosen = [
        (name, mutation.another if name == ANOTHER else fault)
        for name, fault in itertools.islice(itertools.cycle(faults), size - 2 * len(points))
    ]
    return [
        *(Injection(mutation, point=point) for point in points),
        *(Injection(mutation, f"Stripe: {name}", {"path": mutation.path, **fault}) for name, fault in chosen),
    ]


def torment(deployment: Deployment, injected: Sequence[Injection], seed: int) -> list[Findings]:
    """Inject all faults in random order. Let all work finish, and compare with Stripe.

    Returns the findings about each mutation.
    """
    torment = _Torment(deployment, seed, injected)
    torment.prepare()
    torment.inject()
    seconds = 120 + len(injected) / 4
    for findings in torment.findings.values():
        _settle(deployment, findings, seconds)
    torment.count_faults()
    for findings in torment.findings.values():
        findings.problems += _repeat_everything(deployment, findings)
        findings.problems += findings.mutation.compare(deployment, findings.requested)
    return list(torment.findings.values())


def at_once(deployment: Deployment, mutation: Mutation, external_id: str, times: int) -> list[str]:
    """Send identical mutations at once. Returns a problem unless they change one object, and at most one of
    their answers has the flag.

    A client that gets no answer repeats its mutation.
    """
    mutation.prepare(deployment, external_id)
    findings, replicas = Findings(mutation), deployment.replicas

    def ask(number: int) -> Json:
        for _ in range(5):
            result = send(deployment, findings, replicas[number % len(replicas)], external_id)
            if result is not None and result["__typename"] == mutation.payload:
                return result
        raise AssertionError(f"{mutation.name} was answered with {result}")

    with ThreadPoolExecutor(times) as pool:
        payloads = list(pool.map(ask, range(times)))
    ids, first = {p[mutation.node]["id"] for p in payloads}, sum(p[mutation.flag] for p in payloads)
    if len(ids) == 1 and first <= 1:
        return findings.problems
    return [f"{times} identical mutations at once: {len(ids)} objects, {mutation.flag} {first} times"]


def send(deployment: Deployment, findings: Findings, replica: Replica, external_id: str) -> Json | None:
    """Send the mutation. Returns its result, or None if the answer was incomplete or had no result."""
    mutation = findings.mutation
    try:
        answer = deployment.ask(mutation.text, {"input": mutation.variables(external_id)}, replica)
    except (httpx.HTTPError, json.JSONDecodeError):
        return None
    return findings.note(answer)


class _Serving:
    """The replicas that serve clients. A client waits while there is none."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._replicas = list(replicas)
        self._changed = threading.Condition()

    def choose(self, rng: random.Random) -> Replica:
        with self._changed:
            self._changed.wait_for(lambda: self._replicas)
            return rng.choice(self._replicas)

    @contextlib.contextmanager
    def without(self, part: Part) -> Iterator[None]:
        """Let no client use this replica during the block."""
        if not isinstance(part, Replica):
            yield
            return
        with self._changed:
            self._replicas.remove(part)
        yield
        with self._changed:
            self._replicas.append(part)
            self._changed.notify_all()


class _Torment:
    """The clients and the killed processes of one proof."""

    def __init__(self, deployment: Deployment, seed: int, injected: Sequence[Injection]) -> None:
        rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
        self._deployment, self._seed = deployment, seed
        self._injected = rng.sample(injected, len(injected))
        self._serving = _Serving(deployment.replicas)
        # The faults of Stripe, with the external ids of their mutations.
        self._met: list[tuple[Injection, str, Json]] = []
        self.findings = {one.mutation.name: Findings(one.mutation) for one in injected}

    def prepare(self) -> None:
        """Prepare all mutations before the first fault."""
        orders = [
            (one.mutation, order) for number, one in enumerate(self._injected) for order in one.orders(number)
        ]
        for mutation, order in orders:
            self.findings[mutation.name].requested.add(order)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda one: one[0].prepare(self._deployment, one[1]), orders))

    def inject(self) -> None:
        """Kill processes one after another while clients meet the faults of Stripe."""
        free, sent = threading.Semaphore(CLIENTS), list[Future[None]]()
        with ThreadPoolExecutor(CLIENTS) as clients:

            def submit(work: Callable[[int, random.Random], None], number: int) -> None:
                free.acquire()
                rng = random.Random(f"{self._seed}-{number}")  # noqa: S311 -- repeatable on purpose
                sent.append(clients.submit(work, number, rng))
                sent[-1].add_done_callback(lambda _: free.release())

            for number, injection in enumerate(self._injected):
                if injection.fault is None:
                    self._kill(number, random.Random(f"{self._seed}-{number}"))  # noqa: S311
                    submit(self._perhaps_repeat, number)
                else:
                    submit(self._meet_fault, number)
            for one in sent:
                one.result()
            self._repeat_lost(clients)

    def _meet_fault(self, number: int, rng: random.Random) -> None:
        """Send a mutation for which Stripe has a fault."""
        injection = self._injected[number]
        order = f"shop-{number}"
        fault = {"metadata": {"external_id": order}, **(injection.fault or {})}
        self._met.append((injection, order, self._deployment.simulator.control("faults", fault)))
        self._send(injection, order, self._serving.choose(rng))
        self._perhaps_repeat(number, rng)

    def _perhaps_repeat(self, number: int, rng: random.Random) -> None:
        if rng.random() < 0.5:
            self._send(self._injected[number], f"shop-{number}", self._serving.choose(rng))

    def _kill(self, number: int, rng: random.Random) -> None:
        """Kill a process under load, let its successor die at a fault point, and start the process again."""
        injection = self._injected[number]
        first, *crowd = injection.orders(number)
        is_of_worker = injection.point.startswith("fee_return.")
        part: Part = self._deployment.worker if is_of_worker else rng.choice(self._deployment.replicas)

        def ask(order: str) -> None:
            self._send(injection, order, part if isinstance(part, Replica) else self._serving.choose(rng))

        with ThreadPoolExecutor(CROWD) as pool:
            waiting = [pool.submit(ask, order) for order in crowd]
            time.sleep(rng.uniform(0, 0.25))
            with self._serving.without(part):
                if part.process is not None:
                    part.process.kill()
                for future in waiting:
                    future.result()
                # The process may resume an unfinished request and reach the point before it is ready.
                with contextlib.suppress(RuntimeError):
                    part.start(injection.point)
                    ask(first)
                # At the last point, the client may have its answer before the process has ended.
                until(lambda: part.is_dead, 30)
                part.start()
        self.findings[injection.mutation.name].injections.update(
            ("killed under load", f"killed at {injection.point}")
        )

    def _send(self, injection: Injection, order: str, replica: Replica) -> None:
        send(self._deployment, self.findings[injection.mutation.name], replica, order)

    def _repeat_lost(self, clients: ThreadPoolExecutor) -> None:
        """Repeat the mutations that a killed process lost before it stored them, so that they also meet their
        faults.
        """
        unmet = self._unmet()
        lost = [(one, order) for one, order, fault in self._met if fault["metadata"] and fault in unmet]
        replica = self._deployment.replicas[0]
        list(clients.map(lambda pair: self._send(pair[0], pair[1], replica), lost))

    def count_faults(self) -> None:
        """Count the faults of Stripe that have affected a call, and remove the others."""
        unmet = self._unmet()
        for injection, _, fault in self._met:
            if fault in unmet:
                unmet.remove(fault)
            else:
                self.findings[injection.mutation.name].injections[injection.name] += 1
        self._deployment.simulator.control("faults", method="DELETE")

    def _unmet(self) -> list[Json]:
        left: list[Json] = self._deployment.simulator.control("faults")["data"]
        return left


def _settle(deployment: Deployment, findings: Findings, seconds: float) -> None:
    """Wait until all requests have finished, without repeating any."""
    started = time.monotonic()
    until(lambda: findings.mutation.is_settled(deployment), seconds, pause=0.2)
    findings.settled_after_seconds = time.monotonic() - started
    stored = findings.mutation.stored(deployment)
    findings.problems += [
        f"{e} was acknowledged but is missing" for e in findings.acknowledged if e not in stored
    ]


def _repeat_everything(deployment: Deployment, findings: Findings) -> list[str]:
    orders = sorted(findings.requested)
    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(pool.map(lambda one: send(deployment, findings, deployment.replicas[0], one), orders))
    return [
        f"{order}: the repeated mutation returned {result}"
        for order, result in zip(orders, results, strict=True)
        if result is None or result["__typename"] != findings.mutation.payload
    ]
