"""Numbers of the outgoing events for monitoring. Each function sends one or two short statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connect.outgoing.rules.endpoint_states import EndpointState
from models import first_uuid7, now
from models.sql import Select, time_of_row

# The ages of the backlog, each up to this time since the delivery was planned.
AGES = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
OLDER = "older"


@dataclass(frozen=True, slots=True)
class Backlog:
    """The deliveries that wait for an enabled endpoint, by age, with those that wait for another attempt.

    `oldest_due_seconds` is the delay of the oldest attempt that is due, or of the oldest event that no worker
    has numbered.
    """

    by_age: Mapping[str, int]
    unnumbered: int
    oldest_due_seconds: float


async def backlog() -> Backlog:
    at, select = await now(), Select()
    cases = " ".join(
        f"WHEN outgoing_delivery.id >= {select.value(first_uuid7(at - age))} THEN '{name}'"
        for name, age in AGES.items()
    )
    rows = await select.execute(
        f"SELECT CASE {cases} ELSE '{OLDER}' END AS age, count(*) AS number, min(run_at) AS since "  # noqa: S608
        "FROM outgoing_delivery JOIN event_endpoint ON event_endpoint.id = endpoint_id "
        "WHERE outgoing_delivery.state = 'PENDING' AND event_endpoint.state = 'ENABLED' GROUP BY age"
    )
    (new,) = await Select().execute(
        "SELECT count(*) AS number, min(created_at) AS since FROM outgoing_event WHERE position IS NULL"
    )
    since = [time_of_row(row["since"]) for row in (*rows, new) if row["since"] is not None]
    return Backlog(
        dict.fromkeys((*AGES, OLDER), 0) | {row["age"]: row["number"] for row in rows},
        new["number"],
        max((at - min(since, default=at)).total_seconds(), 0.0),
    )


async def endpoints() -> Mapping[EndpointState, int]:
    """The number of endpoints in each state."""
    rows = await Select().count_by("state", "event_endpoint", [])
    return {state: rows.get(state.value, 0) for state in EndpointState}
