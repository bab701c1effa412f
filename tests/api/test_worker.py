"""The worker as a separate process, graceful stops, and database outages."""

import asyncio
import contextlib
import itertools
import re
import signal
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
import stripe

from api import settings as settings_module
from api.worker import POLL_SECONDS, Worker
from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.events.reconcile import SWEEP
from connect.feed import Feed
from connect.gateway import Gateway
from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from models import ConnectedAccount, PeriodicTask, StripeEvent, now
from testing.deployment import Deployment, deployment
from testing.processes import Process, Simulator, free_port
from testing.service import STRIPE_KEY, running
from testing.statements import Statements
from testing.waits import until

AWAY = "The database cannot be reached at the moment. Repeat the same request in a moment; repeats are safe."


@pytest.fixture
def service(database_url: str, simulator: Simulator, tmp_path: Path) -> Deployment:
    """An API without a worker."""
    return deployment(database_url, simulator, tmp_path, WORKER="off", LOG_FORMAT="text")


@contextlib.contextmanager
def client_of(service: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30) as client:
        yield client


def count_calls(simulator: Simulator, call: str) -> int:
    count: int = simulator.control("calls")["calls"].get(call, 0)
    return count


def end(process: Process, number: signal.Signals) -> int:
    """Send a signal and wait until the process ends. Returns the exit code."""
    process.popen.send_signal(number)
    return process.popen.wait(15)


def test_a_separate_worker_handles_events_and_both_processes_finish_their_work(
    service: Deployment, simulator: Simulator
) -> None:
    with service.serving() as api, client_of(service) as client:
        account = service.create(client).json()["data"]["createMerchant"]["merchant"]["account"]
        simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "activate"})
        until(lambda: len(service.states(client)) > 1)
        assert set(service.states(client)) == {"PENDING"}
        assert service.status(client) == "ONBOARDING"
        assert count_calls(simulator, "GET /v2/core/accounts/{id}") == 0

        with service.working() as worker:
            until(lambda: service.status(client) == "ACTIVE")
            until(lambda: set(service.states(client)) == {"HANDLED"})

            # The worker gets SIGTERM while it waits for a slow answer of Stripe.
            before = count_calls(simulator, "GET /v2/core/accounts/{id}")
            slow = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 1.0}
            simulator.control("faults", slow)
            simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "past_due"})
            until(lambda: count_calls(simulator, "GET /v2/core/accounts/{id}") > before)
            assert end(worker, signal.SIGTERM) == 0
            assert "worker_cut_off" not in worker.output
            assert service.status(client) == "RESTRICTED"
            assert "HANDLED" in service.states(client)
            assert "Traceback" not in worker.output
            assert "accounts.retrieve" in worker.output
            assert "accounts.retrieve" not in api.output

        # The API gets SIGTERM while a client waits for an answer.
        simulator.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 1.0})
        with ThreadPoolExecutor(1) as threads:
            before = count_calls(simulator, "POST /v2/core/accounts")
            answer = threads.submit(service.create, client, "shop-2")
            until(lambda: count_calls(simulator, "POST /v2/core/accounts") > before)
            assert end(api, signal.SIGTERM) == 0
            assert answer.result().json()["data"]["createMerchant"]["created"] is True
        assert api.output.count("Traceback") == 0, api.output


def lines(process: Process, text: str) -> list[str]:
    return [line for line in process.output.splitlines() if text in line]


def only_line_before_the_last(process: Process, request_id: str) -> str:
    """Return the only log line of a request before its access line."""
    until(lambda: len(lines(process, request_id)) > 1)
    (line, last) = lines(process, request_id)
    assert "milliseconds" in last
    return line


async def execute(url: str, statement: str, *values: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


@pytest.mark.usefixtures("database")
async def test_a_cancelled_worker_releases_its_leases(service: Deployment, simulator: Simulator) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    shop = NewMerchant("shop-1", "Shop", "owner@shop.example", "US")
    merchant, _ = await accounts.create(gateway, shop, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    notification = {
        "id": "evt_1",
        "type": "v1.account.updated",
        "context": account.stripe_account_id,
        "livemode": False,
    }
    arrival = inbox.arrival(notification, b"{}", HANDLERS, livemode=False)
    assert await inbox.record([arrival], inbox.Policy(debounce=0))
    fault = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 6}
    simulator.control("faults", fault)
    worker = Worker(gateway, settings_module.read(service.environment), Feed())
    worker.start()
    await asyncio.to_thread(until, lambda: count_calls(simulator, "GET /v2/core/accounts/{id}"))
    await worker.stop(0)
    row = await StripeEvent.get()
    assert (row.state, row.attempts, row.leased_by, row.leased_until) == ("PENDING", 0, None, None)
    await gateway.close()


@pytest.mark.usefixtures("database")
async def test_an_idle_worker_sends_few_statements(
    service: Deployment, simulator: Simulator, statements: Statements
) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    worker = Worker(gateway, settings_module.read(service.environment), Feed())
    worker.start()
    await asyncio.sleep(1)
    statements.clear()
    await asyncio.sleep(POLL_SECONDS / 2)
    assert statements.count < 15
    await worker.stop()
    await gateway.close()


@pytest.mark.usefixtures("database")
async def test_a_recorded_event_wakes_the_worker(
    service: Deployment, simulator: Simulator, database_url: str
) -> None:
    gateway, feed = Gateway(STRIPE_KEY, simulator.base_url), Feed()
    settings = settings_module.read(service.environment)
    worker = Worker(gateway, settings, feed, poll_seconds=3600)
    listening = asyncio.create_task(feed.listen(database_url))
    await asyncio.wait_for(feed.listening.wait(), 5)
    worker.start()
    await asyncio.sleep(1)  # the first poll is over
    notification = {"id": "evt_1", "type": "v1.account.updated", "context": "acct_nobody", "livemode": False}
    arrival = inbox.arrival(notification, b"{}", HANDLERS, livemode=False)
    assert await inbox.record([arrival], settings.inbox)
    async with asyncio.timeout(20):
        while not (await StripeEvent.get()).attempts:  # noqa: ASYNC110 - only the database shows the progress
            await asyncio.sleep(0.02)
    await worker.stop()
    listening.cancel()
    await asyncio.wait({listening})
    await gateway.close()


class Gate:
    """A TCP proxy. While it is shut, it behaves like a stopped server and has no connections."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._server_port = port
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
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
            self._open.add(server_writer)
            await asyncio.gather(self._copy(reader, server_writer), self._copy(server_reader, writer))
            self._open.discard(server_writer)
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
def test_the_service_survives_an_outage_of_the_database(
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
                refused = service.graphql(client, "{ platform { statusCounts { count } } }", {})
                assert (refused.status_code, refused.json()["data"]) == (200, None)
                error = refused.json()["errors"][0]
                assert error["message"] == AWAY
                request_id = refused.headers["x-request-id"]
                assert error["extensions"] == {"code": "UNAVAILABLE", "requestId": request_id}
                assert "database_unavailable" in only_line_before_the_last(api, request_id)
            two = '{ a: merchant(by: {externalId: "a"}) { id } b: merchant(by: {externalId: "b"}) { id } }'
            refused = service.graphql(client, two, {})
            assert [one["extensions"]["code"] for one in refused.json()["errors"]] == ["UNAVAILABLE"] * 2
            only_line_before_the_last(api, refused.headers["x-request-id"])
            ready = client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json() == {"status": "not ready", "database": "unreachable"}
            assert client.get("/healthz").status_code == 200
            # Stripe must get an error, because the notification is not recorded.
            content = '{"id": "evt_1", "object": "v2.core.event", "type": "v1.payout.paid"}'
            secret = service.environment["CONNECTQL_WEBHOOK_SECRETS"]
            signed = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(content, secret)}
            refused = client.post("/webhooks/stripe", content=content, headers=signed)
            request_id = refused.headers["x-request-id"]
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
            assert refused.json() == {
                "errors": [{"message": AWAY, "extensions": {"code": "UNAVAILABLE", "requestId": request_id}}]
            }
            warning = only_line_before_the_last(api, request_id)
            assert "database_unavailable" in warning
            assert re.search(r"reason='?connection (refused|lost)", warning)
            # The worker retries with growing pauses.
            until(lambda: len(lines(worker, "step=events")) > 4)
            times = [
                datetime.fromisoformat(line.split()[0].removesuffix("Z")).timestamp()
                for line in lines(worker, "step=events")
            ]
            gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
            assert [gap >= pause for gap, pause in zip(gaps, (0.5, 1, 2, 4), strict=False)] == [True] * 4

            gate.open()
            until(lambda: client.get("/readyz").status_code == 200, seconds=5)
            assert service.status(client) == "ONBOARDING"
            # After the outage, there is no broken connection and no traceback.
            assert "Traceback" not in api.output + worker.output
            assert client.post("/webhooks/stripe", content=content, headers=signed).status_code == 200
            simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "activate"})
            until(lambda: service.status(client) == "ACTIVE")
            assert (api.popen.poll(), worker.popen.poll()) == (None, None)
            assert end(worker, signal.SIGINT) == 0
            assert end(api, signal.SIGINT) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_that_the_server_closes_are_replaced(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    parts = urlsplit(database_url)
    service = deployment(database_url, simulator, tmp_path, LOG_FORMAT="text")
    with service.serving() as api, client_of(service) as client:
        end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        answers = []
        for number in range(20):
            asyncio.run(execute(parts._replace(path="/postgres").geturl(), end_all, parts.path[1:]))
            answers.append(service.create(client, f"shop-{number}").json())
        codes = {one["errors"][0]["extensions"]["code"] for one in answers if "errors" in one}
        assert codes <= {"UNAVAILABLE"}, api.output
        assert api.output.count("database_unavailable") >= len(codes)
        assert api.output.count("Traceback") == 0, api.output
        for number in range(20):
            again = service.create(client, f"shop-{number}").json()["data"]["createMerchant"]
            assert again["__typename"] == "CreateMerchantPayload"
        assert client.get("/readyz").status_code == 200
    assert len(simulator.control("accounts")["data"]) == 20


async def test_a_hanging_first_sweep_is_a_problem(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await service.create("shop-1")
        # A day has passed since the first sweep was due.
        await PeriodicTask.create(name=SWEEP, due_at=await now() - timedelta(days=1), state={})
    fault = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 60, "times": 99}
    simulator.control("faults", fault)
    problems = "{ platform { problems { code count } } }"
    async with running(database_url, simulator, tmp_path) as service:
        await asyncio.to_thread(until, lambda: count_calls(simulator, "GET /v2/core/accounts/{id}") == 1)
        found = (await service.graphql(problems))["platform"]["problems"]
        assert {"code": "SWEEP_STALLED", "count": 1} in found
        assert (await PeriodicTask.get(name=SWEEP)).state == {}
    simulator.control("faults", method="DELETE")
