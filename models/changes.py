"""Publishes committed changes to every listening process. A change names the kind and id of an object.

On PostgreSQL, the transaction runs NOTIFY, and the server notifies the listeners when the transaction commits
(https://www.postgresql.org/docs/current/sql-notify.html). A separate connection runs LISTEN. With the
portable profile, listeners poll a table (`models.change_batch`). On SQLite, a function call after the commit
notifies the listeners of the same process only.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from tortoise.connection import get_connection

from models import change_batch, database, outage
from models.engine.asyncpg import connect_to_server
from models.origin import origin

CHANNEL = "connectql_changes"
# The kind of a change of the platform's state, such as a new problem. Such a change has no id.
PLATFORM = "platform"
PURPOSE = "feed"

# The payload `~origin~change` announces the origin of the next payload, `change`. Listeners of earlier
# releases ignore announcements.
ORIGIN = "~"
# The maximum number of announced origins for which the change has not arrived yet.
MAX_ANNOUNCED = 1000

# The listening connection notifies itself at this interval. The notification must then arrive within the same
# time. This detects failures that raise no error, such as a network that drops packets.
CHECK_SECONDS = 5.0


class Change(NamedTuple):
    """A changed object, or any object of the kind if `id` is None. `owner` is the id of its merchant.

    `origin` is the trace that made the change, if it is recorded (see `models.origin`).
    """

    kind: str
    id: uuid.UUID | None = None
    owner: uuid.UUID | None = None
    origin: str | None = None

    @property
    def payload(self) -> str:
        """`kind`, `kind:id` or `kind:id:owner`."""
        return ":".join(str(part) for part in self[:3] if part is not None)


def parse(payload: str) -> Change:
    """Parse a payload. Raises ValueError for any other text."""
    kind, *ids = payload.split(":")
    if not kind.isalpha() or len(ids) > 2:
        raise ValueError(payload)
    key, owner = [*map(uuid.UUID, ids), None, None][:2]
    return Change(kind, key, owner)


async def publish(change: Change) -> None:
    """Notify the listeners about a change when the current transaction commits."""
    connection: Any = get_connection("default")
    payloads = [change.payload]
    if (trace := origin.get()) is not None:
        payloads.insert(0, f"{ORIGIN}{trace}{ORIGIN}{change.payload}")
    if connection.capabilities.dialect == "sqlite":
        for payload in payloads:
            connection.tell(payload)
    elif connection.is_portable:  # the changes in a batch have no order, so origins are left out
        await connection.execute_query(f"{change_batch.INSERT}$1", [change.payload])
    else:
        # The listeners receive the notifications of a transaction in the order of the calls.
        calls = ", ".join(f"pg_notify($1, ${number})" for number in range(2, 2 + len(payloads)))
        await connection.execute_query(f"SELECT {calls}", [CHANNEL, *payloads])


async def listen(url: str, on_change: Callable[[Change], None], on_ready: Callable[[], None]) -> None:
    """Call `on_ready` as soon as a connection listens, then `on_change` for each change, until cancelled.

    If the connection is lost, raises an error that `models.outage` recognizes. If a change is committed while
    no connection listens, the listeners do not learn of it.
    """

    announced: dict[str, str] = {}

    def receive(payload: object) -> None:
        text = str(payload)
        with contextlib.suppress(ValueError):  # another application may use the channel
            if text.startswith(ORIGIN):
                _, trace, text = text.split(ORIGIN)
                if len(announced) >= MAX_ANNOUNCED:
                    announced.clear()
                announced[text] = trace
            else:
                on_change(parse(text)._replace(origin=announced.pop(text, None)))

    credentials = database.config(url)["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        await _listen_in_memory(receive, on_ready)
    elif _is_portable():
        await change_batch.poll(receive, on_ready)
    else:
        await _listen_to_server(credentials, receive, on_ready)


def _is_portable() -> bool:
    client: Any = get_connection("default")
    return bool(client.is_portable)


async def _listen_in_memory(receive: Callable[[object], None], on_ready: Callable[[], None]) -> None:
    client: Any = get_connection("default")
    client.listeners.add(receive)
    try:
        on_ready()
        await asyncio.Event().wait()
    finally:
        client.listeners.discard(receive)


class Undelivered(outage.Unavailable):
    """Notifications of this process do not arrive at its listening connection."""

    def __init__(self) -> None:
        super().__init__("notifications do not arrive")


async def _prove_delivery(channel: str, echoed: asyncio.Event) -> None:
    """Notify the listening connection over another connection. Raises Undelivered if the notification does
    not arrive within CHECK_SECONDS.

    If the listening connection notified itself, the notification could arrive even behind a pooler in
    transaction mode, or if only this connection leads to another database.
    """
    client: Any = get_connection("default")
    await client.execute_query("SELECT pg_notify($1, '')", [channel])
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await echoed.wait()
    except TimeoutError:
        raise Undelivered from None


async def _listen_to_server(
    credentials: dict[str, Any], receive: Callable[[object], None], on_ready: Callable[[], None]
) -> None:
    try:
        connection = await connect_to_server(credentials, purpose=PURPOSE, command_timeout=CHECK_SECONDS)
    except Exception as error:
        if outage.is_full(error):  # close another connection, so that the next attempt can succeed
            client: Any = get_connection("default")
            await client.spare()
        raise
    lost, echoed = asyncio.Event(), asyncio.Event()

    def lose(_connection: object) -> None:
        lost.set()
        echoed.set()  # ends the wait for a notification, which cannot arrive any more

    try:
        connection.add_termination_listener(lose)
        own = f"{CHANNEL}_{connection.get_server_pid()}"
        with outage.marked():
            await connection.add_listener(CHANNEL, lambda *arguments: receive(arguments[3]))
            await connection.add_listener(own, lambda *_: echoed.set())
        await _prove_delivery(own, echoed)
        on_ready()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await lost.wait()
            if lost.is_set():
                raise outage.Unavailable("connection lost")
            echoed.clear()
            with outage.marked():
                await connection.execute("SELECT pg_notify($1, '')", own)
                async with asyncio.timeout(CHECK_SECONDS):
                    await echoed.wait()
    finally:
        connection.terminate()  # a graceful close could take as long as the outage
