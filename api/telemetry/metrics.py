"""The metrics that the service counts while it works. docs/monitoring.md lists all metrics.

No label has values from clients or merchants, and each label has few values.
"""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api.graphql.requests import Call
from api.telemetry.labels import outcome
from api.version import VERSION
from resolvers.execution.operations import Operation

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CALLS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
DELAYS = (0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
COSTS = (10, 100, 1_000, 5_000, 10_000, 50_000, 150_000)

Source = Callable[[], Iterable[Metric]]


class Metrics:
    """The registry of this process. All metrics are counted in the event loop's thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = Info("connectql_build", "The version of the service.", registry=self.registry)
        build.info({"version": VERSION})
        self.operations = Histogram(
            "connectql_operation_duration_seconds",
            "The time to execute an operation over HTTP, without authentication and parsing of the request.",
            ("type", "outcome"),
            buckets=FAST,
            registry=self.registry,
        )
        self.costs = Histogram(
            "connectql_operation_cost_points",
            "The cost of the executed operations over HTTP.",
            ("type",),
            buckets=COSTS,
            registry=self.registry,
        )
        self.live = Counter(
            "connectql_live_operations",
            "The operations that were started over WebSockets and event streams.",
            ("type",),
            registry=self.registry,
        )
        self.requests = Histogram(
            "connectql_http_request_duration_seconds",
            "The time from a request to the end of its response. Event streams end with their connection.",
            ("route", "status"),
            buckets=FAST,
            registry=self.registry,
        )
        self.refusals = Counter(
            "connectql_refused_requests",
            "The GraphQL requests that were refused before execution.",
            ("code",),
            registry=self.registry,
        )
        self.calls = Histogram(
            "connectql_stripe_call_duration_seconds",
            "The time of a call to Stripe, including its retries, but without the wait for its turn.",
            ("operation", "outcome"),
            buckets=CALLS,
            registry=self.registry,
        )
        self.delays = Histogram(
            "connectql_event_delay_seconds",
            "The time from Stripe's event to the stored change, by the worker's clock.",
            buckets=DELAYS,
            registry=self.registry,
        )
        self.steps = Counter(
            "connectql_worker_step_failures",
            "The failed steps of this process's worker.",
            ("step",),
            registry=self.registry,
        )
        self.attempts = Counter(
            "connectql_outgoing_attempts",
            "The attempts of this process's worker to deliver events to endpoints.",
            ("result",),
            registry=self.registry,
        )
        # Looking up a child by its labels takes longer than observing a value.
        self.queries = self.operations.labels("query", "ok")
        self.query_costs = self.costs.labels("query")
        self._responses: dict[tuple[str, int], Histogram] = {}

    def add(self, source: Source) -> None:
        """Read the metrics of the source at each scrape."""
        self.registry.register(_Source(source))

    def executed(self, operation: Operation | None, call: Call, seconds: float) -> None:
        """Count an operation that graphql-core has executed or refused."""
        kind = operation.node.operation.value if operation is not None else "unknown"
        self.operations.labels(kind, outcome(call.error_code)).observe(seconds)
        variables = operation.coerce(call.variables or {}) if operation is not None else None
        if operation is not None and variables is not None:
            self.costs.labels(kind).observe(operation.cost(variables))

    def response(self, route: str, status: int, seconds: float) -> None:
        child = self._responses.get((route, status))
        if child is None:
            child = self._responses[route, status] = self.requests.labels(route, str(status))
        child.observe(seconds)


class _Source(Collector):
    def __init__(self, source: Source) -> None:
        self._source = source

    def collect(self) -> Iterable[Metric]:
        return self._source()
