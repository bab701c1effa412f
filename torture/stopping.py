"""SIGTERM under load behind a load balancer: no request fails, and no work is left half done.

The clients keep their connections alive, request /readyz ten times a second and send no new request to a
replica that is not ready. Either one replica is stopped and started again, or two replicas and their worker
are restarted in turn, so that one replica is always ready.
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
from testing.waits import until
from torture import aftermath
from torture.load import OK, SERVICE, STRIPE, Load, Probes, grouped

DRAIN_SECONDS = 2
# In seconds: the drain, the running requests and the worker's last events, and closing.
MAX_STOP_SECONDS = DRAIN_SECONDS + 18 + 5


def prove(database_url: str, folder: Path, *, replicas: int, rounds: int, seed: int) -> Report:
    """Each round, stop one replica with its worker, or restart two and a separate worker, under load.

    Two replicas need PostgreSQL. The database is empty.
    """
    report = Report()
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    stops: list[float] = []
    settings = {**SERVICE, "DRAIN_SECONDS": str(DRAIN_SECONDS)}
    with service(database_url, folder, replicas=replicas, stripe=STRIPE, **settings) as deployment:
        with (
            Probes([replica.url for replica in deployment.replicas]) as probes,
            Load(deployment, seed, choose=probes.ready) as load,
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
            "a stop took, s, at most": round(max(stops), 1),
            "attempts to deliver": ", ".join(
                f"{n} {way}" for way, n in sorted(aftermath.attempts(deployment).items())
            ),
        }
    return report


def _stop_alone(
    deployment: Deployment, probes: Probes, rng: random.Random, stops: list[float], report: Report
) -> None:
    """Stop and start the only worker; its end must leave no lease."""
    replica = deployment.replicas[0]
    _await_work(deployment, rng)
    _stop_replica(replica, probes, stops, report)
    report.problems += _half_done(deployment.database_url, "stripe_event")
    report.problems += _half_done(deployment.database_url, "account_creation")
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
            _await_end(part, "the worker", _ask_to_stop(part), stops, report)
            report.problems += _half_done(deployment.database_url, "stripe_event")
            part.start()


def _stop_replica(replica: Replica, probes: Probes, stops: list[float], report: Report) -> None:
    asked = _ask_to_stop(replica)

    def told() -> bool:
        return any(p.url == replica.url and p.began > asked and p.status == 503 for p in list(probes.seen))

    try:
        until(told, DRAIN_SECONDS)
    except AssertionError:
        report.problems.append(f"{replica.url}: /readyz never said that it was stopping")
    else:
        # A client that has not seen it yet is still served, and must use another connection next time.
        late = httpx.get(f"{replica.url}/healthz", timeout=5, trust_env=False)
        if late.status_code != 200 or late.headers.get("connection") != "close":
            found = late.status_code, late.headers.get("connection")
            report.problems.append(f"{replica.url}: a late request got {found}")
    _await_end(replica, replica.url, asked, stops, report)


def _ask_to_stop(part: Part) -> float:
    if part.process is None:
        raise RuntimeError("the process does not run")
    part.process.popen.send_signal(signal.SIGTERM)
    return time.monotonic()


def _await_end(part: Part, name: str, asked: float, stops: list[float], report: Report) -> None:
    if part.process is None:
        raise RuntimeError(f"{name} does not run")
    try:
        code = part.process.popen.wait(MAX_STOP_SECONDS - (time.monotonic() - asked))
    except subprocess.TimeoutExpired:
        report.problems.append(f"{name} did not end within {MAX_STOP_SECONDS} s")
        part.process.kill()
    else:
        if code:
            report.problems.append(f"{name} ended with {code}: {part.process.output.strip()[-300:]}")
    stops.append(time.monotonic() - asked)


def _await_work(deployment: Deployment, rng: random.Random) -> None:
    """Wait for a random time, and until the worker has handled an event."""
    began = datetime.now(UTC)
    time.sleep(rng.uniform(1, 2))

    def worked() -> bool:
        latest = "SELECT max(handled_at) AS at FROM stripe_event"
        at = tables.rows(deployment.database_url, latest)[0]["at"]
        return at is not None and tables.moment(at) > began

    until(worked, 60)


def _await_ready(replica: Replica, probes: Probes) -> None:
    """Wait until the load balancer uses the replica again."""
    until(lambda: replica.url in probes.ready(), 60)


def _half_done(url: str, table: str) -> list[str]:
    now = datetime.now(UTC)
    statement = f"SELECT id, leased_until FROM {table} WHERE state = 'PENDING' AND leased_until IS NOT NULL"  # noqa: S608 -- names and numbers of ours
    leased = tables.rows(url, statement)
    left = [row["id"] for row in leased if tables.moment(row["leased_until"]) > now]
    return [f"{table}: {len(left)} rows are leased by nobody, such as {left[0]}"] if left else []


def _judge(load: Load, report: Report) -> None:
    outcomes = Counter(request.outcome for request in load.requests)
    report.problems += grouped(request for request in load.requests if request.outcome != OK)
    report.figures |= {
        "client requests": len(load.requests),
        "of them failed": outcomes.total() - outcomes[OK],
        "slowest answer, s": round(max((r.seconds for r in load.requests), default=0.0), 1),
    }
