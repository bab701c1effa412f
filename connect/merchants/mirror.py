"""The mirror of each connected account: refetched, written newer-wins, with its history and its document.

An event or a return is a reason to look, never the truth: the truth is the account that Stripe answers with.
Fetches are numbered when they start, under the account's lock; an answer is written only when its fetch
started after the one written last. No transaction is open while Stripe is asked.
"""

import dataclasses
import enum
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from tortoise.transactions import in_transaction

from connect import faultpoints
from connect.gateway import Answer, Gateway
from connect.merchants import document, status, timeline
from connect.merchants.snapshot import Snapshot, merge, parse
from connect.merchants.timeline import TimelineKind
from models import ConnectedAccount, Merchant, StripeEvent, changes, now
from models.changes import Change
from models.transactions import transaction_on

# Stands for "no deadline" where a column must not be null; sorts after every real one.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)

# Versions; the column has 31 bits for them.
MOST_SKIPPED = 1000

# Why an account is fetched when no notification told of a change.
BACKFILL, SWEEP = "backfill", "sweep"
DRIFTS = {
    BACKFILL: "A change was found whose event Stripe had not delivered.",
    SWEEP: "A change was found that no event had told of.",
}

log = structlog.get_logger("mirror")


class Outcome(enum.Enum):
    """What became of an account answer."""

    DROPPED = "a later fetch was written before"
    UNCHANGED = "the mirror said the same"
    CHANGED = "the mirror was brought up to date"
    REPAIRED = "the mirror had drifted and was brought up to date"


async def refresh(
    gateway: Gateway, account: ConnectedAccount, source: str, *, actor: str | None = None
) -> Outcome:
    """Fetch the account and write what it says.

    `source` says why: `webhook`, `return`, `refresh`, `update`, `close`, `backfill` or `sweep`.
    Raises StripeRefused or StripeUnavailable; nothing is written then.
    """
    fetch = await begin_fetch(account)
    answer = await gateway.retrieve_account(account.stripe_account_id)
    faultpoints.reach("worker.fetched")
    return await write(account, answer, fetch, source, actor=actor)


async def begin_fetch(account: ConnectedAccount) -> int:
    """The number of a fetch that starts now."""
    async with transaction_on(account.merchant_id):
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        row.fetches_started += 1
        await row.save(update_fields=["fetches_started"])
        return row.fetches_started


async def write(
    account: ConnectedAccount, answer: Answer, fetch: int, source: str, *, actor: str | None = None
) -> Outcome:
    """Write an account answer into the mirror, unless a later fetch was written already."""
    seen = parse(answer)
    async with transaction_on(account.merchant_id):
        # Always the merchant first, then its account: one order of locks, no deadlock.
        merchant = await Merchant.select_for_update().get(id=account.merchant_id)
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        at = await now()  # under the lock, so that the timeline's times follow the order of its writes
        if fetch <= row.fetch_applied:
            log.info("older_answer_dropped", account=row.stripe_account_id, fetch=fetch)
            return Outcome.DROPPED
        known = snapshot(row)
        before = facts(merchant, row)
        _store(row, merge(known, seen))
        row.fetch_applied, row.synced_at, row.synced_by = fetch, at, source
        await row.save()
        _note_active(merchant, row, at)
        _follow(merchant, seen)
        after = facts(merchant, row)
        found = list(timeline.changes(before, after, _details(known), _details(snapshot(row))))
        await timeline.record_changes(merchant.id, found, at, actor=actor, fetch=fetch)
        _warn_of_an_unknown_state(row, before, after)
        drifted = bool(found) and await _has_drifted(row, source)
        if drifted:
            message = DRIFTS[source]
            await timeline.record(merchant.id, TimelineKind.DRIFT_REPAIRED, message, at, fetch=fetch)
            log.warning("drift_repaired", account=row.stripe_account_id, source=source)
        await save(merchant, row, noted=bool(found))
        if drifted:
            return Outcome.REPAIRED
        return Outcome.CHANGED if found else Outcome.UNCHANGED


async def _has_drifted(account: ConnectedAccount, source: str) -> bool:
    """Whether a change that this fetch showed would not have been seen without it."""
    if source != SWEEP:
        return source == BACKFILL
    # An event that waits to be handled would have brought the same.
    return not await StripeEvent.exists(subject_key=account.stripe_account_id, state="PENDING")


async def attach(merchant_id: uuid.UUID, answer: Answer, source: str) -> ConnectedAccount:
    """The mirror of a merchant's new account; the one that is there already, when another was faster.

    `source` is `create`, or `webhook` when an event told of the account before its creation was answered.
    """
    seen = parse(answer)
    async with transaction_on(merchant_id):
        merchant = await Merchant.select_for_update().get(id=merchant_id)
        at = await now()
        existing = await ConnectedAccount.get_or_none(merchant_id=merchant_id)
        if existing is not None:
            return existing
        before = facts(merchant, None)
        row = ConnectedAccount(merchant_id=merchant_id, fetches_started=1, fetch_applied=1)
        _store(row, seen)
        row.synced_at, row.synced_by = at, source
        await row.save()
        _note_active(merchant, row, at)
        _follow(merchant, seen)
        found = list(timeline.changes(before, facts(merchant, row)))
        await timeline.record_changes(merchant_id, found, at, actor=None, fetch=1)
        await save(merchant, row)
        return row


async def set_connected(account: ConnectedAccount, *, connected: bool) -> None:
    """Record whether the account still belongs to the platform."""
    async with transaction_on(account.merchant_id):
        merchant = await Merchant.select_for_update().get(id=account.merchant_id)
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        at = await now()
        if (row.disconnected_at is None) is connected:
            return
        before = facts(merchant, row)
        row.disconnected_at = None if connected else at
        await row.save(update_fields=["disconnected_at"])
        found = list(timeline.changes(before, facts(merchant, row)))
        await timeline.record_changes(merchant.id, found, at, actor=None, fetch=row.fetch_applied)
        await save(merchant, row)


async def save(merchant: Merchant, account: ConnectedAccount | None, *, noted: bool = True) -> None:
    """Save the merchant with its document and columns. Call it inside the transaction of the change.

    Subscribers are told, unless the timeline has `noted` nothing and all that is new is the freshness: each
    comparison with Stripe would wake them for that.
    """
    before = merchant.document
    derive_columns(merchant, account)
    # Not by 1: after a fail-over to a server that lacks the last commits, what is written then would have the
    # version of what is lost, under which readers keep answers. So it hardly ever has.
    merchant.row_version += 1 + secrets.randbelow(MOST_SKIPPED)
    await merchant.save()
    if noted or not document.is_same(before, merchant.document):
        await changes.publish(Change("merchant", merchant.id))


def derive_columns(merchant: Merchant, account: ConnectedAccount | None) -> None:
    """Set the document and the columns beside it from the merchant and its mirror."""
    derived = document.build(profile(merchant), _mirror(account) if account is not None else None)
    for name, value in document.profile_columns(profile(merchant)).items():
        setattr(merchant, name, value)
    merchant.status = derived.status.value
    merchant.awaiting_action_from = derived.awaiting_action_from
    merchant.next_deadline_at = derived.next_deadline_at or NO_DEADLINE
    merchant.document = json.dumps(derived.document, ensure_ascii=False, separators=(",", ":"))
    merchant.document_version = document.VERSION


async def rebuild(*, everything: bool = False) -> int:
    """Write documents again from the mirror: those of an older version, or all. Returns how many.

    Never those of a newer one: while two versions run side by side, each would undo the other's work.
    """
    rebuilt = 0
    last = uuid.UUID(int=0)
    while True:
        if everything:
            stale = Merchant.filter(id__gt=last).order_by("id").limit(200)
        else:  # what is rebuilt is not found again; this order is an index's
            older = Merchant.filter(document_version__lt=document.VERSION)
            stale = older.order_by("document_version", "id").limit(200)
        ids: list[uuid.UUID] = await stale.values_list("id", flat=True)  # type: ignore[assignment]
        if not ids:
            return rebuilt
        async with in_transaction():
            for merchant in await Merchant.select_for_update().filter(id__in=ids).order_by("id"):
                await save(merchant, await ConnectedAccount.get_or_none(merchant_id=merchant.id), noted=False)
                rebuilt += 1
        last = ids[-1]


def facts(merchant: Merchant, account: ConnectedAccount | None) -> status.Facts:
    """What the status of this merchant depends on."""
    return status.facts(
        snapshot(account) if account is not None else None,
        ever_active_at=merchant.ever_active_at,
        disconnected=account is not None and account.disconnected_at is not None,
    )


def profile(merchant: Merchant) -> document.Profile:
    """The merchant's own part of the document."""
    return document.Profile(
        **{field.name: getattr(merchant, field.name) for field in dataclasses.fields(document.Profile)}
    )


def snapshot(account: ConnectedAccount) -> Snapshot:
    """What the mirror holds, as the snapshot that it was written from."""
    return Snapshot(
        stripe_account_id=account.stripe_account_id,
        livemode=account.livemode,
        created_at=account.stripe_created_at,
        dashboard=account.dashboard,
        closed=account.closed,
        contact_email=account.contact_email,
        display_name=account.display_name,
        country=account.country,
        entity_type=account.entity_type,
        applied_configurations=tuple(account.applied_configurations),
        metadata=account.metadata,
        configuration=account.configuration,
        defaults=account.defaults,
        requirements=account.requirements,
        future_requirements=account.future_requirements,
    )


def _details(seen: Snapshot) -> timeline.Details:
    """What the status does not depend on, but somebody may ask about later."""
    return {
        "displayName": seen.display_name,
        "contactEmail": seen.contact_email,
        "country": seen.country,
        "entityType": seen.entity_type,
        "dashboard": seen.dashboard,
        "appliedConfigurations": sorted(seen.applied_configurations),
        "defaults": seen.defaults,
        "metadata": dict(seen.metadata),
    }


def _warn_of_an_unknown_state(account: ConnectedAccount, before: status.Facts, after: status.Facts) -> None:
    """Stripe's own words, once, where only Stripe support can say what they mean."""
    restricted = status.Status.RESTRICTED_BY_STRIPE
    if status.derive(after) is restricted and status.derive(before) is not restricted:
        codes = [(c.name, d.code) for c in after.capabilities or () for d in c.details]
        log.warning("restricted_by_stripe", account=account.stripe_account_id, codes=codes)


def _mirror(account: ConnectedAccount) -> document.Mirror:
    return document.Mirror(
        id=account.id,
        snapshot=snapshot(account),
        synced_at=account.synced_at,
        synced_by=account.synced_by,
        disconnected=account.disconnected_at is not None,
    )


def _store(account: ConnectedAccount, seen: Snapshot) -> None:
    columns: Mapping[str, Any] = {
        "stripe_account_id": seen.stripe_account_id,
        "livemode": seen.livemode,
        "stripe_created_at": seen.created_at,
        "dashboard": seen.dashboard,
        "closed": seen.closed,
        "contact_email": seen.contact_email,
        "display_name": seen.display_name,
        "country": seen.country,
        "entity_type": seen.entity_type,
        "applied_configurations": list(seen.applied_configurations),
        "metadata": dict(seen.metadata),
        "configuration": seen.configuration,
        "defaults": seen.defaults,
        "requirements": seen.requirements,
        "future_requirements": seen.future_requirements,
    }
    for name, value in columns.items():
        setattr(account, name, value)


def _note_active(merchant: Merchant, account: ConnectedAccount, at: datetime) -> None:
    if merchant.ever_active_at is None and facts(merchant, account).is_active(status.CARD_PAYMENTS):
        merchant.ever_active_at = at


def _follow(merchant: Merchant, seen: Snapshot) -> None:
    """Take over what the merchant may change in the Stripe Dashboard."""
    merchant.display_name = seen.display_name or merchant.display_name
    merchant.contact_email = seen.contact_email or merchant.contact_email
    merchant.country = seen.country or merchant.country
