"""What was committed: a merchant's id, told to every process that listens, and nothing else of it.

On PostgreSQL it is NOTIFY inside the transaction, which the server sends when that commits
(https://www.postgresql.org/docs/current/sql-notify.html), and LISTEN on a connection of its own. On SQLite it
is a call in memory after the commit: other processes hear nothing.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from typing import Any

from tortoise.connection import get_connection

from models import database, outage

CHANNEL = "connectql_merchant"
PURPOSE = "feed"

# How often the listening connection sends itself a word, and how long that may take. It finds what no error
# tells of: a network that swallows everything, a proxy between transactions.
CHECK_SECONDS = 5.0


async def publish(merchant_id: uuid.UUID) -> None:
    """Tell of a change of this merchant: when the transaction under way commits, or never."""
    connection: Any = get_connection("default")
    if connection.capabilities.dialect == "sqlite":
        connection.tell(str(merchant_id))
    else:
        await connection.execute_query("SELECT pg_notify($1, $2)", [CHANNEL, str(merchant_id)])


async def listen(url: str, heard: Callable[[uuid.UUID], None], ready: Callable[[], None]) -> None:
    """Call `ready` once listening, then `heard` for each change, until cancelled.

    What was committed before `ready` is not heard. Raises what `models.outage` knows when the connection is
    lost: what is committed until it listens again is not heard either.
    """

    def hear(payload: object) -> None:
        with contextlib.suppress(ValueError):  # somebody else's
            heard(uuid.UUID(str(payload)))

    credentials = database.config(url)["connections"]["default"]["credentials"]
    if "file_path" in credentials:
        await _listen_in_memory(hear, ready)
    else:
        await _listen_to_server(credentials, hear, ready)


async def _listen_in_memory(hear: Callable[[object], None], ready: Callable[[], None]) -> None:
    client: Any = get_connection("default")
    client.listeners.add(hear)
    try:
        ready()
        await asyncio.Event().wait()
    finally:
        client.listeners.discard(hear)


async def _listen_to_server(
    credentials: dict[str, Any], hear: Callable[[object], None], ready: Callable[[], None]
) -> None:
    connection = await database.connect_to_server(credentials, purpose=PURPOSE, command_timeout=CHECK_SECONDS)
    lost, echoed = asyncio.Event(), asyncio.Event()

    def lose(_connection: object) -> None:
        lost.set()
        echoed.set()  # nobody need wait for that now

    try:
        connection.add_termination_listener(lose)
        own = f"{CHANNEL}_{connection.get_server_pid()}"
        with outage.marked():
            await connection.add_listener(CHANNEL, lambda *heard: hear(heard[3]))
            await connection.add_listener(own, lambda *_: echoed.set())
        ready()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), CHECK_SECONDS)
            if lost.is_set():
                raise outage.Unavailable("connection lost")
            echoed.clear()
            with outage.marked():
                await connection.execute("SELECT pg_notify($1, '')", own)
                await asyncio.wait_for(echoed.wait(), CHECK_SECONDS)
    finally:
        connection.terminate()  # nothing of it is worth waiting for
