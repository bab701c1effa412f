"""Merchants, timelines and events that are stored without calls to Stripe, for tests of queries."""

import base64
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from connect.merchants.mirror import documents
from connect.merchants.rules.account import snapshot
from models import ConnectedAccount, Merchant, MerchantWord, StripeEvent, TimelineEntry, uuid7
from models.transactions import repeatable

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
TERMS = "identity.attestations.terms_of_service.account.date"

EVERY_FIELD = """
  id externalId displayName contactEmail country createdAt updatedAt
  status statusTitle statusTone statusSince erasedAt summary summaryMessages { key parameters { name value } }
  nextAction { kind by label message { key } isActionable deadline url }
  account { id stripeAccountId livemode feesCollector appliedConfigurations closed createdAt }
  dashboard { type available unavailableReason url tasks { kind title available attention explanation } }
  canAcceptPayments canReceivePayouts
  capabilities { name title status details { code resolution explanation } }
  requirements {
    dueCount groups { title urgency person { label } items { key } }
    entries { key title help reasons restricts { capability } alternatives { key } }
  }
  futureRequirements { dueCount transitionsAt entries(deadline: [EVENTUALLY_DUE]) { key } }
  onboarding { stage stageSince started linksIssued everActiveAt }
  freshness { syncedAt source stale }
  feePolicy { source currency basisPoints flat { minorUnits } minimum { minorUnits } maximum { minorUnits } }
  timeline(first: 3) { edges { cursor node { id at kind message } } pageInfo { hasNextPage } }
"""

# Kinds of merchants, each with its derived status and the party that must act.
KINDS: dict[str, tuple[str, str | None]] = {
    "creating": ("CREATING", "STRIPE"),
    "onboarding": ("ONBOARDING", "MERCHANT"),
    "review": ("PENDING_REVIEW", "STRIPE"),
    "active": ("ACTIVE", None),
    "due_soon": ("ACTIVE_DUE_SOON", "MERCHANT"),
    "rejected": ("REJECTED", "MERCHANT"),
    "closed": ("CLOSED", None),
    "disconnected": ("DISCONNECTED", "PLATFORM"),
}


@dataclass(frozen=True)
class BuiltMerchant:
    """A merchant and its mirror, built without a call to Stripe."""

    merchant: Merchant
    account: ConnectedAccount | None

    @property
    def id(self) -> str:
        return global_id("Merchant", self.merchant.id)


def build_merchant(
    external_id: str,
    kind: str = "active",
    *,
    code: str = "rejected_other",
    name: str | None = None,
    email: str | None = None,
    deadline: datetime | None = None,
    transition: datetime | None = None,
    since: datetime | None = None,
    country: str = "US",
    livemode: bool = False,
) -> BuiltMerchant:
    """An unsaved merchant of this kind. Its id is greater than the ids of merchants that were built before.

    `code` is the reason for a rejection, and `since` the start of the status.
    """
    merchant = Merchant(
        id=uuid7(),
        external_id=external_id,
        display_name=name if name is not None else f"Shop {external_id}",
        contact_email=email if email is not None else f"{external_id}@shop.example",
        country=country,
        created_at=NOW,
        status_since=since,
        ever_active_at=NOW if kind in {"active", "due_soon"} else None,
    )
    account = _account(merchant, kind, code, deadline, transition, livemode) if kind != "creating" else None
    documents.derive_columns(merchant, account)
    assert (merchant.status, merchant.awaiting_action_from) == KINDS[kind]
    return BuiltMerchant(merchant, account)


def _account(
    merchant: Merchant,
    kind: str,
    code: str,
    deadline: datetime | None,
    transition: datetime | None,
    livemode: bool,
) -> ConnectedAccount:
    active = {"status": "active", "status_details": []}
    restricted = {
        "status": "restricted",
        "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
    }
    rejected = {
        "status": "rejected",
        "status_details": [{"code": code, "resolution": "no_resolution"}],
    }
    state = {"onboarding": restricted, "review": restricted, "rejected": rejected}.get(kind, active)
    entries = {
        "onboarding": [_entry(TERMS, "user", "past_due"), _entry("identity.entity_type", "user", "past_due")],
        "review": [_entry("identity.business_details.address", "stripe", "past_due")],
        "due_soon": [_entry("identity.individual.id_numbers", "user", "currently_due")],
    }.get(kind, [])
    future = [_entry("identity.individual.address", "user", "eventually_due")] if transition else []
    parsed = snapshot.parse(
        {
            "id": f"acct_{merchant.id.hex}",
            "created": NOW.isoformat(),
            "livemode": livemode,
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
        stripe_account_id=parsed.stripe_account_id,
        snapshot=snapshot.encode(parsed),
        closed=parsed.closed,
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
            "restricts_capabilities": [
                {"capability": name, "deadline": {"status": deadline}}
                for name in ("card_payments", "stripe_balance.payouts")
            ]
        },
        "errors": [],
        "reference": None,
    }


async def store(merchants: Iterable[BuiltMerchant]) -> None:
    """Write merchants and their mirrors."""
    built = list(merchants)
    await Merchant.bulk_create([one.merchant for one in built])
    await ConnectedAccount.bulk_create([one.account for one in built if one.account is not None])
    entries = [entry for one in built for entry in documents.word_entries(one.merchant)]
    await MerchantWord.bulk_create([MerchantWord(entry=entry) for entry in entries])


async def add_entries(merchant: Merchant, count: int) -> None:
    """Add `count` entries to a merchant's timeline. `entry 0` is the oldest."""
    await TimelineEntry.bulk_create(
        [
            TimelineEntry(merchant_id=merchant.id, kind="REFRESHED", message=f"entry {number}", at=NOW)
            for number in range(count)
        ]
    )


@repeatable
async def rename(external_id: str, name: str) -> None:
    """Change a merchant's name as the mirror does after a fetch."""
    async with in_transaction():
        merchant = await Merchant.select_for_update().get(external_id=external_id)
        merchant.display_name = name
        await documents.save(merchant, await ConnectedAccount.get_or_none(merchant_id=merchant.id))


def build_event(number: int, *, merchant: Merchant | None = None, state: str = "HANDLED") -> StripeEvent:
    """An unsaved event. Its next attempt is in the year 9999, so no worker handles it."""
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


def encode_cursor(*parts: object) -> str:
    """A cursor with this content."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
