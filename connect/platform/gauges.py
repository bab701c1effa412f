"""Numbers about the whole platform, for monitoring. Each function sends at most three short statements."""

from collections.abc import Mapping
from dataclasses import dataclass

from connect.merchants.rules.status.status import Status
from connect.platform import health, pacing
from connect.platform.problems import ProblemCode
from connect.platform.records import workers
from models import now
from models.sql import Select, time_of_row
from models.stripe_calls import SLOT_SECONDS, present_slot, sum_calls

# The number of slots over which `remaining_calls` averages.
PERIOD_SLOTS = 6


@dataclass(frozen=True, slots=True)
class Events:
    """The numbers of waiting and failed events, and the seconds for which the oldest waiting event has
    waited.
    """

    waiting: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Workers:
    """The number of workers that run, and the seconds since the newest report of a worker that has not
    stopped.
    """

    alive: int
    report_age_seconds: float | None


async def merchants() -> Mapping[Status, int]:
    """The number of merchants with each status."""
    rows = await Select().count_by("status", "merchant", [])
    return {status: rows.get(status.value, 0) for status in Status}


async def events() -> Events:
    statement = Select()
    rows = await statement.execute(
        f"SELECT state, count(*) AS number, min(received_at) AS since, {statement.moment()} AS now "  # noqa: S608
        "FROM stripe_event WHERE state IN ('PENDING', 'FAILED') GROUP BY state"
    )
    by_state = {row["state"]: row for row in rows}
    waiting, failed = by_state.get("PENDING"), by_state.get("FAILED")
    return Events(
        waiting["number"] if waiting else 0,
        failed["number"] if failed else 0,
        (time_of_row(waiting["now"]) - time_of_row(waiting["since"])).total_seconds() if waiting else 0.0,
    )


async def problems() -> Mapping[ProblemCode, bool]:
    """For each problem, whether its code is in `health.codes`."""
    codes = set(await health.codes())
    return {code: code.value in codes for code in ProblemCode}


async def running_workers() -> Workers:
    listed, at = await workers.listed(), await now()
    running = [one for one in listed if one.stopped_at is None]
    newest = max((one.reported_at for one in running), default=None)
    alive = sum(one.is_alive for one in running)
    return Workers(alive, (at - newest).total_seconds() if newest is not None else None)


async def remaining_calls(per_second: int) -> float:
    """The number of further calls to Stripe per second that the limit would have allowed, on average over the
    last minute.
    """
    calls, _, _ = await sum_calls(await present_slot() - PERIOD_SLOTS)
    planned = 1 / pacing.distance(per_second).total_seconds()
    return max(planned - calls.calls / (PERIOD_SLOTS * SLOT_SECONDS), 0.0)
