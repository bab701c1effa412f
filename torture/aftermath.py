"""Checks after a load: all work finishes without new requests, and GraphQL shows the state at Stripe."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from testing.deployment import Deployment
from testing.report import Report
from testing.tables import rows
from torture import comparison
from torture.load import Load

# The number of calls to Stripe that the workers are expected to make per second. One call serves all pending
# events of an object, such as an account.
CALLS_PER_SECOND = 15


def check(deployment: Deployment, load: Load, report: Report, *, apart: Collection[str] = ()) -> None:
    """Wait until all work has finished and the service agrees with Stripe. Meanwhile, clients repeat no
    request. The accounts in `apart` belong to no merchant.

    The work may take one minute, plus the time for calls to Stripe (see CALLS_PER_SECOND): one call for each
    object with pending events, and one for each undelivered notification.
    """
    backlog = _backlog(deployment)
    seconds = 60 + backlog / CALLS_PER_SECOND
    settled, left = comparison.settled(
        lambda: (
            _unfinished(deployment)
            or _notifications(deployment)[1]
            or comparison.differences(deployment, apart=apart)
        ),
        seconds,
    )
    report.problems += [f"after {seconds:.0f} s: {one}" for one in left]
    accounts = [account for account in deployment.accounts() if account["id"] not in apart]
    report.problems += load.problems
    report.problems += _merchants(deployment, load, accounts)
    answered, lost = _notifications(deployment)
    report.problems += lost
    report.figures |= {
        "merchants acknowledged": len(load.acknowledged),
        "accounts at Stripe": len(accounts),
        "changes at Stripe": load.scenarios.total(),
        "notifications answered with 200, all stored"
        if not lost
        else "notifications answered with 200": answered,
        "objects with pending events, plus undelivered notifications, when the load ended": backlog,
        "seconds until all work was finished": round(settled, 1),
    }


def attempts(deployment: Deployment) -> Counter[str]:
    """Stripe's attempts to deliver notifications, counted by status or fault."""
    return Counter(
        str(attempt["status"] or str(attempt["error"]).split(":", 1)[0])
        for delivery in _deliveries(deployment)
        for attempt in delivery["attempts"]
    )


def _backlog(deployment: Deployment) -> int:
    """The number of objects with pending events, plus the number of notifications not delivered yet."""
    pending = "SELECT DISTINCT subject_key FROM stripe_event WHERE state = 'PENDING'"
    undelivered = [delivery for delivery in _deliveries(deployment) if delivery["status"] == "pending"]
    return len(rows(deployment.database_url, pending)) + len(undelivered)


def _unfinished(deployment: Deployment) -> list[str]:
    """Unfinished work in the service and at Stripe."""
    waiting = Counter(delivery["status"] for delivery in _deliveries(deployment))
    creations = rows(deployment.database_url, "SELECT external_id, state FROM account_creation")
    events = rows(deployment.database_url, "SELECT state, last_error FROM stripe_event")
    open_events = Counter(
        (event["state"], event["last_error"])
        for event in events
        if event["state"] not in {"HANDLED", "IGNORED"}
    )
    return [
        *(f"{n} notifications are {state}" for state, n in waiting.items() if state != "delivered"),
        *(f"{c['external_id']} is {c['state']}" for c in creations if c["state"] != "SUCCEEDED"),
        *(f"{n} events are {state}: {reason}" for (state, reason), n in open_events.items()),
        *(f"{m['externalId']} is CREATING" for m in deployment.merchants() if m["status"] == "CREATING"),
    ]


def _merchants(deployment: Deployment, load: Load, accounts: list[dict[str, Any]]) -> list[str]:
    merchants = {merchant["externalId"]: merchant for merchant in deployment.merchants()}
    per_merchant = Counter(account["metadata"]["external_id"] for account in accounts)
    owned = {m["account"]["stripeAccountId"] for m in merchants.values() if m["account"]}
    return [
        *(f"{e} was acknowledged but is missing" for e in load.acknowledged if e not in merchants),
        *(
            f"{e} was acknowledged with another id"
            for e, i in load.acknowledged.items()
            if e in merchants and merchants[e]["id"] != i
        ),
        *(f"{e} has {per_merchant[e]} accounts" for e in merchants if per_merchant[e] != 1),
        *(f"account {a['id']} belongs to no merchant" for a in accounts if a["id"] not in owned),
        *(f"no client created {e}" for e in merchants if e not in load.requested),
    ]


def _notifications(deployment: Deployment) -> tuple[int, list[str]]:
    """The number of notifications answered with 200, and a problem for each one that is not in the inbox."""
    answered = {
        delivery["event"]
        for delivery in _deliveries(deployment)
        if any(attempt["status"] == 200 for attempt in delivery["attempts"])
    }
    stored = {
        row["id"] for row in rows(deployment.database_url, "SELECT stripe_event_id AS id FROM stripe_event")
    }
    return len(answered), [
        f"event {e} was answered with 200 but is missing" for e in sorted(answered - stored)
    ]


def _deliveries(deployment: Deployment) -> list[dict[str, Any]]:
    deliveries: list[dict[str, Any]] = deployment.simulator.control("deliveries")["data"]
    return deliveries
