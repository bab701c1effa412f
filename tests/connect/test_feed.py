"""The feed: who is told of what, what a slow subscriber costs, and that a change is read once for all."""

import asyncio
import uuid
from typing import Any

import pytest

from connect.feed import BATCH, MOST_WAITING, Feed, Mailbox
from models import Merchant
from models.sql import Select
from tests.resolvers.world import made, store

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


async def taken(mailbox: Mailbox) -> list[uuid.UUID] | None:
    return await asyncio.wait_for(mailbox.take(), 1)


async def is_empty(mailbox: Mailbox) -> bool:
    taking = asyncio.ensure_future(mailbox.take())
    await asyncio.sleep(0.01)
    if taking.done():
        return False
    taking.cancel()
    return True


async def test_a_mailbox_gets_what_it_asked_for_and_nothing_before_or_after() -> None:
    feed = Feed()
    feed.tell(A)
    with feed.mailbox(A) as one, feed.mailbox(A) as same, feed.mailbox(B) as other, feed.mailbox() as every:
        assert feed.count() == 4
        feed.tell(A)
        feed.tell(C)
        assert await taken(one) == await taken(same) == [A]
        assert await taken(every) == [A, C]
        assert await is_empty(one)
        assert await is_empty(other)
        assert await is_empty(every)
    feed.tell(A)
    assert feed.count() == 0
    assert await is_empty(one)
    assert await is_empty(every)


async def test_changes_of_one_merchant_become_one_and_keep_their_place() -> None:
    mailbox = Mailbox()
    for key in (B, A, B, C, B):
        mailbox.put(key)
    assert await taken(mailbox) == [B, A, C]


async def test_who_does_not_empty_its_mailbox_is_told_to_look_at_everything() -> None:
    mailbox = Mailbox()
    for number in range(MOST_WAITING):
        mailbox.put(uuid.UUID(int=number))
    assert await taken(mailbox) == [uuid.UUID(int=number) for number in range(BATCH)]
    for number in range(10 * MOST_WAITING):
        mailbox.put(uuid.UUID(int=number))
    assert await taken(mailbox) is None
    assert await is_empty(mailbox)
    mailbox.put(A)
    assert await taken(mailbox) == [A]


async def test_what_was_missed_is_said_to_everybody() -> None:
    feed = Feed()
    with feed.mailbox(A) as one, feed.mailbox() as every:
        feed.tell(B)
        feed.miss()
        assert await taken(one) is None
        assert await taken(every) is None
        assert await is_empty(every)


async def test_who_asks_at_the_same_moment_shares_a_reading_and_who_asks_later_does_not(
    database: str,
) -> None:
    del database
    merchants = [made(f"shop-{number}", "active") for number in range(3)]
    await store(merchants)
    keys = [one.merchant.id for one in merchants]
    feed, asked = Feed(), list[Select]()

    def conditions(statement: Select) -> list[str]:
        asked.append(statement)
        return []

    async def read(*ids: uuid.UUID) -> dict[uuid.UUID, Any]:
        return await feed.read("all", conditions, list(ids))

    first, second, both, absent = await asyncio.gather(read(keys[0]), read(keys[0]), read(*keys[:2]), read(A))
    assert len(asked) == 1
    assert absent == {}
    assert first[keys[0]] is second[keys[0]] is both[keys[0]]
    assert list(both) == keys[:2]
    assert both[keys[1]].document["externalId"] == "shop-1"
    await Merchant.filter(id=keys[0]).update(row_version=7)
    later = await read(keys[0])
    assert (first[keys[0]].row_version, later[keys[0]].row_version) == (1, 7)


async def test_who_goes_away_does_not_take_the_answer_from_the_others(database: str) -> None:
    del database
    one = made("shop-1", "active")
    await store([one])
    feed = Feed()

    leaving = asyncio.ensure_future(feed.read(None, lambda _: [], [one.merchant.id]))
    staying = asyncio.ensure_future(feed.read(None, lambda _: [], [one.merchant.id]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the statement is on its way
    leaving.cancel()
    assert list(await staying) == [one.merchant.id]
    with pytest.raises(asyncio.CancelledError):
        await leaving
