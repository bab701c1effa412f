"""The intake records concurrent notifications with one statement, and answers each notification
separately.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.events.intake import BATCH, MAX_WAITING, Intake
from models import StripeEvent, now, outage, uuid7
from models.ids import time_of
from testing import tables
from testing.locks import locked
from testing.notifications import new_notification
from testing.statements import Statements

pytestmark = pytest.mark.usefixtures("database")
POLICY = inbox.Policy(debounce=2)
CREATED = datetime(2026, 11, 20, 10, tzinfo=UTC)


def _notification(number: int, **changed: Any) -> dict[str, Any]:
    """A notification that names no object. Each number has its own account."""
    return new_notification(number, **{"context": f"acct_{number}", **changed})


def _intake() -> Intake:
    return Intake(livemode=False, policy=POLICY)


async def _together(intake: Intake, notifications: Sequence[dict[str, Any]]) -> list[bool | BaseException]:
    """Record all notifications concurrently, and return the result of each."""
    records = [intake.record(one, json.dumps(one).encode()) for one in notifications]
    return await asyncio.gather(*records, return_exceptions=True)


def _values(row: StripeEvent) -> dict[str, Any]:
    return {str(name): value for name, value in row}  # type: ignore[attr-defined] # a model's columns


async def _recorded() -> list[str]:
    """The event ids, ordered by the ids of the rows."""
    return [row.stripe_event_id for row in await StripeEvent.all().order_by("id")]


async def test_one_statement_records_concurrent_notifications_in_order(
    statements: Statements,
) -> None:
    intake = _intake()
    numbers = [*range(50, 75), *range(25)]  # neither ascending nor descending
    statements.clear()
    assert await _together(intake, [_notification(number) for number in numbers]) == [True] * 50
    assert statements.take_verbs() == ["INSERT"]
    assert await _together(intake, [_notification(80)]) == [True]
    assert statements.take_verbs() == ["INSERT"]
    assert await _recorded() == [f"evt_test_{number}" for number in (*numbers, 80)]


async def test_rows_are_written_in_the_order_of_event_ids(database: str) -> None:
    """Two statements that insert the same rows in different orders can deadlock."""
    await _together(_intake(), [_notification(number) for number in (3, 1, 4, 2)])
    place = "rowid" if database.startswith("sqlite") else "ctid"
    rows = await get_connection("default").execute_query_dict(
        f"SELECT stripe_event_id FROM stripe_event ORDER BY {place}"
    )
    assert [row["stripe_event_id"] for row in rows] == [f"evt_test_{number}" for number in (1, 2, 3, 4)]
    assert await _recorded() == [f"evt_test_{number}" for number in (3, 1, 4, 2)]


async def test_a_statement_has_a_limited_number_of_rows(statements: Statements) -> None:
    statements.clear()
    results = await _together(_intake(), [_notification(number) for number in range(2 * BATCH + 1)])
    assert results == [True] * (2 * BATCH + 1)
    assert statements.take_verbs() == ["INSERT"] * 3


async def test_the_handwritten_insert_writes_the_same_columns_as_the_model() -> None:
    """Each column must have the value that saving a model instance would write."""
    earlier = uuid7(await now())
    await _together(
        _intake(),
        [
            _notification(1),
            _notification(2, created="soon", context=None, livemode=True),
            _notification(3, type=inbox.PING),
        ],
    )
    rows = {row.stripe_event_id: row for row in await StripeEvent.all()}
    first, second, third = (rows[f"evt_test_{number}"] for number in (1, 2, 3))
    at = first.received_at
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    made = at.replace(microsecond=at.microsecond // 1000 * 1000)
    if get_connection("default").capabilities.dialect == "sqlite":
        made = max(made, time_of(earlier))  # an earlier test may have made ids with a later time
    assert (first.id.version, first.id.variant, time_of(first.id)) == (7, "specified in RFC 4122", made)
    assert _values(first) == {
        "id": first.id,
        "stripe_event_id": "evt_test_1",
        "type": "v2.core.account[requirements].updated",
        "stripe_account_id": "acct_1",
        "subject_key": "acct_1",
        "livemode": False,
        "body": json.dumps(_notification(1)),
        "stripe_created_at": CREATED,
        "received_at": at,
        "back_filled_at": None,
        "state": "PENDING",
        "attempts": 0,
        "run_at": at + timedelta(seconds=2),
        "leased_until": None,
        "leased_by": None,
        "last_error": None,
        "origin": None,
        "handled_at": None,
        "merchant_id": None,
    }
    assert (second.stripe_account_id, second.subject_key) == (None, "evt_test_2")
    assert (second.livemode, second.state, second.last_error) == (
        True,
        "IGNORED",
        "The event belongs to another mode; this service works in a sandbox.",
    )
    assert second.stripe_created_at == second.received_at == second.handled_at == at
    assert (third.state, third.handled_at) == ("HANDLED", at)
    # SQLite compares times as text, so the INSERT and the model must store the same format.
    again = StripeEvent(**{**_values(first), "id": uuid7(), "stripe_event_id": "evt_test_again"})
    await StripeEvent.bulk_create([again])
    for name in ("received_at", "run_at", "stripe_created_at"):
        equal = StripeEvent.filter(**{name: getattr(first, name)})
        assert {"evt_test_1", "evt_test_again"} <= {row.stripe_event_id for row in await equal}, name


async def test_concurrent_copies_of_a_notification_are_recorded_once() -> None:
    intake = _intake()
    repeated = _notification(1, type="v2.core.account.closed")
    results = await _together(intake, [_notification(1), _notification(2), repeated, _notification(2)])
    assert results == [True, True, False, False]
    assert await _together(intake, [repeated, _notification(3)]) == [False, True]
    assert await _recorded() == ["evt_test_1", "evt_test_2", "evt_test_3"]
    assert {row.type for row in await StripeEvent.all()} == {"v2.core.account[requirements].updated"}


async def test_replicas_record_the_same_notifications_once_without_a_deadlock() -> None:
    replicas = [_intake() for _ in range(4)]
    for start in range(0, 400, 40):
        ascending = [_notification(number) for number in range(start, start + 40)]
        descending = ascending[::-1]
        orders = (ascending, descending, ascending, descending)
        results = await asyncio.gather(*map(_together, replicas, orders))
        answers = [results[0], results[1][::-1], results[2], results[3][::-1]]
        assert [sorted(map(repr, one)) for one in zip(*answers, strict=True)] == [
            ["False", "False", "False", "True"]
        ] * 40
    assert len(await _recorded()) == 400


async def test_a_back_filled_event_counts_as_delivered_after_its_delivery(
    statements: Statements,
) -> None:
    events = [_notification(number) for number in (1, 2, 3)]
    for one in events:
        row = inbox.arrival(one, json.dumps(one).encode(), HANDLERS, livemode=False)
        assert await inbox.record([row], POLICY, delivered=False) == {one["id"]}
        assert await inbox.record([row], POLICY, delivered=False) == set()
    before = {row.stripe_event_id: row for row in await StripeEvent.all()}
    assert all(row.back_filled_at == row.received_at for row in before.values())
    assert await _together(_intake(), [*events[:2], _notification(4), events[0]]) == [
        False,
        False,
        True,
        False,
    ]
    after = {row.stripe_event_id: row for row in await StripeEvent.all()}
    for name in ("evt_test_1", "evt_test_2"):
        assert after[name].back_filled_at is None
        assert after[name].received_at > before[name].received_at
        assert after[name].run_at == before[name].run_at
    assert _values(after["evt_test_3"]) == _values(before["evt_test_3"])
    # A second delivery changes nothing.
    statements.clear()
    assert await _together(_intake(), events[:2]) == [False, False]
    assert statements.take_verbs() == ["INSERT", "SELECT"]
    assert (await StripeEvent.get(stripe_event_id="evt_test_1")).received_at == after[
        "evt_test_1"
    ].received_at


async def test_only_the_invalid_notification_fails() -> None:
    bad = _notification(2, type="v2.core.account\ud800")  # no database accepts an unpaired surrogate
    results = await _together(_intake(), [_notification(1), bad, _notification(3), _notification(1)])
    assert [type(result) for result in results[:1] + results[2:]] == [bool] * 3
    assert (results[0], results[2], results[3]) == (True, True, False)
    assert isinstance(results[1], ValueError | OperationalError)
    assert await _recorded() == ["evt_test_1", "evt_test_3"]
    assert await _together(_intake(), [_notification(4)]) == [True]


async def test_other_requests_succeed_if_one_is_cancelled() -> None:
    intake = _intake()
    records = [asyncio.create_task(intake.record(_notification(n), b"{}")) for n in range(3)]
    await asyncio.sleep(0)
    records[0].cancel()
    results = await asyncio.gather(*records, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1:] == [True, True]
    # The notification of the cancelled request is recorded, too. Stripe gets no answer, so it repeats the
    # delivery.
    assert await _together(intake, [_notification(0)]) == [False]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_during_an_outage_each_waiting_notification_fails_with_its_own_error(
    statements: Statements,
) -> None:
    intake = _intake()
    await get_connection("default").execute_query("PRAGMA query_only = ON")
    statements.clear()
    results = await _together(intake, [_notification(number) for number in range(2 * BATCH + 1)])
    assert statements.take_verbs() == ["INSERT"]  # further statements would fail as well
    assert [outage.reason(one) for one in results if isinstance(one, outage.Unavailable)] == [
        "not writable"
    ] * (2 * BATCH + 1)
    assert len(set(map(id, results))) == 2 * BATCH + 1
    assert await _together(intake, [_notification(1)]) == [True]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_if_an_outage_begins_during_single_retries_the_other_notifications_fail_at_once(
    statements: Statements,
) -> None:
    await get_connection("default").execute_script("""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.stripe_event_id = 'evt_test_2' THEN RAISE EXCEPTION 'bad' USING ERRCODE = '22000'; END IF;
          IF NEW.stripe_event_id = 'evt_test_3' THEN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON stripe_event FOR EACH ROW EXECUTE FUNCTION fail();
    """)
    statements.clear()
    first, bad, *others = await _together(_intake(), [_notification(number) for number in (1, 2, 3, 4, 5)])
    assert statements.take_verbs() == ["INSERT"] * 4
    assert first is True
    assert isinstance(bad, OperationalError)
    assert outage.reason(bad) is None
    assert [outage.reason(one) for one in others if isinstance(one, outage.Unavailable)] == ["disk full"] * 3
    assert await _recorded() == ["evt_test_1"]


@pytest.mark.slow
async def test_a_full_queue_refuses_notifications() -> None:
    intake = _intake()
    results = await _together(intake, [_notification(number) for number in range(MAX_WAITING + 3)])
    assert results[:MAX_WAITING] == [True] * MAX_WAITING
    assert [outage.reason(one) for one in results[MAX_WAITING:] if isinstance(one, outage.Unavailable)] == [
        "queue full"
    ] * 3
    assert await _together(intake, [_notification(MAX_WAITING)]) == [True]


async def test_no_notification_is_acknowledged_before_its_commit(database: str) -> None:
    intake = _intake()
    async with locked(database, "stripe_event") as wait_for_statement:
        records = [asyncio.create_task(intake.record(_notification(n), b"{}")) for n in range(BATCH + 1)]
        await wait_for_statement()
        assert not any(record.done() for record in records)
    assert await records[0] is True
    rows = await asyncio.to_thread(tables.rows, database, "SELECT stripe_event_id FROM stripe_event")
    assert len(rows) >= BATCH  # another connection sees the committed rows
    assert await asyncio.gather(*records) == [True] * (BATCH + 1)


async def test_closing_the_intake_cancels_waiting_notifications(database: str) -> None:
    intake = _intake()
    await intake.close()  # no notification is waiting
    async with locked(database, "stripe_event") as wait_for_statement:
        records = [asyncio.create_task(intake.record(_notification(n), b"{}")) for n in range(BATCH + 1)]
        await wait_for_statement()
        await intake.close()
        await asyncio.wait(records, timeout=60)
        assert [record.done() and record.cancelled() for record in records] == [True] * (BATCH + 1)
    # Close before the first statement starts.
    other = _intake()
    early = asyncio.create_task(other.record(_notification(BATCH + 2), b"{}"))
    await asyncio.sleep(0)
    await other.close()
    await asyncio.wait({early}, timeout=60)
    assert early.done()
    assert early.cancelled()
    assert await _together(intake, [_notification(BATCH + 1)]) == [True]
