"""The API as processes of its own, as it is deployed: `python -m api`, its worker, its other commands."""

import contextlib
import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from api.auth import development
from connect.events.handlers import ENABLED_EVENTS
from connect.scope import Role
from testing import confidential
from testing.processes import ROOT, Process, Simulator, free_port, running
from testing.service import CREATE, ORIGIN, STRIPE_KEY

T = TypeVar("T")
# Started in a folder of the test's own, so that no .env of a developer has a say.
WHERE = {"PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Deployment:
    """One environment that several processes share."""

    url: str
    folder: Path
    environment: Mapping[str, str]

    def replica(self, port: int) -> "Deployment":
        """The same on another port; Stripe's events go to the first."""
        url = f"http://127.0.0.1:{port}"
        return dataclasses.replace(
            self, url=url, environment={**self.environment, "CONNECTQL_PORT": str(port)}
        )

    @contextlib.contextmanager
    def serving(self, **changed: str) -> Iterator[Process]:
        with self._running([], f"{self.url}/readyz", changed) as process:
            yield process

    @contextlib.contextmanager
    def working(self, **changed: str) -> Iterator[Process]:
        """A worker beside an API that is up; whether it works shows by what it does."""
        with self._running(["worker"], f"{self.url}/healthz", changed) as process:
            yield process

    @contextlib.contextmanager
    def _running(self, arguments: list[str], ready: str, changed: Mapping[str, str]) -> Iterator[Process]:
        environment = {**WHERE, **self.environment, **prefixed(changed)}
        with running(
            ["-m", "api", *arguments], env=environment, ready=ready, cwd=self.folder, timeout=40
        ) as process:
            yield process

    def command(self, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        return command(self.folder, *arguments, **{**self.environment, **prefixed(changed)})

    def token(self, role: Role = Role.OPERATOR, **changed: Any) -> str:
        key = Path(self.environment["CONNECTQL_DEVELOPMENT_KEY_FILE"])
        made = development.token(
            key, issuer="tests", audience="connectql", role=role, **{"merchant": None, **changed}
        )
        return confidential.keep("token", made)

    def graphql(
        self, client: httpx.Client, query: str, variables: Mapping[str, Any], token: str | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        body = {"query": query, "variables": variables}
        return client.post("/graphql", json=body, headers=headers)

    def states(self, client: httpx.Client) -> list[str]:
        """What became of the events, the latest first."""
        query = "{ platform { events(first: 50) { edges { node { state } } } } }"
        found = self.graphql(client, query, {}).json()["data"]["platform"]["events"]["edges"]
        return [edge["node"]["state"] for edge in found]

    def status(self, client: httpx.Client, external_id: str = "shop-1") -> str:
        query = "query ($id: String!) { merchant(by: {externalId: $id}) { status } }"
        found = self.graphql(client, query, {"id": external_id}).json()
        return str(found["data"]["merchant"]["status"])

    def create(self, client: httpx.Client, external_id: str = "shop-1", **changed: str) -> httpx.Response:
        wanted = {
            "externalId": external_id,
            "displayName": "Shop",
            "contactEmail": "owner@shop.example",
            "country": "US",
            **changed,
        }
        return self.graphql(client, CREATE, {"input": wanted})


def until(look: Callable[[], T], *, seconds: float = 15) -> T:
    """Ask again until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds} s")
        time.sleep(0.05)
    return found


def prefixed(settings: Mapping[str, str]) -> dict[str, str]:
    return {f"CONNECTQL_{name}": value for name, value in settings.items()}


def deployment(database_url: str, simulator: Simulator, folder: Path, **changed: str) -> Deployment:
    """A deployment that Stripe sends its events to; keyword arguments are settings without their prefix."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "ENVIRONMENT": "development",
        "PORT": str(port),
        "PUBLIC_URL": url,
        "DATABASE_URL": database_url,
        "STRIPE_API_KEY": STRIPE_KEY,
        "STRIPE_API_BASE": simulator.base_url,
        "WEBHOOK_SECRETS": signing_secret(simulator, f"{url}/webhooks/stripe"),
        "RETURN_ORIGINS": ORIGIN,
        "AUTH_ISSUER": "tests",
        "AUTH_AUDIENCE": "connectql",
        "DEVELOPMENT_KEY_FILE": str(folder / "development-key.json"),
        **changed,
    }
    return Deployment(url, folder, prefixed(settings))


def signing_secret(simulator: Simulator, url: str) -> str:
    body = {
        "name": "tests",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": list(ENABLED_EVENTS),
        "events_from": ["@accounts"],
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret"],
    }
    answer = simulator.client.post(
        "/v2/core/event_destinations",
        content=json.dumps(body),
        headers={"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": "2026-10-28.endive"},
    )
    confidential.keep("API key", STRIPE_KEY)
    made = str(answer.raise_for_status().json()["webhook_endpoint"]["signing_secret"])
    return confidential.keep("signing secret", made)


def command(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m api ...` to its end, in an environment of exactly these variables."""
    ended = subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=folder,
        env={**WHERE, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # What a command prints is for whoever gave it; its log is not.
    confidential.overhear(f"python -m api {' '.join(arguments)}", ended.stderr)
    return ended
