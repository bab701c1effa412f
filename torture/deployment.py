"""A whole deployment to torment: the local Stripe, replicas, workers, one database. All real processes."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.auth import development
from connect.events import destinations
from connect.gateway import Gateway
from connect.scope import Role
from testing.processes import ROOT, Process, Simulator, free_port, running
from testing.processes import simulator as local_stripe

STRIPE_KEY = "sk_test_torture"
_CREATE = """
mutation ($input: CreateMerchantInput!) {
  createMerchant(input: $input) {
    __typename
    ... on CreateMerchantPayload { created merchant { id externalId } }
    ... on Error { message }
  }
}
"""
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
    """One process of the deployment; `start` it again after it died."""

    argv: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ready: str  # what answers 200 when it is up
    process: Process | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self, fault_point: str | None = None) -> None:
        self.stop()
        argv = ["-m", "torture.armed", fault_point, *self.argv] if fault_point else self.argv
        manager = running(argv, env=self.environment, ready=self.ready, cwd=self.folder, timeout=60)
        self.process = self._stack.enter_context(manager)

    def stop(self) -> None:
        self._stack.close()
        self._stack = contextlib.ExitStack()
        self.process = None

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.popen.poll() is not None


@dataclass
class Replica(Part):
    """An API process, on an address of its own."""

    url: str = ""


@dataclass
class Deployment:
    """`worker` is the part that handles events: a process of its own, or the one replica."""

    simulator: Simulator
    replicas: Sequence[Replica]
    worker: Part
    headers: Mapping[str, str]
    database_url: str
    webhook_url: str
    signing_secret: str = field(repr=False)

    def create(self, replica: Replica, external_id: str, patience: float = 60) -> dict[str, Any] | None:
        """The result of createMerchant, None when the process died or gave no whole answer."""
        wanted = {
            "externalId": external_id,
            "displayName": f"Shop {external_id}",
            "contactEmail": f"{external_id}@shop.example",
            "country": "US",
        }
        try:
            answer = httpx.post(
                f"{replica.url}/graphql",
                json={"query": _CREATE, "variables": {"input": wanted}},
                headers=self.headers,
                timeout=patience,
                trust_env=False,
            )
            result: dict[str, Any] = answer.json()["data"]["createMerchant"]
        except (httpx.HTTPError, json.JSONDecodeError, KeyError, TypeError):
            return None
        return result

    def merchants(self) -> list[dict[str, Any]]:
        """Every merchant, as clients read it."""
        found: list[dict[str, Any]] = []
        after = None
        while True:
            answer = httpx.post(
                f"{self.replicas[0].url}/graphql",
                json={"query": _ALL, "variables": {"after": after}},
                headers=self.headers,
                timeout=60,
                trust_env=False,
            )
            page = answer.json()["data"]["merchants"]
            found += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def ask(self, query: str) -> dict[str, Any]:
        """GraphQL's whole answer, errors included, to an operator."""
        answer = httpx.post(
            f"{self.replicas[0].url}/graphql",
            json={"query": query},
            headers=self.headers,
            timeout=60,
            trust_env=False,
        )
        found: dict[str, Any] = answer.json()
        return found

    def accounts(self) -> list[dict[str, Any]]:
        """Every account, as Stripe holds it."""
        found: list[dict[str, Any]] = self.simulator.control("accounts")["data"]
        return found


@contextlib.contextmanager
def service(
    database: str, folder: Path, *, stripe: Mapping[str, str] | None = None, **changed: str
) -> Iterator[Deployment]:
    """A local Stripe with the service at it, in the shape that the database allows: SQLite one replica with
    its worker, PostgreSQL two and a worker of its own. `stripe` holds settings of the former."""
    replicas = 1 if database.startswith("sqlite") else 2
    with (
        local_stripe(folder / "simulator.db", port=None, **dict(stripe or {})) as running_stripe,
        deployed(
            database, running_stripe, folder, replicas=replicas, separate_worker=replicas > 1, **changed
        ) as found,
    ):
        yield found


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
    """Replicas that are up, with a worker in each of them or one of its own.

    Keyword arguments are settings without their prefix; `argv` is how to run each replica, if not as always.
    Notifications go to the last replica.
    """
    urls = [f"http://127.0.0.1:{free_port()}" for _ in range(replicas)]
    webhook_url = f"{urls[-1]}/webhooks/stripe"
    secret = asyncio.run(_signing_secret(simulator, webhook_url))
    key_file = folder / "development-key.json"
    settings = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": database_url,
        "STRIPE_API_KEY": STRIPE_KEY,
        "STRIPE_API_BASE": simulator.base_url,
        "STRIPE_TIMEOUT_SECONDS": "1",
        "WEBHOOK_SECRETS": secret,
        "WEBHOOK_URL": webhook_url,
        "AUTH_ISSUER": "torture",
        "AUTH_AUDIENCE": "connectql",
        "DEVELOPMENT_KEY_FILE": str(key_file),
        "WORKER": "off" if separate_worker else "on",
        "GRAPHIQL": "off",
        "LOG_LEVEL": "error",
        **changed,
    }
    common = {"PYTHONPATH": str(ROOT), **{f"CONNECTQL_{name}": value for name, value in settings.items()}}
    with contextlib.ExitStack() as stack:
        started = []
        for url, command in zip(urls, argv or [["-m", "api"]] * replicas, strict=True):
            own = {"CONNECTQL_PORT": url.rsplit(":", 1)[1], "CONNECTQL_PUBLIC_URL": url}
            replica = Replica(command, {**common, **own}, folder, f"{url}/readyz", url=url)
            stack.callback(replica.stop)
            replica.start()
            started.append(replica)
        worker: Part = started[0]
        if separate_worker:
            worker = Part(["-m", "api", "worker"], common, folder, f"{simulator.base_url}/simulator/health")
            stack.callback(worker.stop)
            worker.start()
        headers = {"Authorization": f"Bearer {_token(key_file)}"}
        yield Deployment(simulator, started, worker, headers, database_url, webhook_url, secret)


async def _signing_secret(simulator: Simulator, url: str) -> str:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    try:
        return (await destinations.create(gateway, url)).signing_secret
    finally:
        await gateway.close()


def _token(key_file: Path) -> str:
    return development.token(
        key_file, issuer="torture", audience="connectql", role=Role.OPERATOR, merchant=None
    )


def eventually(look: Any, seconds: float) -> float:
    """Wait until the answer is true; how long that took. Raises AssertionError after the time."""
    started = time.monotonic()
    while not look():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"did not happen within {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - started
