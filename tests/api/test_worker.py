"""The worker as a separate process, and graceful stops."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.configuration import settings as settings_module
from api.worker import POLL_SECONDS, Worker
from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.events.reconcile import SWEEP
from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.outgoing import notices
from connect.platform.feed import Feed
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, PeriodicTask, StripeEvent, now
from testing.deployment import Deployment, client_of, deployment
from testing.processes import Simulator, end
from testing.service import STRIPE_KEY, running
from testing.statements import Statements
from testing.waits import PATIENCE, eventually, until


@pytest.fixture
def service(database_url: str, simulator: Simulator, tmp_path: Path) -> Deployment:
    """An API without a worker."""
    return deployment(database_url, simulator, tmp_path, WORKER="off", LOG_FORMAT="text")


def count_calls(simulator: Simulator, call: str) -> int:
    count: int = simulator.control("calls")["calls"].get(call, 0)
    return count


def test_a_separate_worker_handles_events_and_both_processes_finish_their_work(
    service: Deployment, simulator: Simulator
) -> None:
    simulator.control("calls", method="DELETE")
    with service.serving() as api, client_of(service) as client:
        account = service.create(client).json()["data"]["createMerchant"]["merchant"]["account"]
        simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "activate"})
        until(lambda: len(service.states(client)) > 1)
        assert set(service.states(client)) == {"PENDING"}
        assert service.status(client) == "ONBOARDING"
        assert count_calls(simulator, "GET /v2/core/accounts/{id}") == 0

        with service.working() as worker:
            until(lambda: service.status(client) == "ACTIVE")
            until(lambda: set(service.states(client)) == {"HANDLED"})

            # The worker gets SIGTERM while it waits for a slow answer of Stripe.
            before = count_calls(simulator, "GET /v2/core/accounts/{id}")
            slow = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 1.0}
            simulator.control("faults", slow)
            simulator.control(f"accounts/{account['stripeAccountId']}", {"scenario": "past_due"})
            until(lambda: count_calls(simulator, "GET /v2/core/accounts/{id}") > before)
            assert end(worker, signal.SIGTERM) == 0
            assert "worker_cut_off" not in worker.output
            assert service.status(client) == "RESTRICTED"
            assert "HANDLED" in service.states(client)
            assert "Traceback" not in worker.output
            assert "accounts.retrieve" in worker.output
            assert "accounts.retrieve" not in api.output

        # The API knows the worker and the calls of both processes.
        def platform() -> Any:
            query = "{ platform { workers { isAlive stoppedAt } stripeCalls { lastDay { calls } } } }"
            return service.graphql(client, query, {}).json()["data"]["platform"]

        (stopped,) = platform()["workers"]
        assert stopped["isAlive"] is False
        assert stopped["stoppedAt"] is not None
        made = sum(simulator.control("calls")["calls"].values())
        until(lambda: platform()["stripeCalls"]["lastDay"]["calls"] == made)

        # The API gets SIGTERM while a client waits for an answer.
        simulator.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 1.0})
        with ThreadPoolExecutor(1) as threads:
            before = count_calls(simulator, "POST /v2/core/accounts")
            answer = threads.submit(service.create, client, "shop-2")
            until(lambda: count_calls(simulator, "POST /v2/core/accounts") > before)
            assert end(api, signal.SIGTERM) == 0
            assert answer.result().json()["data"]["createMerchant"]["created"] is True
        assert api.output.count("Traceback") == 0, api.output


@pytest.mark.usefixtures("database")
async def test_a_cancelled_worker_releases_its_leases(service: Deployment, simulator: Simulator) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    shop = NewMerchant("shop-1", "Shop", "owner@shop.example", "US")
    merchant, _ = await accounts.create(gateway, shop, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    notification = {
        "id": "evt_1",
        "type": "v1.account.updated",
        "context": account.stripe_account_id,
        "livemode": False,
    }
    arrival = inbox.arrival(notification, b"{}", HANDLERS, livemode=False)
    assert await inbox.record([arrival], inbox.Policy(debounce=0))
    fault = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 6}
    simulator.control("faults", fault)
    worker = Worker(gateway, settings_module.read(service.environment), Feed())
    worker.start()
    await asyncio.to_thread(until, lambda: count_calls(simulator, "GET /v2/core/accounts/{id}"))
    await worker.stop(0)
    row = await StripeEvent.get()
    assert (row.state, row.attempts, row.leased_by, row.leased_until) == ("PENDING", 0, None, None)
    await gateway.close()


@pytest.mark.usefixtures("database")
async def test_an_idle_worker_sends_few_statements(
    service: Deployment, simulator: Simulator, statements: Statements
) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    without = {**service.environment, "CONNECTQL_NOTICES_PER_DAY": "0"}
    worker = Worker(gateway, settings_module.read(without), Feed())
    worker.start()

    quiet = 0

    async def is_idle() -> bool:
        nonlocal quiet
        statements.clear()
        await asyncio.sleep(POLL_SECONDS)
        quiet = quiet + 1 if statements.count < 45 else 0
        return quiet == 2

    await eventually(is_idle, seconds=60)  # a new worker first runs the tasks that are due
    assert await PeriodicTask.exists(name=notices.TASK)  # this task still ends earlier notices
    await worker.stop()
    await gateway.close()


@pytest.mark.portable
@pytest.mark.usefixtures("database")
async def test_a_recorded_event_wakes_the_worker(
    service: Deployment, simulator: Simulator, database_url: str
) -> None:
    gateway, feed = Gateway(STRIPE_KEY, simulator.base_url), Feed()
    settings = settings_module.read(service.environment)
    worker = Worker(gateway, settings, feed, poll_seconds=3600)
    listening = asyncio.create_task(feed.listen(database_url))
    await asyncio.wait_for(feed.listening.wait(), 20 * PATIENCE)
    worker.start()
    await asyncio.sleep(1)  # the first poll is over
    notification = {"id": "evt_1", "type": "v1.account.updated", "context": "acct_nobody", "livemode": False}
    arrival = inbox.arrival(notification, b"{}", HANDLERS, livemode=False)
    assert await inbox.record([arrival], settings.inbox)

    async def has_attempted() -> bool:
        return bool((await StripeEvent.get()).attempts)

    await eventually(has_attempted)
    await worker.stop()
    listening.cancel()
    await asyncio.wait({listening})
    await gateway.close()


async def test_a_first_sweep_that_hangs_is_reported_as_a_problem(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await service.create("shop-1")
        # A day has passed since the first sweep was due.
        await PeriodicTask.create(name=SWEEP, due_at=await now() - timedelta(days=1), state={})
    fault = {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 60, "times": 99}
    simulator.control("faults", fault)
    problems = "{ platform { problems { code count } } }"
    async with running(database_url, simulator, tmp_path) as service:
        # The event about the creation may also cause a call.
        await asyncio.to_thread(until, lambda: count_calls(simulator, "GET /v2/core/accounts/{id}") >= 1)
        found = (await service.graphql(problems))["platform"]["problems"]
        assert {"code": "SWEEP_STALLED", "count": 1} in found
        assert (await PeriodicTask.get(name=SWEEP)).state == {}
    simulator.control("faults", method="DELETE")
