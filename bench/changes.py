"""A process that changes merchants directly in the database, with the service's own code.

Each line on standard input contains the external ids of merchants and a new e-mail address. The process
answers with a line that contains the commit times. They are times of the monotonic clock, which all processes
share. The process ends when its input ends.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence

from tortoise.transactions import in_transaction

from connect.merchants.mirror import documents
from models import ConnectedAccount, Merchant, database
from models.transactions import repeatable
from testing import portable
from testing.processes import ROOT

# The number of concurrent transactions. The pool has about this number of connections for transactions.
AT_ONCE = 10


class Changer:
    """Sends orders to the process, and receives its answers."""

    def __init__(self, orders: asyncio.StreamWriter, answers: asyncio.StreamReader) -> None:
        self._orders = orders
        self._answers = answers

    async def change(
        self, external_ids: Sequence[str], email: str, *, together: bool = False
    ) -> dict[str, float]:
        """Set the e-mail address of merchants, and return the commit time of each change.

        Each merchant is changed in its own transaction, or all in one transaction if `together` is true.
        """
        order = {"ids": list(external_ids), "email": email, "together": together}
        self._orders.write(json.dumps(order).encode() + b"\n")
        line = await self._answers.readline()
        if not line:
            raise RuntimeError("the process that changes merchants has ended")
        committed: dict[str, float] = json.loads(line)
        return committed


@contextlib.asynccontextmanager
async def changing(database_url: str) -> AsyncIterator[Changer]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.changes", database_url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process that changes merchants has no pipes")
        yield Changer(process.stdin, process.stdout)
    finally:
        process.kill()
        await process.wait()


async def _serve(database_url: str) -> None:
    await database.connect(database_url, profile=portable.profile(database_url))
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            work = _change_together if order["together"] else _change_each
            sys.stdout.write(json.dumps(await work(order["ids"], order["email"])) + "\n")
            sys.stdout.flush()
    finally:
        await database.close()


async def _change_each(external_ids: Sequence[str], email: str) -> dict[str, float]:
    turns = asyncio.Semaphore(AT_ONCE)
    committed: dict[str, float] = {}

    async def change(external_id: str) -> None:
        async with turns:
            await _change([external_id], email)
            committed[external_id] = time.monotonic()

    async with asyncio.TaskGroup() as group:
        for external_id in external_ids:
            group.create_task(change(external_id))
    return committed


async def _change_together(external_ids: Sequence[str], email: str) -> dict[str, float]:
    await _change(external_ids, email)
    return dict.fromkeys(external_ids, time.monotonic())


@repeatable
async def _change(external_ids: Sequence[str], email: str) -> None:
    """Change merchants in one transaction."""
    async with in_transaction():
        for external_id in external_ids:
            merchant = await Merchant.select_for_update().get(external_id=external_id)
            account = await ConnectedAccount.get(merchant_id=merchant.id)
            merchant.contact_email = email
            await documents.save(merchant, account)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(sys.argv[1]))
