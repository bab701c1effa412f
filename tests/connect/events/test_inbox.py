"""The inbox records each notification once, handles many notifications with one fetch, and loses none of
them.
"""

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.events.inbox import Handler, Outcome
from connect.stripe_api.gateway import Gateway
from models import Merchant, StripeEvent, now, outage
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.statements import Statements
from tests.connect.events.inboxes import POLICY, opened, record, states, work

pytestmark = pytest.mark.usefixtures("database")


REFUSAL = {"error": {"code": "unsupported", "message": "Stripe refuses to show the account."}}


async def test_a_notification_is_recorded_once(gateway: Gateway) -> None:
    account = await opened(gateway)
    notification = new_notification(1, account)
    assert await record(notification, notification) == [True, False]
    assert await StripeEvent.all().count() == 1


async def test_many_notifications_of_one_account_need_one_fetch(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    await record(*(new_notification(i, account) for i in range(100)))
    simulator.control("calls", method="DELETE")
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    while await work(gateway):
        pass
    assert simulator.control("calls")["calls"] == {"GET /v2/core/accounts/{id}": 1}
    assert (await Merchant.get()).status == "ACTIVE"
    assert set((await states()).values()) == {("HANDLED", 1)}


@pytest.mark.portable
async def test_several_workers_handle_each_event_once(gateway: Gateway, simulator: Simulator) -> None:
    account = await opened(gateway)
    await record(*(new_notification(i, account) for i in range(60)))
    simulator.control("calls", method="DELETE")
    counts = await asyncio.gather(*(work(gateway, f"worker-{i}") for i in range(6)))
    assert sum(counts) == 60
    assert set((await states()).values()) == {("HANDLED", 1)}
    assert simulator.control("calls")["total"] == 1


async def test_new_events_wait_while_another_worker_fetches_their_account(gateway: Gateway) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    await StripeEvent.all().update(leased_until=await now() + timedelta(seconds=30), leased_by="other")
    await record(new_notification(2, account))
    assert await work(gateway) == 0
    await StripeEvent.all().update(leased_until=await now() - timedelta(seconds=1))
    assert await work(gateway) == 2


async def test_many_events_of_one_account_do_not_delay_another_account(gateway: Gateway) -> None:
    account = await opened(gateway)
    await record(new_notification(0, "acct_busy"))
    await StripeEvent.all().update(leased_until=await now() + timedelta(seconds=30), leased_by="other")
    await record(*(new_notification(i, "acct_busy") for i in range(1, 200)), new_notification(200, account))
    assert await work(gateway) == 1
    assert (await states())["evt_test_200"] == ("HANDLED", 1)


async def test_a_failing_event_is_retried_and_fails_after_the_last_attempt(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    simulator.control("faults", {"method": "GET", "status": 400, "body": REFUSAL, "times": 99})
    assert await work(gateway) == 1
    assert await work(gateway) == 0  # the event is not due yet
    for _ in range(2):
        await StripeEvent.all().update(run_at=await now())
        assert await work(gateway) == 1
    row = await StripeEvent.get()
    assert (row.state, row.attempts) == ("FAILED", 3)
    reason = r"Stripe refuses to show the account\. Stripe's request id is req_\w+\."
    assert re.fullmatch(reason, row.last_error or "")
    simulator.control("faults", method="DELETE")
    replayed = await inbox.replay(row.id)
    assert (replayed.state, replayed.attempts) == ("PENDING", 0)
    assert replayed.last_error is None
    assert await work(gateway) == 1
    assert await states() == {"evt_test_1": ("HANDLED", 1)}


async def test_events_are_retried_during_an_outage_for_as_long_as_stripe_retries(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    simulator.control("faults", {"method": "GET", "status": 503, "times": 99})
    for _ in range(5):  # more than `max_attempts`
        await StripeEvent.all().update(run_at=await now())
        assert await work(gateway) == 1
    assert await states() == {"evt_test_1": ("PENDING", 5)}
    await StripeEvent.all().update(run_at=await now(), received_at=await now() - timedelta(days=4))
    assert await work(gateway) == 1
    assert await states() == {"evt_test_1": ("FAILED", 6)}


async def test_events_that_fail_together_are_postponed_by_one_statement(
    gateway: Gateway, simulator: Simulator, statements: Statements
) -> None:
    account = await opened(gateway)

    async def fail(*notifications: dict[str, Any]) -> int:
        """Count the statements of a failing attempt to handle these notifications."""
        await record(*notifications)
        simulator.control("faults", {"method": "GET", "status": 503})
        statements.clear()
        assert await work(gateway) == len(notifications)
        return statements.count

    count = await fail(new_notification(1, account))
    assert await fail(*(new_notification(number, account) for number in range(2, 62))) == count
    assert set((await states()).values()) == {("PENDING", 1)}
    # Whether an event fails, and how long it pauses, depends on its own number of attempts.
    await StripeEvent.filter(stripe_event_id="evt_test_1").update(attempts=2)
    await StripeEvent.all().update(run_at=await now())
    simulator.control("faults", {"method": "GET", "status": 400, "body": REFUSAL})
    at = await now()
    assert await work(gateway) == 61
    rows = {row.stripe_event_id: row for row in await StripeEvent.all()}
    assert (rows["evt_test_1"].state, rows["evt_test_1"].attempts) == ("FAILED", 3)
    assert {(row.state, row.attempts) for name, row in rows.items() if name != "evt_test_1"} == {
        ("PENDING", 2)
    }
    assert rows["evt_test_2"].run_at >= at + timedelta(seconds=120)


async def test_claiming_events_does_not_load_their_bodies(gateway: Gateway, statements: Statements) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account), new_notification(2, account))
    statements.clear()
    assert await work(gateway) == 2
    assert statements.with_text('FROM "stripe_event"')
    assert statements.with_text('"body"') == []


@pytest.mark.waits
async def test_an_event_that_is_replayed_while_it_is_handled_stays_due(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    await _slow_fetch(simulator)
    working = asyncio.create_task(work(gateway))
    await _fetching(simulator)
    await inbox.replay((await StripeEvent.get()).id)
    assert await working == 1
    assert await states() == {"evt_test_1": ("PENDING", 0)}


async def test_a_new_event_does_not_wait_for_a_retry(gateway: Gateway, simulator: Simulator) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    simulator.control("faults", {"method": "GET", "status": 503})
    await work(gateway)
    await record(new_notification(2, account))
    await work(gateway)
    assert await states() == {"evt_test_1": ("PENDING", 1), "evt_test_2": ("HANDLED", 1)}


@pytest.mark.one_database
async def test_each_handler_gets_the_events_of_its_types_grouped_by_its_key(gateway: Gateway) -> None:
    account = await opened(gateway)
    groups: list[list[str]] = []

    async def handle(_gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
        groups.append([event.stripe_event_id for event in events])
        return Outcome(ignored="Too small.") if len(events) == 1 else Outcome(stripe_account_id=account)

    def payout(notification: dict[str, Any]) -> str:
        return str(notification["related_object"]["id"])

    handlers = [*HANDLERS, Handler(("v1.topup.paid",), ("v1.topup.",), payout, handle)]
    for number, related in enumerate(("po_1", "po_2", "po_1", account)):
        kind = "v1.topup.paid" if related != account else "v2.core.account.updated"
        changed = {"type": kind, "related_object": {"id": related, "type": kind, "url": ""}}
        notification = new_notification(number, account, **changed)
        row = inbox.arrival(notification, b"{}", handlers, livemode=False)
        assert (row.subject_key, row.stripe_account_id) == (related, account)
        await inbox.record([row], POLICY)
    assert await inbox.work(gateway, "worker", POLICY, handlers) == 4
    assert sorted(groups) == [["evt_test_0", "evt_test_2"], ["evt_test_1"]]
    assert {name: state for name, (state, _) in (await states()).items()} == {
        "evt_test_0": "HANDLED",
        "evt_test_1": "IGNORED",
        "evt_test_2": "HANDLED",
        "evt_test_3": "HANDLED",
    }
    assert (await StripeEvent.get(stripe_event_id="evt_test_1")).last_error == "Too small."


@pytest.mark.one_database
async def test_an_event_without_a_handler_is_ignored(gateway: Gateway) -> None:
    await record(new_notification(1, "acct_1"))
    assert await inbox.work(gateway, "worker", POLICY, ()) == 1
    assert await states() == {"evt_test_1": ("IGNORED", 1)}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "state", "reason"),
    [
        ({"type": "v1.topup.paid"}, "IGNORED", None),
        ({"type": "v9.unheard.of"}, "IGNORED", None),
        ({"type": "v2.core.event_destination.ping"}, "HANDLED", None),
        (
            {"livemode": True},
            "IGNORED",
            "The event belongs to another mode; this service works in a sandbox.",
        ),
    ],
)
async def test_events_that_need_no_work_are_recorded_without_a_call(
    gateway: Gateway, simulator: Simulator, changed: dict[str, Any], state: str, reason: str | None
) -> None:
    account = await opened(gateway)
    simulator.control("calls", method="DELETE")
    await record(new_notification(1, account, **changed))
    assert await work(gateway) == 0
    row = await StripeEvent.get()
    assert (row.state, row.last_error) == (state, reason)
    assert simulator.control("calls")["total"] == 0


async def _slow_fetch(simulator: Simulator) -> None:
    simulator.control("calls", method="DELETE")
    slow = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 1.0}
    simulator.control("faults", slow)


async def _fetching(simulator: Simulator) -> None:
    async with asyncio.timeout(60):
        while simulator.control("calls")["total"] == 0:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def test_events_of_a_cancelled_worker_are_due_again_at_once(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    await record(*(new_notification(i, account) for i in range(3)))
    await record(new_notification(3, "acct_other"))
    await StripeEvent.filter(stripe_event_id="evt_test_3").update(
        leased_until=await now() + timedelta(seconds=30), leased_by="other", attempts=1
    )
    await _slow_fetch(simulator)
    working = asyncio.create_task(work(gateway))
    await _fetching(simulator)
    assert set(await StripeEvent.all().values_list("leased_by", "attempts")) == {("worker", 1), ("other", 1)}
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    ours = await StripeEvent.filter(subject_key=account).values_list(
        "state", "attempts", "leased_until", "leased_by", "last_error"
    )
    assert ours == [("PENDING", 0, None, None, None)] * 3
    assert await StripeEvent.filter(leased_by="other", attempts=1).count() == 1
    assert await work(gateway, "another") == 3
    assert (await states())["evt_test_0"] == ("HANDLED", 1)


@pytest.mark.waits
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_after_a_database_outage_events_are_released_or_their_leases_expire(
    gateway: Gateway, simulator: Simulator, database_url: str
) -> None:
    account = await opened(gateway)
    await record(new_notification(1, account))
    connection = get_connection("default")
    # After a short outage, the engine reconnects and the worker releases the events.
    await _slow_fetch(simulator)
    working = asyncio.create_task(work(gateway))
    await _fetching(simulator)
    await connection.execute_query("PRAGMA query_only = ON")
    with pytest.raises(OperationalError) as readonly:
        await working
    assert outage.reason(readonly.value) == "not writable"
    row = await StripeEvent.get()
    assert (row.state, row.attempts, row.leased_until) == ("PENDING", 0, None)
    # During a longer outage, the worker cannot release the event, so the lease must expire.
    await connection.execute_query("PRAGMA busy_timeout = 50")
    await _slow_fetch(simulator)
    working = asyncio.create_task(work(gateway))
    await _fetching(simulator)
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OperationalError) as locked:
        await working
    other.execute("ROLLBACK")
    other.close()
    assert outage.reason(locked.value) == "locked"
    row = await StripeEvent.get()
    assert (row.state, row.attempts, row.leased_by) == ("PENDING", 1, "worker")
    assert row.leased_until is not None
    await StripeEvent.all().update(leased_until=await now() - timedelta(seconds=1))
    assert await work(gateway) == 1
    assert await states() == {"evt_test_1": ("HANDLED", 2)}
