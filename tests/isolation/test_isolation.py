"""Isolation of merchants, tested with every operation that the schema allows (see `operations`).

With a merchant's token, no data, error, count or header in an answer depends on another merchant. A reference
to the other merchant and a reference to no merchant give the same answer with the same number of SQL
statements, and the rows of the other merchant do not change. The tests cover new elements of the schema
automatically.
"""

from collections import Counter

import pytest
from graphql import get_introspection_query
from tortoise.transactions import in_transaction

from connect.merchants.mirror import documents
from models import AccountCreation, DismissedProblem, Merchant, StripeEvent
from testing.faults import UNAVAILABLE
from testing.state import read_tables
from tests.isolation.answers import Answer, Caller, Observed, calls, difference
from tests.isolation.merchants import Party, belongs
from tests.isolation.operations import Operation
from tests.isolation.samples import every, few, key
from tests.isolation.stored import Stored
from tests.isolation.turns import MARKS, Parties, check, compare, mutations, queries, turns_of

pytestmark = MARKS

# The mutations whose answers name the merchant that called them.
SUCCESSFUL = (
    *("createAccountSession", "createDashboardLink", "createOnboardingLink"),
    *("refreshMerchant", "startService"),
)


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
        # Keep every operation without a reference, and one with a reference for each document.
        if turn.me is alfa and len(turn.one.varied) == 1:
            if not turn.one.refers:  # ask again, because the first answer may have filled a cache
                answer = await callers[alfa].ask(turn.one.text, turn.one.existing)
            answers[turn.one.text if turn.one.refers else key(turn.one)] = turn.one, answer
    assert with_own_data[alfa] > 50, "too few answers contain the caller's own data"
    assert with_own_data[kilo] > 20, "too few answers contain the caller's own data"
    for me, other in ((alfa, kilo), (kilo, alfa)):
        check(await callers[me].ask(get_introspection_query(), {}), other, "introspection")
    assert (await read_tables(), calls(service)) == before

    # The answers are the same as if the other merchant had never existed.
    await StripeEvent.filter(merchant__external_id=kilo.external_id).delete()
    await AccountCreation.filter(external_id=kilo.external_id).delete()
    await DismissedProblem.filter(subject=kilo.external_id).delete()
    async with in_transaction():
        merchant = await Merchant.get(external_id=kilo.external_id)
        await documents.delete(merchant, merchant.created_at)
    assert not [row for table in (await read_tables()).values() for row in table if belongs(row, kilo.keys)]
    # Ask in reverse order, because the service still has the latest answers in its cache.
    for one, answer in reversed(answers.values()):
        now = await callers[alfa].ask(one.text, one.existing)
        if difference(answer, now):  # the answer is no longer cached, so the service caches it again
            now = await callers[alfa].ask(one.text, one.existing)
        result = difference(answer, now)
        assert not result, f"{one}: the existence of the other merchant changes {result}"


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
        success = me, one.varied[0]
        if success not in succeeded and any(mark in answer.raw for mark in me.marks):
            succeeded.add(success)
        changed = await stored.changes(observed.statements)
        theirs = [row for row in changed if belongs(row, other.keys)]
        assert theirs == [], f"{what}: it changed the other merchant"
        strange = [row for row in changed if not belongs(row, me.keys)]
        assert strange == [], f"{what}: it changed rows that are not the caller's"
    assert stored == await Stored.read(), "a table changed that no statement names"
    assert observed.new_calls() == {}, "a call to Stripe was not counted for any operation"
    assert succeeded == {(me, f"Mutation.{name}") for me in (alfa, kilo) for name in SUCCESSFUL}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_errors_during_an_outage_of_stripe_reveal_nothing_of_another_merchant(
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
