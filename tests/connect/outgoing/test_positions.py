"""Readers that continue after a given position miss no committed event."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from connect.outgoing import positions
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, now, uuid7
from models.outgoing import events_after
from testing.query_plans import explaining, selects
from testing.statements import recorded

pytestmark = pytest.mark.usefixtures("database")


async def write(kind: str = "payment.created") -> OutgoingEvent:
    at = await now()
    return await OutgoingEvent.create(id=uuid7(at), type=kind, sequence=1, data="{}", created_at=at)


async def read(after: int = 0) -> list[tuple[int | None, object]]:
    return [(row.position, row.id) for row in await events_after(after, (), 100)]


@pytest.mark.unrepeated
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_event_that_is_committed_late_gets_a_later_position() -> None:
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def commit_late() -> OutgoingEvent:
        async with in_transaction():
            event = await write()
            written.set()
            await may_commit.wait()
        return event

    late_task = asyncio.create_task(commit_late())
    await written.wait()
    early = await write()
    assert await positions.assign() == 1
    assert await read() == [(1, early.id)]
    may_commit.set()
    late = await late_task
    assert late.id < early.id
    assert await positions.assign() == 1
    assert await read(after=1) == [(2, late.id)]


async def test_positions_have_no_gaps_and_concurrent_workers_do_not_share_them() -> None:
    with recorded() as statements:
        assert await positions.assign() == 0
    assert statements.count == 1
    events = [await write() for _ in range(23)]
    done = await asyncio.gather(*(positions.assign(batch=5) for _ in range(4)))
    while count := await positions.assign(batch=5):
        done.append(count)
    assert sum(done) == 23
    assert await read() == [(place, event.id) for place, event in enumerate(events, start=1)]
    # The positions of deleted events are not used again.
    await OutgoingEvent.all().delete()
    later = await write()
    await positions.assign()
    assert await read(after=23) == [(24, later.id)]


async def test_events_of_selected_types_are_read_from_an_index(database: str) -> None:
    at, key = await now(), uuid7()
    kinds = ("refund.created", "dispute.created", *["payment.created"] * 98)
    rows = [
        OutgoingEvent(
            id=uuid7(at), position=place, type=kind, merchant_id=key, sequence=1, data="{}", created_at=at
        )
        for place, kind in enumerate(kinds * 40, start=1)
    ]
    await OutgoingEvent.bulk_create(rows, batch_size=500)
    if not database.startswith("sqlite"):
        await get_connection("default").execute_script("ANALYZE outgoing_event")
    wanted = ("dispute.created", "refund.created", "refund.created")
    with recorded() as statements:
        events = await events_after(101, wanted, 3)
    assert [row.position for row in events] == [102, 201, 202]
    assert await events_after(4000, wanted, 3) == []
    async with explaining(database) as explain:
        (text, values), _ = selects(statements)
        for plan in await explain(text, values):
            assert (set(plan.indexes), list(plan.scans)) == ({("type", "position")}, []), text


async def test_a_delivery_is_planned_for_each_enabled_endpoint_that_subscribes_to_the_type() -> None:
    at = await now()
    about: dict[str, Any] = {"url": "https://a.example", "description": "", "secret": ""}
    about |= dict.fromkeys(("state_since", "created_at", "updated_at"), at)
    endpoints = [
        await EventEndpoint.create(**about, types=types, state=state)
        for types, state in (
            (None, "ENABLED"),
            ('["refund.created"]', "ENABLED"),
            (None, "PAUSED"),
            (None, "DISABLED"),
        )
    ]
    payment, refund = await write(), await write("refund.created")
    await write("endpoint.test")
    await positions.assign()
    rows = await OutgoingDelivery.all().order_by("id")
    assert {(row.endpoint_id, row.event_id) for row in rows} == {
        (endpoints[0].id, payment.id),
        (endpoints[0].id, refund.id),
        (endpoints[1].id, refund.id),
    }
    assert all(row.state == "PENDING" and row.run_at - at < timedelta(seconds=60) for row in rows)
    await endpoints[0].delete()
    assert await OutgoingDelivery.all().count() == 1
