"""platform.problemHistory lists the problems that the checks of workers have found."""

from datetime import timedelta
from typing import Any

import pytest

from connect.platform import health
from connect.platform.last_check import LastCheck, encode
from models import PeriodicTask, StripeEvent, now
from testing.merchants import build_event
from testing.service import Service
from tests.resolvers.platform.test_dismiss_problem import check

HISTORY = """
query ($first: Int, $after: String, $code: PlatformProblemCode) {
  platform { problemHistory(first: $first, after: $after, code: $code) {
    edges { node { id code severity message count highestCount firstSeenAt lastSeenAt solvedAt dismissedAt } }
    pageInfo { hasNextPage endCursor }
  } }
}
"""
DISMISS = "mutation { dismissProblem(input: {code: EVENTS_FAILED}) { __typename } }"


async def history(service: Service, **variables: Any) -> list[dict[str, Any]]:
    page = (await service.graphql(HISTORY, variables))["platform"]["problemHistory"]
    return [edge["node"] for edge in page["edges"]]


@pytest.mark.slow
async def test_the_history_lists_the_problems_that_checks_found(idle: Service) -> None:
    assert await history(idle) == []
    waiting = build_event(2, state="PENDING")
    waiting.run_at = waiting.received_at
    await StripeEvent.bulk_create([build_event(1, state="FAILED"), waiting])
    await check(idle)
    codes = {problem["code"] for problem in await history(idle)}
    assert {"EVENTS_FAILED", "EVENTS_WAITING"} <= codes
    (failed,) = await history(idle, code="EVENTS_FAILED")
    assert (failed["severity"], failed["count"], failed["highestCount"]) == ("ERROR", 1, 1)
    assert failed["message"] == "1 event failed and will not be retried."
    assert failed["firstSeenAt"] == failed["lastSeenAt"]
    assert failed["solvedAt"] is failed["dismissedAt"] is None

    await idle.graphql(DISMISS)
    await check(idle)
    (dismissed,) = await history(idle, code="EVENTS_FAILED")
    assert dismissed["id"] == failed["id"]
    assert dismissed["solvedAt"] is None
    assert dismissed["dismissedAt"] > failed["lastSeenAt"]

    retrying = build_event(3, state="PENDING")
    retrying.attempts = 2
    await retrying.save(force_create=True)
    await check(idle)
    ordered = await history(idle)
    assert ordered[0]["code"] == "EVENTS_RETRYING"
    times = [problem["firstSeenAt"] for problem in ordered]
    assert times == sorted(times, reverse=True)
    assert times[0] > times[1]
    codes.add("EVENTS_RETRYING")

    first = (await idle.graphql(HISTORY, {"first": 1}))["platform"]["problemHistory"]
    rest = await history(idle, after=first["pageInfo"]["endCursor"])
    assert first["edges"][0]["node"]["id"] not in {problem["id"] for problem in rest}
    assert len(rest) == len(codes) - 1


async def test_a_time_without_a_worker_is_recorded_by_the_next_check(idle: Service) -> None:
    at = await now()
    state = encode(LastCheck(checked_at=at - timedelta(hours=2)))
    await PeriodicTask.create(name=health.TASK, due_at=at, state=state)
    await check(idle)
    (pause,) = await history(idle, code="NO_WORKER")
    begin = at - timedelta(hours=2) + health.WORKER_AFTER
    assert pause["message"].startswith(f"No worker was active from {begin:%Y-%m-%d %H:%M} UTC to ")
    assert pause["solvedAt"] == pause["lastSeenAt"] > pause["firstSeenAt"]
    await check(idle)
    assert await history(idle, code="NO_WORKER") == [pause]
