"""`make bench`: the cost of the main reads, for this service and other servers on the same PostgreSQL.

`page` reads a page of fifty merchants with their accounts, capabilities and requirements. `one` reads a
single merchant, with more fields than `page` reads. `own` is the same query with the merchant's token, for
which the service reads another document. `payments` reads a page of fifty payments with their methods, fees
and refunds. `entities` reads fifty merchants by their external ids, as a router does; only this service
supports this. Every server is asked for the same objects. Before the measurement, the answers are compared,
except the constant answers and the other servers' answers to `own`. Then each round warms up and measures the
servers one after another. The main figure is the CPU time that a server's processes need for one request.
Other figures are PostgreSQL's CPU time, the memory, and the rate and the latencies with eight connections.
"""

import asyncio
import functools
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

from bench import answers, collector, load, servers
from bench.servers import OPERATIONS, Running
from testing import postgres, seed
from testing.seed import external_id

SIZE = 10_000
ROUNDS = 5
SECONDS = 3.0
WARM_SECONDS = 1.0
PAGE = 50
# The number of different pages, and the number of different single merchants. All servers are asked for the
# same pages and merchants in the same order.
PAGES, ONES = 40, 400

# This server has one answer for all pages, and one for all single merchants.
CONSTANT = "limit: constant bytes"

# For each server, the ratio of the service's CPU time to the server's must not exceed this target.
TARGETS = {
    "page": {
        "mercurius + jit": 1 / 5,
        "mercurius + jit, read model": 1 / 3,
        "strawberry + tortoise": 1 / 50,
    },
    "one": {"mercurius + jit": 1.0, "mercurius + jit, read model": 1.2},
}

# The maximum ratio of the CPU time of fifty entities to that of a page of fifty merchants.
ENTITIES = 1.25


@dataclass
class Figures:
    """The figures of one server for one operation in each round.

    Times are in milliseconds, `rate` is in requests per second, and `memory` in MiB.
    """

    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


Table = dict[tuple[str, str], Figures]


@dataclass(frozen=True)
class Bench:
    """The filled database, the variables of all requests, and the secret of the tokens."""

    url: str
    postmaster: int
    secret: str
    variables: dict[str, list[dict[str, Any]]]
    log: Path

    @functools.cached_property
    def operator(self) -> str:
        return servers.token(self.secret)

    def bearer(self, operation: str, body: dict[str, Any]) -> str:
        """The token of a request: the merchant's for `own`, and an operator's for all others."""
        if operation == "own":
            return servers.token(self.secret, body["variables"]["externalId"])
        return self.operator


def request_variables(keys: Sequence[Any], payments: Sequence[Any]) -> dict[str, list[dict[str, Any]]]:
    """Choose the variables of each request. `keys` and `payments` are all primary keys, oldest first."""
    rng = random.Random(1)  # noqa: S311 -- no secrets
    pages, entities = _pages(keys, rng), _entities(len(keys), rng)
    numbers = rng.sample(range(1, len(keys) + 1), min(ONES, len(keys)))
    ones: list[dict[str, Any]] = [{"externalId": external_id(number)} for number in numbers]
    return {"page": pages, "one": ones, "own": ones, "payments": _pages(payments, rng), "entities": entities}


def _pages(keys: Sequence[Any], rng: random.Random) -> list[dict[str, Any]]:
    starts = rng.sample(keys[: -PAGE - 1], min(PAGES, len(keys) - PAGE - 1))
    return [{"first": PAGE}, *({"first": PAGE, "after": answers.cursor(key)} for key in starts[1:])]


def _entities(size: int, rng: random.Random) -> list[dict[str, Any]]:
    """For each request, the representations of fifty consecutive merchants."""
    starts = rng.sample(range(1, size - PAGE), min(PAGES, size - PAGE - 1))
    return [
        {
            "representations": [
                {"__typename": "Merchant", "externalId": external_id(number)}
                for number in range(start, start + PAGE)
            ]
        }
        for start in starts
    ]


def bodies(bench: Bench, running: Running, operation: str) -> list[dict[str, Any]]:
    """The request bodies for this server's schema."""
    text = running.server.operations[operation]
    variables = bench.variables[operation]
    if running.server.is_renamed and operation == "page":
        first = servers.ask(running.addresses[0], {"query": text, "variables": {"first": 1}}, bench.operator)
        example = first["data"]["merchants"]["pageInfo"]["endCursor"]
        variables = [
            {"first": one["first"], "after": answers.postgraphile_cursor(example, answers.key(one["after"]))}
            if "after" in one
            else one
            for one in variables
        ]
    return [{"query": text, "variables": one} for one in variables]


def compare(bench: Bench, running: Sequence[Running]) -> None:
    """Compare the answers of all servers, except CONSTANT, with those of the first server.

    Raises RuntimeError if they differ, or if an answer of the first server has errors or no data.
    """
    for operation in OPERATIONS:
        expected: list[Any] = []
        for server in running:
            if server.server.name == CONSTANT or operation not in server.server.operations:
                continue
            for number, body in enumerate(bodies(bench, server, operation)):
                answer: Any = servers.ask(server.addresses[-1], body, bench.bearer(operation, body))
                if server.server.is_renamed:
                    answer = answers.renamed(answer)
                if server is running[0]:
                    if "errors" in answer or not any(answer["data"].values()):
                        raise RuntimeError(f"{server.server.name} answers {str(answer)[:500]}")
                    expected.append(answer)
                elif operation == "own" and not server.server.is_ours:
                    continue  # the other servers give all callers the same answer
                elif difference := answers.difference(expected[number], answer):
                    raise RuntimeError(f"{server.server.name}, {operation} {body['variables']}: {difference}")


def measure(bench: Bench, running: Sequence[Running], *, rounds: int, seconds: float) -> Table:
    """Measure each server in each round. Each round starts with a different server."""
    table: Table = {}
    wire = {
        (one.server.name, operation): [
            load.request(one.addresses[0], orjson.dumps(body), bench.bearer(operation, body))
            for body in bodies(bench, one, operation)
        ]
        for one in running
        for operation in one.server.operations
    }
    # The shortest correct answer of each server to each operation. A shorter answer is probably an error.
    shortest = {
        (one.server.name, operation): min(
            load.run(one.addresses[:1], [request], 0.0, connections=1).shortest
            for request in wire[one.server.name, operation]
        )
        for one in running
        for operation in one.server.operations
    }
    for turn in range(rounds):
        for operation in OPERATIONS:
            measured = [one for one in running if operation in one.server.operations]
            for number in range(len(measured)):
                one = measured[(number + turn) % len(measured)]
                requests = wire[one.server.name, operation]
                load.run(one.addresses, requests, min(WARM_SECONDS, seconds))
                before = _cpu(one.pids), _cpu([bench.postmaster])
                result = load.run(one.addresses, requests, seconds)
                after = _cpu(one.pids), _cpu([bench.postmaster])
                if result.shortest < shortest[one.server.name, operation]:
                    raise RuntimeError(f"{one.server.name} gives different answers under load")
                figures = table.setdefault((one.server.name, operation), Figures())
                figures.cpu.append(_spent(before[0], after[0]) / result.requests * 1000)
                figures.database.append(_spent(before[1], after[1]) / result.requests * 1000)
                figures.rate.append(result.rate)
                figures.middle.append(load.percentile(result.latencies, 0.5) * 1000)
                figures.late.append(load.percentile(result.latencies, 0.99) * 1000)
                memory = sum(process.memory_info().rss for process in _with_children(one.pids))
                figures.memory.append(memory / 2**20)
    return table


def _cpu(pids: Sequence[int]) -> dict[int, float]:
    """The CPU seconds of each thread in these processes and their children."""
    seconds = {}
    for process in _with_children(pids):
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            with suppress(OSError):  # the thread has just ended
                seconds[int(thread.name)] = int((thread / "schedstat").read_text().split()[0]) / 1e9
    return seconds


def _spent(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(thread, 0.0) for thread, seconds in after.items())


def _with_children(pids: Sequence[int]) -> list[psutil.Process]:
    parents = [psutil.Process(pid) for pid in pids]
    return [*parents, *(child for parent in parents for child in parent.children(recursive=True))]


def lines(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Write the results as Markdown tables, and compare them with the targets."""
    for operation in OPERATIONS:
        ours = median(table["connectql", operation].cpu)
        yield f"| {operation} | CPU ms | against connectql | PostgreSQL ms | per s | p50 ms | p99 ms | MiB |"
        yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        for name in names:
            if (name, operation) not in table:
                continue
            figures = table[name, operation]
            cpu = median(figures.cpu)
            yield (
                f"| {name} | {cpu:.3f} | {cpu / ours:.2f} | {median(figures.database):.3f} | "
                f"{median(figures.rate):,.0f} | {median(figures.middle):.2f} | {median(figures.late):.2f} | "
                f"{median(figures.memory):.0f} |"
            )
        yield ""
    yield from targets(table, names)


def targets(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Compare the ratios of the medians with the targets."""
    for operation, against in TARGETS.items():
        for name, maximum in against.items():
            if name in names:
                ratio = median(table["connectql", operation].cpu) / median(table[name, operation].cpu)
                word = "reached" if ratio <= maximum else "MISSED"
                yield f"{operation}: {ratio:.3f} of the CPU of {name}, at most {maximum:.3f}: {word}"
    ratio = median(table["connectql", "payments"].cpu) / median(table["connectql", "page"].cpu)
    word = "reached" if ratio <= 1 else "MISSED"
    yield f"payments: {ratio:.3f} of the CPU of a page of merchants, at most 1.000: {word}"
    ratio = median(table["connectql", "entities"].cpu) / median(table["connectql", "page"].cpu)
    word = "reached" if ratio <= ENTITIES else "MISSED"
    yield f"entities: {ratio:.3f} of the CPU of a page of merchants, at most {ENTITIES:.3f}: {word}"
    peers = [name for name in names if not name.startswith(("connectql", "limit"))]
    if peers:
        late = median(table["connectql", "page"].late)
        best = min(median(table[name, "page"].late) for name in peers)
        word = "reached" if late < best else "MISSED"
        yield f"page: p99 {late:.2f} ms, the best other server {best:.2f} ms: {word}"


@contextmanager
def prepared(server_url: str, size: int, folder: Path) -> Iterator[tuple[Bench, str]]:
    """Create a database with equal numbers of merchants and payments, in the service's tables and in
    normalised tables.

    Yields the bench and the secret that signs the service's tokens.
    """
    url = postgres.create_database(server_url)
    try:
        secret = servers.secret()
        keys, payments, postmaster = asyncio.run(_fill(url, size))
        yield Bench(url, postmaster, secret, request_variables(keys, payments), folder / "log"), secret
    finally:
        postgres.drop_database(server_url, url)


async def _fill(url: str, size: int) -> tuple[list[Any], list[Any], int]:
    """Fill the database.

    Returns the keys of the merchants and of the payments in order, and the pid of PostgreSQL's main process.
    """
    await seed.seed(url, size, payments=size)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((servers.BENCH / "peers" / "tables.sql").read_text(encoding="utf-8"))
        await connection.execute("VACUUM ANALYZE")
        tables = "merchant", "payment"
        keys = [
            [row["id"] for row in await connection.fetch(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608
            for table in tables
        ]
        backend = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
        return keys[0], keys[1], backend.ppid()
    finally:
        await connection.close()


@contextmanager
def started(
    chosen: Sequence[servers.Server], bench: Bench, processors: Sequence[int] = ()
) -> Iterator[list[Running]]:
    """Start all servers.

    If there are several processors, a server with one process runs on the first processor. The load generator
    and PostgreSQL use the other processors.
    """
    with ExitStack() as stack:
        running = []
        for one in chosen:
            running.append(stack.enter_context(servers.running(one, bench.log)))
            if len(processors) > 1:
                _pin(running[-1].pids, processors[:1] if one.processes == 1 else processors)
        yield running


@click.command()
@click.option("--size", default=SIZE, show_default=True, help="Number of merchants, and of payments.")
@click.option("--rounds", default=ROUNDS, show_default=True)
@click.option("--seconds", default=SECONDS, show_default=True, help="Duration of each measurement.")
@click.option(
    "--only", default="", help="Measure only servers whose names contain one of these comma-separated texts."
)
def main(size: int, rounds: int, seconds: float, only: str) -> None:
    """Measure the service and the other servers."""
    processors = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        if len(processors) > 1:
            # This process and PostgreSQL use all processors but the first.
            os.sched_setaffinity(0, processors[1:])
        server_url = stack.enter_context(postgres.server())
        bench, secret = stack.enter_context(prepared(server_url, size, Path(folder)))
        filters = [part.strip() for part in only.split(",") if part.strip()]
        address = stack.enter_context(collector.dropping())
        available = [*servers.ours(bench.url, secret, address), *servers.peers(bench.url)]
        chosen = [one for one in available if not filters or any(text in one.name for text in filters)]
        if not any(one.name == "connectql" for one in chosen):
            chosen.insert(0, available[0])
        running = stack.enter_context(started(chosen, bench, processors))
        compare(bench, running)
        click.echo(f"The compared answers of {len(running)} servers are the same.", err=True)
        table = measure(bench, running, rounds=rounds, seconds=seconds)
    shape = f"{rounds} rounds of {seconds:.0f} s, {load.CONNECTIONS} connections"
    click.echo(f"{size:,} merchants and as many payments, {shape}\n")
    for line in lines(table, [one.name for one in chosen]):
        click.echo(line)


def _pin(pids: Sequence[int], processors: Sequence[int]) -> None:
    for process in _with_children(pids):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, processors)


if __name__ == "__main__":
    main()
