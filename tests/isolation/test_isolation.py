"""Isolation of merchants, tested with every operation that the schema allows (see `operations`).

With a merchant's token, no data, error, count or header in an answer depends on another merchant. A reference
to the other merchant and a reference to no merchant give the same answer with the same number of SQL
statements, and the rows of the other merchant do not change. The tests cover new elements of the schema
automatically.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query
from tortoise.transactions import in_transaction

from api.auth import development
from connect.merchants.mirror import documents
from connect.scope import Role
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, DismissedProblem, Merchant, StripeEvent
from testing.faults import UNAVAILABLE
from testing.processes import Simulator
from testing.public_schema import SCHEMA
from testing.service import RETURN_TO, STRIPE_KEY, Service, running
from testing.state import read_tables
from testing.statements import Statements
from testing.subscriptions import create_price
from tests.isolation.answers import Answer, Caller, Observed, calls, difference, messages
from tests.isolation.connection import connected
from tests.isolation.merchants import LINK, Party, belongs, create_parties
from tests.isolation.operations import KINDS, Operation
from tests.isolation.samples import every, few, key, thin, two_for_each_document
from tests.isolation.stored import Stored

# Failures with these codes would prove nothing about isolation.
FAILURES = {
    *("INTERNAL", "UNAVAILABLE", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"),
}

pytestmark = [
    pytest.mark.timeout(300),  # most of these tests send thousands of operations
    # graphql-core leaves coroutines unawaited if a field beside them fails before they start.
    pytest.mark.filterwarnings("ignore:coroutine 'Executor.* was never awaited:RuntimeWarning"),
]

Parties = tuple[Service, Party, Party]


# The mutations whose answers name the merchant that called them.
SUCCESSFUL = (
    *("createAccountSession", "createDashboardLink", "createOnboardingLink"),
    *("refreshMerchant", "startService"),
)


@pytest.fixture
async def parties(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Parties]:
    """Return two onboarded merchants and a service without a worker, so only the test changes data."""
    async with running(database_url, simulator, tmp_path) as service:
        both = await create_parties(service)
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    price = await create_price(gateway, "price")
    await gateway.close()
    # No limit of calls to Stripe, because the tests send all operations in the name of one merchant.
    # No limit of the cost either: a document selects everything.
    settings = {
        "WORKER": "off",
        "STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
        "MAX_COST": "10000000",
        "MERCHANTS_MAY_EMBED": "all",
        "SERVICE_PRICES": price,
    }
    async with running(database_url, simulator, tmp_path, **settings) as service:
        yield service, *both


@pytest.fixture
async def observed(parties: Parties, statements: Statements) -> AsyncIterator[Observed]:
    async with connected(parties[0]) as connection:
        yield Observed(parties[0], connection, statements)


def select(service: Service, caller: Party, other: Party, kind: str) -> Sequence[Operation]:
    """Return the queries, mutations or subscriptions to try.

    On SQLite these are all operations. PostgreSQL gets two operations for each document and one for each set
    of input fields, because most other values of the same fields only change parameters of its statements.
    """
    result = every(caller, other, kind)
    return result if is_sqlite(service) else few(result)


def is_sqlite(service: Service) -> bool:
    return service.settings.database_url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class Turn:
    """A merchant's operation. `is_refused` tells whether its root field refuses the role of merchants."""

    me: Party
    other: Party
    one: Operation
    is_refused: bool

    def __str__(self) -> str:
        return f"{self.me.external_id}: {self.one}"


async def mutations(service: Service, callers: dict[Party, Caller]) -> list[Turn]:
    """Return the mutations to try, in the name of each merchant."""
    alfa, kilo = callers
    samples = [select(service, me, other, "mutation") for me, other in ((alfa, kilo), (kilo, alfa))]
    return await turns_of(callers, samples)


async def queries(service: Service, callers: dict[Party, Caller]) -> list[Turn]:
    """Return the queries to try: all in the name of one merchant, and each document also in the name of the
    other. On PostgreSQL the other varies only the arguments of root fields.
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
    """Thin the operations of root fields that refuse the caller's role, and return these fields as well.

    A refused field reads no value of its input, and nothing below it is executed.
    """
    valid = {one.varied[0]: one for one in reversed(sample)}  # the first one has only the caller's own values
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
    existing = await caller.ask(one.text, one.existing)
    check(existing, other, what)
    leaks = [call for call in existing.calls if belongs(call, other.keys)]
    assert leaks == [], f"{what}: it called Stripe about the other merchant"
    if one.refers:
        absent = await caller.ask(one.text, one.absent)
        result = difference(existing, absent)
        if result:
            result = difference(existing, absent, await caller.ask(one.text, one.absent))
        assert not result, f"{what}: the answers to both references differ in {result}"
    return existing


async def test_a_merchant_reads_nothing_of_another(parties: Parties, observed: Observed) -> None:
    service, alfa, kilo = parties
    before = await read_tables(), calls(service)
    callers = {me: Caller(observed, service.token("merchant", me.external_id)) for me in (alfa, kilo)}
    turns = await queries(service, callers)
    with_own_data = Counter[Party]()
    answers: dict[str, tuple[Operation, Answer]] = {}
    for turn in turns:
        observed.statements.clear()
        answer = await compare(callers[turn.me], turn.one, turn.other, str(turn))
        with_own_data[turn.me] += any(mark in answer.raw for mark in turn.me.marks)
        if turn.me is alfa and len(turn.one.varied) == 1:  # all without references, and one for each document
            answers[turn.one.text if turn.one.refers else key(turn.one)] = turn.one, answer
    assert with_own_data[alfa] > 50, "too few answers contain the caller's own data"
    assert with_own_data[kilo] > 20, "too few answers contain the caller's own data"
    for me, other in ((alfa, kilo), (kilo, alfa)):
        check(await callers[me].ask(get_introspection_query(), {}), other, "introspection")
    assert (await read_tables(), calls(service)) == before

    # The answers are the same if the other merchant never existed.
    await StripeEvent.filter(merchant__external_id=kilo.external_id).delete()
    await AccountCreation.filter(external_id=kilo.external_id).delete()
    await DismissedProblem.filter(subject=kilo.external_id).delete()
    async with in_transaction():
        await documents.delete(await Merchant.get(external_id=kilo.external_id))
    assert not [row for table in (await read_tables()).values() for row in table if belongs(row, kilo.keys)]
    # Backwards, because the service still has the latest documents in its cache.
    for one, answer in reversed(answers.values()):
        now = await callers[alfa].ask(one.text, one.existing)
        result = difference(answer, now)
        assert not result, f"{one}: the existence of the other merchant changes {result}"


@pytest.mark.timeout(300)
async def test_a_merchant_changes_nothing_of_another(parties: Parties, observed: Observed) -> None:
    service, alfa, kilo = parties
    callers = {me: Caller(observed, service.token("merchant", me.external_id)) for me in (alfa, kilo)}
    succeeded = set()
    turns = await mutations(service, callers)
    stored = await Stored.read()
    assert all(len(stored.of(party)) > 30 for party in (alfa, kilo))
    for turn in turns:
        me, other, one, what = turn.me, turn.other, turn.one, str(turn)
        observed.statements.clear()
        answer = await compare(callers[me], one, other, what)
        if turn.is_refused:
            assert observed.statements.texts == [], f"{what}: it used the database"
        if any(mark in answer.raw for mark in me.marks):
            succeeded.add((me, one.varied[0]))
        changed = await stored.changes(observed.statements)
        theirs = [row for row in changed if belongs(row, other.keys)]
        assert theirs == [], f"{what}: it changed the other merchant"
        strange = [row for row in changed if not belongs(row, me.keys)]
        assert strange == [], f"{what}: it changed rows that are not the caller's"
    assert stored == await Stored.read(), "the statements named each table that changed"
    assert observed.new_calls() == {}, "each call to Stripe was counted for an operation"
    assert succeeded == {(me, f"Mutation.{name}") for me in (alfa, kilo) for name in SUCCESSFUL}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_errors_during_an_outage_of_stripe_reveal_nothing_of_another(
    parties: Parties, observed: Observed
) -> None:
    service, alfa, kilo = parties
    service.simulator.control("faults", {"method": "*", "path": "*", **UNAVAILABLE, "times": 100_000})
    callers = {me: Caller(observed, service.token("merchant", me.external_id)) for me in (alfa, kilo)}
    shown = set()
    samples = [few(every(me, other, "mutation")) for me, other in ((alfa, kilo), (kilo, alfa))]
    for turn in await turns_of(callers, samples):
        if not turn.is_refused:
            answer = await compare(callers[turn.me], turn.one, turn.other, str(turn))
            if "StripeUnavailableError" in answer.raw:
                assert turn.me.external_id in answer.raw
                shown.add(turn.one.varied[0])
    assert shown == {f"Mutation.{name}" for name in SUCCESSFUL}


@pytest.mark.skipif(SCHEMA.subscription_type is None, reason="the schema has no subscriptions")
async def test_a_merchant_receives_no_message_about_another(parties: Parties, observed: Observed) -> None:
    service, alfa, kilo = parties

    async def change() -> None:
        while True:
            for party in (alfa, kilo):
                await service.graphql(LINK, {"id": party.external_id, "to": RETURN_TO})
            await asyncio.sleep(0.2)

    async def listen(caller: Caller, one: Operation, other: Party) -> str:
        async with some_at_once:
            existing = await caller.listen(one.text, one.existing)
            check(existing, other, str(one))
            if one.refers:
                absent = await caller.listen(one.text, one.absent)
                result = difference(existing, absent)
                if result:
                    # A change between the calls or a slow machine can explain the difference.
                    existing, absent, again = [
                        await caller.listen(one.text, values, seconds=20)
                        for values in (one.existing, one.absent, one.absent)
                    ]
                    check(existing, other, str(one))
                    result = difference(existing, absent, again)
                assert not result, f"{one}: the answers to both references differ in {result}"
            return existing.raw

    some_at_once = asyncio.Semaphore(8)
    changing = asyncio.create_task(change())
    try:
        for me, other in ((alfa, kilo), (kilo, alfa)):
            caller = Caller(observed, service.token("merchant", me.external_id))
            selected = select(service, me, other, "subscription")
            if me is kilo:
                selected = two_for_each_document(selected)
            sample, _ = await without_refused(caller.listen, selected)
            messages_of_caller = await asyncio.gather(*(listen(caller, one, other) for one in sample))
            assert any(mark in raw for mark in me.marks for raw in messages_of_caller), (
                "the caller receives messages about itself"
            )
        assert not changing.done(), "the changes went on until the end"
    finally:
        changing.cancel()


def test_a_stream_is_read_event_by_event() -> None:
    stream = (
        ':\n\nevent: next\ndata: {"data": {"a": "b\\n"}}\n\nevent: complete\r\ndata:\r\n\r\nevent: next\nda'
    )
    assert messages(stream) == [["next", {"data": {"a": "b\n"}}], ["complete", None]]
    assert messages(stream[:40]) == []


def owned(written: dict[str, list[str]], party: Party) -> list[str]:
    """Return the rows of a merchant in all tables."""
    result = [row for table in written.values() for row in table if belongs(row, party.keys)]
    assert len(result) > 30
    return result


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_operators_and_services_see_what_merchants_must_not_see(
    parties: Parties, observed: Observed
) -> None:
    """Other roles see the data in the answers to the same operations, so the operations do select it."""
    service, _, kilo = parties
    expected = {"operator": kilo.shown | kilo.shown_to_operators, "service": kilo.shown}
    callers = {role: Caller(observed, service.token(role)) for role in expected}
    shown: dict[str, set[str]] = {role: set() for role in expected}
    for kind in ("query", "mutation"):
        result = [one for one in select(service, kilo, kilo, kind) if len(one.varied) == 1]
        documents = two_for_each_document(result)
        simple = [one for one in result if one.is_simple and kind == "query"]
        for place, one in enumerate((*documents, *simple)):
            if place >= len(documents) and shown == expected:
                break
            for role, caller in callers.items():
                answer = await caller.ask(one.text, one.existing)
                assert not answer.codes & FAILURES, f"{role}: {one}: {answer.body}"
                if kind == "query":  # the answer to a mutation repeats its input
                    shown[role].update(text for text in expected["operator"] if text in answer.raw)
    assert shown == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_a_valid_token_every_operation_gets_the_same_answer(
    parties: Parties, observed: Observed
) -> None:
    service, alfa, kilo = parties
    auth = service.settings.auth

    def token(issuer: str = auth.issuer, lifetime_seconds: int = 60) -> str:
        assert auth.development_key_file is not None
        return development.token(
            auth.development_key_file,
            issuer=issuer,
            audience=auth.audience,
            role=Role.OPERATOR,
            merchant=None,
            lifetime_seconds=lifetime_seconds,
        )

    texts = {one.text: one for kind in KINDS for one in select(service, alfa, kilo, kind) if one.refers}
    for bad, reason in (
        (None, "There is no bearer token. Send the header Authorization: Bearer <token>."),
        (token(lifetime_seconds=-60), "The token has expired. Ask the identity provider for a new one."),
        (token(issuer="others"), "The token has another issuer. Ask 'tests' for one."),
    ):
        caller = Caller(observed, bad)
        for one in texts.values():
            answer = await caller.ask(one.text, one.existing)
            check(answer, kilo, str(one))
            refused = {"code": "UNAUTHENTICATED", "requestId": "(request)"}
            assert answer.body == {"errors": [{"message": reason, "extensions": refused}]}
            assert (answer.status, answer.statements, answer.calls) == (401, 0, {})


async def test_onboarding_addresses_reveal_nothing_to_another_browser(parties: Parties) -> None:
    """Tries all combinations of addresses and cookies of onboarding links, with and without an API token."""
    service, alfa, kilo = parties
    for me, other in ((alfa, kilo), (kilo, alfa)):
        # The other merchant's browser returns first, so a repeat of its address causes no fetch for a minute.
        own = dict([other.link.cookie])
        came_back = await _visit(service, "return", other.link.address, own)
        assert f"merchant={other.external_id}" in came_back.headers["location"]
        before, calls_before = owned(await read_tables(), other), calls(service)
        mine = {me.link.cookie[0]: me.link.cookie[1]}
        mixed = {other.link.cookie[0]: me.link.cookie[1]}
        bearer = {"Authorization": f"Bearer {service.token('merchant', me.external_id)}"}
        answers = {}
        for path, outcome in (("refresh", "expired"), ("return", "returned")):
            for cookies in ({}, mine, mixed, mine | mixed):
                for headers in ({}, bearer):
                    # Without its cookie, the other merchant's address only redirects to the app.
                    answer = await _visit(service, path, other.link.address, cookies, headers)
                    assert answer.status_code == 302
                    assert answer.headers["location"] == f"{RETURN_TO}&onboarding={outcome}"
                    answers[path, str(cookies), str(headers)] = answer
            for address in (other.link.cookie[1], other.external_id, other.link.address[:-1]):
                answer = await _visit(service, path, address, own | mine)
                assert answer.status_code == 404
                answers[path, address, ""] = answer
        for answer in answers.values():
            raw = f"{answer.headers}\n{answer.text}"
            assert [mark for mark in other.marks if mark in raw] == []
        assert owned(await read_tables(), other) == before
        assert calls(service) == calls_before

        # The caller's address with the other merchant's cookie gives neither a link nor the other's data.
        theirs = {me.link.cookie[0]: other.link.cookie[1]}
        answer = await _visit(service, "refresh", me.link.address, theirs)
        assert answer.headers["location"] == f"{RETURN_TO}&onboarding=expired"
        assert owned(await read_tables(), other) == before
        assert calls(service) == calls_before


async def _visit(
    service: Service, path: str, address: str, cookies: dict[str, str], headers: dict[str, str] | None = None
) -> httpx.Response:
    async with httpx.AsyncClient(
        base_url=service.url, cookies=cookies, headers=headers, trust_env=False, verify=False
    ) as browser:
        return await browser.get(f"/onboarding/{path}", params={"link": address})
