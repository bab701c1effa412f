"""The mirror of each connected account: refetched, written newest-wins, with its history and its document.

An event or a return only causes a fetch. The account that Stripe answers with is the truth.
"""

import dataclasses
import enum
from datetime import UTC, datetime

import structlog
from tortoise.expressions import Q

from connect import documents, faultpoints, mirroring
from connect.documents import Built
from connect.errors import AnswerUnusable, StripeUnavailable
from connect.gateway import Answer, Gateway
from connect.merchants import timeline
from connect.merchants.rules import document, status
from connect.merchants.rules.snapshot import Snapshot, decode, encode, merge, parse
from connect.merchants.timeline import TimelineKind
from models import AccountCreation, ConnectedAccount, Merchant, StripeEvent, changes, now
from models.changes import Change
from models.transactions import transaction_on

# Stands for "no deadline" where a column must not be null; sorts after every real one.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)

# How often a fetch is repeated that our own changes made outdated.
MAX_FETCHES = 5

# Sources of fetches that no notification caused.
BACKFILL, SWEEP = "backfill", "sweep"
DRIFTS = {
    BACKFILL: "A change was found whose event Stripe had not delivered.",
    SWEEP: "A change was found that no event had told of.",
}
# Sources of answers to our own changes.
UPDATE, CLOSE = "update", "close"

log = structlog.get_logger("mirror")


class Outcome(enum.Enum):
    """The effect of an account answer."""

    DROPPED = "a later fetch was written before"
    OUTDATED = "this service changed the account after the fetch had started"
    UNCHANGED = "the mirror was up to date"
    CHANGED = "the mirror was brought up to date"
    REPAIRED = "the mirror had drifted and was brought up to date"


async def refresh(
    gateway: Gateway, account: ConnectedAccount, source: str, *, actor: str | None = None
) -> Outcome:
    """Fetch the account and write the answer.

    `source` is the cause: `webhook`, `return`, `refresh`, `update`, `close`, `backfill` or `sweep`.
    Raises StripeRefused or StripeUnavailable; nothing is written then.
    """
    for _ in range(MAX_FETCHES):
        fetch = await mirroring.begin(account)
        answer = await gateway.retrieve_account(account.stripe_account_id)
        faultpoints.reach("worker.fetched")
        outcome = await write(account, answer, fetch, source, actor=actor)
        # Dropping it could lose a change that an event has told of, so it is fetched again.
        if outcome is not Outcome.OUTDATED:
            return outcome
    raise StripeUnavailable(message="The account kept changing while it was fetched. Try again in a moment.")


async def write(
    account: ConnectedAccount,
    answer: Answer,
    fetch: int,
    source: str,
    *,
    actor: str | None = None,
    changed_by_us: bool = False,
) -> Outcome:
    """Write an account answer into the mirror, unless a later fetch was written already.

    `changed_by_us`: the answer is that to our own change, which no earlier fetch may overwrite.
    """
    current = parse(answer)

    async def apply(row: ConnectedAccount) -> Outcome:
        merchant = await Merchant.select_for_update().get(id=row.merchant_id)
        at = await now()  # under the lock, so that the timeline's times follow the order of its writes
        previous, before = decode(row.snapshot), facts(merchant, row)
        _store(row, merge(previous, current))
        row.synced_at, row.synced_by = at, source
        await row.save()
        after = _take_over(merchant, row, current, at)
        details = _details(previous), _details(decode(row.snapshot))
        observed = list(timeline.changes(before, after, *details))
        await timeline.record_changes(merchant.id, observed, at, actor=actor, fetch=row.fetch_applied)
        _log_unexplained_restriction(row, before, after)
        drifted = bool(observed) and await _has_drifted(row, source)
        if drifted:
            kind = TimelineKind.DRIFT_REPAIRED
            await timeline.record(merchant.id, kind, DRIFTS[source], at, fetch=row.fetch_applied)
            log.warning("drift_repaired", account=row.stripe_account_id, source=source)
        await save(merchant, row, has_entries=bool(observed))
        if drifted:
            return Outcome.REPAIRED
        return Outcome.CHANGED if observed else Outcome.UNCHANGED

    if current.stripe_account_id != account.stripe_account_id:
        raise AnswerUnusable
    outcome = await mirroring.write_if_newer(account, fetch, apply, changed_by_us=changed_by_us)
    if outcome is not None:
        return outcome
    log.info("older_answer_dropped", account=account.stripe_account_id, fetch=fetch)
    latest = await ConnectedAccount.get(id=account.id)
    return Outcome.OUTDATED if latest.synced_by in {UPDATE, CLOSE} else Outcome.DROPPED


async def attach(
    creation: AccountCreation, answer: Answer, source: str
) -> tuple[Merchant, ConnectedAccount] | None:
    """Write the mirror of a new account and settle its creation.

    None when the merchant was refused meanwhile. The first account attached to a merchant stays. `source` is
    `create`, or `webhook` when an event told of the account before its creation was answered. Raises
    AnswerUnusable for the account of another merchant.
    """
    current = parse(answer)
    async with transaction_on(creation.merchant_id):
        merchant = await Merchant.select_for_update().get_or_none(id=creation.merchant_id)
        if merchant is None:
            return None
        at = await now()
        attached = await ConnectedAccount.filter(
            Q(merchant_id=merchant.id) | Q(stripe_account_id=current.stripe_account_id)
        )
        row = next((account for account in attached if account.merchant_id == merchant.id), None)
        if row is None:
            owner = current.metadata.get("merchant_id", str(merchant.id))
            if attached or owner != str(merchant.id):
                log.error(
                    "account_of_another_merchant",
                    merchant=str(merchant.id),
                    account=current.stripe_account_id,
                )
                raise AnswerUnusable
            row = ConnectedAccount(merchant_id=merchant.id, fetches_started=1, fetch_applied=1)
            _store(row, current)
            row.synced_at, row.synced_by = at, source
            before = facts(merchant, None)
            await row.save(force_create=True)
            observed = list(timeline.changes(before, _take_over(merchant, row, current, at)))
            await timeline.record_changes(merchant.id, observed, at, actor=None, fetch=1)
            await save(merchant, row)
        pending = AccountCreation.filter(id=creation.id, state="PENDING")
        await pending.update(state="SUCCEEDED", finished_at=at, leased_until=None)
        return merchant, row


async def set_connected(account: ConnectedAccount, *, connected: bool) -> None:
    """Record whether the account still belongs to the platform."""
    async with transaction_on(account.merchant_id):
        # Always the account first, then its merchant: one order of locks, no deadlock.
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        if (row.disconnected_at is None) is connected:
            return
        merchant = await Merchant.select_for_update().get(id=row.merchant_id)
        at = await now()
        before = facts(merchant, row)
        row.disconnected_at = None if connected else at
        await row.save(update_fields=["disconnected_at"])
        observed = list(timeline.changes(before, facts(merchant, row)))
        await timeline.record_changes(merchant.id, observed, at, actor=None, fetch=row.fetch_applied)
        await save(merchant, row)


async def save(merchant: Merchant, account: ConnectedAccount | None, *, has_entries: bool = True) -> None:
    """Save the merchant with its document and columns. Call it inside the transaction of the change.

    Subscribers are notified if the timeline `has_entries` for the change, or the document changed in more
    than its freshness. Otherwise each comparison with Stripe would wake them.
    """
    if await documents.save_document(merchant, _built(merchant, account)) or has_entries:
        await changes.publish(Change("merchant", merchant.id))


def derive_columns(merchant: Merchant, account: ConnectedAccount | None) -> None:
    """Set the merchant's document and derived columns, without saving it."""
    documents.set_document(merchant, _built(merchant, account))


async def rebuild(*, everything: bool = False) -> int:
    """Write outdated documents again from the mirror, or all documents. Returns their number."""

    async def write_again(merchant: Merchant) -> None:
        account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
        await save(merchant, account, has_entries=False)

    return await documents.rebuild(Merchant, document.VERSION, write_again, everything=everything)


def facts(merchant: Merchant, account: ConnectedAccount | None) -> status.Facts:
    """The facts from which the merchant's status is derived."""
    return status.facts(
        decode(account.snapshot) if account is not None else None,
        ever_active_at=merchant.ever_active_at,
        disconnected=account is not None and account.disconnected_at is not None,
    )


def profile(merchant: Merchant) -> document.Profile:
    """The merchant's own part of the document."""
    return document.Profile(
        **{field.name: getattr(merchant, field.name) for field in dataclasses.fields(document.Profile)}
    )


def _built(merchant: Merchant, account: ConnectedAccount | None) -> Built:
    own = profile(merchant)
    derived = document.build(own, _mirror(account) if account is not None else None)
    columns = {
        **document.profile_columns(own),
        "status": derived.status.value,
        "awaiting_action_from": derived.awaiting_action_from,
        "next_deadline_at": derived.next_deadline_at or NO_DEADLINE,
    }
    return Built(derived.document, document.VERSION, columns)


def _mirror(account: ConnectedAccount) -> document.Mirror:
    return document.Mirror(
        id=account.id,
        snapshot=decode(account.snapshot),
        synced_at=account.synced_at,
        synced_by=account.synced_by,
        disconnected=account.disconnected_at is not None,
    )


def _store(account: ConnectedAccount, snapshot: Snapshot) -> None:
    account.stripe_account_id = snapshot.stripe_account_id
    account.snapshot = encode(snapshot)
    account.closed = snapshot.closed
    account.entries_cut = snapshot.entries_cut or 0
    if account.entries_cut:
        log.warning("requirements_cut", account=account.stripe_account_id, entries=account.entries_cut)


def _take_over(
    merchant: Merchant, account: ConnectedAccount, current: Snapshot, at: datetime
) -> status.Facts:
    """Take over from the account into the merchant, also values edited in the Stripe Dashboard."""
    merchant.display_name = current.display_name or merchant.display_name
    merchant.contact_email = current.contact_email or merchant.contact_email
    merchant.country = current.country or merchant.country
    after = facts(merchant, account)
    if merchant.ever_active_at is None and after.is_active(status.CARD_PAYMENTS):
        merchant.ever_active_at = at
        after = dataclasses.replace(after, ever_active=True)
    return after


async def _has_drifted(account: ConnectedAccount, source: str) -> bool:
    """Whether a change that this fetch showed would have been missed without it."""
    if source != SWEEP:
        return source == BACKFILL
    # A pending event would have shown the same change.
    return not await StripeEvent.exists(subject_key=account.stripe_account_id, state="PENDING")


def _details(snapshot: Snapshot) -> timeline.Details:
    """Values that the status does not depend on, but that the timeline records."""
    return {
        "displayName": snapshot.display_name,
        "contactEmail": snapshot.contact_email,
        "country": snapshot.country,
        "entityType": snapshot.entity_type,
        "dashboard": snapshot.dashboard,
        "appliedConfigurations": sorted(snapshot.applied_configurations),
        "defaults": snapshot.defaults,
        "metadata": dict(snapshot.metadata),
    }


def _log_unexplained_restriction(
    account: ConnectedAccount, before: status.Facts, after: status.Facts
) -> None:
    """Log Stripe's own codes once, where only Stripe support can explain them."""
    restricted = status.Status.RESTRICTED_BY_STRIPE
    if status.derive(after) is restricted and status.derive(before) is not restricted:
        codes = [(c.name, d.code) for c in after.capabilities or () for d in c.details]
        log.warning("restricted_by_stripe", account=account.stripe_account_id, codes=codes)
