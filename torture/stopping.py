"""SIGTERM under load behind a load balancer: no request fails, and all work is finished.

The clients keep their connections alive. As behind a load balancer, /readyz is requested ten times a second,
and clients send new requests only to ready replicas. A single replica is stopped and started again. Two
replicas and a worker are restarted one after another, so that one replica is always ready.
"""

import random
import signal
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx

from testing import tables
from testing.deployment import Deployment, Part, Replica, service
from testing.report import Report
from testing.waits import PATIENCE, until
from torture import aftermath
from torture.load import OK, SERVICE, STRIPE, Load, Probes, grouped

DRAIN_SECONDS = round(2 * PATIENCE)
# The maximum time to stop, in seconds: the drain, 18 seconds for running requests and events, and 5 to close.
MAX_STOP_SECONDS = DRAIN_SECONDS + (18 + 5) * PATIENCE


def prove(
    database_url: str, folder: Path, *, replicas: int, rounds: int, seed: int, pause: float = 0.1
) -> Report:
    """Restart every process once in each round, under load.

    The processes are one replica, or two replicas and a separate worker. Two replicas need PostgreSQL. The
    database is empty. Each client pauses for `pause` seconds between two requests.
    """
    report = Report()
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    stops: list[float] = []
    settings = {**SERVICE, "DRAIN_SECONDS": str(DRAIN_SECONDS)}
    with service(database_url, folder, replicas=replicas, stripe=STRIPE, **settings) as deployment:
        with (
            Probes([replica.url for replica in deployment.replicas]) as probes,
            Load(deployment, seed, pause=pause, choose=probes.ready) as load,
        ):
            for _ in range(rounds):
                if replicas == 1:
                    _stop_alone(deployment, probes, rng, stops, report)
                else:
                    _restart_in_turn(deployment, probes, rng, stops, report)
            time.sleep(1)
        _judge(load, report)
        aftermath.check(deployment, load, report)
        report.figures |= {
            "processes stopped": len(stops),
            "longest stop, s": round(max(stops), 1),
            "attempts to deliver": ", ".join(
                f"{n} {way}" for way, n in sorted(aftermath.attempts(deployment).items())
            ),
        }
    return report


def _stop_alone(
    deployment: Deployment, probes: Probes, rng: random.Random, stops: list[float], report: Report
) -> None:
    """Stop and start the only replica. Its worker must leave no lease."""
    replica = deployment.replicas[0]
    _await_work(deployment, rng)
    _stop_replica(replica, probes, stops, report)
    report.problems += _leftover_leases(deployment.database_url, "stripe_event")
    report.problems += _leftover_leases(deployment.database_url, "account_creation")
    replica.start()
    _await_ready(replica, probes)


def _restart_in_turn(
    deployment: Deployment, probes: Probes, rng: random.Random, stops: list[float], report: Report
) -> None:
    for part in (deployment.replicas[0], deployment.worker, deployment.replicas[1]):
        _await_work(deployment, rng)
        if isinstance(part, Replica):
            _stop_replica(part, probes, stops, report)
            part.start()
            _await_ready(part, probes)
        else:
            _await_end(part, "the worker", _send_sigterm(part), stops, report)
            report.problems += _leftover_leases(deployment.database_url, "stripe_event")
            part.start()


def _stop_replica(replica: Replica, probes: Probes, stops: list[float], report: Report) -> None:
    stopped_at = _send_sigterm(replica)

    def is_unready() -> bool:
        return any(
            p.url == replica.url and p.began > stopped_at and p.status == 503 for p in list(probes.seen)
        )

    try:
        until(is_unready, DRAIN_SECONDS)
    except AssertionError:
        report.problems.append(f"{replica.url}: /readyz did not answer 503")
    else:
        # A request that arrives now is still served, and its answer closes the connection.
        late = httpx.get(f"{replica.url}/healthz", timeout=5 * PATIENCE, trust_env=False)
        if late.status_code != 200 or late.headers.get("connection") != "close":
            answer = late.status_code, late.headers.get("connection")
            report.problems.append(f"{replica.url}: a late request got {answer}")
    _await_end(replica, replica.url, stopped_at, stops, report)


def _send_sigterm(part: Part) -> float:
    if part.process is None:
        raise RuntimeError("the process does not run")
    part.process.popen.send_signal(signal.SIGTERM)
    return time.monotonic()


def _await_end(part: Part, name: str, stopped_at: float, stops: list[float], report: Report) -> None:
    if part.process is None:
        raise RuntimeError(f"{name} does not run")
    try:
        code = part.process.popen.wait(MAX_STOP_SECONDS - (time.monotonic() - stopped_at))
    except subprocess.TimeoutExpired:
        report.problems.append(f"{name} did not end within {MAX_STOP_SECONDS} s")
        part.process.kill()
    else:
        if code:
            report.problems.append(f"{name} ended with {code}: {part.process.output.strip()[-300:]}")
    stops.append(time.monotonic() - stopped_at)


def _await_work(deployment: Deployment, rng: random.Random) -> None:
    """Wait for a random time, then until the worker has handled an event."""
    began = datetime.now(UTC)
    time.sleep(rng.uniform(1, 2))

    def has_worked() -> bool:
        latest = "SELECT max(handled_at) AS at FROM stripe_event"
        at = tables.rows(deployment.database_url, latest)[0]["at"]
        return at is not None and tables.moment(at) > began

    until(has_worked, 60)


def _await_ready(replica: Replica, probes: Probes) -> None:
    """Wait until clients use the replica again."""
    until(lambda: replica.url in probes.ready(), 60)


def _leftover_leases(url: str, table: str) -> list[str]:
    now = datetime.now(UTC)
    statement = f"SELECT id, leased_until FROM {table} WHERE state = 'PENDING' AND leased_until IS NOT NULL"  # noqa: S608 -- names and numbers of ours
    rows = tables.rows(url, statement)
    leases = [row["id"] for row in rows if tables.moment(row["leased_until"]) > now]
    return [f"{table}: {len(leases)} leases are left over, such as {leases[0]}"] if leases else []


def _judge(load: Load, report: Report) -> None:
    outcomes = Counter(request.outcome for request in load.requests)
    report.problems += grouped(request for request in load.requests if request.outcome != OK)
    report.figures |= {
        "client requests": len(load.requests),
        "failed requests": outcomes.total() - outcomes[OK],
        "slowest answer, s": round(max((r.seconds for r in load.requests), default=0.0), 1),
    }
