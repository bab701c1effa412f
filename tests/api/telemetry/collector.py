"""A local OpenTelemetry collector that keeps the spans that the service exports."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from testing.processes import free_port


@dataclass
class Collector:
    url: str
    spans: list[Any] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        message = ExportTraceServiceRequest.FromString(body)
        for batch in message.resource_spans:
            self.resource = attributes(batch.resource)
            for scope in batch.scope_spans:
                self.spans += scope.spans
        return Response(b"", headers={"Content-Type": "application/x-protobuf"})

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans if span.name == name]


def attributes(owner: Any) -> dict[str, Any]:
    """The attributes of a span or resource. If a value is a list, only its first element is kept."""
    values = {}
    for one in owner.attributes:
        kind = one.value.WhichOneof("value")
        value = getattr(one.value, kind)
        values[one.key] = value.values[0].string_value if kind == "array_value" else value
    return values


@contextlib.asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    port = free_port()
    collector = Collector(f"http://127.0.0.1:{port}")
    app = Starlette(routes=[Route("/v1/traces", collector.receive, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off", ws="none"))
    task = asyncio.create_task(server._serve())
    try:
        yield collector
    finally:
        server.should_exit = True
        await task
