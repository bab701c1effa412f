"""`python -m bench.telemetry`: the CPU time that metrics and traces add to one request.

The request represents a compiled query with one statement, but neither the query nor the statement is
executed. The figures are the cost of the layers around the request and the operation, and of the reports
after the statement and the response. `make bench` measures whole requests, but on a busy machine the noise in
its figures exceeds the cost of metrics. Each figure is the lowest of ROUNDS measurements.
"""

import asyncio
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import click
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

from api.graphql.requests import Call
from api.telemetry.labels import Routes
from api.telemetry.metrics import Metrics
from api.telemetry.telemetry import OFF, Telemetry
from api.telemetry.tracing import Tracing
from bench.servers import MERCHANTS
from connect.scope import Principal, Role
from resolvers.schema import schema

ROUNDS, REQUESTS = 25, 1000
STATEMENT = SimpleNamespace(
    query="SELECT external_id, id, row_version, external_id FROM merchant WHERE external_id IN ($1)",
    conn_params=SimpleNamespace(database="connectql"),
    conn_addr=("127.0.0.1", 5432),
    elapsed=0.0005,
    exception=None,
)
SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "scheme": "http",
    "http_version": "1.1",
    "headers": [(b"host", b"connect.example"), (b"authorization", b"Bearer"), (b"content-length", b"500")],
    "state": {"request_id": "0" * 32},
}


def variants() -> Iterator[tuple[str, Telemetry]]:
    """The measured variants. Their traces have no exporter."""
    yield "metrics", Telemetry(Metrics())
    for name, share in (("traces, none recorded", 0.0), ("traces, one of 100 recorded", 0.01)):
        yield name, _tracing(ParentBasedTraceIdRatio(share))
    yield "traces, all recorded", _tracing(ParentBasedTraceIdRatio(1.0))


def _tracing(sampler: ParentBasedTraceIdRatio) -> Telemetry:
    return Telemetry(None, Tracing(TracerProvider(sampler=sampler, shutdown_on_exit=False)))


async def measure(telemetry: Telemetry) -> float:
    """Measure the CPU time of one request that does no work, in microseconds."""
    call = Call("", "POST", Principal("", Role.SERVICE), "", MERCHANTS["one"], None, None, {}, cost=10)

    async def work(_call: Call) -> tuple[int, bytes]:
        return 200, b""

    run = telemetry.observed(schema, work)
    routes = Routes([])
    on_query, on_response = telemetry.on_query, telemetry.on_response(routes)

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await run(call)
        if on_query is not None:
            on_query(STATEMENT)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if on_response is not None:
            on_response("/graphql", 200, 0.001)

    async def nothing(*_: Any) -> Any:
        """Replaces `receive` and `send`."""

    app = telemetry.requests(answer, routes)
    fastest = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(REQUESTS):
            await app(SCOPE, nothing, nothing)
        fastest = min(fastest, time.process_time() - started)
    return fastest / REQUESTS * 1e6


async def main() -> None:
    """Compare each variant with a service without metrics and traces."""
    off = await measure(OFF)
    for name, telemetry in variants():
        click.echo(f"{name}: {await measure(telemetry) - off:.1f} µs")


if __name__ == "__main__":
    asyncio.run(main())
