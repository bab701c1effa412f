"""Traces with OpenTelemetry, configured by its standard variables. docs/monitoring.md lists all spans.

No span has tokens, values of variables, links, or data of payers. Spans that have no children are made after
the work that they describe, so the code that does the work knows nothing of OpenTelemetry.
"""

import asyncio
import contextlib
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

import graphql
from graphql import OperationDefinitionNode
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import Link, Span, SpanKind
from starlette.types import ASGIApp

from api.graphql.requests import Call
from api.server.refusals import Refused
from api.telemetry.labels import INVALID, Routes, outcome
from api.telemetry.requests import TracedRequests
from api.telemetry.spans import MAX_TEXT, W3C, about, fail, link, sanitised, summary, traceparent
from api.version import VERSION
from connect.events.inbox import Handler, Outcome
from connect.stripe_api.gateway import Ended, Gateway
from models import StripeEvent
from models.origin import origin
from resolvers.execution import operations

Run = Callable[[Call], Awaitable[tuple[int, bytes]]]

# Seconds to export the last spans at shutdown.
FLUSH_SECONDS = 2.0
# One span links to at most this many deliveries.
MAX_LINKS = 100

# Stripe's ids have digits or capital letters, unlike its nouns, such as account_links.
_ID = re.compile(r"(?<=/)[a-z_]+_(?=[a-z_]*[A-Z0-9])\w+(?=/|$)")


def create_provider(exporter: str) -> TracerProvider:
    """A provider with the exporter `otlp` or `console`. The SDK itself reads the other variables (OTEL_…)."""
    own = Resource.create({"service.name": "connectql", "service.version": VERSION})
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()), shutdown_on_exit=False)
    exporting = ConsoleSpanExporter(out=sys.stderr) if exporter == "console" else OTLPSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(exporting))
    return provider


class Tracing:
    """Makes the spans of this process."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("connectql")

    async def close(self) -> None:
        """Export the remaining spans, at most for FLUSH_SECONDS."""
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        await asyncio.to_thread(thread.join, FLUSH_SECONDS)

    def observed(self, schema: Any, run: Run) -> Run:
        """Wrap the execution of operations over HTTP."""

        async def traced(call: Call) -> tuple[int, bytes]:
            with self._operation(schema, call.document, call.operation_name) as span:
                try:
                    return await run(call)
                finally:
                    if call.error_code is not None:
                        fail(
                            span,
                            call.error_code,
                            is_fault=outcome(call.error_code) not in {"denied", INVALID},
                        )

        return traced

    @contextlib.contextmanager
    def live_operation(self, schema: Any, document: str, name: str | None) -> Iterator[None]:
        """Trace an operation of a WebSocket or an event stream. The span of a subscription only marks its
        start, because a subscription may last for days.
        """
        operation = operations.find(schema, document, name)
        if operation is not None and operation.node.operation is graphql.OperationType.SUBSCRIPTION:
            with self._operation(schema, document, name):
                pass
            yield
        else:
            with self._operation(schema, document, name):
                yield

    @contextlib.contextmanager
    def _operation(self, schema: Any, document: str, name: str | None) -> Iterator[Span]:
        operation = operations.find(schema, document, name)
        if operation is None:
            title, attributes = "GraphQL Operation", {}
        else:
            title = operation.node.operation.value
            attributes = about(operation.node, sanitised(document))
        with self._current(title, SpanKind.SERVER, attributes) as span:
            yield span

    @contextlib.contextmanager
    def _current(
        self,
        name: str,
        kind: SpanKind,
        attributes: Mapping[str, Any],
        links: Sequence[Link] = (),
        parent: contexts.Context | None = None,
    ) -> Iterator[Span]:
        """Make a span that is the current span, and the origin of events and changes, until the block ends.

        Messages of exceptions may have secrets, so the span gets only the name of an exception.
        """
        span = self._tracer.start_span(name, parent, kind, attributes, links)
        token = origin.set(traceparent(span))
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                try:
                    yield span
                except Refused as refused:
                    fail(span, refused.code, is_fault=refused.status >= 500)
                    raise
                except Exception as error:
                    fail(span, type(error).__name__)
                    raise
        finally:
            origin.reset(token)
            if span.is_recording():
                span.end()

    def requests(self, app: ASGIApp, routes: Routes) -> ASGIApp:
        """Wrap the application to trace its HTTP requests."""
        return TracedRequests(app, routes, self)

    @contextlib.contextmanager
    def request(self, method: str, route: str | None, scope: Mapping[str, Any]) -> Iterator[Span]:
        """The span of an HTTP request. It continues the trace of a trusted proxy. Any other client's trace is
        only linked, because a stranger must not decide which requests are traced.
        """
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        parent, links = W3C.extract(headers), list[Link]()
        if "trace_id" not in scope["state"].get("proxy_ids", {}):
            client = trace.get_current_span(parent).get_span_context()
            parent, links = contexts.Context(), [Link(client)] if client.is_valid else []
        attributes = {
            "http.request.method": method,
            "url.scheme": scope["scheme"],
            "url.path": scope["path"],
            "network.protocol.version": scope["http_version"],
        }
        if route is not None:
            attributes["http.route"] = route
        name = f"{method} {route}" if route is not None else method
        with self._current(name, SpanKind.SERVER, attributes, links, parent) as span:
            yield span

    def leave(self, span: Span) -> None:
        """End the span of a request whose response continues. Later spans of the task do not belong to it."""
        span.end()
        contexts.attach(contexts.Context())
        origin.set(None)

    def handler(self, handler: Handler) -> "Callable[[Gateway, Sequence[StripeEvent]], Awaitable[Outcome]]":
        """Wrap the handling of one object's events. The span links to the deliveries of the events."""

        async def handle(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
            attributes: dict[str, Any] = {
                "messaging.system": "stripe",
                "messaging.destination.name": "stripe_event",
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.batch.message_count": len(events),
                "connectql.event.type": events[0].type,
            }
            if len(events) == 1:
                attributes["messaging.message.id"] = events[0].stripe_event_id
            links = [one for event in events[:MAX_LINKS] for one in link(event.origin)]
            with self._current("process stripe_event", SpanKind.CONSUMER, attributes, links):
                return await handler.handle(gateway, events)

        return handle

    def message(self, change: str, operation: OperationDefinitionNode, started_at: int) -> None:
        """Trace a message of a subscription, with a link to the change that it reports."""
        span = self._tracer.start_span(
            "subscription",
            contexts.Context(),
            SpanKind.SERVER,
            about(operation, None),
            link(change),
            started_at,
        )
        span.end()

    def call(self, ended: Ended) -> None:
        """Trace a call to Stripe."""
        path = _ID.sub("{id}", ended.path.partition("?")[0])
        method = ended.method.upper()
        attributes: dict[str, Any] = {
            "http.request.method": method,
            "url.template": path,
            "server.address": "api.stripe.com",
            "connectql.stripe.operation": ended.operation,
        }
        if ended.status is not None:
            attributes["http.response.status_code"] = ended.status
        if ended.request_id is not None:
            attributes["http.response.header.request-id"] = [ended.request_id]
        span = self._tracer.start_span(
            f"{method} {path}", None, SpanKind.CLIENT, attributes, (), ended.started_at
        )
        if ended.failure is not None:
            fail(span, ended.failure)
        span.end(ended.started_at + round(ended.seconds * 1e9))

    def query(self, record: Any) -> None:
        """Trace a statement if it runs inside a recorded span. The regular statements of workers do not.

        asyncpg calls this method in the context of the statement. By then, the span may have ended.
        """
        context = trace.get_current_span().get_span_context()
        if not (context.is_valid and context.trace_flags.sampled):
            return
        ended_at = time.time_ns()
        name = summary(record.query)
        attributes = {
            "db.system.name": "postgresql",
            "db.namespace": record.conn_params.database,
            "db.query.summary": name,
            "db.operation.name": name.partition(" ")[0],
            "db.query.text": record.query[:MAX_TEXT],
        }
        if isinstance(record.conn_addr, tuple):
            attributes["server.address"], attributes["server.port"] = record.conn_addr[:2]
        span = self._tracer.start_span(
            name, None, SpanKind.CLIENT, attributes, (), ended_at - round(record.elapsed * 1e9)
        )
        if record.exception is not None:
            code = getattr(record.exception, "sqlstate", None)
            if code is not None:
                span.set_attribute("db.response.status_code", code)
            fail(span, code or type(record.exception).__name__)
        span.end(ended_at)
