"""All state that a request can change. Tests compare it to show that a request changed nothing."""

from typing import Any

from tortoise import connections

from testing.service import Service

OWN = {
    *("periodic_task", "worker_process", "stripe_call_count", "problem_occurrence"),
    *("outgoing_event", "outgoing_delivery", "notice", "audit_entry"),
    *("change_batch", "pending_change"),
}


async def table_names() -> list[str]:
    """The names of all tables, except those that are changed by workers, calls to Stripe, refused mutations
    or the feed.
    """
    db = connections.get("default")
    if db.capabilities.dialect == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    names = sorted(row["name"] for row in await db.execute_query_dict(query))
    assert {"merchant", "connected_account", "onboarding_link", "stripe_event"} < set(names)
    assert set(names) >= OWN
    return [name for name in names if name not in OWN]


async def read_tables() -> dict[str, list[str]]:
    """Every row of every table of `table_names` as text."""
    db = connections.get("default")
    return {
        name: sorted(str(dict(row)) for row in await db.execute_query_dict(f'SELECT * FROM "{name}"'))
        for name in await table_names()
    }


async def read_state(service: Service) -> tuple[Any, ...]:
    """The rows of the database, Stripe's accounts, and the numbers of calls to Stripe."""
    calls = service.simulator.control("calls")["calls"]
    calls.pop("GET /v2/core/event_destinations", None)  # workers check the destination periodically
    return await read_tables(), service.simulator.control("accounts"), calls
