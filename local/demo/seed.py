"""Make the demo's data: play the history through the API and the local Stripe.

Both use a clock that starts weeks in the past.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import httpx
import uvloop

from local import stripe, tokens
from local.demo import clock as clocks
from local.demo import service
from local.demo.clock import Clock
from local.demo.history import Moment, history
from local.demo.people import People
from local.demo.service import Work
from local.demo.world import DAYS, FEES, SHOPS, Shop
from local.processes import Processes
from local.settings import Place, api_environment

DAY = 86_400
# The clock advances this many times a day, and all moments since the last step then happen at once.
STEPS_A_DAY = 2
# At the end, the last change is at least this many seconds old.
REST = 300.0
REVIEW_SECONDS = 0.9 * DAY
# The local Stripe must deliver its notifications within DELIVERY_SECONDS. The first pause between two checks
# is FIRST_PAUSE, and each further pause is longer.
DELIVERY_SECONDS, FIRST_PAUSE = 60.0, 0.005
# The local Stripe closes connections that are idle for five seconds.
LIMITS = httpx.Limits(keepalive_expiry=2)
# Settings of the API while the history is played: without limits, which would slow the history down, and
# without board, GraphiQL and worker.
QUICK = {
    "CONNECTQL_STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
    "CONNECTQL_STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
    "CONNECTQL_BOARD": "off",
    "CONNECTQL_GRAPHIQL": "off",
    "CONNECTQL_WORKER": "off",
}
# Called once for each day of the history, with the number of remaining days and the share of the work that is
# done.
Report = Callable[[int, float], None]


def make(here: Place, shops: Sequence[Shop] = SHOPS, *, days: int = DAYS, report: Report) -> str:
    """Play the history of these shops in the folder of `here`, which has no data yet. Returns a summary."""
    began = time.monotonic()
    moments = history(shops, days=days)
    with (
        Processes(is_silent=True) as processes,
        httpx.Client(base_url=here.simulator_url, trust_env=False, timeout=60, limits=LIMITS) as http,
    ):
        environment = stripe.environment(here) | {
            "SIMULATOR_REVIEW_SECONDS": str(REVIEW_SECONDS),
            "SIMULATOR_RETRY_SECONDS": "0.2,0.5,1",
        }
        processes.start("local Stripe", "simulator", environment)
        processes.wait_for(f"{here.simulator_url}/simulator/health")
        with clocks.running(http, -days * DAY) as clock:
            offered = {"CONNECTQL_SERVICE_PRICES": stripe.price(here), "CONNECTQL_FEE_POLICY": FEES}
            settings = api_environment(here, stripe.signing_secret(here)) | offered | QUICK
            uvloop.run(_play(here, settings, moments, clock, processes, days, report))
    return f"{len(shops)} merchants and {len(moments)} events in {time.monotonic() - began:.0f} s."


async def _play(
    here: Place,
    settings: Mapping[str, str],
    moments: Sequence[Moment],
    clock: Clock,
    processes: Processes,
    days: int,
    report: Report,
) -> None:
    api_url = f"http://127.0.0.1:{here.port}"
    async with (
        service.serving(settings) as app,
        httpx.AsyncClient(base_url=api_url, trust_env=False, timeout=60, limits=LIMITS) as api,
        httpx.AsyncClient(base_url=here.simulator_url, trust_env=False, timeout=60, limits=LIMITS) as http,
    ):

        def token(role: str, merchant: str = "") -> str:
            return tokens.issue(
                role, merchant, str((days + 2) * DAY), "" if merchant else f"{role}@platform"
            ).text

        known = {"backend": token("service"), "staff": token("operator")}
        people = People(api, http, known, lambda merchant: token("merchant", merchant), here.start_url)
        work = Work(app, clock)
        await people.open_earlier_accounts()
        for step, (at, group) in enumerate(_steps(moments, days)):
            clock.pass_until((at - days) * DAY - REST)
            processes.check()
            await _happen(people, group)
            await _settle(people, work)
            if step % STEPS_A_DAY == 0:
                report(days - step // STEPS_A_DAY, step / STEPS_A_DAY / days)
            else:
                await _end_day(people, work)
        await work.compare()
        clock.pass_until(0.0)
        await _end_day(people, work)


def _steps(moments: Sequence[Moment], days: int) -> Iterator[tuple[float, list[Moment]]]:
    """Return the steps of the clock. Each step has its time, in days, and the moments that happen then."""
    groups: dict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        groups[int(moment.at * STEPS_A_DAY)].append(moment)
    for step in range(days * STEPS_A_DAY):
        group = groups[step]
        # A step has the time of its last moment, so that no moment happens before its own time.
        at = max((moment.at for moment in group), default=(step + 0.5) / STEPS_A_DAY)
        yield at, group


async def _happen(people: People, moments: Sequence[Moment]) -> None:
    """Let the moments happen. Those of one shop follow one another, and different shops act concurrently."""
    of_shops: dict[str, list[Moment]] = defaultdict(list)
    for moment in moments:
        of_shops[moment.shop.id].append(moment)

    async def live(own: Sequence[Moment]) -> None:
        for moment in own:
            await people.act(moment)

    await asyncio.gather(*map(live, of_shops.values()))


async def _settle(people: People, work: Work) -> None:
    """Let the API handle all notifications."""
    is_busy = True
    while is_busy:
        await _until_delivered(people)
        is_busy = await work.handle_events()


async def _end_day(people: People, work: Work) -> None:
    """Run a worker's regular tasks."""
    await work.do_chores()
    await _settle(people, work)
    await work.record_problems()


async def _until_delivered(people: People) -> None:
    deadline, pause = time.monotonic() + DELIVERY_SECONDS, FIRST_PAUSE
    while not await people.delivered():
        if time.monotonic() > deadline:
            raise RuntimeError("the local Stripe does not deliver its notifications")
        await asyncio.sleep(pause)
        pause *= 1.5
