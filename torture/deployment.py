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

from api import development
from connect import destinations
from connect.gateway import Gateway
from connect.scope import Role
from tests.processes import ROOT, Process, Simulator, free_port, running

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
class Replica:
    """One API process on a port of its own; `start` it again after it died."""

    url: str
    environment: Mapping[str, str]
    folder: Path
    process: Process | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self, fault_point: str | None = None) -> None:
        self.stop()
        extra = {"CONNECTQL_FAULT_POINT": fault_point} if fault_point else {}
        manager = running(
            ["-m", "api"],
            env={**self.environment, **extra},
            ready=f"{self.url}/readyz",
            cwd=self.folder,
            timeout=60,
        )
        self.process = self._stack.enter_context(manager)

    def stop(self) -> None:
        self._stack.close()
        self._stack = contextlib.ExitStack()
        self.process = None

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.popen.poll() is not None


@dataclass
class Deployment:
    simulator: Simulator
    replicas: Sequence[Replica]
    headers: Mapping[str, str]

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

    def accounts(self) -> list[dict[str, Any]]:
        """Every account, as Stripe holds it."""
        found: list[dict[str, Any]] = self.simulator.control("accounts")["data"]
        return found


@contextlib.contextmanager
def deployed(
    database_url: str, simulator: Simulator, folder: Path, *, replicas: int, separate_worker: bool
) -> Iterator[Deployment]:
    """Replicas that are up, with a worker in each of them or one of its own."""
    urls = [f"http://127.0.0.1:{free_port()}" for _ in range(replicas)]
    secret = asyncio.run(_signing_secret(simulator, f"{urls[-1]}/webhooks/stripe"))
    key_file = folder / "development-key.json"
    common = {
        "PYTHONPATH": str(ROOT),
        "CONNECTQL_ENVIRONMENT": "development",
        "CONNECTQL_DATABASE_URL": database_url,
        "CONNECTQL_STRIPE_API_KEY": STRIPE_KEY,
        "CONNECTQL_STRIPE_API_BASE": simulator.base_url,
        "CONNECTQL_STRIPE_TIMEOUT_SECONDS": "1",
        "CONNECTQL_WEBHOOK_SECRETS": secret,
        "CONNECTQL_AUTH_ISSUER": "torture",
        "CONNECTQL_AUTH_AUDIENCE": "connectql",
        "CONNECTQL_DEVELOPMENT_KEY_FILE": str(key_file),
        "CONNECTQL_WORKER": "off" if separate_worker else "on",
        "CONNECTQL_GRAPHIQL": "off",
        "CONNECTQL_LOG_LEVEL": "error",
    }
    with contextlib.ExitStack() as stack:
        started = []
        for url in urls:
            own = {"CONNECTQL_PORT": url.rsplit(":", 1)[1], "CONNECTQL_PUBLIC_URL": url}
            replica = Replica(url, {**common, **own}, folder)
            stack.callback(replica.stop)
            replica.start()
            started.append(replica)
        if separate_worker:
            ready = f"{urls[0]}/healthz"
            stack.enter_context(running(["-m", "api", "worker"], env=common, ready=ready, cwd=folder))
        yield Deployment(simulator, started, {"Authorization": f"Bearer {_token(key_file)}"})


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
