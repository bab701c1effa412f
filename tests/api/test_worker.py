"""The worker as a process of its own, how processes end, and what they do without a database."""

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import pytest
import stripe

from tests.api.api_process import Deployment, deployment, until
from tests.processes import Process, Simulator, free_port


@pytest.fixture
def service(database_url: str, simulator: Simulator, tmp_path: Path) -> Deployment:
    """An API that leaves the work to others."""
    return deployment(database_url, simulator, tmp_path, WORKER="off", LOG_FORMAT="text")


@contextlib.contextmanager
def client_of(service: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30) as client:
        yield client


def asked(simulator: Simulator, call: str) -> int:
    found: int = simulator.control("calls")["calls"].get(call, 0)
    return found


def end(process: Process, number: signal.Signals) -> tuple[int, float]:
    """The exit code, and how long it took to end."""
    began = time.monotonic()
    process.popen.send_signal(number)
    code = process.popen.wait(15)
    return code, time.monotonic() - began


def test_a_worker_does_what_an_api_leaves_and_both_finish_what_they_have_begun(
    service: Deployment, simulator: Simulator
) -> None:
    with service.serving() as api, client_of(service) as client:
        account = service.create(client).json()["data"]["createMerchant"]["merchant"]["account"]
        simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "activate"})
        until(lambda: len(service.states(client)) > 1)
        assert set(service.states(client)) == {"PENDING"}
        assert service.status(client) == "ONBOARDING"
        assert asked(simulator, "GET /v2/core/accounts/{id}") == 0

        with service.working() as worker:
            until(lambda: service.status(client) == "ACTIVE")
            until(lambda: set(service.states(client)) == {"HANDLED"})

            # The worker is told to end while Stripe takes its time to answer.
            before = asked(simulator, "GET /v2/core/accounts/{id}")
            slow = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 1.0}
            simulator.control("faults", slow)
            simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "past_due"})
            until(lambda: asked(simulator, "GET /v2/core/accounts/{id}") > before)
            code, took = end(worker, signal.SIGTERM)
            assert (code, took < 5) == (0, True)
            assert service.status(client) == "RESTRICTED"
            assert "HANDLED" in service.states(client)
            assert "Traceback" not in worker.output
            assert "accounts.retrieve" in worker.output
            assert "accounts.retrieve" not in api.output

        # The API is told to end while a client waits for its answer.
        simulator.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 1.0})
        with ThreadPoolExecutor(1) as threads:
            before = asked(simulator, "POST /v2/core/accounts")
            answer = threads.submit(service.create, client, "shop-2")
            until(lambda: asked(simulator, "POST /v2/core/accounts") > before)
            code, took = end(api, signal.SIGTERM)
            assert (code, took < 5) == (0, True)
            assert answer.result().json()["data"]["createMerchant"]["created"] is True
        assert "Traceback" not in api.output


class Gate:
    """A door before a server. Shut, it is as if the server had gone: connections break, none is accepted."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._behind = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()
        self._do(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self) -> None:
        async def listen() -> None:
            self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)

        self._do(listen())

    def shut(self) -> None:
        async def cut() -> None:
            if self._server:
                self._server.close()
            while self._open:
                for writer in self._open:
                    writer.transport.abort()
                await asyncio.sleep(0.01)

        self._do(cut())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._behind)
            self._open.add(back)
            await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
            self._open.discard(back)
        finally:
            self._open.discard(writer)

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
        target.close()
        with contextlib.suppress(OSError):
            await target.wait_closed()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_and_comes_back_needs_no_restart(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    parts = urlsplit(database_url)
    assert parts.port
    with Gate(parts.port) as gate:
        url = parts._replace(netloc=f"postgres@127.0.0.1:{gate.port}").geturl()
        service = deployment(url, simulator, tmp_path, WORKER="off", LOG_FORMAT="text")
        with service.serving() as api, service.working() as worker, client_of(service) as client:
            account = service.create(client).json()["data"]["createMerchant"]["merchant"]["account"]
            until(lambda: set(service.states(client)) == {"HANDLED"})

            gate.shut()
            for _ in range(3):
                masked = service.graphql(client, "{ platform { statusCounts { count } } }", {})
                assert (masked.status_code, masked.json()["data"]) == (200, None)
                error = masked.json()["errors"][0]
                assert error["message"] == (
                    "Something went wrong here. Quote the request id to the operator."
                )
                assert error["extensions"] == {
                    "code": "INTERNAL",
                    "requestId": masked.headers["x-request-id"],
                }
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json() == {"status": "not ready", "database": "unreachable"}
            assert client.get("/healthz").status_code == 200
            # Stripe must learn that its notification was not kept.
            content = '{"id": "evt_1", "object": "v2.core.event", "type": "v1.payout.paid"}'
            secret = service.environment["CONNECTQL_WEBHOOK_SECRETS"]
            signed = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(content, secret)}
            assert client.post("/webhooks/stripe", content=content, headers=signed).status_code == 500
            until(lambda: "worker_step_failed" in worker.output)

            gate.open()
            until(lambda: client.get("/readyz").status_code == 200, seconds=5)
            assert service.status(client) == "ONBOARDING"
            assert client.post("/webhooks/stripe", content=content, headers=signed).status_code == 200
            simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "activate"})
            until(lambda: service.status(client) == "ACTIVE")
            assert (api.popen.poll(), worker.popen.poll()) == (None, None)
            assert end(worker, signal.SIGINT)[0] == 0
            assert end(api, signal.SIGINT)[0] == 0
