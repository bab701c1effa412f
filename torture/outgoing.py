"""Outgoing events with killed workers: each change has exactly one event, and each event arrives.

Merchants are created and go through scenarios. Meanwhile, workers die at points between a change, the
numbering of its events, and their delivery. The endpoint refuses the first delivery of about a fifth of the
events. In the end, the events of each merchant form a chain from its creation to its present status,
positions have no gaps, and the endpoint has received every event and no other.
"""

import contextlib
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from connect.outgoing.rules.payloads import event_id
from models.sql import id_of_row
from testing import tables
from testing.deployment import Deployment, service
from testing.report import Report, few
from testing.waits import until

SIZE = 200  # killed workers
POINTS = ("worker.fetched", "worker.written", "outgoing.numbered", "outgoing.claimed", "outgoing.sent")
SCENARIOS = ("activate", "due_soon", "past_due", "activate", "reject", "activate")
CREATE = """
mutation ($input: CreateEventEndpointInput!) {
  createEventEndpoint(input: $input) {
    __typename ... on CreateEventEndpointPayload { secret } ... on Error { message }
  }
}
"""


@dataclass
class Endpoint:
    """An endpoint that counts the deliveries of each event by the event's id."""

    url: str = ""
    received: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def status(self, key: str) -> int:
        """Return the status of the answer. The first delivery of about a fifth of the events is refused."""
        with self._lock:
            if sum(key.encode()) % 5 == 0 and key not in self.refused:
                self.refused.add(key)
                return 503
            self.received[key] += 1
            return 204


def prove(database: str, *, seed: int, size: int, folder: Path) -> Report:
    """Kill `size` workers, wait until all events are delivered, and compare."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    killed: Counter[str] = Counter()
    settings: dict[str, Any] = {"EVENT_PRIVATE_HOSTS": "127.0.0.1", "BACKFILL_AFTER_SECONDS": "3"}
    with endpoint() as receiver, service(database, folder, **settings) as deployment:
        deployment.payload(CREATE, {"input": {"url": receiver.url}})
        for number in range(size):
            point = POINTS[number % len(POINTS)]
            killed[_kill(deployment, f"shop-{number // 2}", point, rng)] += 1
        deployment.worker.start()
        ended = time.monotonic()
        with contextlib.suppress(AssertionError):
            until(lambda: not _undelivered(deployment, receiver), 180 + size, pause=0.5)
        settled = time.monotonic() - ended
        problems = [*_undelivered(deployment, receiver), *_misnumbered(deployment), *_broken(deployment)]
        events = _events(deployment)
    report = Report(problems=few(problems))
    report.figures = {
        **{f"killed at {point}": count for point, count in sorted(killed.items())},
        "events": len(events),
        "refused deliveries": len(receiver.refused),
        "events delivered more than once": sum(count > 1 for count in receiver.received.values()),
        "seconds until all were delivered": round(settled, 1),
    }
    return report


@contextlib.contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Run an endpoint in another thread."""
    one = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(one.status(self.headers["webhook-id"]))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Write no log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Ignore a connection that a killed worker has left."""
            if not isinstance(sys.exc_info()[1], ConnectionError):
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    one.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


def _kill(deployment: Deployment, name: str, point: str, rng: random.Random) -> str:
    """Start a worker that dies at the point, and change a merchant. Returns the point, or `none` if the
    worker has not reached it.
    """
    try:
        deployment.worker.start(point)
    except RuntimeError:  # an earlier worker left work, so this one reached the point at once
        return point
    until(lambda: _changed(deployment, name, rng) or deployment.worker.is_dead, 60, pause=0.2)
    with contextlib.suppress(AssertionError):
        until(lambda: deployment.worker.is_dead, 10, pause=0.1)
        return point
    return "none"


def _changed(deployment: Deployment, name: str, rng: random.Random) -> bool:
    """Create the merchant, or play a random scenario on its account. Returns False if there was no answer."""
    known = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
    if name not in known:
        return deployment.attempt_creation(deployment.replicas[0], name) is not None
    deployment.simulator.control(f"accounts/{known[name]}", {"scenario": rng.choice(SCENARIOS)})
    return True


def _events(deployment: Deployment) -> list[tables.Row]:
    statement = "SELECT id, position, type, subject_id, data FROM outgoing_event ORDER BY position NULLS LAST"
    return tables.rows(deployment.database_url, statement)


def _undelivered(deployment: Deployment, receiver: Endpoint) -> list[str]:
    ids = {event_id(id_of_row(row["id"])) for row in _events(deployment)}
    pending = tables.rows(
        deployment.database_url, "SELECT state, count(*) AS number FROM outgoing_delivery GROUP BY state"
    )
    states = [f"{one['number']} deliveries: {one['state']}" for one in pending if one["state"] != "DELIVERED"]
    lost = [f"the event {key} did not arrive" for key in sorted(ids - receiver.received.keys())]
    return [
        *lost,
        *states,
        *(f"{key} was received, but is no event" for key in sorted(receiver.received.keys() - ids)),
    ]


def _misnumbered(deployment: Deployment) -> list[str]:
    positions = [row["position"] for row in _events(deployment)]
    expected = list(range(1, len(positions) + 1))
    return [] if positions == expected else [f"the positions have gaps: {positions}"]


def _broken(deployment: Deployment) -> list[str]:
    """The merchants whose events do not lead, change by change, from their creation to their status."""
    problems = []
    chains: dict[str, list[Any]] = {}
    for row in _events(deployment):
        data = json.loads(row["data"])
        if row["type"] == "merchant.created":
            chains.setdefault(str(row["subject_id"]), []).append((None, data["status"]))
        elif row["type"] == "merchant.status_changed":
            chains.setdefault(str(row["subject_id"]), []).append((data["previousStatus"], data["status"]))
    statuses = tables.rows(deployment.database_url, "SELECT id, status FROM merchant")
    for row in statuses:
        chain = chains.pop(str(row["id"]), [])
        before = [None, *(status for _, status in chain)]
        if [previous for previous, _ in chain] != before[:-1] or before[-1] != row["status"]:
            problems.append(f"the merchant {row['id']} is {row['status']} after the events {chain}")
    return problems + [f"the events {chain} have no merchant" for chain in chains.values()]
