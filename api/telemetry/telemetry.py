"""Metrics and traces of this process. Each is loaded only if it is on.

`OFF` has neither. The wrappers and observers are chosen when the process starts, so operations have no extra
cost while both are off.
"""

import contextlib
import dataclasses
import importlib
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp

from api.graphql.requests import Call
from api.telemetry import labels
from api.telemetry.labels import Routes
from connect.events.inbox import Handler, Handlers, Outcome
from connect.outgoing.rules.attempts import Result
from connect.stripe_api.gateway import Ended, Gateway
from models import StripeEvent
from resolvers.execution import operations

if TYPE_CHECKING:
    from api.telemetry.metrics import Metrics
    from api.telemetry.tracing import Tracing

Run = Callable[[Call], Awaitable[tuple[int, bytes]]]


@dataclass(frozen=True)
class Telemetry:
    """The metrics and traces of this process. `metrics` and `tracing` are None while they are off."""

    metrics: "Metrics | None" = None
    tracing: "Tracing | None" = None

    @property
    def on_query(self) -> Callable[[Any], None] | None:
        """The function to call after each statement on PostgreSQL, if any."""
        return self.tracing.query if self.tracing is not None else None

    @property
    def on_message(self) -> Callable[..., None] | None:
        """The function to call after a message of a subscription, if any (see `Context.on_message`)."""
        return self.tracing.message if self.tracing is not None else None

    @property
    def on_call(self) -> Callable[[Ended], None] | None:
        """The function to call after each call to Stripe, if any."""
        metrics, tracing = self.metrics, self.tracing
        if metrics is None:
            return tracing.call if tracing is not None else None

        def observe(ended: Ended) -> None:
            metrics.calls.labels(ended.operation, ended.failure or "ok").observe(ended.seconds)
            if tracing is not None:
                tracing.call(ended)

        return observe

    def on_response(self, routes: Routes) -> Callable[[str, int, float], None] | None:
        """Return the function to call after each HTTP request, if any."""
        if self.metrics is None:
            return None
        response = self.metrics.response
        return lambda path, status, seconds: response(routes.name(path), status, seconds)

    def requests(self, app: ASGIApp, routes: Routes) -> ASGIApp:
        """Wrap the application to trace its HTTP requests, if traces are on."""
        return self.tracing.requests(app, routes) if self.tracing is not None else app

    def observed(self, schema: Any, run: Run) -> Run:
        """Wrap the execution of operations over HTTP to observe the operations."""
        if self.tracing is not None:
            run = self.tracing.observed(schema, run)
        return _measured(self.metrics, schema, run) if self.metrics is not None else run

    @contextlib.contextmanager
    def live_operation(self, schema: Any, document: str, name: str | None) -> Iterator[None]:
        """Observe an operation of a WebSocket or an event stream."""
        with contextlib.ExitStack() as stack:
            if self.metrics is not None:
                operation = operations.find(schema, document, name)
                kind = operation.node.operation.value if operation is not None else "unknown"
                self.metrics.live.labels(kind).inc()
            if self.tracing is not None:
                stack.enter_context(self.tracing.live_operation(schema, document, name))
            yield

    def refused(self, code: str) -> None:
        """Count a GraphQL request that was refused before its execution."""
        if self.metrics is not None:
            self.metrics.refusals.labels(code).inc()

    def step_failed(self, name: str) -> None:
        """Count a failure of a step of the worker."""
        if self.metrics is not None:
            self.metrics.steps.labels(name).inc()

    def attempted(self, result: Result) -> None:
        """Count an attempt to deliver an event."""
        if self.metrics is not None:
            self.metrics.attempts.labels(labels.result(result)).inc()

    def handlers(self, handlers: Handlers) -> Handlers:
        """Wrap the handlers of events to observe the handling."""
        if self.tracing is not None:
            handlers = [_replace(one, self.tracing.handler(one)) for one in handlers]
        if self.metrics is not None:
            handlers = [_replace(one, _delayed(self.metrics, one)) for one in handlers]
        return handlers

    async def close(self) -> None:
        """Export the last spans."""
        if self.tracing is not None:
            await self.tracing.close()


OFF = Telemetry()


def start(*, metrics: bool, exporter: str | None) -> Telemetry:
    """Load the parts that the settings turn on. `exporter` is the exporter of traces."""
    counting, tracing = None, None
    if metrics:
        counting = importlib.import_module("api.telemetry.metrics").Metrics()
    if exporter is not None:
        module = importlib.import_module("api.telemetry.tracing")
        tracing = module.Tracing(module.create_provider(exporter))
    return Telemetry(counting, tracing)


def _measured(metrics: "Metrics", schema: Any, run: Run) -> Run:
    """Measure the duration, the cost and the outcome of operations."""
    clock, queries, costs = time.perf_counter, metrics.queries.observe, metrics.query_costs.observe

    async def measured(call: Call) -> tuple[int, bytes]:
        started = clock()
        answer = await run(call)
        if call.cost is not None and call.error_code is None:  # a compiled query
            queries(clock() - started)
            costs(call.cost)
        else:
            metrics.executed(
                operations.find(schema, call.document, call.operation_name), call, clock() - started
            )
        return answer

    return measured


def _delayed(
    metrics: "Metrics", handler: Handler
) -> Callable[[Gateway, Sequence[StripeEvent]], Awaitable[Outcome]]:
    """Measure the delay of the handled events. Ignored events do not count."""

    async def handle(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
        outcome = await handler.handle(gateway, events)
        if outcome.ignored is None:
            at = datetime.now(UTC)
            for event in events:
                metrics.delays.observe(max((at - event.stripe_created_at).total_seconds(), 0))
        return outcome

    return handle


def _replace(
    handler: Handler, handle: Callable[[Gateway, Sequence[StripeEvent]], Awaitable[Outcome]]
) -> Handler:
    return dataclasses.replace(handler, handle=handle)
