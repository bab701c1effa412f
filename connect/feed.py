"""The feed: what changed, from wherever it was committed, to whoever in this process waits for it.

An id is all that travels. Whoever is told of it reads the merchant again, so what arrives is the newest
state: several changes may arrive as one, and never an older one after a newer. While the feed could not
listen, anything may have changed: then everybody reads again.
"""

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

import structlog

from connect.merchants.document import Document
from models import changes, outage
from models.sql import Select

T = TypeVar("T")

# Ids that one subscriber may leave waiting. With more it reads everything again, which needs no memory.
MOST_WAITING = 1000
# As many merchants are read at once: what a slow subscriber holds meanwhile.
BATCH = 50
# The pause between attempts to listen grows up to this, in seconds.
LONGEST_PAUSE = 2.0

# The conditions of a question about merchants.
Conditions = Callable[[Select], list[str]]

log = structlog.get_logger("feed")


@dataclass(eq=False)
class Reading:
    """A merchant as it was read once, for all who asked at that moment.

    They also share what is made of it: `results` holds it by whatever says that it is the same.
    """

    id: uuid.UUID
    external_id: str
    row_version: int
    text: str = field(repr=False)
    results: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def document(self) -> Document:
        found: Document = json.loads(self.text)
        return found


class Mailbox:
    """Whose change one subscriber has not looked at yet."""

    def __init__(self) -> None:
        self._waiting: dict[uuid.UUID, None] = {}  # in the order of their first change
        self._missed = False
        self._filled = asyncio.Event()

    def put(self, merchant_id: uuid.UUID) -> None:
        if not self._missed:
            self._waiting[merchant_id] = None
            if len(self._waiting) > MOST_WAITING:
                self.miss()
        self._filled.set()

    def miss(self) -> None:
        """Anything may have changed."""
        self._missed = True
        self._waiting.clear()
        self._filled.set()

    async def take(self) -> list[uuid.UUID] | None:
        """Wait for changes; then at most BATCH ids, the longest waiting first. None: of any merchant."""
        await self._filled.wait()
        if self._missed:
            self._missed = False
            self._filled.clear()
            return None
        taken = [key for key, _ in zip(self._waiting, range(BATCH), strict=False)]
        for key in taken:
            del self._waiting[key]
        if not self._waiting:
            self._filled.clear()
        return taken


class Feed:
    """The mailboxes of this process, and the one reader behind them."""

    def __init__(self) -> None:
        self.listening = asyncio.Event()
        self._of_one: dict[uuid.UUID, set[Mailbox]] = {}
        self._of_all: set[Mailbox] = set()
        self._asked: dict[Hashable, asyncio.Future[Any]] = {}
        self._wanted: dict[Hashable, set[uuid.UUID]] = {}

    async def listen(self, database_url: str) -> None:
        """Pass on what is committed anywhere, until cancelled. A lost connection is made again."""
        failures = 0

        def ready() -> None:
            nonlocal failures
            failures = 0
            self.listening.set()
            log.info("listening")
            self.miss()

        while True:
            try:
                await changes.listen(database_url, self.tell, ready)
            except Exception as error:
                reason = outage.reason(error)
                if reason is not None:
                    log.warning("not_listening", reason=reason)
                else:
                    log.exception("listening_failed")
                failures += 1
            finally:
                self.listening.clear()
            # At random, as all replicas lose their connections at once.
            await asyncio.sleep(random.uniform(0.5, 1) * min(0.1 * 2 ** min(failures, 10), LONGEST_PAUSE))  # noqa: S311

    def tell(self, merchant_id: uuid.UUID) -> None:
        """This merchant has changed."""
        for mailbox in (*self._of_one.get(merchant_id, ()), *self._of_all):
            mailbox.put(merchant_id)

    def miss(self) -> None:
        """Any merchant may have changed."""
        for mailboxes in (*self._of_one.values(), self._of_all):
            for mailbox in mailboxes:
                mailbox.miss()

    def count(self) -> int:
        """How many mailboxes there are."""
        return len(self._of_all) + sum(map(len, self._of_one.values()))

    @contextlib.contextmanager
    def mailbox(self, merchant_id: uuid.UUID | None = None) -> Iterator[Mailbox]:
        """For the changes of one merchant, or of all; as long as it is open."""
        made = Mailbox()
        group = self._of_all if merchant_id is None else self._of_one.setdefault(merchant_id, set())
        group.add(made)
        try:
            yield made
        finally:
            group.discard(made)
            if merchant_id is not None and not group:
                del self._of_one[merchant_id]

    async def read(
        self, question: Hashable, conditions: Conditions, ids: list[uuid.UUID]
    ) -> dict[uuid.UUID, Reading]:
        """Those of these merchants that meet the conditions, as they are now.

        Whoever asks the same question at the same moment shares one statement and its readings; the question
        must say everything that the conditions depend on.
        """
        wanted = self._wanted.setdefault(question, set())
        wanted.update(ids)

        async def ask() -> dict[uuid.UUID, Reading]:
            del self._wanted[question]  # who comes from here on asks anew
            keys, found = list(wanted), dict[uuid.UUID, Reading]()
            for start in range(0, len(keys), BATCH):
                for row in await readings(conditions, keys[start : start + BATCH]):
                    found[row.id] = row
            return found

        everything = await self.shared(question, ask)
        return {key: everything[key] for key in ids if key in everything}

    async def shared(self, question: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """What comes of asking, for all who ask the same question at the same moment."""

        async def answer() -> T:
            # Everybody who is awake gets to ask; who comes later asks anew, and reads what is newer.
            await asyncio.sleep(0)
            del self._asked[question]
            return await ask()

        if question not in self._asked:
            self._asked[question] = asyncio.ensure_future(answer())
        # One who leaves must not take it from the others.
        return await asyncio.shield(cast("asyncio.Future[T]", self._asked[question]))


async def readings(conditions: Conditions, ids: list[uuid.UUID]) -> list[Reading]:
    """Those of these merchants that meet the conditions, read now and shared with nobody."""
    statement = Select()
    return await _readings(statement, [*conditions(statement), statement.is_any("id", ids)])


async def following(conditions: Conditions, last: uuid.UUID) -> list[Reading]:
    """The next BATCH merchants behind this one that meet the conditions, the oldest first."""
    statement = Select()
    return await _readings(statement, [*conditions(statement), f"id > {statement.value(last)}"])


async def _readings(statement: Select, conditions: list[str]) -> list[Reading]:
    columns = "id", "external_id", "row_version", "document"
    rows = await statement.rows(columns, "merchant", conditions, ["id"], BATCH)
    return [Reading(uuid.UUID(str(key)), *rest) for key, *rest in rows]
