"""Fixtures: the simulator as a process, the SDK as its client, and a receiver of notifications."""

import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from testing.processes import Simulator, simulator
from testing.waits import until

INCLUDE = [
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "future_requirements",
    "identity",
    "requirements",
]
ACCOUNT: dict[str, Any] = {
    "contact_email": "owner@shop.example",
    "display_name": "Shop Example",
    "dashboard": "full",
    "identity": {"country": "us", "entity_type": "company"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
    "metadata": {"merchant_id": "m1"},
    "include": INCLUDE,
}


@dataclass
class Stripe:
    """The SDK's client for one simulator. It takes and returns plain dictionaries."""

    client: stripe.StripeClient
    simulator: Simulator

    async def create(self, key: str | None = None, **changes: Any) -> dict[str, Any]:
        """Create an account with the fields of ACCOUNT and these changes."""
        return plain(await self.client.v2.core.accounts.create_async(params(**changes), options(key)))

    async def fetch(self, account: str) -> dict[str, Any]:
        """Return an account with all sections."""
        include: Any = {"include": INCLUDE}
        return plain(await self.client.v2.core.accounts.retrieve_async(account, include))

    async def link(self, account: str, **flow: Any) -> dict[str, Any]:
        """Create an onboarding link."""
        urls = {"refresh_url": "https://app.example/refresh", "return_url": "https://app.example/return"}
        use_case: Any = {"type": "account_onboarding", "account_onboarding": {**urls, **flow}}
        return plain(
            await self.client.v2.core.account_links.create_async({"account": account, "use_case": use_case})
        )

    async def events(self, **query: Any) -> list[dict[str, Any]]:
        """Return events, newest first."""
        parameters: Any = {"limit": 100, **query}
        page: Any = await self.client.v2.core.events.list_async(parameters)
        return [plain(event) async for event in page.auto_paging_iter()]


def plain(item: Any) -> dict[str, Any]:
    """Return an SDK object as a dictionary."""
    data: dict[str, Any] = item.to_dict()
    return data


def params(**changes: Any) -> Any:
    """Return the parameters of ACCOUNT with the changes. None removes a field."""
    merged = {**ACCOUNT, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def error(caught: stripe.StripeError) -> dict[str, Any]:
    """Return the error object of an answer."""
    body: Any = caught.json_body
    details: dict[str, Any] = body["error"]
    return details


async def refusal(call: Any) -> tuple[int | None, str]:
    """Await a call that fails, and return the status and code of its error."""
    with pytest.raises(stripe.StripeError) as caught:
        await call
    return caught.value.http_status, error(caught.value)["code"]


def options(key: str | None) -> Any:
    """Return request options with an idempotency key, if there is one."""
    return {"idempotency_key": key} if key else {}


def statuses(account: dict[str, Any]) -> tuple[str, str]:
    """Return the status of card payments and of payouts."""
    capabilities = account["configuration"]["merchant"]["capabilities"]
    return capabilities["card_payments"]["status"], capabilities["stripe_balance"]["payouts"]["status"]


def items(account: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the description and the responsible party of each requirement entry."""
    entries = account["requirements"]["entries"]
    return [(entry["description"], entry["awaiting_action_from"]) for entry in entries]


@pytest.fixture(scope="session")
def process() -> Iterator[Simulator]:
    """One simulator for these tests."""
    with simulator(REVIEW_SECONDS="60", RETRY_SECONDS="0.05,0.05") as running:
        yield running


@pytest.fixture
def sim(process: Simulator, one_authority: None) -> Simulator:  # noqa: ARG001
    """Return an empty simulator."""
    process.control("reset", {})
    return process


@pytest.fixture
async def api(sim: Simulator) -> AsyncIterator[Stripe]:
    """Return the SDK as a client of the simulator."""
    async with connected(sim) as client:
        yield client


@contextlib.asynccontextmanager
async def connected(
    sim: Simulator, key: str = "sk_test_simulated", retries: int = 0
) -> AsyncIterator[Stripe]:
    """Return the SDK for a simulator. Leaving the block closes the connections."""
    transport: Any = stripe.HTTPXClient(timeout=60, verify_ssl_certs=False)  # plain HTTP has no certificates
    client = stripe.StripeClient(
        key, base_addresses={"api": sim.base_url}, http_client=transport, max_network_retries=retries
    )
    try:
        yield Stripe(client, sim)
    finally:
        await transport.close_async()


@dataclass
class Receiver:
    """A webhook endpoint that stores its requests. It answers with `answers` in order, then with 200."""

    url: str = ""
    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def wait(self, count: int) -> list[tuple[bytes, str]]:
        """Wait for this number of requests and return all received requests."""
        until(lambda: len(self.received) >= count)
        return self.received


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a listening webhook endpoint."""
    endpoint = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            endpoint.received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(endpoint.answers.pop(0) if endpoint.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Print no log lines."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/webhooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
