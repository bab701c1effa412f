"""Metrics about outgoing events. Each function sends at most three statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connect.outgoing.rules.endpoint_states import EndpointState
from models import EventEndpoint, first_uuid7, now
from models.sql import Select, time_of_row

# The upper limits of the age groups of pending deliveries. The age is the time since a delivery was planned.
AGES = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
OLDER = "older"
# The maximum number of pending deliveries that are counted for one endpoint. After a long outage of a
# receiver, it would take seconds to count them all.
MAX_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Delay:
    """`unnumbered` is the number of events that have no position yet. `oldest_due_seconds` is the time for
    which the oldest due attempt or unnumbered event has waited.
    """

    unnumbered: int
    oldest_due_seconds: float


async def delay() -> Delay:
    """The current delay. Reads all unnumbered events, and one index entry for each endpoint, regardless of
    the number of its pending deliveries.
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
    """The number of pending deliveries to enabled endpoints, by age, including those to be retried.

    Counts at most MAX_COUNTED deliveries of each endpoint: those whose attempts are due first.
    """
    counts = dict.fromkeys((*AGES, OLDER), 0)
    keys = await EventEndpoint.filter(state=EndpointState.ENABLED.value).values_list("id", flat=True)
    if not keys:
        return counts
    at, select = await now(), Select()
    cases = " ".join(
        f"WHEN id >= {select.value(first_uuid7(at - age))} THEN '{name}'" for name, age in AGES.items()
    )
    # Each part of the union reads the first index entries of one endpoint. In a union, SQLite allows LIMIT
    # only inside a subquery.
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
