"""The feed delivers changes to mailboxes, limits the backlogs of slow subscribers, and shares reads."""

import asyncio
import gc
import uuid
import weakref
from typing import Any

import pytest

from connect.platform.feed import BATCH, MANY, MAX_WAITING, MERCHANTS, Feed, Mailbox
from models import Merchant
from models.changes import Change
from models.sql import Select
from testing import postgres
from testing.merchants import build_merchant, store
from testing.waits import eventually

A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


def change(key: uuid.UUID) -> Change:
    return Change("merchant", key)


async def taken(mailbox: Mailbox) -> list[uuid.UUID] | None:
    return await asyncio.wait_for(mailbox.take(), 60)


async def is_empty(mailbox: Mailbox) -> bool:
    taking = asyncio.ensure_future(mailbox.take())
    await asyncio.sleep(0.01)
    if taking.done():
        return False
    taking.cancel()
    return True


async def test_an_open_mailbox_receives_the_changes_for_its_topic() -> None:
    feed = Feed()
    feed.deliver(change(A))
    one_topic, all_topic = ("merchant", A), ("merchant", None)
    with (
        feed.mailbox(one_topic) as one,
        feed.mailbox(one_topic) as same,
        feed.mailbox(("merchant", B)) as other,
        feed.mailbox(all_topic) as every,
        feed.mailbox(("payment", None)) as payments,
    ):
        feed.deliver(change(A))
        feed.deliver(change(C))
        assert await taken(one) == await taken(same) == [A]
        assert await taken(every) == [A, C]
        for mailbox in (one, other, every, payments):
            assert await is_empty(mailbox)
    feed.deliver(change(A))
    assert feed.mailboxes == {}
    assert await is_empty(one)
    assert await is_empty(every)


async def test_a_change_also_reaches_the_topic_of_its_owner() -> None:
    feed = Feed()
    with (
        feed.mailbox(("payment", A)) as one,
        feed.mailbox(("payment", B)) as of_owner,
        feed.mailbox(("payment", C)) as of_another,
        feed.mailbox(("merchant", B)) as owner,
    ):
        feed.deliver(Change("payment", A, B))
        assert await taken(one) == await taken(of_owner) == [A]
        assert await is_empty(of_another)
        assert await is_empty(owner)
        feed.deliver(Change("payment"))
    with feed.mailbox(("payment", None)) as every:
        feed.deliver(Change("payment"))
        assert await taken(every) is None


async def test_changes_of_one_object_are_merged_and_keep_the_position_of_the_first() -> None:
    mailbox = Mailbox()
    for key in (B, A, B, C, B):
        mailbox.put(key)
    assert await taken(mailbox) == [B, A, C]


async def test_the_subscriber_of_a_full_mailbox_is_told_to_read_everything_again() -> None:
    mailbox = Mailbox()
    for number in range(MAX_WAITING):
        mailbox.put(uuid.UUID(int=number))
    assert await taken(mailbox) == [uuid.UUID(int=number) for number in range(BATCH)]
    for number in range(10 * MAX_WAITING):
        mailbox.put(uuid.UUID(int=number))
    assert await taken(mailbox) is None
    assert await is_empty(mailbox)
    mailbox.put(A)
    assert await taken(mailbox) == [A]


async def test_an_interruption_reaches_every_mailbox() -> None:
    feed = Feed()
    with feed.mailbox(("merchant", A)) as one, feed.mailbox(("merchant", None)) as every:
        feed.deliver(change(B))
        feed.miss()
        assert await taken(one) is None
        assert await taken(every) is None
        assert await is_empty(every)


async def test_concurrent_reads_share_one_row_object_and_a_later_read_gets_a_new_one(
    database: str,
) -> None:
    del database
    merchants = [build_merchant(f"shop-{number}", "active") for number in range(3)]
    await store(merchants)
    keys = [one.merchant.id for one in merchants]
    feed, statements = Feed(), list[Select]()

    def conditions(statement: Select) -> list[str]:
        statements.append(statement)
        return []

    async def read(*ids: uuid.UUID) -> dict[uuid.UUID, Any]:
        return await feed.read(MERCHANTS, "all", conditions, list(ids))

    first, second, both, absent = await asyncio.gather(read(keys[0]), read(keys[0]), read(*keys[:2]), read(A))
    assert len(statements) == 1
    assert absent == {}
    assert first[keys[0]] is second[keys[0]] is both[keys[0]]
    assert list(both) == keys[:2]
    assert both[keys[1]].document["externalId"] == "shop-1"
    await Merchant.filter(id=keys[0]).update(row_version=7)
    later = await read(keys[0])
    assert (first[keys[0]].row_version, later[keys[0]].row_version) == (1, 7)


async def test_large_counts_are_cached_for_a_few_seconds() -> None:
    feed, counted = Feed(), [MANY - 1, MANY, MANY + 1, MANY + 2]

    async def count() -> dict[str, int]:
        return {"ACTIVE": counted.pop(0)}

    shown = [await feed.share_counts("statuses", count) for _ in range(3)]
    assert [one["ACTIVE"] for one in shown] == [MANY - 1, MANY, MANY]
    assert await feed.share_counts("statuses", count, is_anew=True) == {"ACTIVE": MANY + 1}
    assert await feed.share_counts("statuses", count) == {"ACTIVE": MANY + 1}
    assert await feed.share_counts("other", count) == {"ACTIVE": MANY + 2}


async def test_a_cancelled_read_does_not_cancel_the_shared_read(database: str) -> None:
    del database
    one = build_merchant("shop-1", "active")
    await store([one])
    feed = Feed()

    cancelled = asyncio.ensure_future(feed.read(MERCHANTS, None, lambda _: [], [one.merchant.id]))
    other = asyncio.ensure_future(feed.read(MERCHANTS, None, lambda _: [], [one.merchant.id]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the statement has started
    cancelled.cancel()
    assert list(await other) == [one.merchant.id]
    with pytest.raises(asyncio.CancelledError):
        await cancelled


async def test_a_cancelled_read_does_not_stay_in_memory() -> None:
    feed, is_open = Feed(), asyncio.Event()

    async def ask() -> None:
        await is_open.wait()

    question = weakref.ref(ask)
    reader = asyncio.create_task(feed.share("question", ask))
    del ask
    await asyncio.sleep(0.01)
    reader.cancel()
    await asyncio.wait({reader})
    is_open.set()
    del reader
    await asyncio.sleep(0.01)
    gc.collect()
    assert question() is None


@pytest.mark.listens
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("database")
async def test_a_later_failure_of_another_kind_ends_the_state_undelivered(postgres_url: str) -> None:
    """The feed listens to another database, and the test then removes this database."""
    other = await asyncio.to_thread(postgres.create_database, postgres_url)
    feed = Feed(undelivered_pause=0.1)
    listening = asyncio.create_task(feed.listen(other))
    await eventually(lambda: is_undelivered(feed))
    await asyncio.to_thread(postgres.drop_database, postgres_url, other)
    await eventually(lambda: is_not_undelivered(feed))
    listening.cancel()
    await asyncio.wait({listening})


async def is_undelivered(feed: Feed) -> bool:
    return feed.is_undelivered


async def is_not_undelivered(feed: Feed) -> bool:
    return not feed.is_undelivered
