"""The service as it is deployed: replicas and a worker on one database, each in its own process."""

import contextlib
import functools
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connect.events.handlers import ENABLED_EVENTS
from connect.scope import Role
from testing import confidential, environment, processes
from testing.environment import STRIPE_KEY, prefixed
from testing.operations import CREATE, new_merchant
from testing.processes import ROOT, Process, Simulator, free_port, running
from testing.processes import simulator as local_stripe
from testing.waits import PATIENCE

# Processes run in the test's folder, so that they do not read the developer's .env. With this path, they find
# the code.
PATH = {"PYTHONPATH": str(ROOT)}
_ALL = """
query ($after: String) {
  merchants(first: 100, after: $after, orderBy: CREATED_AT_ASC) {
    edges { node {
      id externalId status account { stripeAccountId }
      capabilities { name status }
      requirements { entries { key awaitingActionFrom } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass
class Part:
    """One process of the deployment. It can be restarted."""

    argv: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ready: str  # the URL that answers 200 when the process is up
    process: Process | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self, fault_point: str | None = None, **changed: str) -> None:
        """Start the process with changed settings.

        If a fault point is given, the process kills itself when it reaches this point.
        """
        self.stop()
        argv = ["-m", "torture.armed", fault_point, *self.argv] if fault_point else self.argv
        self.process = self._stack.enter_context(self.running(argv, **changed))

    def stop(self) -> None:
        self._stack.close()
        self._stack = contextlib.ExitStack()
        self.process = None

    @contextlib.contextmanager
    def running(self, argv: Sequence[str] | None = None, **changed: str) -> Iterator[Process]:
        """Run the process during a `with` block, with changed settings."""
        env = {**self.environment, **prefixed(changed)}
        with running(argv or self.argv, env=env, ready=self.ready, cwd=self.folder, timeout=60) as process:
            yield process

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.popen.poll() is not None


@dataclass
class Replica(Part):
    """An API process with its own URL."""

    url: str = ""


@dataclass
class Deployment:
    """Processes that share one environment. `deployment` creates a Deployment, and `deployed` also starts its
    processes. `worker` is the separate worker, or the first replica if there is no separate worker.
    Notifications go to the last replica.
    """

    simulator: Simulator
    replicas: Sequence[Replica]
    worker: Part
    database_url: str
    signing_secret: str = field(repr=False)

    @property
    def url(self) -> str:
        return self.replicas[0].url

    @property
    def webhook_url(self) -> str:
        return f"{self.replicas[-1].url}/webhooks/stripe"

    @property
    def environment(self) -> Mapping[str, str]:
        return self.replicas[0].environment

    @property
    def folder(self) -> Path:
        return self.replicas[0].folder

    @functools.cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers that authorize an operator."""
        return {"Authorization": f"Bearer {self.token()}"}

    @functools.cached_property
    def _client(self) -> httpx.Client:
        """A client that keeps no idle connections, because a killed replica would break them."""
        # No URL uses TLS. `verify=False` skips the slow loading of certificates.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(limits=limits, trust_env=False, verify=False)

    def serving(self, number: int = 0, **changed: str) -> contextlib.AbstractContextManager[Process]:
        """Run one replica during a `with` block, with changed settings."""
        return self.replicas[number].running(**changed)

    def working(self, **changed: str) -> contextlib.AbstractContextManager[Process]:
        """Run a worker beside a replica during a `with` block, which may begin before the worker is ready."""
        worker = _worker(self.environment, self.folder, f"{self.url}/healthz")
        return worker.running(**changed)

    def command(self, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m api ...` to its end, with changed settings."""
        return command(self.folder, *arguments, **{**self.environment, **prefixed(changed)})

    def token(self, role: Role = Role.OPERATOR, merchant: str | None = None, **changed: Any) -> str:
        return environment.token(self.folder, role, merchant, **changed)

    def graphql(
        self, client: httpx.Client, query: str, variables: Mapping[str, Any], token: str | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    def create(self, client: httpx.Client, external_id: str = "shop-1", **changed: str) -> httpx.Response:
        return self.graphql(client, CREATE, {"input": new_merchant(external_id, **changed)})

    def status(self, client: httpx.Client, external_id: str = "shop-1") -> str:
        query = "query ($id: String!) { merchant(by: {externalId: $id}) { status } }"
        answer = self.graphql(client, query, {"id": external_id}).json()
        return str(answer["data"]["merchant"]["status"])

    def states(self, client: httpx.Client) -> list[str]:
        """The states of the latest 50 events, in descending order of time."""
        query = "{ platform { events(first: 50) { edges { node { state } } } } }"
        edges = self.graphql(client, query, {}).json()["data"]["platform"]["events"]["edges"]
        return [edge["node"]["state"] for edge in edges]

    def attempt_creation(
        self, replica: Replica, external_id: str, patience: float = 60
    ) -> dict[str, Any] | None:
        """The result of createMerchant, or None if the answer was incomplete or contained no result."""
        try:
            answer = self._ask(replica, CREATE, {"input": new_merchant(external_id)}, patience)
            result: dict[str, Any] = answer["data"]["createMerchant"]
        except (httpx.HTTPError, json.JSONDecodeError, KeyError, TypeError):
            return None
        return result

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, replica: Replica | None = None
    ) -> dict[str, Any]:
        """The whole answer of a replica, by default the first, to an operator. It includes errors."""
        return self._ask(replica or self.replicas[0], query, variables, 60)

    def payload(
        self, query: str, variables: Mapping[str, Any], replica: Replica | None = None
    ) -> dict[str, Any]:
        """The payload of a mutation. Repeats the mutation while Stripe or the service is unavailable.

        Raises AssertionError for any other result, or after five attempts.
        """
        for _ in range(5):
            answer = self.ask(query, variables, replica)
            (result,) = (answer.get("data") or {"": None}).values()
            kind = result["__typename"] if result is not None else answer["errors"][0]["extensions"]["code"]
            if kind.endswith("Payload"):
                payload: dict[str, Any] = result
                return payload
            if kind not in {"StripeUnavailableError", "UNAVAILABLE"}:
                break
        raise AssertionError(f"a mutation with {variables} was answered with {answer}")

    def merchants(self) -> list[dict[str, Any]]:
        """Every merchant, read through GraphQL."""
        nodes: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.ask(_ALL, {"after": after})["data"]["merchants"]
            nodes += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return nodes
            after = page["pageInfo"]["endCursor"]

    def accounts(self) -> list[dict[str, Any]]:
        """Every account at Stripe."""
        accounts: list[dict[str, Any]] = self.simulator.control("accounts")["data"]
        return accounts

    def _ask(
        self, replica: Replica, query: str, variables: Mapping[str, Any] | None, patience: float
    ) -> dict[str, Any]:
        answer = self._client.post(
            f"{replica.url}/graphql",
            json={"query": query, "variables": variables},
            headers=self.headers,
            timeout=patience * PATIENCE,
        )
        body: dict[str, Any] = answer.json()
        return body


def deployment(
    database_url: str,
    simulator: Simulator,
    folder: Path,
    *,
    replicas: int = 1,
    separate_worker: bool = False,
    argv: Sequence[Sequence[str]] = (),
    **changed: str,
) -> Deployment:
    """A deployment whose processes are not started yet. Its webhook URL is registered at Stripe.

    Keyword arguments are settings without their prefix. `argv` holds the command-line arguments with which
    Python starts each replica. The default is `-m api`.
    """
    ports = [int(changed.get("PORT", 0)) or free_port() for _ in range(replicas)]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    webhook_url = f"{urls[-1]}/webhooks/stripe"
    secret = signing_secret(simulator, webhook_url)
    changed = {**({"WEBHOOK_URL": webhook_url} if replicas > 1 else {}), **changed}
    shared = {**PATH, **environment.settings(database_url, simulator.base_url, secret, folder, **changed)}
    parts = [
        Replica(
            command,
            {**prefixed({"PORT": str(port), "PUBLIC_URL": url}), **shared},
            folder,
            f"{url}/readyz",
            url=url,
        )
        for port, url, command in zip(ports, urls, argv or [["-m", "api"]] * replicas, strict=True)
    ]
    worker: Part = parts[0]
    if separate_worker:
        worker = _worker(shared, folder, f"{simulator.base_url}/simulator/health")
    return Deployment(simulator, parts, worker, database_url, secret)


@contextlib.contextmanager
def deployed(
    database_url: str,
    simulator: Simulator,
    folder: Path,
    *,
    replicas: int,
    separate_worker: bool,
    argv: Sequence[Sequence[str]] = (),
    **changed: str,
) -> Iterator[Deployment]:
    """A running deployment. There is a separate worker process, or each replica runs a worker."""
    settings = {
        "STRIPE_TIMEOUT_SECONDS": "1",
        "WORKER": "off" if separate_worker else "on",
        "GRAPHIQL": "off",
        "LOG_LEVEL": "error",
        **changed,
    }
    one = deployment(
        database_url,
        simulator,
        folder,
        replicas=replicas,
        separate_worker=separate_worker,
        argv=argv,
        **settings,
    )
    with contextlib.ExitStack() as stack:
        for part in [*one.replicas, *([one.worker] if separate_worker else [])]:
            stack.callback(part.stop)
            part.start()
        yield one


@contextlib.contextmanager
def service(
    database_url: str,
    folder: Path,
    *,
    replicas: int = 0,
    stripe: Mapping[str, str] | None = None,
    **changed: Any,
) -> Iterator[Deployment]:
    """A local Stripe and a running deployment. If there are several replicas, the worker is separate.

    By default, there is one replica on SQLite, and two on PostgreSQL. `stripe` holds settings of the local
    Stripe.
    """
    replicas = replicas or (1 if database_url.startswith("sqlite") else 2)
    with (
        local_stripe(folder / "simulator.db", port=None, **dict(stripe or {})) as running_stripe,
        deployed(
            database_url, running_stripe, folder, replicas=replicas, separate_worker=replicas > 1, **changed
        ) as one,
    ):
        yield one


def command(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m api ...` to its end with only these environment variables and PYTHONPATH."""
    process = processes.run(["-m", "api", *arguments], env={**PATH, **environment}, cwd=folder)
    # Only the log must be free of secrets. Standard output may show secrets to the user.
    confidential.add_output(f"python -m api {' '.join(arguments)}", process.stderr)
    return process


def _worker(environment: Mapping[str, str], folder: Path, ready: str) -> Part:
    return Part(["-m", "api", "worker"], environment, folder, ready)


def signing_secret(simulator: Simulator, url: str) -> str:
    """Create a destination for notifications and return its secret."""
    body = {
        "name": "tests",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": list(ENABLED_EVENTS),
        "events_from": ["@accounts", "@self"],
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret"],
    }
    answer = simulator.client.post(
        "/v2/core/event_destinations",
        content=json.dumps(body),
        headers={"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": "2026-10-28.endive"},
    )
    return str(answer.raise_for_status().json()["webhook_endpoint"]["signing_secret"])


@contextlib.contextmanager
def client_of(service: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30 * PATIENCE) as client:
        yield client
