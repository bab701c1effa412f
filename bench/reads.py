"""`make bench`: the cost of the two main reads, of this service and of others on the same PostgreSQL.

The page has fifty merchants with account, capabilities and requirements; the single read is a merchant with
all its fields. Every server gets the same requests, and its answers are compared before the measurement. Then
each round warms and measures the servers one after another. The main figure is the CPU time of a server's
processes for a request. The others are PostgreSQL's CPU time, and the latencies of a client with eight
connections.
"""

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import click
import orjson
import psutil  # type: ignore[import-untyped]

from bench import answers, load, servers
from bench.servers import OPERATIONS, Running
from testing import postgres, seed
from testing.seed import external_id

SIZE = 10_000
ROUNDS = 5
SECONDS = 3.0
WARM_SECONDS = 1.0
PAGE = 50
# Pages and single merchants to request, from all parts of the list, in the same order for all servers.
PAGES, ONES = 40, 400

# It has one answer for all requests.
CONSTANT = "limit: constant bytes"

# The targets: our CPU time divided by each of these.
TARGETS = {
    "page": {
        "mercurius + jit": 1 / 5,
        "mercurius + jit, read model": 1 / 3,
        "strawberry + tortoise": 1 / 50,
    },
    "one": {"mercurius + jit": 1.0, "mercurius + jit, read model": 1.3},
}


@dataclass
class Figures:
    """The figures of one server with one operation, a value for each round, in milliseconds and MB."""

    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


Table = dict[tuple[str, str], Figures]


@dataclass(frozen=True)
class Bench:
    """The database with its merchants, the requests, and the service's token."""

    url: str
    postmaster: int
    bearer: str
    asked: dict[str, list[dict[str, Any]]]
    log: Path


def questions(keys: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    """The variables of each request; `keys` are those of all merchants in order of creation."""
    rng = random.Random(1)  # noqa: S311 -- no secrets
    behind = rng.sample(keys[: -PAGE - 1], min(PAGES, len(keys) - PAGE - 1))
    pages: list[dict[str, Any]] = [{"first": PAGE, "after": answers.cursor(key)} for key in behind]
    pages[0] = {"first": PAGE}
    numbers = rng.sample(range(1, len(keys) + 1), min(ONES, len(keys)))
    return {"page": pages, "one": [{"externalId": external_id(number)} for number in numbers]}


def bodies(bench: Bench, running: Running, operation: str) -> list[dict[str, Any]]:
    """The requests in this server's schema."""
    text = running.server.operations[operation]
    asked = bench.asked[operation]
    if running.server.is_renamed and operation == "page":
        first = servers.ask(running.addresses[0], {"query": text, "variables": {"first": 1}}, bench.bearer)
        known = first["data"]["merchants"]["pageInfo"]["endCursor"]
        asked = [
            {"first": one["first"], "after": answers.postgraphile_cursor(known, answers.key(one["after"]))}
            if "after" in one
            else one
            for one in asked
        ]
    return [{"query": text, "variables": one} for one in asked]


def compare(bench: Bench, running: Sequence[Running]) -> None:
    """Compare every server's answers with the first server's. Raises RuntimeError."""
    for operation in OPERATIONS:
        expected: list[Any] = []
        for server in running:
            if server.server.name == CONSTANT:
                continue
            for number, body in enumerate(bodies(bench, server, operation)):
                found: Any = servers.ask(server.addresses[-1], body, bench.bearer)
                if server.server.is_renamed:
                    found = answers.renamed(found)
                if server is running[0]:
                    if "errors" in found or not any(found["data"].values()):
                        raise RuntimeError(f"{server.server.name} answers {str(found)[:500]}")
                    expected.append(found)
                elif told := answers.difference(expected[number], found):
                    raise RuntimeError(f"{server.server.name}, {operation} {body['variables']}: {told}")


def measure(bench: Bench, running: Sequence[Running], *, rounds: int, seconds: float) -> Table:
    """Measure each server in each round; each round begins with another one."""
    table: Table = {}
    wire = {
        (one.server.name, operation): [
            load.request(one.addresses[0], orjson.dumps(body), bench.bearer)
            for body in bodies(bench, one, operation)
        ]
        for one in running
        for operation in OPERATIONS
    }
    # Over one connection, as in the comparison, since answers under load may be fast errors.
    shortest = {
        (one.server.name, operation): min(
            load.run(one.addresses[:1], [request], 0.0, connections=1).shortest
            for request in wire[one.server.name, operation]
        )
        for one in running
        for operation in OPERATIONS
    }
    for turn in range(rounds):
        for operation in OPERATIONS:
            for number in range(len(running)):
                one = running[(number + turn) % len(running)]
                requests = wire[one.server.name, operation]
                load.run(one.addresses, requests, min(WARM_SECONDS, seconds))
                before = _cpu(one.pids), _cpu([bench.postmaster])
                seen = load.run(one.addresses, requests, seconds)
                after = _cpu(one.pids), _cpu([bench.postmaster])
                if seen.shortest < shortest[one.server.name, operation]:
                    raise RuntimeError(f"{one.server.name} answers something else under load")
                figures = table.setdefault((one.server.name, operation), Figures())
                figures.cpu.append(_taken(before[0], after[0]) / seen.requests * 1000)
                figures.database.append(_taken(before[1], after[1]) / seen.requests * 1000)
                figures.rate.append(seen.rate)
                figures.middle.append(load.percentile(seen.latencies, 0.5) * 1000)
                figures.late.append(load.percentile(seen.latencies, 0.99) * 1000)
                memory = sum(process.memory_info().rss for process in _with_children(one.pids))
                figures.memory.append(memory / 2**20)
    return table


def _cpu(pids: Sequence[int]) -> dict[int, float]:
    """The CPU seconds of each thread of these processes and their children."""
    found = {}
    for process in _with_children(pids):
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            with suppress(OSError):  # the process has just ended
                found[int(thread.name)] = int((thread / "schedstat").read_text().split()[0]) / 1e9
    return found


def _taken(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(thread, 0.0) for thread, seconds in after.items())


def _with_children(pids: Sequence[int]) -> list[psutil.Process]:
    found = [psutil.Process(pid) for pid in pids]
    return [*found, *(child for one in found for child in one.children(recursive=True))]


def lines(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Tables in Markdown, and the targets."""
    for operation in OPERATIONS:
        ours = median(table["connectql", operation].cpu)
        yield f"| {operation} | CPU ms | against connectql | PostgreSQL ms | per s | p50 ms | p99 ms | MB |"
        yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        for name in names:
            found = table[name, operation]
            cpu = median(found.cpu)
            yield (
                f"| {name} | {cpu:.3f} | {cpu / ours:.2f} | {median(found.database):.3f} | "
                f"{median(found.rate):,.0f} | {median(found.middle):.2f} | {median(found.late):.2f} | "
                f"{median(found.memory):.0f} |"
            )
        yield ""
    yield from targets(table, names)


def targets(table: Table, names: Sequence[str]) -> Iterator[str]:
    """The targets, as ratios of the medians."""
    for operation, against in TARGETS.items():
        for name, most in against.items():
            if name in names:
                ratio = median(table["connectql", operation].cpu) / median(table[name, operation].cpu)
                word = "reached" if ratio <= most else "MISSED"
                yield f"{operation}: {ratio:.3f} of the CPU of {name}, at most {most:.3f}: {word}"
    peers = [name for name in names if not name.startswith(("connectql", "limit"))]
    if peers:
        late = median(table["connectql", "page"].late)
        best = min(median(table[name, "page"].late) for name in peers)
        word = "reached" if late < best else "MISSED"
        yield f"page: p99 {late:.2f} ms, the best of the others {best:.2f} ms: {word}"


@contextmanager
def prepared(server_url: str, size: int, folder: Path) -> Iterator[tuple[Bench, str]]:
    """A database of merchants, as the service's tables and as normalised ones; and the service's secret."""
    url = postgres.create_database(server_url)
    try:
        secret = servers.secret()
        keys, postmaster = asyncio.run(_fill(url, size))
        yield Bench(url, postmaster, servers.token(secret), questions(keys), folder / "log"), secret
    finally:
        postgres.drop_database(server_url, url)


async def _fill(url: str, size: int) -> tuple[list[Any], int]:
    """The merchants' keys in order, and the process id of PostgreSQL's first process."""
    await seed.seed(url, size)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((servers.BENCH / "peers" / "tables.sql").read_text(encoding="utf-8"))
        await connection.execute("VACUUM ANALYZE")
        keys = [row["id"] for row in await connection.fetch("SELECT id FROM merchant ORDER BY id")]
        backend = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
        return keys, backend.ppid()
    finally:
        await connection.close()


@contextmanager
def started(
    chosen: Sequence[servers.Server], bench: Bench, processors: Sequence[int] = ()
) -> Iterator[list[Running]]:
    """Start all servers.

    With several processors a server of one process runs on the first one. The load and PostgreSQL use the
    others.
    """
    with ExitStack() as stack:
        running = []
        for one in chosen:
            running.append(stack.enter_context(servers.running(one, bench.log)))
            if len(processors) > 1:
                _pin(running[-1].pids, processors[:1] if one.processes == 1 else processors)
        yield running


@click.command()
@click.option("--size", default=SIZE, show_default=True, help="How many merchants.")
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--seconds", default=SECONDS, show_default=True, help="Of each measurement.")
@click.option("--only", default="", help="Only servers whose names hold one of these, between commas.")
def main(size: int, rounds: int, seconds: float, only: str) -> None:
    """Measure the service and the others."""
    processors = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if len(processors) > 1:
            os.sched_setaffinity(0, processors[1:])  # the load, and PostgreSQL
        server_url = stack.enter_context(postgres.server())
        bench, secret = stack.enter_context(prepared(server_url, size, Path(folder)))
        wanted = [part.strip() for part in only.split(",") if part.strip()]
        known = [*servers.ours(bench.url, secret), *servers.peers(bench.url)]
        chosen = [one for one in known if not wanted or any(part in one.name for part in wanted)]
        if not any(one.name == "connectql" for one in chosen):
            chosen.insert(0, known[0])
        running = stack.enter_context(started(chosen, bench, processors))
        compare(bench, running)
        click.echo(f"The answers of {len(running)} servers are the same.", err=True)
        table = measure(bench, running, rounds=rounds, seconds=seconds)
    click.echo(f"{size:,} merchants, {rounds} rounds of {seconds:.0f} s, {load.CONNECTIONS} connections\n")
    for line in lines(table, [one.name for one in chosen]):
        click.echo(line)


def _pin(pids: Sequence[int], processors: Sequence[int]) -> None:
    for process in _with_children(pids):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, processors)


if __name__ == "__main__":
    main()
