"""When the tormenting has ended: everything settles by itself, and what clients read is what Stripe holds."""

import time
from collections import Counter
from typing import Any

from torture.deployment import Deployment
from torture.load import Load
from torture.report import Report
from torture.tables import rows

_PARTIES = {"MERCHANT": "user", "STRIPE": "stripe"}


def check(deployment: Deployment, load: Load, report: Report, *, seconds: float = 60) -> None:
    """Wait until nothing is under way any more, and compare. Nothing is repeated here."""
    started = time.monotonic()
    while (left := _unfinished(deployment) or differences(deployment)) and (
        time.monotonic() - started < seconds
    ):
        time.sleep(0.5)
    settled = time.monotonic() - started
    report.problems += [f"after {seconds:.0f} s: {one}" for one in left]
    accounts = deployment.accounts()
    report.problems += load.problems
    report.problems += _merchants(deployment, load, accounts)
    kept, lost = _notifications(deployment)
    report.problems += lost
    report.figures |= {
        "merchants acknowledged": len(load.acknowledged),
        "accounts at Stripe": len(accounts),
        "changes at Stripe": load.scenarios.total(),
        "notifications answered with 200, all kept" if not lost else "notifications answered with 200": kept,
        "all settled after, s": round(settled, 1),
    }


def attempts(deployment: Deployment) -> Counter[str]:
    """What became of each attempt of Stripe's to deliver a notification: the status or the fault."""
    return Counter(
        str(attempt["status"] or str(attempt["error"]).split(":", 1)[0])
        for delivery in _deliveries(deployment)
        for attempt in delivery["attempts"]
    )


def differences(deployment: Deployment) -> list[str]:
    """Where what clients read is not what Stripe holds."""
    held = {account["id"]: account for account in deployment.accounts()}
    found = []
    for merchant in deployment.merchants():
        account = held.get((merchant["account"] or {}).get("stripeAccountId", ""))
        if account is None:
            found.append(f"{merchant['externalId']} points at no account")
        elif _shown(merchant) != _held(account):
            found.append(f"{merchant['externalId']}: the mirror differs from Stripe")
    return found


def _unfinished(deployment: Deployment) -> list[str]:
    """What is still under way, here or at Stripe."""
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
        *(f"{n} events are {state}, the reason: {why}" for (state, why), n in open_events.items()),
        *(f"{m['externalId']} is CREATING" for m in deployment.merchants() if m["status"] == "CREATING"),
    ]


def _merchants(deployment: Deployment, load: Load, accounts: list[dict[str, Any]]) -> list[str]:
    merchants = {merchant["externalId"]: merchant for merchant in deployment.merchants()}
    per_merchant = Counter(account["metadata"]["external_id"] for account in accounts)
    owned = {m["account"]["stripeAccountId"] for m in merchants.values() if m["account"]}
    return [
        *(f"{e} was acknowledged and is gone" for e in load.acknowledged if e not in merchants),
        *(
            f"{e} was acknowledged and is another merchant now"
            for e, i in load.acknowledged.items()
            if e in merchants and merchants[e]["id"] != i
        ),
        *(f"{e} has {per_merchant[e]} accounts" for e in merchants if per_merchant[e] != 1),
        *(f"account {a['id']} belongs to nobody" for a in accounts if a["id"] not in owned),
        *(f"nobody asked for {e}" for e in merchants if e not in load.asked),
    ]


def _notifications(deployment: Deployment) -> tuple[int, list[str]]:
    """How many notifications were answered with 200, and those of them that were not kept."""
    answered = {
        delivery["event"]
        for delivery in _deliveries(deployment)
        if any(attempt["status"] == 200 for attempt in delivery["attempts"])
    }
    kept = {
        row["id"] for row in rows(deployment.database_url, "SELECT stripe_event_id AS id FROM stripe_event")
    }
    return len(answered), [f"event {e} was answered with 200 and is gone" for e in sorted(answered - kept)]


def _deliveries(deployment: Deployment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = deployment.simulator.control("deliveries")["data"]
    return found


def _shown(merchant: dict[str, Any]) -> tuple[object, object]:
    requirements = (merchant["requirements"] or {}).get("entries", [])
    return (
        sorted((e["key"], _PARTIES[e["awaitingActionFrom"]]) for e in requirements),
        {c["name"]: c["status"] for c in merchant["capabilities"] or []},
    )


def _held(account: dict[str, Any]) -> tuple[object, object]:
    entries = account["requirements"]["entries"]
    return (
        sorted((e["description"], e["awaiting_action_from"]) for e in entries),
        _capabilities(account["configuration"]["merchant"]["capabilities"]),
    )


def _capabilities(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The status of each capability, under the name that we give it: groups and name with dots."""
    found: dict[str, str] = {}
    for name, part in tree.items():
        if "status" in part:
            found[f"{prefix}{name}"] = part["status"].upper()
        else:
            found |= _capabilities(part, f"{prefix}{name}.")
    return found
