"""The table that counts the calls to Stripe."""

from typing import Any, NamedTuple

from tortoise import fields
from tortoise.models import Model

from models.clock import now
from models.sql import Select

# The length of a slot of time.
SLOT_SECONDS = 10


class StripeCallCount(Model):
    """The calls of all processes in one slot of time. `slot` is the Unix time of its start / SLOT_SECONDS."""

    slot = fields.IntField(primary_key=True, generated=False)
    # The attempts of calls, including retries.
    calls = fields.IntField()
    # The calls that waited for their turn for more than a second, and the longest of these waits in
    # milliseconds.
    delayed = fields.IntField()
    longest_wait = fields.IntField()
    # The calls that this service refused, and the attempts that Stripe answered with 429.
    refused = fields.IntField()
    throttled = fields.IntField()

    class Meta:
        table = "stripe_call_count"


class Calls(NamedTuple):
    """Numbers of calls, as in StripeCallCount."""

    calls: int = 0
    delayed: int = 0
    longest_wait: int = 0
    refused: int = 0
    throttled: int = 0


async def present_slot() -> int:
    return int((await now()).timestamp()) // SLOT_SECONDS


async def add_calls(new: Calls) -> None:
    """Add the calls to the current slot with one statement. Many processes may do this at the same time."""
    statement = Select()
    slot = f"floor(extract(epoch FROM statement_timestamp()) / {SLOT_SECONDS})::int"
    if statement.is_sqlite:
        slot = statement.value(await present_slot())
    sums = [f"{name} = stripe_call_count.{name} + excluded.{name}" for name in new._fields]
    sums[new._fields.index("longest_wait")] = (
        "longest_wait = CASE WHEN excluded.longest_wait > stripe_call_count.longest_wait "
        "THEN excluded.longest_wait ELSE stripe_call_count.longest_wait END"
    )
    await statement.execute(
        f"INSERT INTO stripe_call_count (slot, {', '.join(new._fields)}) "  # noqa: S608 - our own text
        f"VALUES ({', '.join([slot, *map(statement.value, new)])}) "
        f"ON CONFLICT (slot) DO UPDATE SET {', '.join(sums)}"
    )


async def sum_calls(first: int) -> tuple[Calls, int | None, int | None]:
    """The calls in this slot and all later slots, the last slot with a throttled call, and the last slot with
    a delayed call. A slot is None if there was no such call.
    """
    statement = Select()
    sums = [f"coalesce(sum({name}), 0) AS {name}" for name in Calls._fields]
    sums[Calls._fields.index("longest_wait")] = "coalesce(max(longest_wait), 0) AS longest_wait"
    last = [f"max(CASE WHEN {name} > 0 THEN slot END) AS last_{name}" for name in ("throttled", "delayed")]
    (row,) = await statement.execute(
        f"SELECT {', '.join([*sums, *last])} FROM stripe_call_count "  # noqa: S608 - our own text
        f"WHERE slot >= {statement.value(first)}"
    )
    calls: Any = Calls(*(row[name] for name in Calls._fields))
    return calls, row["last_throttled"], row["last_delayed"]
