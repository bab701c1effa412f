"""The JSON documents of merchants, which clients read. Each change to a merchant replaces its documents."""

import dataclasses
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from connect.disputes.rules import responses
from connect.disputes.rules.responses import Responses
from connect.finances.rules import document as finance_parts
from connect.finances.rules.snapshot import decode as decode_finances
from connect.merchants.rules import document
from connect.merchants.rules.account.snapshot import decode
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.facts import facts as account_facts
from connect.merchants.rules.status.onboarding_stage import first_seen
from connect.merchants.rules.status.status import Status
from connect.outgoing.announcements import Subject, announce
from models import ConnectedAccount, Merchant, MerchantWord, TimelineEntry, now
from models import documents as outdated
from models.dispute import count_responses
from models.transactions import repeatable

# This value means "no deadline" in a column that must not be null. It sorts after every real deadline.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)
# `row_version` has 31 bits. Even if each change added this number, a row could change two million times.
MAX_VERSIONS_SKIPPED = 1000
STATUSES = list(Status)


async def save(
    merchant: Merchant,
    account: ConnectedAccount | None,
    at: datetime | None = None,
    *,
    has_entries: bool = True,
) -> None:
    """Save the merchant with its documents and columns, in the transaction that changes it. `at` is the time
    of the change.

    The transaction must hold the merchant's lock. Subscribers are notified only if the timeline has entries
    for the change (`has_entries`), or if anything other than the document's freshness changed. If `at` is
    None, the documents are only rebuilt, which does not count as a change to the merchant.
    """
    if merchant.document_version < document.FIRST_FOR_MERCHANTS:
        await _recall(merchant)
    before, status_before, words_before = merchant.document, merchant.status, merchant.search_words
    stage_before = merchant.onboarding_stage
    derived = derive_columns(merchant, account)
    has_changed = has_entries or _without_freshness(before) != _without_freshness(merchant.document)
    if at is not None and has_changed:
        merchant.updated_at = at
    if merchant.status != status_before:
        merchant.status_since = at or await now()
    if merchant.onboarding_stage != stage_before and stage_before is not None:
        merchant.onboarding_stage_since = at or await now()
    # Set the documents last, because they contain the times that are set above.
    _set_documents(merchant, derived)
    # Readers cache answers by `row_version`. A fail-over can lose commits. Because of the random step, the
    # next commit almost never reuses a lost version number.
    merchant.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await merchant.save()
    await _write_words(merchant, words_before, repairs=at is None)
    if has_changed:
        await announce(_subject(merchant), before, merchant.document, at)


async def create(merchant: Merchant) -> None:
    """Save a new merchant with its derived columns and its search words, in the caller's transaction."""
    derive_columns(merchant, None)
    await merchant.save(force_create=True)
    await _write_words(merchant, None)
    await announce(_subject(merchant), None, merchant.document, merchant.created_at)


async def delete(merchant: Merchant, at: datetime) -> None:
    """Delete a merchant and its search words, in the caller's transaction."""
    await MerchantWord.filter(entry__in=sorted(word_entries(merchant))).delete()
    await merchant.delete()
    await announce(_subject(merchant), merchant.document, None, at)


def _subject(merchant: Merchant) -> Subject:
    return Subject("merchant", merchant.id, merchant.id, merchant.external_id, merchant.row_version)


def word_entries(merchant: Merchant) -> set[str]:
    """The keys of the MerchantWord rows of a merchant: one for each search word."""
    return _entries(merchant.id, merchant.search_words)


async def _write_words(merchant: Merchant, before: str | None, *, repairs: bool = False) -> None:
    """Replace the rows for the previous search words (`before`) with rows for the current words. If `repairs`
    is true, also insert rows that should exist already.
    """
    old, new = _entries(merchant.id, before), word_entries(merchant)
    if removed := sorted(old - new):
        await MerchantWord.filter(entry__in=removed).delete()
    if added := sorted(new if repairs else new - old):
        await MerchantWord.bulk_create([MerchantWord(entry=entry) for entry in added], ignore_conflicts=True)


def derive_columns(merchant: Merchant, account: ConnectedAccount | None) -> document.Derived:
    """Set the merchant's documents and derived columns, without saving the merchant."""
    merchant.updated_at = merchant.updated_at or merchant.created_at
    merchant.status_since = merchant.status_since or merchant.created_at
    names = [field.name for field in dataclasses.fields(document.Profile)]
    profile = document.Profile(**{name: getattr(merchant, name) for name in names})
    mirror = None
    if account is not None:
        mirror = document.Mirror(
            id=account.id,
            snapshot=decode(account.snapshot),
            synced_at=account.synced_at,
            synced_by=account.synced_by,
            disconnected=account.disconnected_at is not None,
            finances=decode_finances(account.finances),
        )
    derived = document.build(profile, mirror)
    for name, value in document.profile_columns(profile).items():
        setattr(merchant, name, value)
    merchant.status = derived.status.value
    merchant.awaiting_action_from = derived.awaiting_action_from
    merchant.next_deadline_at = derived.next_deadline_at or NO_DEADLINE
    merchant.status_order = STATUSES.index(derived.status)
    merchant.livemode = mirror.snapshot.livemode if mirror is not None else None
    merchant.onboarding_stage = derived.onboarding_stage.value
    merchant.onboarding_stage_since = merchant.onboarding_stage_since or first_seen(
        derived.onboarding_stage,
        created_at=merchant.created_at,
        last_link_issued_at=merchant.last_link_issued_at,
        last_returned_at=merchant.last_returned_at,
        ever_active_at=merchant.ever_active_at,
        status_since=merchant.status_since,
    )
    _set_documents(merchant, derived)
    return derived


def _set_documents(merchant: Merchant, derived: document.Derived) -> None:
    times = {
        "updatedAt": document.wire_time(merchant.updated_at),
        "statusSince": document.wire_time(merchant.status_since),
    }
    for written in (derived.document, derived.merchant_document):
        finance_parts.date_obstacles(written, times["statusSince"])
        written["onboarding"]["stageSince"] = document.wire_time(merchant.onboarding_stage_since)
    merchant.document = msgspec.json.encode(derived.document | times).decode()
    merchant.merchant_document = msgspec.json.encode(derived.merchant_document | times).decode()
    merchant.document_version = document.VERSION


def _entries(merchant_id: uuid.UUID, search_words: str | None) -> set[str]:
    return {f"{word} {merchant_id}" for word in (search_words or "").split()}


async def rebuild(*, everything: bool = False) -> int:
    """Rebuild outdated documents from the mirror, or all documents. Returns the number of merchants."""
    return await outdated.rebuild(Merchant, document.VERSION, _rebuild, everything=everything)


async def build(merchant: Merchant) -> Merchant | None:
    """Rebuild the documents of one merchant now. Returns its new row, or None if it was deleted."""
    await _rebuild([merchant.id])
    return await Merchant.get_or_none(id=merchant.id)


@repeatable
async def _rebuild(ids: list[uuid.UUID]) -> int:
    """Rebuild the documents of these merchants. Returns the number of merchants that exist."""
    async with in_transaction():
        merchants = await Merchant.select_for_update().filter(id__in=ids).order_by("id")
        for merchant in merchants:
            account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
            counted = await count_responses(merchant.id)
            merchant.responses = responses.encode(Responses(**counted._asdict()))  # type: ignore[assignment]
            await save(merchant, account, has_entries=False)
    return len(merchants)


async def _recall(merchant: Merchant) -> None:
    """For a row that an older release wrote, derive the times of the last changes from the timeline."""
    entries = TimelineEntry.filter(merchant_id=merchant.id).order_by("-id")
    last = await entries.first()
    last_status = await entries.filter(status_after__isnull=False).first()
    merchant.updated_at = last.at if last is not None else merchant.created_at
    merchant.status_since = last_status.at if last_status is not None else merchant.created_at


def facts(merchant: Merchant, account: ConnectedAccount | None) -> Facts:
    """The facts from which the merchant's status is derived."""
    return account_facts(
        decode(account.snapshot) if account is not None else None,
        ever_active_at=merchant.ever_active_at,
        disconnected=account is not None and account.disconnected_at is not None,
        erased=merchant.erased_at is not None,
    )


def _without_freshness(text: str) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.json.decode(text)
    balance = values.get("balance")
    return {**values, "freshness": None, "balance": balance and {**balance, "freshness": None}}
