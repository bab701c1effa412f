"""The metrics that are read at each scrape: those of this process, and those of the whole platform, which
come from the database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from tortoise.connection import get_connection

from api.graphql import content_negotiation
from api.graphql.endpoint import Endpoint
from connect.outgoing import gauges as outgoing
from connect.platform import gauges
from connect.platform.feed import Feed
from connect.platform.problems import WARNINGS, Severity
from connect.stripe_api.call_counts import CallCounts
from models import database
from models.engine import asyncpg
from resolvers.execution import operations

# The minimum number of seconds between two reads from the database, and between two counts of large tables.
INTERVAL, LONG_INTERVAL = 10.0, 60.0
# A read that takes more seconds is cancelled, so that the scrape still succeeds.
READ_SECONDS = 2.0


def of_endpoint(endpoint: Endpoint) -> Iterator[Metric]:
    """Yield the metrics of caches and live connections, for a process that serves the API."""
    answers, documents = endpoint.operations.answers, operations.read.cache_info()
    types = content_negotiation.choose.cache_info()
    lookups = CounterMetricFamily(
        "connectql_cache_lookups", "The lookups in caches.", labels=("cache", "result")
    )
    for name, hits, misses in (
        ("answers", answers.lookups - answers.misses, answers.misses),
        ("documents", documents.hits, documents.misses),
        ("media_types", types.hits, types.misses),
    ):
        lookups.add_metric((name, "hit"), hits)
        lookups.add_metric((name, "miss"), misses)
    yield lookups
    entries = GaugeMetricFamily("connectql_cache_entries", "The entries of caches.", labels=("cache",))
    entries.add_metric(("answers",), answers.entries)
    entries.add_metric(("documents",), documents.currsize)
    entries.add_metric(("media_types",), types.currsize)
    entries.add_metric(("tokens",), endpoint.authenticator.remembered)
    yield entries
    size = GaugeMetricFamily("connectql_cache_size_bytes", "The size of caches.", labels=("cache",))
    size.add_metric(("answers",), answers.size)
    yield size
    live = GaugeMetricFamily("connectql_live_connections", "The open live connections.", labels=("state",))
    live.add_metric(("open",), endpoint.connections.open_count)
    live.add_metric(("unauthenticated",), endpoint.connections.waiting_count)
    yield live


def of_process(feed: Feed, counts: CallCounts) -> Iterator[Metric]:
    """Yield the metrics of the feed, of calls to Stripe and of connections to the database."""
    listening = feed.listening.is_set()
    yield GaugeMetricFamily(
        "connectql_feed_listening", "Whether this process receives changes.", value=listening
    )
    mailboxes = sum(map(len, feed.mailboxes.values()))
    yield GaugeMetricFamily(
        "connectql_feed_mailboxes",
        "The subscriptions to changes, including those of the worker.",
        value=mailboxes,
    )
    total = counts.total
    yield CounterMetricFamily(
        "connectql_stripe_attempts", "The attempts of calls to Stripe.", value=total.calls
    )
    yield CounterMetricFamily(
        "connectql_stripe_throttled", "The attempts that Stripe answered with 429.", value=total.throttled
    )
    yield CounterMetricFamily(
        "connectql_stripe_delayed",
        "The attempts of calls to Stripe that waited for their turn for more than a second.",
        value=total.delayed,
    )
    yield CounterMetricFamily(
        "connectql_stripe_refused", "The calls that the service's own limits refused.", value=total.refused
    )
    connections = GaugeMetricFamily(
        "connectql_database_connections", "The connections to PostgreSQL.", labels=("pool", "state")
    )
    client = get_connection("default")
    if isinstance(client, asyncpg.Client):
        for pool, (open_, used, limit) in client.usage().items():
            connections.add_metric((pool, "used"), used)
            connections.add_metric((pool, "idle"), open_ - used)
            connections.add_metric((pool, "limit"), limit)
    yield connections


@dataclass
class _Reading:
    name: str
    read: Callable[[], Awaitable[Any]]
    show: Callable[[Any], Iterable[Metric]]
    interval: float = INTERVAL
    value: Any = None
    next_at: float = field(default=0.0)


class Platform:
    """The numbers of the whole platform. Each process exports the same numbers, unless its read fails.

    A failed or slow read never fails a scrape. The metrics of a failed read are left out until the read
    succeeds again.
    """

    def __init__(self, calls_per_second: int) -> None:
        async def remaining() -> float:
            return await gauges.remaining_calls(calls_per_second)

        def show_calls(value: float) -> Iterator[Metric]:
            yield _gauge(
                "connectql_stripe_remaining_calls_per_second",
                "The calls to Stripe that the limit still allows.",
                value,
            )

        self._readings = (
            _Reading("merchants", gauges.merchants, _show_merchants, LONG_INTERVAL),
            _Reading("events", gauges.events, _show_events),
            _Reading("outgoing_events", outgoing.delay, _show_delay),
            _Reading("outgoing_deliveries", outgoing.waiting, _show_deliveries, LONG_INTERVAL),
            _Reading("event_endpoints", outgoing.endpoints, _show_endpoints),
            _Reading("problems", gauges.problems, _show_problems),
            _Reading("workers", gauges.running_workers, _show_workers),
            _Reading("stripe_calls", remaining, show_calls),
        )
        self._limit = calls_per_second

    async def refresh(self) -> None:
        """Read the numbers that are older than their interval.

        All are read at the same time, because Prometheus gives up a scrape after ten seconds.
        """
        at = time.monotonic()
        due = [one for one in self._readings if at >= one.next_at]
        for one in due:
            one.next_at = at + one.interval
        reads = (database.in_time(one.read(), READ_SECONDS) for one in due)  # type: ignore[arg-type]
        for one, value in zip(due, await asyncio.gather(*reads), strict=True):
            one.value = value

    def samples(self) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "connectql_platform_read_success", "Whether the last read succeeded.", labels=("read",)
        )
        for one in self._readings:
            success.add_metric((one.name,), one.value is not None)
            if one.value is not None:
                yield from one.show(one.value)
        yield success
        yield _gauge(
            "connectql_stripe_limit_calls_per_second", "The limit of calls to Stripe.", float(self._limit)
        )


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _show_merchants(counts: Any) -> Iterator[Metric]:
    family = GaugeMetricFamily("connectql_merchants", "The merchants with each status.", labels=("status",))
    for status, count in counts.items():
        family.add_metric((status.value,), count)
    yield family


def _show_events(events: gauges.Events) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "connectql_events", "The events that are pending or have failed.", labels=("state",)
    )
    family.add_metric(("waiting",), events.waiting)
    family.add_metric(("failed",), events.failed)
    yield family
    text = "The time for which the oldest pending event has waited."
    yield _gauge("connectql_oldest_waiting_event_seconds", text, events.oldest_seconds)


def _show_delay(delay: outgoing.Delay) -> Iterator[Metric]:
    text = "The events that no worker has numbered yet."
    yield _gauge("connectql_outgoing_unnumbered_events", text, delay.unnumbered)
    text = "The delay of the oldest attempt that is due, or of the oldest unnumbered event."
    yield _gauge("connectql_outgoing_oldest_due_seconds", text, delay.oldest_due_seconds)


def _show_deliveries(by_age: Any) -> Iterator[Metric]:
    most = outgoing.MAX_COUNTED
    text = f"The pending deliveries to enabled endpoints. At most {most} of each endpoint are counted."
    family = GaugeMetricFamily("connectql_outgoing_waiting_deliveries", text, labels=("age",))
    for age, count in by_age.items():
        family.add_metric((age,), count)
    yield family


def _show_endpoints(counts: Any) -> Iterator[Metric]:
    family = GaugeMetricFamily("connectql_event_endpoints", "The endpoints in each state.", labels=("state",))
    for state, count in counts.items():
        family.add_metric((state.value.lower(),), count)
    yield family


def _show_problems(problems: Any) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "connectql_problem", "Whether the platform has the problem.", labels=("code", "severity")
    )
    for code, is_present in problems.items():
        severity = Severity.WARNING if code in WARNINGS else Severity.ERROR
        family.add_metric((code.value, severity.value.lower()), is_present)
    yield family


def _show_workers(workers: gauges.Workers) -> Iterator[Metric]:
    yield _gauge("connectql_workers_alive", "The workers that run.", workers.alive)
    if workers.report_age_seconds is not None:
        text = "The time since the last report of a worker."
        yield _gauge("connectql_worker_report_age_seconds", text, workers.report_age_seconds)
