"""The calls to Stripe and their limit, for operators."""

import strawberry
from strawberry import field

from connect.platform import pacing
from connect.stripe_api import call_counts
from models.stripe_calls import Calls
from resolvers.common.scalars import DateTime
from resolvers.execution.context import Info


@strawberry.type(
    description="The calls that all processes of ConnectQL made to Stripe in a period. Each process adds its "
    "newest calls every five seconds. The counted period may be up to ten seconds longer than stated."
)
class StripeCallCounts:
    calls: int = field(
        description="The number of calls. Retries after an answer such as 429 or 500 also count."
    )
    delayed: int = field(
        description="The number of calls that the limit delayed by more than a second. Calls for clients "
        "come before calls of workers."
    )
    longest_wait_milliseconds: int = field(
        description="The longest time that one of these delayed calls waited, in milliseconds. 0 if no call "
        "was delayed."
    )
    refused: int = field(
        description="The number of calls that ConnectQL did not make because one of its own limits was "
        "reached."
    )
    throttled: int = field(description="The number of calls that Stripe answered with 429.")


@strawberry.type(description="The calls of all processes to Stripe, and their limit.")
class StripeCallBudget:
    calls_per_second: int = field(
        description="The maximum number of calls per second of all processes together, from the setting "
        "`CONNECTQL_STRIPE_CALLS_PER_SECOND`."
    )
    next_call_in_milliseconds: int = field(
        description="The time until the limit allows another call, in milliseconds. 0 if a new call would "
        "not wait. A new call may wait longer, because calls are planned only a second ahead, and all later "
        "calls wait in their process."
    )
    last_minute: StripeCallCounts = field(description="The calls of the last minute.")
    last_hour: StripeCallCounts = field(description="The calls of the last hour.")
    last_day: StripeCallCounts = field(description="The calls of the last 24 hours.")
    last_throttled_at: DateTime | None = field(
        description="When Stripe last answered with 429, accurate to ten seconds. Null if Stripe sent no "
        "such answer in the last 24 hours."
    )
    last_delayed_at: DateTime | None = field(
        description="When a call last waited for its turn for more than a second, accurate to ten seconds. "
        "Null if no call waited so long in the last 24 hours."
    )


@strawberry.field(description="The calls to Stripe and their limit.")
async def stripe_calls(info: Info) -> StripeCallBudget:
    limit = info.context.stripe_calls_per_second
    recent, next_in = await call_counts.recent(), await pacing.next_turn_in(limit)
    return StripeCallBudget(
        calls_per_second=limit,
        next_call_in_milliseconds=round(next_in.total_seconds() * 1000),
        last_minute=_counts(recent.minute),
        last_hour=_counts(recent.hour),
        last_day=_counts(recent.day),
        last_throttled_at=recent.throttled_at,  # type: ignore[arg-type]
        last_delayed_at=recent.delayed_at,  # type: ignore[arg-type]
    )


def _counts(calls: Calls) -> StripeCallCounts:
    return StripeCallCounts(
        calls=calls.calls,
        delayed=calls.delayed,
        longest_wait_milliseconds=calls.longest_wait,
        refused=calls.refused,
        throttled=calls.throttled,
    )
