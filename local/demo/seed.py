"""Make the demo's data: play the history with the API and the local Stripe. Their clock begins weeks ago."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx
import time_machine

from local import stripe, tokens
from local.demo.clock import Clock
from local.demo.history import Moment, history
from local.demo.people import People
from local.demo.world import DAYS, SHOPS, Shop
from local.processes import Processes
from local.settings import Place, api_environment

DAY = 86_400
# Between two steps of the clock, everything of half a day happens.
STEPS_A_DAY = 2
# The last change happens this long ago, in seconds.
REST = 300.0
REVIEW_SECONDS = 0.9 * DAY
IDLE_SECONDS, PAUSE = 60.0, 0.04
FEES = "USD 2.9% + 0.30, EUR 2.5% + 0.25, GBP 2.4% + 0.20, * 3%"
# No sweep and no limit slows the history down.
QUICK = {
    "CONNECTQL_STALE_AFTER_SECONDS": "2592000",
    "CONNECTQL_STRIPE_CALLS_PER_SECOND": "100",
    "CONNECTQL_STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
    "CONNECTQL_STRIPE_CALLS_PER_MINUTE_OF_CALLER": "0",
    "CONNECTQL_GRAPHIQL": "off",
    "CONNECTQL_LOG_LEVEL": "error",
}


def make(
    here: Place,
    shops: Sequence[Shop] = SHOPS,
    *,
    days: int = DAYS,
    report: Callable[[str], None] = print,
) -> None:
    """Play the history of these shops in the folder of `here`, which has no data yet."""
    began = time.monotonic()
    moments = history(shops, days=days)
    with (
        Processes(is_silent=True) as processes,
        httpx.Client(base_url=here.simulator_url, trust_env=False, timeout=60) as http,
    ):
        environment = stripe.environment(here) | {
            "SIMULATOR_REVIEW_SECONDS": str(REVIEW_SECONDS),
            "SIMULATOR_RETRY_SECONDS": "0.2,0.5,1",
        }
        processes.start("local Stripe", "simulator", environment)
        processes.wait_for(f"{here.simulator_url}/simulator/health")
        clock = Clock(here.folder, http, -days * DAY)
        offered = {"CONNECTQL_SERVICE_PRICES": stripe.price(here), "CONNECTQL_FEE_POLICY": FEES}
        settings = api_environment(here, stripe.signing_secret(here)) | offered | QUICK
        processes.start("API", "local.shifted", settings, str(clock.file), "-m", "api")
        processes.wait_for(f"http://127.0.0.1:{here.port}/readyz")
        asyncio.run(_play(here, moments, clock, processes, days, report))
        clock.end()
    for file in (clock.file, clock.file.with_suffix(".seen")):
        file.unlink(missing_ok=True)
    report(f"{len(shops)} merchants and {len(moments)} events in {time.monotonic() - began:.0f} s.")


async def _play(
    here: Place,
    moments: Sequence[Moment],
    clock: Clock,
    processes: Processes,
    days: int,
    report: Callable[[str], None],
) -> None:
    # The local Stripe closes connections that are idle for five seconds.
    limits = httpx.Limits(keepalive_expiry=2)
    async with (
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{here.port}", trust_env=False, timeout=60, limits=limits
        ) as api,
        httpx.AsyncClient(base_url=here.simulator_url, trust_env=False, timeout=60, limits=limits) as http,
    ):
        begins = clock.now()

        def token(role: str, merchant: str = "") -> str:
            lifetime = str((days + 2) * DAY)
            with time_machine.travel(datetime.fromtimestamp(begins, UTC) - timedelta(minutes=1), tick=False):
                return tokens.issue(role, merchant, lifetime, "" if merchant else f"{role}@platform").text

        known = {"backend": token("service"), "staff": token("operator")}
        people = People(api, http, known, lambda merchant: token("merchant", merchant), here.start_url)
        for step, (at, group) in enumerate(_steps(moments, days)):
            clock.pass_until((at - days) * DAY - REST)
            processes.check()
            await _happen(people, group)
            await _until_idle(people)
            if step % (STEPS_A_DAY * 7) == 0:
                report(f"  {days - at:.0f} days ago")
        clock.pass_until(0.0)
        await _until_idle(people)


def _steps(moments: Sequence[Moment], days: int) -> Iterator[tuple[float, list[Moment]]]:
    """Return the moments of each part of a day, with the time at which they happen."""
    groups: dict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        groups[int(moment.at * STEPS_A_DAY)].append(moment)
    for step in range(days * STEPS_A_DAY):
        group = groups[step]
        # The time of the last moment, so that nothing happens before the time of its cause.
        at = max((moment.at for moment in group), default=(step + 0.5) / STEPS_A_DAY)
        yield at, group


async def _happen(people: People, moments: Sequence[Moment]) -> None:
    """Let the moments happen: those of one shop in turn, and those of different shops at once."""
    of_shops: dict[str, list[Moment]] = defaultdict(list)
    for moment in moments:
        of_shops[moment.shop.id].append(moment)

    async def live(own: Sequence[Moment]) -> None:
        for moment in own:
            await people.act(moment)

    await asyncio.gather(*map(live, of_shops.values()))


async def _until_idle(people: People) -> None:
    deadline = time.monotonic() + IDLE_SECONDS
    while not await people.idle():
        if time.monotonic() > deadline:
            raise RuntimeError("the API does not finish its work")
        await asyncio.sleep(PAUSE)
