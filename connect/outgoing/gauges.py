"""Numbers of the outgoing events for monitoring. Each function sends at most three statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connect.outgoing.rules.endpoint_states import EndpointState
from models import EventEndpoint, first_uuid7, now
from models.sql import Select, time_of_row

# The upper limits of the ages of waiting deliveries. The age is the time since the delivery was planned.
AGES = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
OLDER = "older"
# At most this many waiting deliveries of an endpoint are counted. After a long outage of a receiver, counting
# all would take seconds.
MAX_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Delay:
    """`unnumbered` events have no position yet. `oldest_due_seconds` is the longest delay of an attempt that
    is due or of an unnumbered event.
    """

    unnumbered: int
    oldest_due_seconds: float


async def delay() -> Delay:
    """The delay at present. Reads one index entry for each endpoint, however many deliveries wait, and all
    unnumbered events.
    """
    at = await now()
    rows = await Select().execute(
        "SELECT (SELECT min(run_at) FROM outgoing_delivery "
        "WHERE endpoint_id = event_endpoint.id AND state = 'PENDING') AS since "
        "FROM event_endpoint WHERE state = 'ENABLED'"
    )
    (new,) = await Select().execute(
        "SELECT count(*) AS number, min(created_at) AS since FROM outgoing_event WHERE position IS NULL"
    )
    since = [time_of_row(row["since"]) for row in (*rows, new) if row["since"] is not None]
    return Delay(new["number"], max((at - min(since, default=at)).total_seconds(), 0.0))


async def waiting() -> Mapping[str, int]:
    """The deliveries that wait for an enabled endpoint, by age, including those that wait for a retry.

    Counts at most MAX_COUNTED of each endpoint: those whose attempts are due first.
    """
    counts = dict.fromkeys((*AGES, OLDER), 0)
    keys = await EventEndpoint.filter(state=EndpointState.ENABLED.value).values_list("id", flat=True)
    if not keys:
        return counts
    at, select = await now(), Select()
    cases = " ".join(
        f"WHEN id >= {select.value(first_uuid7(at - age))} THEN '{name}'" for name, age in AGES.items()
    )
    # Each part reads the first entries of the index of its endpoint. In a union, SQLite allows LIMIT only
    # inside a subquery.
    parts = " UNION ALL ".join(
        f"SELECT id FROM (SELECT id FROM outgoing_delivery WHERE endpoint_id = {select.value(key)} "  # noqa: S608
        f"AND state = 'PENDING' ORDER BY run_at LIMIT {MAX_COUNTED}) AS due"
        for key in keys
    )
    rows = await select.execute(
        f"SELECT CASE {cases} ELSE '{OLDER}' END AS age, count(*) AS number "  # noqa: S608
        f"FROM ({parts}) AS waiting GROUP BY age"
    )
    return counts | {row["age"]: row["number"] for row in rows}


async def endpoints() -> Mapping[EndpointState, int]:
    """The number of endpoints in each state."""
    rows = await Select().count_by("state", "event_endpoint", [])
    return {state: rows.get(state.value, 0) for state in EndpointState}
