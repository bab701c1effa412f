"""The database fails under load and returns: clients get clear errors, and no acknowledged work is lost.

PostgreSQL is shut down, crashes, or cuts every connection. With SQLite the process is killed, another process
holds the file's lock, or the disk is full. The service is restarted only if it was killed. Other rounds
affect one merchant: another session of PostgreSQL locks its rows, or the clients of many mutations
disconnect.
"""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from connect.stripe_api import stored_requests
from testing import disks, portable, postgres, tables
from testing.deployment import Deployment, service
from testing.processes import Process
from testing.report import Report
from testing.waits import until
from torture import aftermath, one_merchant
from torture.database_faults import (
    KILLED_SERVER,
    Limits,
    Outage,
    cut,
    fill,
    judge_readiness,
    kill,
    lock,
    stop,
)
from torture.load import OK, STRIPE, UNAVAILABLE, Load, Probes, Request, grouped

KINDS = {
    "postgresql": ("stopped in order", "stopped at once", "connections cut", "rows locked", "clients gone"),
    "sqlite": ("process killed", "file locked", "disk full", "clients gone"),
}
# The pause of each client between two requests, in seconds.
PAUSE = 0.1
# Returns clients for a deployment. The clients have not started yet.
Clients = Callable[[Deployment], Load]
# For this number of seconds after all replicas are ready again, requests may still fail.
AFTERSHOCK = 1.0
LEASE_SECONDS = stored_requests.LEASE.total_seconds()
DISK_MEGABYTES = 256


def prove(
    database: str,
    folder: Path,
    *,
    rounds: int,
    seed: int,
    kinds: Sequence[str] | None = None,
    pause: float = PAUSE,
    limits: Limits = Limits(),  # noqa: B008 -- immutable
) -> Report:
    """Run rounds of these kinds under load. `database` is sqlite, postgresql or portable.

    Each client pauses for `pause` seconds between two requests.
    """
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    server = "sqlite" if database == "sqlite" else "postgresql"
    order = list(itertools.islice(itertools.cycle(kinds or KINDS[server]), rounds))
    rng.shuffle(order)
    create = portable.create_database if database == "portable" else postgres.create_database
    prove_it = _with_sqlite if database == "sqlite" else partial(_with_postgresql, create)
    return prove_it(folder, order, partial(Load, seed=seed, pause=pause), rng, limits)


def _with_postgresql(
    create: Callable[[str], str],
    folder: Path,
    order: list[str],
    load: Clients,
    rng: random.Random,
    limits: Limits,
) -> Report:
    with postgres.stoppable() as server:
        url = create(server.url)

        def once(kind: str, deployment: Deployment, probes: Probes, report: Report) -> Outage:
            if kind == "connections cut":
                return cut(deployment, probes)
            return stop(server, kind, deployment, probes, rng, report)

        return _rounds(url, folder, order, load, rng, limits, once)


def _with_sqlite(folder: Path, order: list[str], load: Clients, rng: random.Random, limits: Limits) -> Report:
    data = folder / "data"
    data.mkdir()
    with disks.small(data, DISK_MEGABYTES) as mounted:
        url = f"sqlite:///{data}/connectql.db"

        def once(kind: str, deployment: Deployment, probes: Probes, report: Report) -> Outage:
            if kind == "process killed":
                outage = kill(deployment, rng)
            elif kind == "file locked":
                outage = lock(deployment, probes)
            else:
                outage = fill(deployment, probes, data if mounted else None)
            report.problems += _unsound(url, kind)
            return outage

        report = _rounds(url, folder, order, load, rng, limits, once)
        report.problems += _unsound(url, "the end")
        if "disk full" in order:
            report.figures["full disk"] = "a small one, filled" if mounted else "a limit on the size of files"
        return report


def _rounds(
    url: str,
    folder: Path,
    order: list[str],
    clients: Clients,
    rng: random.Random,
    limits: Limits,
    once: Callable[[str, Deployment, Probes, Report], Outage],
) -> Report:
    report = Report()
    outages: list[Outage] = []
    with service(url, folder, stripe=STRIPE, **limits.service) as deployment:
        started = _processes(deployment)
        with (
            Probes([replica.url for replica in deployment.replicas], patience=limits.answer) as probes,
            clients(deployment) as load,
        ):
            # The worker has no readiness URL, so wait for its first handled event.
            until(lambda: _handled(url), 60)
            for kind in order:
                time.sleep(rng.uniform(1, 2))  # steady load between two rounds
                if kind in one_merchant.KINDS:
                    until(lambda: load.acknowledged, 60)
                    began = time.monotonic()
                    report.problems += one_merchant.trouble(
                        kind, deployment, probes, list(load.acknowledged), rng, limits
                    )
                    outages.append(Outage(kind, began, time.monotonic(), frozenset({OK})))
                else:
                    report.problems += _describe_ended(started)
                    outages.append(once(kind, deployment, probes, report))
                    if kind == "process killed":
                        started = _processes(deployment)
            time.sleep(AFTERSHOCK + 1)
        report.problems += _describe_ended(started)
        _judge(load.requests, outages, limits, report)
        judge_readiness(outages, limits, report)
        aftermath.check(deployment, load, report)
        _judge_deliveries(deployment, outages, report)
    return report


def _judge(requests: list[Request], outages: list[Outage], limits: Limits, report: Report) -> None:
    """Compare every answer with the faults that were active at that time."""
    wrong: dict[str, list[Request]] = {}
    answers: dict[str, Counter[str]] = {}
    for request in requests:
        during = [o for o in outages if o.began <= request.ended and request.began <= o.ended + AFTERSHOCK]
        kind = " and ".join(sorted({o.kind for o in during})) or "no fault"
        allowed = frozenset({OK}).union(*(o.allowed for o in during))
        # If the result of a creation could not be stored, the creation keeps its lease, and a repeated
        # mutation waits for the end of the lease.
        wait = LEASE_SECONDS if request.kind == "createMerchant" else 0
        leased = [o for o in outages if o.ended < request.began <= o.ended + wait]
        is_of_one = bool(during) and all(o.kind in one_merchant.KINDS for o in [*during, *leased])
        seconds = limits.others if is_of_one else limits.answer
        answers.setdefault(kind, Counter())[f"{request.kind} {request.outcome}"] += 1
        if request.outcome not in allowed or request.seconds > seconds:
            wrong.setdefault(kind, []).append(request)
    report.problems += [f"{kind}: {line}" for kind, group in wrong.items() for line in grouped(group)]
    # Clients need not notice a locked file or cut connections, because requests wait, and connections are
    # replaced. Clients must notice a stopped server and a full disk.
    for kind in sorted({o.kind for o in outages} & {"stopped in order", "stopped at once", "disk full"}):
        if not any(way.endswith(f" {UNAVAILABLE}") for way in answers.get(kind, ())):
            report.problems.append(f"{kind}: no client received UNAVAILABLE")
    if "disk full" in answers and not answers["disk full"][f"merchant {OK}"]:
        report.problems.append("disk full: no read was answered")
    report.figures |= {
        "rounds": _list(Counter(o.kind for o in outages)),
        "requests": len(requests),
        "slowest answer, s": round(max((r.seconds for r in requests), default=0.0), 1),
    }
    for kind, outcomes in sorted(answers.items()):
        report.figures[f"answers while {kind}"] = _list(outcomes)


def _judge_deliveries(deployment: Deployment, outages: list[Outage], report: Report) -> None:
    attempts = aftermath.attempts(deployment)
    allowed = {"200", "503"}
    if any(o.kind == "process killed" for o in outages):
        allowed |= KILLED_SERVER
    report.figures["attempts to deliver"] = _list(attempts)
    report.problems += [
        f"{n} attempts to deliver ended with {way}" for way, n in attempts.items() if way not in allowed
    ]


def _unsound(url: str, when: str) -> list[str]:
    errors = [row["integrity_check"] for row in tables.rows(url, "PRAGMA integrity_check")]
    return [] if errors == ["ok"] else [f"{when}: the file is damaged: {errors[:3]}"]


def _processes(deployment: Deployment) -> dict[str, Process]:
    parts = {"worker": deployment.worker, **{replica.url: replica for replica in deployment.replicas}}
    return {name: part.process for name, part in parts.items() if part.process is not None}


def _describe_ended(processes: dict[str, Process]) -> list[str]:
    """Describe each process that has ended, with the last lines of its output."""
    return [
        f"{name} ended with {process.popen.returncode}: {process.output.strip()[-300:]}"
        for name, process in processes.items()
        if process.popen.poll() is not None
    ]


def _handled(url: str) -> bool:
    handled = tables.rows(url, "SELECT count(*) AS n FROM stripe_event WHERE state = 'HANDLED'")
    return int(handled[0]["n"]) > 0


def _list(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
