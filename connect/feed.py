"""The feed: takes committed changes from any process to the subscribers in this one.

Only ids travel. A subscriber reads the object again, so it gets the newest state: several changes may arrive
as one, and an older state never after a newer one. After an interruption of the feed anything may have
changed, so every subscriber reads again.
"""

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import structlog

from connect.batcher import Batcher
from connect.merchants.rules.document import Document
from models import changes, outage
from models.changes import Change
from models.sql import Select

T = TypeVar("T")

# One object by (kind, id), the objects of a merchant by (kind, merchant id), or all by (kind, None).
Topic = tuple[str, uuid.UUID | None]

# Ids in one mailbox. A subscriber that falls further behind reads everything again.
MAX_WAITING = 1000
# Rows of one statement, and ids that a mailbox hands out at once: a slow subscriber holds them meanwhile.
BATCH = 50
# Subscribers that may share one read; there are never as many.
MAX_SHARING = 1_000_000
# The pause between attempts to listen doubles up to this, in seconds.
MAX_PAUSE = 2.0

# Adds the conditions of a query to its statement.
Conditions = Callable[[Select], list[str]]
Flush = Callable[[list[list[uuid.UUID]]], Awaitable[Any]]

log = structlog.get_logger("feed")


@dataclass(eq=False)
class Reading:
    """A row as it was read once for several subscribers.

    `results` caches the answers that are made from it, by operation.
    """

    id: uuid.UUID
    external_id: str
    row_version: int
    text: str = field(repr=False)
    results: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def document(self) -> Document:
        document: Document = json.loads(self.text)
        return document


class Mailbox:
    """The changes that one subscriber has not looked at yet."""

    def __init__(self) -> None:
        self._waiting: dict[uuid.UUID, None] = {}  # in the order of their first change
        self._missed = False
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, key: uuid.UUID | None) -> None:
        """Add a changed id; None if anything may have changed."""
        if key is not None and not self._missed:
            self._waiting[key] = None
        if key is None or len(self._waiting) > MAX_WAITING:
            self._missed = True
            self._waiting.clear()
        self._filled.set()

    async def take(self) -> list[uuid.UUID] | None:
        """Wait for at most BATCH changed ids, the oldest first; None if anything may have changed."""
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
    """The mailboxes of this process, and the one listener that fills them."""

    def __init__(self) -> None:
        self.listening = asyncio.Event()
        self.mailboxes: dict[Topic, set[Mailbox]] = {}
        self._batchers: dict[Hashable, Batcher[list[uuid.UUID], Any]] = {}

    async def listen(self, database_url: str) -> None:
        """Deliver changes until cancelled. Reconnects after a lost connection."""
        failures = 0

        def ready() -> None:
            nonlocal failures
            failures = 0
            self.listening.set()
            log.info("listening")
            self.miss()

        while True:
            try:
                await changes.listen(database_url, self.deliver, ready)
            except Exception as error:
                reason = outage.reason(error)
                if reason is not None:
                    log.warning("not_listening", reason=reason)
                else:
                    log.exception("listening_failed")
                failures += 1
            finally:
                self.listening.clear()
            # With jitter, as all replicas lose their connections at once.
            await asyncio.sleep(random.uniform(0.5, 1) * min(0.1 * 2 ** min(failures, 10), MAX_PAUSE))  # noqa: S311

    def deliver(self, change: Change) -> None:
        for key in {change.id, change.owner, None}:
            for mailbox in self.mailboxes.get((change.kind, key), ()):
                mailbox.put(change.id)

    def miss(self) -> None:
        """Tell all subscribers that anything may have changed."""
        for mailboxes in self.mailboxes.values():
            for mailbox in mailboxes:
                mailbox.put(None)

    @contextlib.contextmanager
    def mailbox(self, topic: Topic) -> Iterator[Mailbox]:
        """A mailbox for the changes of a topic while the context is open."""
        mailbox = Mailbox()
        self.mailboxes.setdefault(topic, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            self.mailboxes[topic].discard(mailbox)
            if not self.mailboxes[topic]:
                del self.mailboxes[topic]

    async def read(
        self, table: str, question: Hashable, conditions: Conditions, ids: list[uuid.UUID]
    ) -> dict[uuid.UUID, Reading]:
        """The rows with these ids that meet the conditions, as they are now.

        Callers with an equal question at the same time share one statement and its readings. The question
        must include everything that the conditions depend on.
        """

        async def flush(groups: list[list[uuid.UUID]]) -> list[dict[uuid.UUID, Reading]]:
            keys = list({key for group in groups for key in group})
            rows: dict[uuid.UUID, Reading] = {}
            for start in range(0, len(keys), BATCH):
                batch = await read_rows(table, conditions, keys[start : start + BATCH])
                rows |= {row.id: row for row in batch}
            return [rows] * len(groups)

        rows = await self._submit((table, question), flush, ids)
        return {key: rows[key] for key in ids if key in rows}

    async def share(self, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The result of `ask`, called once for all callers with an equal question at the same time."""

        async def flush(callers: list[list[uuid.UUID]]) -> list[T]:
            return [await ask()] * len(callers)

        result: T = await self._submit(question, flush, [])
        return result

    async def _submit(
        self,
        question: Hashable,
        flush: Callable[[list[list[uuid.UUID]]], Awaitable[Any]],
        ids: list[uuid.UUID],
    ) -> Any:
        batcher = self._batchers.get(question)
        if batcher is None:
            batcher = self._batchers[question] = Batcher(flush, MAX_SHARING, MAX_SHARING)
        try:
            return await batcher.submit(ids)
        finally:
            if not batcher.is_busy and self._batchers.get(question) is batcher:
                del self._batchers[question]


async def read_rows(table: str, conditions: Conditions, ids: list[uuid.UUID]) -> list[Reading]:
    """The rows with these ids that meet the conditions."""
    statement = Select()
    return await _read(statement, table, [*conditions(statement), statement.is_any("id", ids)])


async def read_after(table: str, conditions: Conditions, last: uuid.UUID) -> list[Reading]:
    """The next BATCH rows behind this id that meet the conditions, the oldest first."""
    statement = Select()
    return await _read(statement, table, [*conditions(statement), f"id > {statement.value(last)}"])


async def _read(statement: Select, table: str, conditions: list[str]) -> list[Reading]:
    columns = "id", "external_id", "row_version", "document"
    rows = await statement.rows(columns, table, conditions, ["id"], BATCH)
    return [Reading(uuid.UUID(str(key)), *rest) for key, *rest in rows]
