"""The feed delivers the committed changes of all processes to the subscribers in this process.

A change carries only ids. A subscriber reads the object again, so it gets the newest state. Several changes
may arrive as one, but an older state never arrives after a newer one. An interruption of the feed can lose
changes, so every subscriber reads everything again afterwards.
"""

import asyncio
import contextlib
import functools
import json
import random
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import structlog

from connect.merchants.rules.document import Document
from connect.platform.batcher import Batcher
from models import changes, outage
from models.changes import Change
from models.sql import Select

T = TypeVar("T")

# A topic is one object (kind, id), all objects of a merchant (kind, merchant id), or all objects of a kind
# (kind, None).
Topic = tuple[str, uuid.UUID | None]

# The maximum number of ids in a mailbox. A subscriber that falls further behind reads everything again.
MAX_WAITING = 1000
# The maximum number of rows that one statement reads, and of ids that one call of `Mailbox.take` returns. A
# slow subscriber keeps up to this many rows in memory.
BATCH = 50
# The maximum pause between attempts to listen, in seconds. The pause doubles with each failure.
MAX_PAUSE = 2.0
# PostgreSQL counts this many rows with an index in 30 to 90 ms, and a million in 110 to 190 ms
# (docs/performance.md). Below this number, the results are not kept, and each query counts again.
MANY = 400_000
KEPT_SECONDS = 5.0

# Each attempt leaves a listening session behind in a pooler, so the attempts are rare.
UNDELIVERED_PAUSE = 30.0
UNDELIVERED = (
    "Changes do not arrive. The address for listening may belong to a pooler in transaction mode, or to "
    "another database. Set CONNECTQL_DATABASE_DIRECT_URL to the address of the same "
    "database without the pooler."
)


class Table(NamedTuple):
    """A table with the columns `id` and `row_version`, and with columns for documents.

    `owner` is the column with the merchant's external id.
    """

    name: str
    owner: str


MERCHANTS = Table("merchant", "external_id")
PAYMENTS = Table("payment", "merchant_external_id")
DISPUTES = Table("dispute", "merchant_external_id")
PAYOUTS = Table("payout", "merchant_external_id")

# A function that returns the SQL conditions of a query. It adds their values to the given statement.
Conditions = Callable[[Select], list[str]]
Flush = Callable[[list[list[uuid.UUID]]], Awaitable[Any]]

log = structlog.get_logger("feed")


@dataclass(eq=False)
class SharedRow:
    """A row that was read once for several subscribers.

    `owner` is the external id of the row's merchant. `results` caches the answers that are computed from the
    row, by operation.
    """

    id: uuid.UUID
    owner: str
    row_version: int
    # None if the row's document for this caller is not built yet.
    text: str | None = field(repr=False)
    results: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    # The trace that made the last change, if it is recorded (see `models.origin`).
    origin: str | None = None

    @cached_property
    def document(self) -> Document:
        if self.text is None:
            raise ValueError("a document that is not built")
        document: Document = json.loads(self.text)
        return document


class Mailbox:
    """The ids of changed objects that one subscriber has not read yet."""

    def __init__(self) -> None:
        self._waiting: dict[uuid.UUID, None] = {}  # in the order of the objects' first changes
        self._missed = False
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, key: uuid.UUID | None) -> None:
        """Add the id of a changed object. None means that any object may have changed."""
        if key is not None and not self._missed:
            self._waiting[key] = None
        if key is None or len(self._waiting) > MAX_WAITING:
            self._missed = True
            self._waiting.clear()
        self._filled.set()

    async def wait(self) -> None:
        """Wait for changes, and leave them in the mailbox."""
        await self._filled.wait()

    def empty(self) -> None:
        """Remove all changes."""
        self._waiting.clear()
        self._missed = False
        self._filled.clear()

    async def take(self) -> list[uuid.UUID] | None:
        """Wait for changes and return at most BATCH ids, oldest first.

        None means that any object may have changed.
        """
        await self._filled.wait()
        if self._missed:
            self._missed = False
            self._filled.clear()
            return None
        keys = [key for key, _ in zip(self._waiting, range(BATCH), strict=False)]
        for key in keys:
            del self._waiting[key]
        if not self._waiting:
            self._filled.clear()
        return keys


class Feed:
    """The mailboxes of this process, and the listener that fills them."""

    def __init__(self, *, undelivered_pause: float = UNDELIVERED_PAUSE) -> None:
        self.listening = asyncio.Event()
        # True if no notification has ever arrived and the last attempt received none. Then the address may be
        # that of a pooler or of another database.
        self.is_undelivered = False
        self._undelivered_pause = undelivered_pause
        self.mailboxes: dict[Topic, set[Mailbox]] = {}
        self._batchers: dict[Hashable, Batcher[list[uuid.UUID], Any]] = {}
        # The origins of the last changes, by the id of the changed object.
        self._origins: OrderedDict[uuid.UUID, str] = OrderedDict()
        # The results of `share_counts`, each with the time until which it is kept.
        self._kept: dict[Hashable, tuple[float, Any]] = {}

    async def listen(self, database_url: str) -> None:
        """Deliver changes until cancelled. Reconnects after a lost connection."""
        failures, has_listened = 0, False

        def ready() -> None:
            nonlocal failures, has_listened
            failures = 0
            self.is_undelivered, has_listened = False, True
            self.listening.set()
            log.info("listening")
            self.miss()

        while True:
            try:
                await changes.listen(database_url, self.deliver, ready)
            except Exception as error:
                failures += 1
                self.is_undelivered = isinstance(error, changes.Undelivered) and not has_listened
                if isinstance(error, changes.Undelivered):
                    log.warning("not_listening", reason=error.reason, remedy=UNDELIVERED)
                elif reason := outage.reason(error):
                    log.warning("not_listening", reason=reason)
                else:
                    log.exception("listening_failed")
            finally:
                self.listening.clear()
            # The jitter spreads the reconnections, because all replicas may lose their connections at the
            # same moment.
            pause = min(0.1 * 2 ** min(failures, 10), MAX_PAUSE)
            if self.is_undelivered:
                pause = self._undelivered_pause
            await asyncio.sleep(random.uniform(0.5, 1) * pause)  # noqa: S311

    def deliver(self, change: Change) -> None:
        if change.id is not None and (change.origin is not None or self._origins):
            self._note_origin(change.id, change.origin)
        for key in {change.id, change.owner, None}:
            for mailbox in self.mailboxes.get((change.kind, key), ()):
                mailbox.put(change.id)

    def _note_origin(self, key: uuid.UUID, origin: str | None) -> None:
        self._origins.pop(key, None)
        if origin is not None:
            self._origins[key] = origin
            if len(self._origins) > MAX_WAITING:
                self._origins.popitem(last=False)

    def miss(self) -> None:
        """Make all subscribers read everything again, because changes may be lost."""
        for mailboxes in self.mailboxes.values():
            for mailbox in mailboxes:
                mailbox.put(None)

    @contextlib.contextmanager
    def mailbox(self, *topics: Topic) -> Iterator[Mailbox]:
        """A mailbox for the changes of these topics while the context is open."""
        mailbox = Mailbox()
        for topic in topics:
            self.mailboxes.setdefault(topic, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            for topic in topics:
                self.mailboxes[topic].discard(mailbox)
                if not self.mailboxes[topic]:
                    del self.mailboxes[topic]

    async def read(
        self,
        table: Table,
        share_key: Hashable,
        conditions: Conditions,
        ids: list[uuid.UUID],
        document: str = "document",
    ) -> dict[uuid.UUID, SharedRow]:
        """Read the current rows with these ids that meet the conditions.

        `document` is the SQL expression for the document that the callers may read. Concurrent callers with
        an equal `share_key` and `document` share the reads and the row objects. The key must include every
        value that the conditions depend on.
        """

        async def flush(groups: list[list[uuid.UUID]]) -> list[dict[uuid.UUID, SharedRow]]:
            keys = list({key for group in groups for key in group})
            rows: dict[uuid.UUID, SharedRow] = {}
            for start in range(0, len(keys), BATCH):
                batch = await read_rows(table, conditions, keys[start : start + BATCH], document)
                rows |= {row.id: row for row in batch}
            for key in self._origins.keys() & rows.keys():
                rows[key].origin = self._origins[key]
            return [rows] * len(groups)

        rows = await self._submit((table, document, share_key), flush, ids)
        return {key: rows[key] for key in ids if key in rows}

    async def share(self, share_key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Call `read` and return its result.

        If callers with an equal `share_key` arrive while a call is running, one later call serves all of
        them.
        """

        async def flush(callers: list[list[uuid.UUID]]) -> list[T]:
            return [await read()] * len(callers)

        result: T = await self._submit(share_key, flush, [])
        return result

    async def share_counts(
        self, share_key: Hashable, read: Callable[[], Awaitable[dict[T, int]]], *, is_anew: bool = False
    ) -> dict[T, int]:
        """Like `share`, for numbers of rows. If the numbers add up to MANY or more, they are kept for
        KEPT_SECONDS.

        If `is_anew` is true, `read` is called even if a result is kept. The number of different keys must be
        small, because expired results stay in memory.
        """
        begun = time.monotonic()
        until, kept = self._kept.get(share_key, (0.0, {}))
        counts: dict[T, int] = kept
        if begun < until and not is_anew:
            return counts
        counts = await self.share(share_key, read)
        if sum(counts.values()) >= MANY:
            self._kept[share_key] = begun + KEPT_SECONDS, counts
        return counts

    async def _submit(self, share_key: Hashable, flush: Flush, ids: list[uuid.UUID]) -> Any:
        batcher = self._batchers.get(share_key)
        if batcher is None:
            # Remove the batcher even if all its callers are cancelled during the read.
            forget = functools.partial(self._batchers.pop, share_key, None)
            batcher = self._batchers[share_key] = Batcher(flush, on_idle=forget)
        return await batcher.submit(ids)


async def read_rows(
    table: Table, conditions: Conditions, ids: list[uuid.UUID], document: str = "document"
) -> list[SharedRow]:
    """Read the rows with these ids that meet the conditions."""
    statement = Select()
    return await _read(statement, table, [*conditions(statement), statement.is_any("id", ids)], document)


async def read_after(table: Table, conditions: Conditions, last: uuid.UUID) -> list[SharedRow]:
    """Read the next BATCH rows after this id that meet the conditions, oldest first."""
    statement = Select()
    return await _read(statement, table, [*conditions(statement), f"id > {statement.value(last)}"])


async def _read(
    statement: Select, table: Table, conditions: list[str], document: str = "document"
) -> list[SharedRow]:
    columns = "id", table.owner, "row_version", document
    rows = await statement.rows(columns, table.name, conditions, ["id"], BATCH)
    return [SharedRow(uuid.UUID(str(key)), *rest) for key, *rest in rows]
