"""What the tests of the GraphQL surface share: merchants made without Stripe, and all that could change."""

import base64
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise import connections

from connect.merchants import mirror, snapshot
from models import ConnectedAccount, Merchant, StripeEvent, TimelineEntry, uuid7
from testing.service import Service

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
TERMS = "identity.attestations.terms_of_service.account.date"

# A time-out would take the gateway half a minute; this answer says that nothing is known, at once.
UNAVAILABLE = {"status": 503, "headers": {"Stripe-Should-Retry": "false"}, "times": 100}
REFUSED = {
    "status": 400,
    "body": {"error": {"code": "not_today", "message": "Stripe says no."}},
    "times": 100,
}

# What the mirror of an account looks like, by the status that follows from it and who has to act.
KINDS: dict[str, tuple[str, str | None]] = {
    "creating": ("CREATING", "STRIPE"),
    "onboarding": ("ONBOARDING", "MERCHANT"),
    "review": ("PENDING_REVIEW", "STRIPE"),
    "active": ("ACTIVE", None),
    "due_soon": ("ACTIVE_DUE_SOON", "MERCHANT"),
    "rejected": ("REJECTED", "MERCHANT"),
    "closed": ("CLOSED", None),
    "disconnected": ("DISCONNECTED", None),
}


@dataclass(frozen=True)
class Made:
    """A merchant in the database, without Stripe's knowledge."""

    merchant: Merchant
    account: ConnectedAccount | None

    @property
    def id(self) -> str:
        return global_id("Merchant", self.merchant.id)


def made(
    external_id: str,
    kind: str = "active",
    *,
    name: str | None = None,
    email: str | None = None,
    deadline: datetime | None = None,
    transition: datetime | None = None,
) -> Made:
    """A merchant of this kind, newer than all before; not yet stored."""
    merchant = Merchant(
        id=uuid7(),
        external_id=external_id,
        display_name=name if name is not None else f"Shop {external_id}",
        contact_email=email if email is not None else f"{external_id}@shop.example",
        country="US",
        created_at=NOW,
        ever_active_at=NOW if kind in {"active", "due_soon"} else None,
    )
    account = _account(merchant, kind, deadline, transition) if kind != "creating" else None
    mirror.derive_columns(merchant, account)
    assert (merchant.status, merchant.awaiting_action_from) == KINDS[kind]
    return Made(merchant, account)


def _account(
    merchant: Merchant, kind: str, deadline: datetime | None, transition: datetime | None
) -> ConnectedAccount:
    active = {"status": "active", "status_details": []}
    restricted = {
        "status": "restricted",
        "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
    }
    rejected = {
        "status": "rejected",
        "status_details": [{"code": "rejected_other", "resolution": "no_resolution"}],
    }
    state = {"onboarding": restricted, "review": restricted, "rejected": rejected}.get(kind, active)
    entries = {
        "onboarding": [_entry(TERMS, "user", "past_due"), _entry("identity.entity_type", "user", "past_due")],
        "review": [_entry("identity.business_details.address", "stripe", "past_due")],
        "due_soon": [_entry("identity.individual.id_numbers", "user", "currently_due")],
    }.get(kind, [])
    future = [_entry("identity.individual.address", "user", "eventually_due")] if transition else []
    seen = snapshot.parse(
        {
            "id": f"acct_{merchant.id.hex}",
            "created": NOW.isoformat(),
            "dashboard": "full",
            "closed": kind == "closed",
            "contact_email": merchant.contact_email,
            "display_name": merchant.display_name,
            "identity": {"country": "US", "entity_type": "company"},
            "applied_configurations": ["merchant"],
            "metadata": {"merchant_id": str(merchant.id), "external_id": merchant.external_id},
            "configuration": {
                "merchant": {"capabilities": {"card_payments": state, "stripe_balance": {"payouts": state}}}
            },
            "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
            "requirements": {
                "entries": entries,
                "summary": {"minimum_deadline": {"time": deadline.isoformat()}} if deadline else None,
            },
            "future_requirements": {
                "entries": future,
                "minimum_transition_date": transition.isoformat() if transition else None,
            },
        }
    )
    return ConnectedAccount(
        merchant_id=merchant.id,
        stripe_account_id=seen.stripe_account_id,
        snapshot=snapshot.encode(seen),
        closed=seen.closed,
        disconnected_at=NOW if kind == "disconnected" else None,
        fetches_started=1,
        fetch_applied=1,
        synced_at=datetime.now(UTC),
        synced_by="create",
    )


def _entry(key: str, party: str, deadline: str) -> dict[str, Any]:
    return {
        "description": key,
        "awaiting_action_from": party,
        "minimum_deadline": {"status": deadline},
        "requested_reasons": [{"code": "routine_onboarding"}],
        "impact": {
            "restricts_capabilities": [{"capability": "card_payments", "deadline": {"status": deadline}}]
        },
        "errors": [],
        "reference": None,
    }


async def store(merchants: Iterable[Made]) -> None:
    """Write merchants and their mirrors."""
    given = list(merchants)
    await Merchant.bulk_create([one.merchant for one in given])
    await ConnectedAccount.bulk_create([one.account for one in given if one.account is not None])


async def tell(merchant: Merchant, count: int) -> None:
    """Give a merchant a timeline of so many entries: `entry 0` is the oldest."""
    await TimelineEntry.bulk_create(
        [
            TimelineEntry(merchant_id=merchant.id, kind="REFRESHED", message=f"entry {number}", at=NOW)
            for number in range(count)
        ]
    )


def event(number: int, *, merchant: Merchant | None = None, state: str = "HANDLED") -> StripeEvent:
    """An event in the inbox that no worker takes up by itself; not yet stored."""
    return StripeEvent(
        id=uuid7(),
        stripe_event_id=f"evt_{number}",
        type="v2.core.account.updated",
        subject_key=f"evt_{number}",
        livemode=False,
        body="{}",
        received_at=NOW.replace(minute=number),
        stripe_created_at=NOW.replace(minute=number),
        state=state,
        attempts=1,
        run_at=datetime(9999, 1, 1, tzinfo=UTC),
        handled_at=NOW if state == "HANDLED" else None,
        merchant_id=merchant.id if merchant is not None else None,
    )


def global_id(typename: str, key: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(f"{typename}:{key}".encode()).decode().rstrip("=")


def forged(*parts: object) -> str:
    """A cursor that holds anything."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


async def rows() -> dict[str, list[str]]:
    """Every row of every table, as text; but not what workers do by themselves, whatever is asked."""
    db = connections.get("default")
    if db.capabilities.dialect == "sqlite":
        listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        listed = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    names = sorted(row["name"] for row in await db.execute_query_dict(listed))
    assert {"merchant", "connected_account", "onboarding_link", "stripe_event"} < set(names)
    names.remove("periodic_task")
    return {
        name: sorted(str(dict(row)) for row in await db.execute_query_dict(f'SELECT * FROM "{name}"'))
        for name in names
    }


async def everything(service: Service) -> tuple[Any, ...]:
    """All that a request could change: our database, Stripe's accounts, and the calls that Stripe got."""
    calls = service.simulator.control("calls")["calls"]
    calls.pop("GET /v2/core/event_destinations", None)  # a worker's own look, whatever is asked
    return await rows(), service.simulator.control("accounts"), calls


def silence(service: Service) -> None:
    """Deliver no events: nothing changes but by what the test does."""
    service.simulator.control("deliveries", {"mode": "drop"})


def fail(service: Service, path: str, fault: Mapping[str, Any], method: str = "POST") -> None:
    """Let Stripe answer so, until `recover`."""
    service.simulator.control("faults", {"path": path, "method": method, **fault})


def recover(service: Service) -> None:
    service.simulator.control("faults", method="DELETE")


async def error(
    service: Service,
    query: str,
    variables: Mapping[str, Any] | None = None,
    *,
    role: str = "operator",
    merchant: str | None = None,
) -> tuple[str, str]:
    """Code and message of the one top-level error, which carries the id of its request."""
    # Escaped by us: httpx cannot send half of a surrogate pair, clients can.
    answer = await service.http.post(
        "/graphql",
        content=json.dumps({"query": query, "variables": variables}),
        headers={
            "Authorization": f"Bearer {service.token(role, merchant)}",
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == 200
    (found,) = answer.json()["errors"]
    assert set(found["extensions"]) == {"code", "requestId"}
    assert found["extensions"]["requestId"] == answer.headers["X-Request-Id"]
    return found["extensions"]["code"], found["message"]
