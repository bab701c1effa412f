"""Checks of the platform's health and their log lines, with real rows and the local Stripe."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from connect.errors import StripeRefused, StripeUnavailable
from connect.events import destinations
from connect.events.handlers import ENABLED_EVENTS
from connect.merchants import accounts
from connect.merchants import problems as merchant_problems
from connect.merchants.inputs import NewMerchant
from connect.merchants.mirror import mirror
from connect.platform import health, periodic
from connect.stripe_api.gateway import Gateway
from models import (
    AccountCreation,
    AccountReplacement,
    ConnectedAccount,
    Merchant,
    PeriodicTask,
    ProblemOccurrence,
    StripeEvent,
    TimelineEntry,
    now,
    uuid7,
)
from testing.merchants import build_merchant, store
from testing.processes import Simulator
from testing.service import STRIPE_KEY
from testing.waits import eventually
from tests.connect.conftest import SHOP
from tests.connect.platform.test_permissions import PERMISSIONS

pytestmark = pytest.mark.usefixtures("database")
URL = "http://127.0.0.1:9/webhooks/stripe"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TIMES: Any = {"stale_after": 6 * timedelta(hours=1), "backfill_after": MINUTE}
REFUSED = {"status": 400, "body": {"error": {"code": "not_today", "message": "Stripe says no."}}}


async def watch(gateway: Gateway) -> tuple[list[str], list[tuple[str, str]]]:
    """Run a check. Returns the problems that it found, and its log lines as pairs of event and code."""
    await periodic.hasten("health")
    with capture_logs() as lines:
        assert await health.watch(gateway, "worker", webhook_url=URL, **TIMES) == 1
    logged = [(line["event"], line["code"]) for line in lines if line["event"].startswith("problem_")]
    return await health.codes(), logged


@pytest.fixture
async def destination(gateway: Gateway, simulator: Simulator) -> str:
    simulator.control("deliveries", {"mode": "drop"})
    return (await destinations.create(gateway, URL)).id


@pytest.fixture
async def refused_gateway(simulator: Simulator) -> AsyncIterator[Gateway]:
    """A gateway with a key that the local Stripe refuses."""
    other = Gateway("rk_test_" + "x" * 24, simulator.base_url, timeout=2, retries=0)
    yield other
    await other.close()


def event(name: str, at: datetime, **columns: Any) -> StripeEvent:
    defaults: dict[str, Any] = {"state": "HANDLED", "run_at": at}
    return StripeEvent(
        id=uuid7(at),
        stripe_event_id=name,
        type="v2.core.account.updated",
        subject_key=name,
        livemode=False,
        body="{}",
        received_at=at,
        stripe_created_at=at,
        **defaults | columns,
    )


async def present_problems() -> dict[str, tuple[int, datetime | None]]:
    """The current problems except NO_WORKER, with the count and the time of each problem."""
    return {
        problem.code.value: (problem.count, problem.since)
        for problem in await health.problems(**TIMES)
        if problem.code.value != "NO_WORKER"
    }


@pytest.mark.slow
@pytest.mark.one_database
async def test_each_fault_of_the_destination_is_logged_when_it_appears_and_when_it_ends(
    gateway: Gateway, simulator: Simulator, destination: str
) -> None:
    assert await watch(gateway) == ([], [])
    faults: list[tuple[dict[str, Any], str]] = [
        ({"status": "disabled", "status_details": {"disabled": {"reason": "user"}}}, "DESTINATION_DISABLED"),
        ({"events_from": ["@self"]}, "DESTINATION_SCOPE"),
        ({"event_payload": "snapshot"}, "DESTINATION_PAYLOAD"),
        ({"enabled_events": [ENABLED_EVENTS[0]]}, "DESTINATION_EVENTS"),
        ({"webhook_endpoint": {"url": "http://127.0.0.1:9/elsewhere"}}, "DESTINATION_MISSING"),
    ]
    repaired = {
        "status": "enabled",
        "status_details": None,
        "events_from": ["@accounts", "@self"],
        "event_payload": "thin",
        "webhook_endpoint": {"url": URL},
        "enabled_events": ["*"],
    }
    for change, code in faults:
        simulator.control(f"destinations/{destination}", change)
        assert await watch(gateway) == ([code], [("problem_appeared", code)])
        assert await watch(gateway) == ([code], [])
        simulator.control(f"destinations/{destination}", repaired)
        assert await watch(gateway) == ([], [("problem_gone", code)])
    await gateway.delete_event_destination(destination)
    codes, _ = await watch(gateway)
    assert codes == ["DESTINATION_MISSING"]


@pytest.mark.one_database
async def test_the_log_line_contains_the_count_and_the_remedy(gateway: Gateway, destination: str) -> None:
    await gateway.delete_event_destination(destination)
    with capture_logs() as lines:
        await health.watch(gateway, "worker", webhook_url=URL, **TIMES)
    assert [line for line in lines if line["event"] == "problem_appeared"] == [
        {
            "event": "problem_appeared",
            "log_level": "warning",
            "code": "DESTINATION_MISSING",
            "severity": "ERROR",
            "message": f"Stripe has no event destination with the address {URL}.",
            "count": 1,
            "remedy": f"Run `python -m api destination {URL}` and put the secret into "
            "CONNECTQL_WEBHOOK_SECRETS. If your destination has another address, set CONNECTQL_WEBHOOK_URL "
            "to that address.",
        }
    ]


async def test_one_worker_checks_once_a_minute(gateway: Gateway, destination: str) -> None:
    assert destination
    assert await health.watch(gateway, "one", webhook_url=URL, **TIMES) == 1
    assert await health.watch(gateway, "two", webhook_url=URL, **TIMES) == 0
    task = await PeriodicTask.get(name="health")
    assert (task.leased_by, task.leased_until) == (None, None)
    assert timedelta(seconds=50) < task.due_at - await now() <= timedelta(seconds=60)


@pytest.mark.one_database
async def test_if_a_worker_loses_the_task_during_a_check_the_check_is_not_recorded(
    gateway: Gateway, simulator: Simulator, destination: str
) -> None:
    assert destination
    await watch(gateway)
    task = await PeriodicTask.get(name="health")
    old = task.state | {"checked_at": (await now() - 6 * MINUTE).isoformat()}
    await PeriodicTask.filter(name="health").update(state=old)
    simulator.control("faults", {"method": "GET", "kind": "delay", "seconds": 0.5, "times": 1})
    checking = asyncio.create_task(watch(gateway))
    held = PeriodicTask.filter(name="health", leased_by="worker")

    async def lose() -> int:
        return await held.update(leased_by="other")

    await eventually(lose)
    await checking
    assert not await ProblemOccurrence.exists()
    await PeriodicTask.filter(name="health").update(leased_by=None, leased_until=None)
    await watch(gateway)
    assert await ProblemOccurrence.exists(code="NO_WORKER")


async def test_the_destination_keeps_its_last_state_if_stripe_gives_no_answer(
    gateway: Gateway, refused_gateway: Gateway, simulator: Simulator, destination: str
) -> None:
    assert await watch(gateway) == ([], [])
    before = await health.last_check()
    assert before.destination is not None
    assert before.destination.id == destination
    simulator.control("faults", {"method": "GET", "status": 503, "times": 1})
    assert await watch(gateway) == (["STRIPE_UNAVAILABLE"], [("problem_appeared", "STRIPE_UNAVAILABLE")])
    assert await watch(refused_gateway) == (
        ["STRIPE_KEY_REFUSED"],
        [("problem_appeared", "STRIPE_KEY_REFUSED"), ("problem_gone", "STRIPE_UNAVAILABLE")],
    )
    since = (await health.last_check()).stripe_since
    await watch(refused_gateway)
    after = await health.last_check()
    assert after.stripe_since == since
    assert after.destination == before.destination
    assert after.destination_checked_at == before.destination_checked_at
    assert await watch(gateway) == ([], [("problem_gone", "STRIPE_KEY_REFUSED")])
    assert STRIPE_KEY not in str(await PeriodicTask.all().values())


@pytest.mark.one_database
@pytest.mark.parametrize("unusable", [{"webhook_endpoint": URL}, {"webhook_endpoint": {"url": URL}}])
async def test_an_answer_with_an_unusable_destination_is_not_a_definite_answer(
    gateway: Gateway, simulator: Simulator, destination: str, unusable: dict[str, Any]
) -> None:
    assert destination
    simulator.control("faults", {"method": "GET", "status": 200, "body": {"data": [unusable]}, "times": 1})
    assert await watch(gateway) == (["STRIPE_UNAVAILABLE"], [("problem_appeared", "STRIPE_UNAVAILABLE")])


async def test_a_late_check_means_that_no_worker_is_active(gateway: Gateway, destination: str) -> None:
    assert destination
    assert await health.codes() == []
    await watch(gateway)
    task = await PeriodicTask.get(name="health")
    for age, expected in ((5 * MINUTE - timedelta(seconds=20), []), (6 * MINUTE, ["NO_WORKER"])):
        checked_at = (await now() - age).isoformat()
        await PeriodicTask.filter(name="health").update(state=task.state | {"checked_at": checked_at})
        assert await health.codes() == expected
        assert [problem.code.value for problem in await health.problems(**TIMES)] == expected
    (problem,) = await health.problems(**TIMES)
    assert problem.message.startswith("No worker has been active since 2")
    assert "python -m api worker" in problem.remedy
    await PeriodicTask.all().delete()
    (problem,) = await health.problems(**TIMES)
    assert problem.message == "No worker has been active yet."


async def test_waiting_retried_and_failed_events_are_problems(gateway: Gateway) -> None:
    assert gateway
    at = await now()
    await StripeEvent.bulk_create(
        [
            event("handled", at - DAY),
            event("fresh", at, state="PENDING"),
            event("waits", at - 2 * MINUTE, state="PENDING"),
            event("waits_longest", at - 3 * MINUTE, state="PENDING"),
            event("again", at - 7 * MINUTE, state="PENDING", attempts=4, run_at=at + MINUTE),
            event("again_once", at - 9 * MINUTE, state="PENDING", attempts=1, run_at=at + MINUTE),
            event("failed", at - 2 * DAY, state="FAILED", attempts=16),
            event("failed_too", at - 3 * DAY, state="FAILED", attempts=16),
        ]
    )
    assert await present_problems() == {
        "EVENTS_WAITING": (2, at - 3 * MINUTE),
        "EVENTS_RETRYING": (1, at - 7 * MINUTE),
        "EVENTS_FAILED": (2, at - 3 * DAY),
    }


async def test_the_destination_counts_as_silent_until_it_delivers_an_event_again(gateway: Gateway) -> None:
    assert gateway
    at = await now()
    await event("found_before", at - 3 * DAY, back_filled_at=at).save(force_create=True)
    assert await present_problems() == {"DESTINATION_SILENT": (1, at - 3 * DAY)}
    await event("delivered", at - 2 * DAY).save(force_create=True)
    assert await present_problems() == {}
    await StripeEvent.bulk_create(
        [event(f"found_{hours}", at - timedelta(hours=hours), back_filled_at=at) for hours in (3, 2)]
    )
    assert await present_problems() == {"DESTINATION_SILENT": (2, at - timedelta(hours=3))}
    (problem, *_) = [one for one in await health.problems(**TIMES) if one.code.value == "DESTINATION_SILENT"]
    last = f"{at - 2 * DAY:%Y-%m-%d %H:%M} UTC"
    assert problem.message == f"2 events had to be back-filled: Stripe has delivered nothing since {last}."
    await event("delivered_again", at).save(force_create=True)
    assert await present_problems() == {}


async def test_stuck_expired_and_refused_creations_are_problems(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {"path": "/v2/core/accounts", **REFUSED, "times": 2})
    other = NewMerchant("shop-2", "Shop", "owner@shop.example", "US")
    for merchant in (SHOP, other):
        with pytest.raises(StripeRefused):
            await accounts.create(gateway, merchant, actor="tests")
    assert {code: count for code, (count, _) in (await present_problems()).items()} == {
        "CREATIONS_REFUSED": 2
    }
    # After a successful retry, the problem no longer counts this creation.
    await accounts.create(gateway, other, actor="tests")
    refused = await AccountCreation.get(state="REFUSED", external_id="shop-1")
    assert await present_problems() == {"CREATIONS_REFUSED": (1, refused.finished_at)}
    at = await now()
    await AccountCreation.filter(id=refused.id).update(run_at=at - 8 * DAY)
    assert await present_problems() == {}
    creation = await AccountCreation.get(state="SUCCEEDED")
    for age, code in [(4 * MINUTE, None), (6 * MINUTE, "CREATIONS_STUCK"), (30 * DAY, "CREATIONS_EXPIRED")]:
        await AccountCreation.filter(id=creation.id).update(state="PENDING", created_at=at - age)
        assert await present_problems() == ({code: (1, at - age)} if code else {})


@pytest.mark.slow
async def test_refused_replacements_are_problems_until_one_succeeds(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = (await ConnectedAccount.get()).stripe_account_id
    for status in (REFUSED, {"status": 400, "body": {"error": {"code": "email_invalid", "message": "No."}}}):
        simulator.control("faults", {"method": "POST", "path": "/v2/core/accounts", **status})
        with pytest.raises(StripeRefused):
            await accounts.replace(gateway, merchant, account, SHOP, actor="tests")
    refused = await AccountReplacement.get(error_code="not_today")
    assert await present_problems() == {"CREATIONS_REFUSED": (1, refused.finished_at)}
    await AccountReplacement.filter(id=refused.id).update(run_at=await now() - 8 * DAY)
    assert await present_problems() == {}
    await AccountReplacement.filter(id=refused.id).update(run_at=refused.run_at)
    await accounts.replace(gateway, merchant, account, SHOP, actor="tests")
    assert await present_problems() == {}


async def test_stuck_and_expired_replacements_are_problems(gateway: Gateway, simulator: Simulator) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = (await ConnectedAccount.get()).stripe_account_id
    simulator.control("faults", {"path": "/v2/core/accounts", "method": "POST", "status": 500, "times": 9})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, account, SHOP, actor="tests")
    at = await now()
    for age, code in [(4 * MINUTE, None), (6 * MINUTE, "CREATIONS_STUCK"), (30 * DAY, "CREATIONS_EXPIRED")]:
        await AccountReplacement.all().update(created_at=at - age)
        assert await present_problems() == ({code: (1, at - age)} if code else {})


async def test_the_closing_of_a_former_account_is_no_problem(gateway: Gateway, simulator: Simulator) -> None:
    simulator.control("deliveries", {"mode": "drop"})
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    former = await ConnectedAccount.get()
    await accounts.replace(gateway, merchant, former.stripe_account_id, SHOP, actor="tests")
    await accounts.close(gateway, merchant, actor="tests")
    await gateway.close_account(former.stripe_account_id, ["merchant"])
    await mirror.refresh(gateway, former, "webhook")
    assert await TimelineEntry.filter(kind="CLOSED", actor=None).count() == 1
    assert await present_problems() == {}


@pytest.mark.slow
async def test_disconnected_closed_stale_and_unknown_accounts_are_problems(
    gateway: Gateway, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.control("deliveries", {"mode": "drop"})
    shops = [NewMerchant(f"shop-{number}", "Shop", "owner@shop.example", "US") for number in range(4)]
    merchants = [(await accounts.create(gateway, shop, actor="tests"))[0] for shop in shops]
    rows = [await ConnectedAccount.get(merchant_id=merchant.id) for merchant in merchants]
    assert await present_problems() == {}
    await mirror.set_connected(rows[0], connected=False)
    left = await ConnectedAccount.get(id=rows[0].id)
    # The platform closes one account, and somebody else closes another account.
    await accounts.close(gateway, merchants[1], actor="operator")
    await gateway.close_account(rows[2].stripe_account_id, ["merchant"])
    await mirror.refresh(gateway, rows[2], "webhook")
    closed = await ConnectedAccount.get(id=rows[2].id)
    expected = {"ACCOUNTS_DISCONNECTED": (1, left.disconnected_at), "ACCOUNTS_CLOSED": (1, closed.synced_at)}
    assert await present_problems() == expected
    monkeypatch.setattr(merchant_problems, "MAX_RECENT", 1)  # only the account that was closed last is read
    assert await present_problems() == expected
    at = await now()
    late = at - timedelta(hours=6, minutes=6)
    await ConnectedAccount.filter(id=rows[3].id).update(synced_at=late)
    assert await present_problems() == {**expected, "MIRRORS_STALE": (1, late)}
    (stale,) = [one for one in await health.problems(**TIMES) if one.code.value == "MIRRORS_STALE"]
    assert stale.message.endswith(f": {rows[3].stripe_account_id}.")
    # An account that Stripe does not know does not count as stale.
    state: dict[str, object] = {
        "started_at": (at - MINUTE).isoformat(),
        "finished_at": at.isoformat(),
        "missing": [rows[3].stripe_account_id],
    }
    await PeriodicTask.create(name="sweep", due_at=at, state=state)
    assert await present_problems() == {**expected, "ACCOUNTS_UNKNOWN": (1, at)}
    await ConnectedAccount.all().update(disconnected_at=at - 8 * DAY, synced_at=at - 8 * DAY)
    assert await present_problems() == {}  # a disconnected account does not count as unknown
    assert await Merchant.filter(status="DISCONNECTED").count() == 1


@pytest.mark.one_database
async def test_the_message_says_that_the_list_of_unknown_accounts_may_be_incomplete() -> None:
    await store([build_merchant(f"shop-{number}", "active") for number in range(10)])
    names = [account.stripe_account_id for account in await ConnectedAccount.all()]
    state: dict[str, object] = {"finished_at": (await now()).isoformat(), "missing": names}
    await PeriodicTask.create(name="sweep", due_at=await now(), state=state)
    (problem,) = [one for one in await health.problems(**TIMES) if one.code.value == "ACCOUNTS_UNKNOWN"]
    assert problem.message == (f"Stripe no longer knows 10 accounts and maybe more: {', '.join(names)}.")


async def test_a_stalled_sweep_or_back_fill_is_a_problem(gateway: Gateway) -> None:
    assert gateway
    at = await now()
    hours = {n: (at - timedelta(hours=n)).isoformat() for n in (1, 6.07, 7, 8)}
    sweeps: list[tuple[dict[str, object], timedelta | None]] = [
        ({}, timedelta(hours=9)),
        ({"started_at": hours[8], "finished_at": hours[7]}, timedelta(hours=7)),
        ({"started_at": hours[7], "finished_at": None}, timedelta(hours=7)),
        ({"started_at": hours[1], "finished_at": None}, None),
        ({"started_at": hours[7], "finished_at": hours[1]}, None),
        ({"started_at": hours[8], "finished_at": hours[6.07]}, None),
    ]
    await PeriodicTask.create(name="sweep", due_at=at - timedelta(hours=9), state={})
    for state, age in sweeps:
        await PeriodicTask.filter(name="sweep").update(state=state)
        assert await present_problems() == ({"SWEEP_STALLED": (1, at - age)} if age else {})
    await PeriodicTask.create(name="backfill", due_at=at, state={})
    assert await present_problems() == {}
    for minutes, stalled in ((9, False), (11, True)):
        reached = at - minutes * MINUTE
        await PeriodicTask.filter(name="backfill").update(state={"checked_at": reached.isoformat()})
        assert await present_problems() == ({"BACKFILL_STALLED": (1, reached)} if stalled else {})


@pytest.mark.one_database
async def test_a_permission_that_a_restricted_key_lacks_is_a_problem(
    simulator: Simulator, destination: str
) -> None:
    assert destination
    permissions = [*PERMISSIONS - {"v2_account_storer_write"}, "v2_account_storer_read", "rak_webhook_read"]
    simulator.control("keys", {"key": "rk_test_reader", "permissions": permissions})
    restricted = Gateway("rk_test_reader", simulator.base_url, retries=0)
    try:
        await watch(restricted)
    finally:
        await restricted.close()
    (problem,) = [one for one in await health.problems(**TIMES) if one.code.value.startswith("STRIPE_")]
    assert problem.code.value == "STRIPE_PERMISSION_MISSING"
    assert problem.message == ("The platform's restricted key lacks the permission v2_account_storer_write.")
