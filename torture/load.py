"""Steady load on a deployment: clients that create and read merchants, and changes at Stripe.

Each client is a thread with its own keep-alive connections. A proof compares the outcome of every request
with the faults at that time.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from testing.deployment import Deployment
from testing.operations import CREATE, new_merchant
from testing.waits import PATIENCE

# Longer than an answer may take, so that slow answers are recorded as slow and not as missing.
CLIENT_PATIENCE = 40.0 * PATIENCE
# Clients close an idle connection after this number of seconds, long before the server would close it.
# Otherwise, a client could send a request at the moment at which the server closes the connection.
KEEP_ALIVE = 3.0
SCENARIOS = "activate", "complete", "due_soon", "past_due", "payouts_blocked", "touch"
# Stripe retries a delivery for three days. The retries of the simulator fit into the time of a proof.
STRIPE = {"REVIEW_SECONDS": "3600", "RETRY_SECONDS": ",".join(["0.5", "1", *["2"] * 20])}
SERVICE: dict[str, Any] = {"STRIPE_TIMEOUT_SECONDS": "8", "LOG_LEVEL": "warning"}
OK, UNAVAILABLE, MISSING = "ok", "UNAVAILABLE", "acknowledged but missing"
_READ = "query ($id: String!) { merchant(by: {externalId: $id}) { id status requirements { dueCount } } }"


@dataclass(frozen=True)
class Request:
    """One request of a client. The outcome is `ok` or names the failure. Times are monotonic."""

    kind: str
    external_id: str
    url: str
    began: float
    ended: float
    outcome: str

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass(frozen=True)
class Probe:
    """One request for a replica's /readyz. The status is None if there was no answer."""

    url: str
    began: float
    ended: float
    status: int | None


class Probes:
    """Requests /readyz of every replica ten times a second, as a load balancer does."""

    def __init__(self, urls: Sequence[str], *, patience: float = 2.0) -> None:
        self.seen: list[Probe] = []
        self._latest: dict[str, int | None] = dict.fromkeys(urls)
        self._patience = patience
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._look, args=(url,), daemon=True) for url in urls]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def ready(self) -> list[str]:
        """The replicas whose last answer was 200."""
        return [url for url, status in self._latest.items() if status == 200]

    def ready_since(self, moment: float, url: str) -> float | None:
        """The end of the first probe that began after `moment` and was answered with 200."""
        return next(
            (p.ended for p in list(self.seen) if p.url == url and p.began > moment and p.status == 200), None
        )

    def _look(self, url: str) -> None:
        with _client(self._patience) as client:
            while not self._ended.is_set():
                began = time.monotonic()
                status = None
                try:
                    status = client.get(f"{url}/readyz").status_code
                except httpx.HTTPError:
                    pass
                finally:
                    self._latest[url] = status
                self.seen.append(Probe(url, began, time.monotonic(), status))
                self._ended.wait(max(0.0, 0.1 - (time.monotonic() - began)))


@dataclass
class Load:
    """Clients that work while the `with` block runs.

    Each client pauses for `pause` seconds between two requests, and an account at Stripe changes after every
    three pauses. `choose` returns the URLs of the replicas to use. While it returns none, clients wait.
    """

    deployment: Deployment
    seed: int
    clients: int = 4
    pause: float = 0.1
    choose: Callable[[], Sequence[str]] | None = None
    repeats: float = 0.5  # share of failed creations that clients repeat; the worker finishes the others
    requests: list[Request] = field(default_factory=list)
    requested: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    scenarios: Counter[str] = field(default_factory=Counter)
    accounts: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        works = [threading.Thread(target=self._work, args=(i,), daemon=True) for i in range(self.clients)]
        self._threads = [*works, threading.Thread(target=self._change_accounts, daemon=True)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        rng = random.Random(f"{self.seed}-{number}")  # noqa: S311 -- repeatable on purpose
        created: list[str] = []
        retries: list[str] = []
        number_of_creations = 0
        with _client(CLIENT_PATIENCE) as client:
            while not self._ended.is_set():
                url = self._replica(rng)
                if url is None:
                    self._ended.wait(0.02)
                    continue
                if retries and rng.random() < 0.5:
                    external_id = retries.pop()
                elif created and rng.random() < 0.5:
                    self._read(client, url, rng.choice(created))
                    self._ended.wait(self.pause)
                    continue
                else:
                    external_id = f"load-{self.seed}-{number}-{number_of_creations}"
                    number_of_creations += 1
                outcome = self.create(client, url, external_id)
                if outcome == OK:
                    created.append(external_id)
                elif rng.random() < self.repeats:
                    retries.append(external_id)
                self._ended.wait(self.pause)

    def _replica(self, rng: random.Random) -> str | None:
        urls = self.choose() if self.choose else [replica.url for replica in self.deployment.replicas]
        return rng.choice(urls) if urls else None

    def create(self, client: httpx.Client, url: str, external_id: str) -> str:
        self.requested.add(external_id)
        result, outcome, began = self._ask(client, url, CREATE, {"input": new_merchant(external_id)})
        if result is not None:
            if result["__typename"] == "CreateMerchantPayload":
                self._acknowledge(result["merchant"])
            else:
                outcome = result["__typename"]
        self.requests.append(Request("createMerchant", external_id, url, began, time.monotonic(), outcome))
        return outcome

    def _read(self, client: httpx.Client, url: str, external_id: str) -> None:
        result, outcome, began = self._ask(client, url, _READ, {"id": external_id})
        if outcome == OK and result is None:
            outcome = MISSING
        self.requests.append(Request("merchant", external_id, url, began, time.monotonic(), outcome))

    def _ask(
        self, client: httpx.Client, url: str, query: str, variables: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, str, float]:
        """Send a request. Returns the value of the requested field, the outcome, and the start time."""
        began = time.monotonic()
        try:
            answer = client.post(
                f"{url}/graphql",
                json={"query": query, "variables": variables},
                headers=self.deployment.headers,
            )
        except httpx.HTTPError as error:
            return None, type(error).__name__, began
        if answer.status_code != 200:
            return None, f"HTTP {answer.status_code}", began
        body = answer.json()
        if errors := body.get("errors"):
            return None, str(errors[0]["extensions"]["code"]), began
        return next(iter(body["data"].values())), OK, began

    def _acknowledge(self, merchant: dict[str, Any]) -> None:
        first_id = self.acknowledged.setdefault(merchant["externalId"], merchant["id"])
        if first_id != merchant["id"]:
            self.problems.append(f"{merchant['externalId']} is the external id of two merchants")
        if merchant["account"]:
            self.accounts.append(merchant["account"]["stripeAccountId"])

    def _change_accounts(self) -> None:
        rng = random.Random(f"{self.seed}-stripe")  # noqa: S311 -- repeatable on purpose
        while not self._ended.wait(3 * self.pause):
            if self.accounts:
                scenario = rng.choice(SCENARIOS)
                account = rng.choice(self.accounts[-50:])
                self.deployment.simulator.control(f"accounts/{account}", {"scenario": scenario})
                self.scenarios[scenario] += 1


def grouped(requests: Iterable[Request]) -> list[str]:
    """Describe bad requests, one line for each kind and outcome."""
    groups: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.kind, request.outcome), []).append(request)
    return [
        f"{len(group)} times {kind}: {outcome}, such as {group[0].external_id} after {group[0].seconds:.1f} s"
        for (kind, outcome), group in sorted(groups.items())
    ]


def _client(patience: float) -> httpx.Client:
    # No URL has TLS. `verify=False` skips the slow loading of certificates.
    limits = httpx.Limits(keepalive_expiry=KEEP_ALIVE)
    return httpx.Client(timeout=patience, limits=limits, trust_env=False, verify=False)
