"""`make bench-live DB=postgresql N=2000`: the cost of open subscriptions and of changes.

Each scenario starts a new process of the service, a deployed `python -m api`. This process runs the clients,
and a third process makes the changes. On SQLite, subscriptions do not receive the changes of other processes,
so each change is made by one `updateMerchant` mutation, and times are measured from its request.
"""

import asyncio
import contextlib
import os
import platform
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import click
import httpx
import orjson
import psutil  # type: ignore[import-untyped]

from api.server import logs
from bench import changes
from bench.watchers import Audience, Subscription, watching
from connect.scope import Role
from testing import environment
from testing.databases import empty
from testing.deployment import Deployment, deployed
from testing.processes import simulator as local_stripe

SIZE = 2000
ROUNDS = 5
# All clients must receive a change within this many seconds, which is far longer than the usual time.
PATIENCE = 60.0
# The number of seconds for which idle connections are measured. It is long enough for a heartbeat of each
# event stream and a ping to each WebSocket.
IDLE_SECONDS = 24.0

MERCHANT = """
  externalId contactEmail status summary canAcceptPayments
  nextAction { kind label deadline } dashboard { available }
  requirements { dueCount entries { title deadline } }
"""
ONE = f"subscription ($id: String!) {{ merchantChanged(by: {{externalId: $id}}) {{ {MERCHANT} }} }}"
ALL = f"subscription {{ merchantsChanged(presentFirst: false) {{ {MERCHANT} }} }}"
UPDATE = """
mutation ($id: String!, $email: String!) {
  updateMerchant(input: {merchant: {externalId: $id}, contactEmail: $email}) { __typename }
}
"""

# Sets the e-mail address of merchants. Returns the time of each change. The keys are the external ids of the
# merchants.
Change = Callable[[Sequence[str], str], Awaitable[dict[str, float]]]


@dataclass(frozen=True)
class Scenario:
    """The subscriptions and the changed merchants of a measurement, and the merchants that each client must
    receive.
    """

    title: str
    subscriptions: Sequence[Subscription]
    expected: Sequence[Sequence[str]]
    changed: Sequence[str]
    together: bool = False
    idles: bool = False


@dataclass
class Round:
    """The measurements of one round of changes, in seconds."""

    latencies: list[float]  # of each message, from the commit of its change
    last: float  # from the last commit to the last message
    cpu: float


@dataclass
class Result:
    """The costs of one scenario."""

    title: str
    clients: int
    messages: int  # the messages in one round
    opened: float = 0.0
    opened_cpu: float = 0.0
    # Bytes for each client.
    memory: float = 0.0
    # Bytes for each client after all clients have disconnected.
    left: float = 0.0
    # The share of one processor that the service uses while all connections are idle.
    idle: float | None = None
    # Bytes of one message.
    size: int = 0
    rounds: list[Round] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def measure(
    database_url: str, folder: Path, *, size: int, rounds: int = ROUNDS, idle_seconds: float = IDLE_SECONDS
) -> Iterator[Result]:
    """Create merchants in an empty database, and measure each scenario.

    Only the scenario of operators has fewer than `size` clients. On SQLite, the scenarios that change several
    merchants are left out.
    """
    settings = {
        "WORKER": "off",  # this measurement has no events
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "json",
        "LIVE_CONNECTIONS": str(size + 10),
        "LIVE_CONNECTIONS_OF_ONE": str(size + 10),
    }
    changes_in_service = database_url.startswith("sqlite")
    merchants = [f"shop-{number}" for number in range(2 if changes_in_service else max(size // 4, 2))]
    with local_stripe(folder / "simulator.db") as stripe:
        # The local Stripe sends no events, so there are no other changes.
        stripe.control("deliveries", {"mode": "drop"})

        def service() -> contextlib.AbstractContextManager[Deployment]:
            return deployed(database_url, stripe, folder, replicas=1, separate_worker=False, **settings)

        with service() as deployment, ThreadPoolExecutor(4) as pool:
            answers = pool.map(
                lambda name: deployment.attempt_creation(deployment.replicas[0], name), merchants
            )
            if not all(answer and answer["__typename"] == "CreateMerchantPayload" for answer in answers):
                raise RuntimeError("the merchants could not be created")
        for scenario in _scenarios(folder, merchants, size):
            if changes_in_service and len(scenario.changed) > 1:
                continue
            with service() as deployment:
                yield asyncio.run(_measure(scenario, deployment, rounds, idle_seconds))


def _scenarios(folder: Path, merchants: Sequence[str], size: int) -> Iterator[Scenario]:
    def token(role: Role, subject: str, merchant: str | None = None) -> str:
        return environment.token(folder, role, merchant, subject=subject)

    shop = merchants[0]
    same = Subscription(token(Role.MERCHANT, "one", shop), ONE, {"id": shop})
    alone = [[shop]] * size
    yield Scenario("a. one merchant, one caller", [same] * size, alone, [shop], idles=True)
    tokens = [token(Role.MERCHANT, f"caller-{number}", shop) for number in range(size)]
    each = [Subscription(one, ONE, {"id": shop}) for one in tokens]
    yield Scenario("b. one merchant, one caller for each client", each, alone, [shop])
    own = [merchants[number % len(merchants)] for number in range(size)]
    tokens = [token(Role.MERCHANT, f"caller-{number}", name) for number, name in enumerate(own)]
    each = [Subscription(one, ONE, {"id": name}) for one, name in zip(tokens, own, strict=True)]
    expected = [[name] for name in own]
    yield Scenario(
        "c. four clients for each merchant, one commit for each merchant", each, expected, merchants
    )
    yield Scenario(
        "c. four clients for each merchant, one commit for all merchants",
        each,
        expected,
        merchants,
        together=True,
    )
    operators = max(size // 40, 2)
    tokens = [token(Role.OPERATOR, f"operator-{number}") for number in range(operators)]
    each = [Subscription(one, ALL, {}, silent=True) for one in tokens]
    yield Scenario("d. operators, one commit for each merchant", each, [merchants] * operators, merchants)
    streamed = Subscription(same.token, ONE, same.variables, streamed=True)
    yield Scenario("e. one merchant, one caller, event streams", [streamed] * size, alone, [shop], idles=True)


async def _measure(scenario: Scenario, deployment: Deployment, rounds: int, idle_seconds: float) -> Result:
    replica = deployment.replicas[0]
    if replica.process is None:
        raise RuntimeError("the service does not run")
    service = psutil.Process(replica.process.popen.pid)
    expected = Counter((number, name) for number, names in enumerate(scenario.expected) for name in names)
    result = Result(scenario.title, len(scenario.subscriptions), expected.total())
    audience = Audience()
    async with asyncio.timeout(10 * PATIENCE), _changing(deployment, together=scenario.together) as change:
        async with watching(replica.url, scenario.subscriptions[:1], audience):
            pass  # the one-time costs of the first client must not be measured
        await asyncio.sleep(0.2)
        before, cpu, at = service.memory_info().rss, _cpu(service), time.monotonic()
        async with watching(replica.url, scenario.subscriptions, audience):
            result.opened, result.opened_cpu = time.monotonic() - at, _cpu(service) - cpu
            result.memory = (service.memory_info().rss - before) / result.clients
            if scenario.idles and idle_seconds:
                cpu = _cpu(service)
                await asyncio.sleep(idle_seconds)
                result.idle = (_cpu(service) - cpu) / idle_seconds
            await _warm_up(scenario, audience, change)
            for number in range(rounds):
                email = f"round-{number}@shop.example"
                audience.expect(email, result.messages)
                cpu = _cpu(service)
                committed = await change(scenario.changed, email)
                await audience.complete(PATIENCE)
                await asyncio.sleep(0.3)  # duplicates may arrive in this time
                cpu = _cpu(service) - cpu
                received = [(one.at, one.watcher, _merchant(one.message, email)) for one in audience.received]
                if (seen := Counter((watcher, name) for _, watcher, name in received)) != expected:
                    lost, extra = (expected - seen).total(), (seen - expected).total()
                    result.problems.append(f"round {number}: {lost} messages lost, {extra} unexpected")
                    continue
                result.size = len(audience.received[0].message)
                latencies = [at - committed[name] for at, _, name in received]
                last = max(at for at, _, _ in received) - max(committed.values())
                result.rounds.append(Round(latencies, last, cpu))
        await asyncio.sleep(min(idle_seconds, 2.0))
        result.left = (service.memory_info().rss - before) / result.clients
    return result


async def _warm_up(scenario: Scenario, audience: Audience, change: Change) -> None:
    """Repeat the change until all clients receive it, which shows that all are subscribed."""
    for number in range(20):
        audience.expect(email := f"warm-up-{number}@shop.example", sum(map(len, scenario.expected)))
        await change(scenario.changed, email)
        if await audience.complete(PATIENCE if number else 5):
            return
    raise RuntimeError("some clients do not receive a change")


def _merchant(message: bytes, email: str) -> str:
    """Return the external id of the merchant in a message, or "" if the message has errors or is not about
    this change.
    """
    content = orjson.loads(message)
    payload = content.get("payload", content)
    if payload.get("errors"):
        return ""
    (merchant,) = payload["data"].values()
    return str(merchant["externalId"]) if merchant["contactEmail"] == email else ""


@contextlib.asynccontextmanager
async def _changing(deployment: Deployment, *, together: bool) -> AsyncIterator[Change]:
    if not deployment.database_url.startswith("sqlite"):
        async with changes.changing(deployment.database_url) as changer:

            async def commit(external_ids: Sequence[str], email: str) -> dict[str, float]:
                return await changer.change(external_ids, email, together=together)

            yield commit
        return
    async with httpx.AsyncClient(
        base_url=deployment.replicas[0].url, headers=deployment.headers, timeout=PATIENCE, trust_env=False
    ) as http:

        async def update(external_ids: Sequence[str], email: str) -> dict[str, float]:
            (name,) = external_ids
            at = time.monotonic()
            body = {"query": UPDATE, "variables": {"id": name, "email": email}}
            answer = (await http.post("/graphql", json=body)).json()
            if answer["data"]["updateMerchant"]["__typename"] != "UpdateMerchantPayload":
                raise RuntimeError(f"the merchant could not be changed: {answer}")
            return {name: at}

        yield update


def _cpu(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


HEAD = (
    "scenario",
    "clients",
    "messages",
    "first ms",
    "median ms",
    "p99 ms",
    "last ms",
    "CPU s",
    "CPU µs/message",
)
OPEN_HEAD = (
    "scenario",
    "clients",
    "opened in s",
    "CPU ms/client",
    "kB/client",
    "kB/client left",
    "idle CPU %",
)


def _row(result: Result) -> tuple[str, ...]:
    def middle(of: Callable[[Round], float]) -> float:
        return median(map(of, result.rounds))

    figures = (
        middle(lambda one: min(one.latencies)),
        middle(lambda one: median(one.latencies)),
        middle(lambda one: quantiles(one.latencies, n=100)[98]),
        middle(lambda one: one.last),
    )
    cpu = middle(lambda one: one.cpu)
    return (
        result.title,
        f"{result.clients:,}",
        f"{result.messages:,} of {result.size / 1000:.1f} kB",
        *(f"{seconds * 1000:.0f}" for seconds in figures),
        f"{cpu:.2f}",
        f"{cpu / result.messages * 1e6:.0f}",
    )


def _open_row(result: Result) -> tuple[str, ...]:
    return (
        result.title,
        f"{result.clients:,}",
        f"{result.opened:.1f}",
        f"{result.opened_cpu / result.clients * 1000:.2f}",
        f"{result.memory / 1000:.1f}",
        f"{result.left / 1000:.1f}",
        f"{result.idle * 100:.1f}" if result.idle is not None else "",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@click.command()
@click.option(
    "--database",
    type=click.Choice(["sqlite", "postgresql", "portable"]),
    default="postgresql",
    show_default=True,
)
@click.option(
    "--size", default=SIZE, show_default=True, type=click.IntRange(min=10), help="Number of clients."
)
def main(database: str, size: int) -> None:
    """Measure the service; exit with 1 if a message was lost or unexpected."""
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exiting stops the child processes
    _, maximum = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (maximum, maximum))  # the service inherits the limit
    load = os.getloadavg()[0]
    click.echo(
        f"{database}, {size} clients, medians of {ROUNDS} rounds; {os.cpu_count()} processors in total, "
        f"load before {load:.2f}, Python {platform.python_version()}, {platform.system()}"
    )
    if database == "sqlite":
        click.echo("A mutation makes each change. Times start at its request and include the local Stripe.")
    results = []
    with tempfile.TemporaryDirectory() as folder, empty(database, Path(folder)) as url:
        for result in measure(url, Path(folder), size=size):
            click.echo(f"{result.title}: {len(result.rounds)} rounds", err=True)
            results.append(result)
    click.echo(_table(HEAD, [_row(result) for result in results if result.rounds]))
    click.echo()
    click.echo(_table(OPEN_HEAD, [_open_row(result) for result in results]))
    problems = [f"PROBLEM {result.title}: {problem}" for result in results for problem in result.problems]
    for problem in problems:
        click.echo(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
