"""platform.stripeCalls returns the limit of calls to Stripe, and counts the calls of all processes."""

from datetime import timedelta

from connect.platform.pacing import STRIPE_CALLS
from models import PeriodicTask, now
from models.stripe_calls import Calls, add_calls
from testing.service import Service

COUNTS = "calls delayed longestWaitMilliseconds refused throttled"
STRIPE_CALLS_QUERY = f"""
{{ platform {{ stripeCalls {{
  callsPerSecond nextCallInMilliseconds
  lastMinute {{ {COUNTS} }} lastHour {{ {COUNTS} }} lastDay {{ {COUNTS} }}
  lastThrottledAt lastDelayedAt
}} }} }}
"""


async def test_stripe_calls_has_the_limit_and_the_calls(idle: Service) -> None:
    none = {"calls": 0, "delayed": 0, "longestWaitMilliseconds": 0, "refused": 0, "throttled": 0}
    budget = (await idle.graphql(STRIPE_CALLS_QUERY))["platform"]["stripeCalls"]
    assert budget == {
        "callsPerSecond": idle.settings.stripe_calls_per_second,
        "nextCallInMilliseconds": 0,
        **dict.fromkeys(("lastMinute", "lastHour", "lastDay"), none),
        "lastThrottledAt": None,
        "lastDelayedAt": None,
    }
    await add_calls(Calls(calls=5, delayed=2, longest_wait=1500, refused=1, throttled=3))
    # The calls of the next second are planned already.
    await PeriodicTask.create(name=STRIPE_CALLS, due_at=await now() + timedelta(seconds=1), state={})
    budget = (await idle.graphql(STRIPE_CALLS_QUERY))["platform"]["stripeCalls"]
    counted = {"calls": 5, "delayed": 2, "longestWaitMilliseconds": 1500, "refused": 1, "throttled": 3}
    assert budget["lastMinute"] == budget["lastDay"] == counted
    assert budget["lastThrottledAt"] == budget["lastDelayedAt"] != None  # noqa: E711
    assert 0 < budget["nextCallInMilliseconds"] <= 1000 + 1200 / budget["callsPerSecond"]
