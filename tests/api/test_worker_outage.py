"""The API and the worker survive an outage of PostgreSQL and lost connections."""

import asyncio
import contextlib
import itertools
import re
import signal
import threading
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
import stripe

from testing.deployment import client_of, deployment
from testing.processes import Process, Simulator, end, free_port
from testing.waits import until

AWAY = "The database cannot be reached now. Repeat the same request in a moment; repeats are safe."


def lines(process: Process, text: str) -> list[str]:
    return [line for line in process.output.splitlines() if text in line]


def only_line_before_the_last(process: Process, request_id: str) -> str:
    """Return the only line that a request logged before its access line."""
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
            until(lambda: client.get("/readyz").status_code == 200, seconds=20)
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
