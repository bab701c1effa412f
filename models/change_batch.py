"""The feed on servers without LISTEN: numbered batches of committed changes, which every process polls.

A transaction inserts its changes into `pending_change`. A process that finds pending changes moves them into
the next batch with one statement. A change stays pending until its transaction has committed and a batch
contains it. So no change is skipped, even if its transaction commits late. A batch becomes visible only after
all earlier batches, because its number follows the number of the newest committed batch, and the primary key
lets only one process create it (docs/decisions/0042).
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

import asyncpg  # type: ignore[import-untyped]
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model

from models import outage
from models.statements import read

POLL_SECONDS = 0.25
# The maximum number of changes in a batch, and the maximum number of batches that one statement reads.
MAX_CHANGES = 1000
MAX_BATCHES = 100
# Batches are kept for the duration KEEP. Every DELETE_SECONDS, each process deletes older batches.
KEEP = timedelta(minutes=5)
DELETE_SECONDS = 60.0

INSERT = "INSERT INTO pending_change (id, payload) SELECT gen_random_uuid(), "

# The first batch is empty. It only gives the first listener a number to start from.
_FIRST = """
INSERT INTO change_batch (number, changes, made_at)
SELECT 1, '', statement_timestamp() WHERE NOT EXISTS (SELECT 1 FROM change_batch) ON CONFLICT DO NOTHING
"""
_MOVE = f"""
WITH moved AS (
  DELETE FROM pending_change WHERE id = ANY(ARRAY(SELECT id FROM pending_change LIMIT {MAX_CHANGES}))
  RETURNING payload
)
INSERT INTO change_batch (number, changes, made_at)
SELECT (SELECT max(number) FROM change_batch) + 1, string_agg(DISTINCT payload, ' '), statement_timestamp()
FROM moved HAVING count(*) > 0
RETURNING number
"""  # noqa: S608 - our own text
_READ = f"""
SELECT number, changes, EXISTS (SELECT 1 FROM pending_change) FROM change_batch
WHERE number >= $1 ORDER BY number LIMIT {MAX_BATCHES}
"""  # noqa: S608 - our own text
_DELETE = "DELETE FROM change_batch WHERE number < $1 AND made_at < statement_timestamp() - $2::interval"


class PendingChange(Model):
    """A published change that no batch contains yet. `payload` is the text of `models.changes.Change`."""

    # The id is random, because increasing keys would send all inserts to one node of a distributed database.
    id = fields.UUIDField(primary_key=True)
    payload = fields.CharField(max_length=255)

    class Meta:
        table = "pending_change"


class ChangeBatch(Model):
    """Committed changes: their payloads, separated by spaces. The numbers have no gaps."""

    number = fields.BigIntField(primary_key=True, generated=False)
    changes = fields.TextField()
    made_at = fields.DatetimeField()

    class Meta:
        table = "change_batch"


async def poll(receive: Callable[[str], None], on_ready: Callable[[], None]) -> None:
    """Call `on_ready`, then `receive` for the payload of each later change, until cancelled.

    If the database is unavailable, or if batches were deleted before this process has read them, raises an
    error that `models.outage` recognizes.
    """
    client, clock = get_connection("default"), asyncio.get_running_loop().time
    await client.execute_query(_FIRST)
    last = (await read(client, "SELECT max(number) FROM change_batch", []))[0][0]
    on_ready()
    delete_at = clock() + DELETE_SECONDS
    while True:
        # Read the last batch again. If it is missing, the batches after it may be missing, too.
        batches = await read(client, _READ, [last])
        if not batches or batches[0][0] != last:
            raise outage.Unavailable("changes were deleted before they were read")
        for _, changes, _ in batches[1:]:
            for payload in changes.split():
                receive(payload)
        last, _, is_pending = batches[-1]
        if is_pending and await _move():
            continue  # deliver the new batch without a pause
        if clock() >= delete_at:
            delete_at = clock() + DELETE_SECONDS
            await client.execute_query(_DELETE, [last, KEEP])
        if len(batches) < MAX_BATCHES:
            await asyncio.sleep(POLL_SECONDS)


async def _move() -> bool:
    """Move pending changes into the next batch. Returns False if another process has moved them or if there
    are none.
    """
    with contextlib.suppress(asyncpg.UniqueViolationError):  # another process has created the batch
        # `read` runs at READ COMMITTED (docs/decisions/0042). A serializable statement would conflict with
        # transactions that publish at the same time.
        return bool(await read(get_connection("default"), _MOVE, []))
    return False
