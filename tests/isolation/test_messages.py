"""Merchants are isolated in subscriptions, because no message depends on another merchant."""

import asyncio
from collections.abc import Sequence

import pytest

from testing.public_schema import SCHEMA
from testing.service import RETURN_TO
from tests.isolation.answers import Caller, Observed, difference, messages
from tests.isolation.merchants import LINK, Party
from tests.isolation.operations import Operation
from tests.isolation.samples import two_for_each_document
from tests.isolation.turns import MARKS, Parties, check, select, without_refused

pytestmark = MARKS


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
            received = await asyncio.gather(*(listen(caller, one, other) for one in sample))
            if not _has_own(received, me):  # the messages came too late on a slow machine
                own = [one for one in two_for_each_document(sample) if not one.refers]
                again = [caller.listen(one.text, one.existing, seconds=60) for one in own]
                received = [answer.raw for answer in await asyncio.gather(*again)]
            assert _has_own(received, me), "the caller received no messages about itself"
        assert not changing.done(), "the changes ended too early"
    finally:
        changing.cancel()


def _has_own(received: Sequence[str], me: Party) -> bool:
    return any(mark in raw for mark in me.marks for raw in received)


def test_a_stream_is_read_event_by_event() -> None:
    stream = (
        ':\n\nevent: next\ndata: {"data": {"a": "b\\n"}}\n\nevent: complete\r\ndata:\r\n\r\nevent: next\nda'
    )
    assert messages(stream) == [["next", {"data": {"a": "b\n"}}], ["complete", None]]
    assert messages(stream[:40]) == []
