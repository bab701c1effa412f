"""The operations that the isolation tests try for each merchant, and the checks of the answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from testing.service import Service
from tests.isolation.answers import Answer, Caller, difference
from tests.isolation.merchants import Party, belongs
from tests.isolation.operations import Operation
from tests.isolation.samples import every, few, thin, two_for_each_document

# Failures with these codes would prove nothing about isolation.
FAILURES = {
    *("INTERNAL", "UNAVAILABLE", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"),
}

# The pytest marks of all tests that try operations.
MARKS = [
    pytest.mark.timeout(1800),  # most of these tests send thousands of operations
    # graphql-core does not await coroutines if a sibling field fails before they start.
    pytest.mark.filterwarnings("ignore:coroutine 'Executor.* was never awaited:RuntimeWarning"),
]

Parties = tuple[Service, Party, Party]


def select(service: Service, caller: Party, other: Party, kind: str) -> Sequence[Operation]:
    """Return the queries, mutations or subscriptions to try.

    On SQLite, these are all operations. On PostgreSQL, these are two operations for each document and one for
    each set of input fields, because other values of the same fields mostly change only SQL parameters.
    """
    result = every(caller, other, kind)
    return result if is_sqlite(service) else few(result)


def is_sqlite(service: Service) -> bool:
    return service.settings.database_url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class Turn:
    """An operation that a merchant sends. `is_refused` tells whether its root field refuses merchants."""

    me: Party
    other: Party
    one: Operation
    is_refused: bool

    def __str__(self) -> str:
        return f"{self.me.external_id}: {self.one}"


async def mutations(service: Service, callers: dict[Party, Caller]) -> list[Turn]:
    """Return the mutations to try. One merchant sends all of them, and the other merchant sends a few."""
    alfa, kilo = callers
    mirrored = few(select(service, kilo, alfa, "mutation"))
    return await turns_of(callers, [select(service, alfa, kilo, "mutation"), mirrored])


async def queries(service: Service, callers: dict[Party, Caller]) -> list[Turn]:
    """Return the queries to try. One merchant sends all of them, and the other merchant also sends each
    document. On PostgreSQL, the other merchant varies only the arguments of root fields.
    """
    alfa, kilo = callers
    mirrored = [
        one
        for one in two_for_each_document(select(service, kilo, alfa, "query"))
        if is_sqlite(service) or len(one.varied) == 1
    ]
    return await turns_of(callers, [select(service, alfa, kilo, "query"), mirrored])


async def turns_of(callers: dict[Party, Caller], samples: Sequence[Sequence[Operation]]) -> list[Turn]:
    """Return the operations of each merchant. Most operations whose root field refuses merchants are left
    out.

    Operations with the same document follow each other, so that the service validates each document once.
    """
    by_text: dict[str, list[Turn]] = {}
    for (me, caller), other, selected in zip(callers.items(), reversed(callers), samples, strict=True):
        sample, refused = await without_refused(caller.ask, selected)
        for one in sample:
            by_text.setdefault(one.text, []).append(Turn(me, other, one, one.varied[0] in refused))
    return [turn for turns in by_text.values() for turn in turns]


async def without_refused(
    ask: Callable[[str, dict[str, Any]], Awaitable[Answer]], sample: Sequence[Operation]
) -> tuple[list[Operation], set[str]]:
    """Return the operations, but only a few of those whose root fields refuse the caller's role. Also returns
    these root fields.

    A refused field does not read its input, and nothing below it is executed.
    """
    # The first operation of a root field has only the caller's own values.
    valid = {one.varied[0]: one for one in reversed(sample)}
    answers = {name: await ask(one.text, one.existing) for name, one in valid.items()}
    refused = {name for name, answer in answers.items() if answer.is_refused}
    return thin(sample, lambda one: one.varied[0] in refused), refused


def check(answer: Answer, other: Party, what: str) -> None:
    """Assert that the answer contains nothing of the other merchant and no failure."""
    leaks = [mark for mark in other.marks if mark in answer.raw]
    assert leaks == [], f"{what}: the answer contains {leaks} of the other merchant"
    assert not answer.codes & FAILURES, f"{what}: {answer.body}"


async def compare(caller: Caller, one: Operation, other: Party, what: str) -> Answer:
    """Assert that a reference to the other merchant and a reference to no merchant give the same answer."""
    # The reference to no merchant comes first, so that the caches contain only the caller's rows.
    absent = await caller.ask(one.text, one.absent) if one.refers else None
    existing = await caller.ask(one.text, one.existing)
    check(existing, other, what)
    leaks = [call for call in existing.calls if belongs(call, other.keys)]
    assert leaks == [], f"{what}: it called Stripe about the other merchant"
    if absent is not None:
        result = difference(existing, absent)
        if result:  # the first answer may have filled a cache
            absent, again = [await caller.ask(one.text, one.absent) for _ in range(2)]
            result = difference(existing, absent, again)
        assert not result, f"{what}: the answers to both references differ in {result}"
    return existing
