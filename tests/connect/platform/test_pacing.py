"""Calls to Stripe are paced, and merchants and callers have limits."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest

from connect.errors import TooManyCalls
from connect.platform import pacing
from connect.platform.pacing import STRIPE_CALLS, Limits
from connect.scope import Payer, Role
from models import PeriodicTask, now, outage, pace
from testing.locks import locked
from testing.statements import Statements

STEP = timedelta(seconds=0.1)
NO_LIMITS = Limits(0, 0)
SHOP, IMPORT = Payer(Role.MERCHANT, "shop-1"), Payer(Role.SERVICE, "import")

pytestmark = pytest.mark.usefixtures("database")


async def _plan(count: int = 1, within: float = 60) -> float:
    return (await pace.plan(STRIPE_CALLS, count, STEP, timedelta(seconds=within))).seconds


async def test_the_calls_of_all_processes_together_keep_their_distance() -> None:
    async def first(count: int = 1) -> float:
        """Plan this number of calls. Returns the time of the first call, by the database's clock."""
        plan = await pace.plan(STRIPE_CALLS, count, STEP, timedelta(seconds=60))
        return plan.at + plan.seconds

    firsts = [await first(), await first(4), await first()]
    firsts += sorted(await asyncio.gather(*(first(2) for _ in range(3))))
    gaps = [later - earlier for earlier, later in itertools.pairwise(firsts)]
    # On a busy machine, calls are planned later, but never closer together.
    least = [count * STEP.total_seconds() for count in (1, 4, 1, 2, 2)]
    assert [gap > distance - 0.005 for gap, distance in zip(gaps, least, strict=True)] == [True] * 5


async def test_one_statement_plans_many_calls(statements: Statements) -> None:
    await _plan()
    statements.clear()
    await _plan(10)
    assert statements.take_verbs() == ["UPDATE"]


async def test_a_call_that_would_begin_too_late_is_not_planned() -> None:
    await _plan(20)
    for _ in range(2):
        assert 1 < await _plan(within=1) < 2.01
    assert 0 < await _plan(within=3) < 2.01


async def test_a_plan_is_void_after_the_clock_is_set_back() -> None:
    await PeriodicTask.create(name=STRIPE_CALLS, due_at=await now() + timedelta(days=1), state={})
    assert await _plan() < 0.001  # SQLite calculates in days, so it rounds times
    assert await _plan() < 0.11


@pytest.mark.slow
async def test_a_client_waits_for_a_limited_time_and_is_told_when_to_retry() -> None:
    wait = pacing.for_clients(2, NO_LIMITS)
    results = await asyncio.gather(*(wait(SHOP, None, None) for _ in range(20)), return_exceptions=True)
    refused = [result for result in results if result is not None]
    assert 7 <= len(refused) <= 11
    assert all(isinstance(error, TooManyCalls) for error in refused)
    error = refused[0]
    assert isinstance(error, TooManyCalls)
    assert 4 <= error.retry_after_seconds <= 7
    assert error.message == (
        "This service makes at most 2 calls to Stripe a second, and more are waiting. "
        f"Repeat the same request in {error.retry_after_seconds} s; repeats are safe."
    )


async def test_a_call_that_waits_for_the_database_does_not_count_as_too_many_calls(database: str) -> None:
    queues = [pacing.Queue(20, ahead=0.5, silence=seconds) for seconds in (0.2, 60)]
    for queue in queues:
        assert await queue.turn(SHOP, None, 5)
    async with locked(database, "periodic_task"):
        calls = (queue.turn(SHOP, None, 0.5) for queue in queues for _ in range(2))
        silent, also_silent, *too_late = await asyncio.gather(*calls, return_exceptions=True)
    for result in (silent, also_silent):
        assert isinstance(result, Exception)
        assert outage.reason(result) == "time-out"
    assert too_late == [False, False]
    for queue in queues:
        assert await queue.turn(SHOP, None, 5)


@pytest.mark.waits
async def test_a_process_that_reads_its_plan_late_still_keeps_to_the_limit() -> None:
    clock, wait, times = asyncio.get_running_loop().time, pacing.for_workers(20), list[float]()

    async def call() -> None:
        await wait(None, None, None)
        times.append(clock())

    await call()
    calls = [asyncio.create_task(call()) for _ in range(32)]
    for _ in range(5):  # the database plans the first calls
        await asyncio.sleep(0)
    time.sleep(0.6)  # noqa: ASYNC251 -- the process gets no CPU time
    await asyncio.gather(*calls)
    busiest = max(sum(start <= one < start + 1 for one in times) for start in times)
    assert 15 <= busiest <= 20


@pytest.mark.waits
async def test_each_operation_keeps_to_stripes_limit_for_one_operation() -> None:
    clock = asyncio.get_running_loop().time
    began, wait = clock(), pacing.for_workers(100)
    await asyncio.gather(*(wait(None, None, name) for name in [*["intents.list"] * 40, "a" * 40]))
    # The limit for all calls would by itself let these calls pass within half a second.
    assert clock() - began >= 39 * pacing.distance(pacing.OPERATION_CALLS).total_seconds() - 0.1
    names = {STRIPE_CALLS, "calls:intents.list", f"calls:{'a' * 26}"}
    assert {row.name for row in await PeriodicTask.all()} == names
    await pacing.for_workers(pacing.OPERATION_CALLS)(None, None, "payouts.list")
    assert await PeriodicTask.all().count() == 3


@pytest.mark.slow
async def test_many_waiting_workers_leave_turns_for_clients() -> None:
    async def work(wait: pacing.Wait, number: int) -> None:
        while True:
            await wait(None, f"acct_{number}", None)

    replicas = [pacing.for_workers(5) for _ in range(3)]
    workers = [asyncio.create_task(work(replica, n)) for replica in replicas for n in range(10)]
    await asyncio.sleep(pacing.WORKER_SECONDS + 1)  # from now on, workers' calls compete with clients' calls
    wait = pacing.for_clients(5, NO_LIMITS)
    for _ in range(3):
        await wait(SHOP, None, None)
    assert (await PeriodicTask.get(name=STRIPE_CALLS)).due_at - await now() < timedelta(seconds=3)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


async def _in_order(calls: Sequence[tuple[str, Payer, str | None]]) -> list[str]:
    """Make these calls at the same time, and return their names in the order of their turns."""
    wait, order = pacing.for_clients(20, NO_LIMITS), list[str]()

    async def call(name: str, payer: Payer, account: str | None) -> None:
        await wait(payer, account, None)
        order.append(name)

    await asyncio.gather(*(call(*one) for one in calls))
    return order


@pytest.mark.slow
async def test_calls_about_one_account_hardly_delay_other_accounts() -> None:
    order = await _in_order([*[("busy", IMPORT, "acct_1")] * 60, ("other", IMPORT, "acct_2")])
    assert order.index("other") < 10


@pytest.mark.slow
async def test_many_calls_of_one_payer_hardly_delay_other_payers() -> None:
    calls = [("import", IMPORT, f"acct_{number}") for number in range(60)]
    order = await _in_order([*calls, ("shop", SHOP, "acct_x")])
    assert order.index("shop") < 10


@pytest.mark.slow
async def test_many_changes_of_a_caller_hardly_delay_its_creations() -> None:
    calls = [("change", IMPORT, f"acct_{number}") for number in range(60)]
    order = await _in_order([*calls, *[("create", IMPORT, None)] * 3])
    assert order[:15].count("create") == 3


@pytest.mark.waits
async def test_calls_whose_callers_have_left_are_skipped() -> None:
    wait = pacing.for_clients(20, NO_LIMITS)
    left = [asyncio.ensure_future(wait(IMPORT, "acct_1", None)) for _ in range(200)]
    await asyncio.sleep(0)
    for task in left:
        task.cancel()
    await asyncio.gather(*(wait(IMPORT, "acct_1", None) for _ in range(20)))
    assert (await PeriodicTask.get(name=STRIPE_CALLS)).due_at - await now() <= timedelta(seconds=1)


async def test_the_call_of_a_client_precedes_the_waiting_calls_of_workers() -> None:
    order: list[str] = []

    async def call(name: str, wait: pacing.Wait) -> None:
        await wait(None, None, None)
        order.append(name)

    workers, clients = pacing.for_workers(20), pacing.for_clients(20, NO_LIMITS)
    sweeps = [asyncio.create_task(call("sweep", workers)) for _ in range(40)]
    await asyncio.sleep(0.2)
    before = len(order)
    await call("client", clients)
    # Only the workers' calls that are already planned, those of the next half second, precede the client's.
    assert order.index("client") - before < 20
    for sweep in sweeps:
        sweep.cancel()


@pytest.mark.slow
async def test_many_calls_of_clients_do_not_stop_a_worker() -> None:
    async def fill() -> None:
        while True:
            seconds = await _plan(within=pacing.CLIENT_AHEAD)
            await asyncio.sleep(max(seconds - pacing.CLIENT_AHEAD, 0))

    await _plan(20)
    filling = asyncio.create_task(fill())
    async with asyncio.timeout(120):
        await pacing.for_workers(20)(None, None, None)
    filling.cancel()


@pytest.mark.parametrize("payer", [SHOP, IMPORT])
async def test_each_payer_has_its_own_limit(payer: Payer) -> None:
    limits = Limits(per_merchant=3, per_caller=3)
    assert [limits.count(payer) for _ in range(3)] == [0, 0, 0]
    with pytest.raises(TooManyCalls) as caught:
        limits.count(payer)
    assert caught.value.retry_after_seconds == 20
    other = Payer(payer.role, "other")
    assert limits.count(other) == 0


async def test_an_import_slows_down_before_it_is_refused() -> None:
    limits = Limits(per_merchant=60, per_caller=60)
    assert [limits.count(IMPORT) for _ in range(60)] == [0] * 60
    waits = [limits.count(IMPORT) for _ in range(4)]
    assert waits == pytest.approx([1, 2, 3, 4], abs=0.1)
    assert limits.count(IMPORT) == pytest.approx(5, abs=0.1)
    with pytest.raises(TooManyCalls) as caught:
        limits.count(IMPORT)
    assert caught.value.message == (
        "One caller may cause at most 60 calls to Stripe a minute. "
        "Repeat the same request in 6 s; repeats are safe."
    )
    assert [limits.count(SHOP) for _ in range(60)] == [0] * 60
    with pytest.raises(TooManyCalls, match="One merchant may cause at most 60 calls"):
        limits.count(SHOP)


async def test_zero_means_unlimited() -> None:
    assert [NO_LIMITS.count(payer) for payer in (SHOP, IMPORT) * 1000] == [0] * 2000
