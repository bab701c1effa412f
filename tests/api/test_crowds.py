"""Many concurrent mutations of one merchant: other merchants and /readyz do not wait for them."""

import asyncio
import contextlib
import gc
import json
import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg  # type: ignore[import-untyped]
import pytest

from testing.faults import clear_faults
from testing.service import Service, eventually
from testing.subscribers import socket

UPDATE = """
mutation { updateMerchant(input: {merchant: {externalId: "shop-1"}, displayName: "New"}) { __typename } }
"""


@contextlib.asynccontextmanager
async def readiness(service: Service) -> AsyncIterator[list[int]]:
    """Wait until the service is ready, then poll /readyz. Yields the growing list of statuses."""
    statuses: list[int] = []

    async def is_ready() -> bool:
        return (await service.http.get("/readyz")).status_code == 200

    async def ask() -> None:
        while True:
            statuses.append((await service.http.get("/readyz")).status_code)
            await asyncio.sleep(0.1)

    await eventually(is_ready)
    asking = asyncio.create_task(ask())
    try:
        yield statuses
        await answers(statuses)
    finally:
        asking.cancel()
        await asyncio.wait({asking})


async def answers(statuses: list[int]) -> None:
    """Wait for the answer to a request to /readyz that is sent after this call."""
    count = len(statuses)

    async def has_answered() -> bool:
        return len(statuses) > count + 1

    await eventually(has_answered)


@contextlib.asynccontextmanager
async def updates(service: Service, count: int) -> AsyncIterator[list[asyncio.Task[bytes]]]:
    """Send mutations of shop-1, each on its own connection, and close the connections at the end.

    Yields the tasks that wait for the answers.
    """
    body = json.dumps({"query": UPDATE})
    request = (
        f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {service.token()}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    connections = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", service.settings.port) for _ in range(count))
    )
    for _, writer in connections:
        writer.write(request)
        await writer.drain()
    waiting = [asyncio.create_task(reader.read(1)) for reader, _ in connections]
    try:
        yield waiting
    finally:
        for update in waiting:
            update.cancel()
        for _, writer in connections:
            writer.transport.abort()


async def has_called_stripe(service: Service) -> bool:
    calls = service.simulator.control("calls")["calls"]
    return int(calls.get("POST /v2/core/accounts/{id}", 0)) > 0


async def are_waiting(connection: asyncpg.Connection, count: int) -> bool:
    """Whether exactly this many connections wait for a lock."""
    waiting = "wait_event_type = 'Lock' AND datname = current_database()"
    return bool(await connection.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}") == count)


@contextlib.contextmanager
def slow_updates(service: Service) -> Iterator[None]:
    """Stripe answers no update while the context is open."""
    fault = {"path": "/v2/core/accounts/{id}", "method": "POST", "kind": "delay", "seconds": 60, "times": 999}
    service.simulator.control("faults", fault)
    yield
    clear_faults(service)


@pytest.mark.by_hand
async def test_other_merchants_are_created_while_stripe_does_not_answer_updates_of_one(
    service: Service,
) -> None:
    await service.create("shop-1")
    with slow_updates(service):
        async with readiness(service) as statuses, updates(service, 110) as waiting:
            await eventually(lambda: has_called_stripe(service))
            assert (await service.create("shop-2"))["created"]
            await answers(statuses)
            # Some mutations may have been refused at once, but those that wait for Stripe still wait.
            assert not all(update.done() for update in waiting)
    assert set(statuses) == {200}


@pytest.fixture
def garbage_collected() -> Iterator[None]:
    """Collect the garbage of the test after its service has stopped, so that no other test reports it."""
    yield
    gc.collect()


# graphql-core leaves coroutines unawaited if an operation is cancelled before they start. On PostgreSQL, a
# cancelled operation sometimes leaves a socket to the garbage collector. The driver's cancel requests are
# the probable cause.
@pytest.mark.filterwarnings("ignore:coroutine 'Executor.* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_other_merchants_are_created_after_four_hundred_cancelled_operations_on_one(
    garbage_collected: None,  # noqa: ARG001 -- first, so that it ends after the service
    service: Service,
) -> None:
    await service.create("shop-1")
    read = '{ merchant(by: {externalId: "shop-1"}) { timeline { edges { node { kind } } } } }'
    async with readiness(service) as statuses:
        for query in (UPDATE, read):
            async with contextlib.AsyncExitStack() as clients:
                for _ in range(10):
                    client = await clients.enter_async_context(socket(service, token=service.token()))
                    for number in range(20):
                        await client.subscribe(query, id=str(number))
                    clients.callback(client.connection.transport.abort)
        assert (await service.create("shop-2"))["created"]
        assert (await service.merchant("shop-1", "externalId")) == {"externalId": "shop-1"}
    assert set(statuses) == {200}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_other_merchants_are_created_while_one_is_locked_in_the_database(
    service: Service, database_url: str
) -> None:
    await service.create("shop-1")
    other = await asyncpg.connect(database_url)
    locked = other.transaction()
    await locked.start()
    assert await other.fetchval("SELECT id FROM merchant WHERE external_id = 'shop-1' FOR UPDATE")
    async with readiness(service) as statuses, updates(service, 110):
        await eventually(lambda: are_waiting(other, 1))
        # The test makes few creations, because a waiting statement gives up after ten seconds.
        created = await asyncio.gather(*(service.create(f"shop-{number}") for number in range(2, 5)))
        assert [one["created"] for one in created] == [True] * 3
        await answers(statuses)
        assert await are_waiting(other, 1)  # the other mutations wait without a database connection
        await locked.rollback()
        assert (await service.create(f"shop-{uuid.uuid4().hex}"))["created"]
    await other.close()
    assert set(statuses) == {200}
