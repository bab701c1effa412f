"""The JSON document of each merchant, which clients read. Each change of a merchant replaces its document."""

import dataclasses
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from connect.merchants.rules import document, status
from connect.merchants.rules.snapshot import decode
from models import ConnectedAccount, Merchant, changes
from models.changes import Change

# Means "no deadline" in a column that must not be null. It sorts after every real deadline.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)
# `row_version` has 31 bits. Even if each change added this number, a row could change two million times.
MAX_VERSIONS_SKIPPED = 1000
BATCH = 200


async def save(merchant: Merchant, account: ConnectedAccount | None, *, has_entries: bool = True) -> None:
    """Save the merchant with its document and columns, in the transaction of the change.

    The transaction must hold the merchant's lock. Subscribers are notified only if the timeline has entries
    for the change (`has_entries`), or if anything but the document's freshness changed.
    """
    before = merchant.document
    derive_columns(merchant, account)
    # Readers cache answers by `row_version`. A fail-over can lose commits, and the random step keeps the next
    # commit from using a lost version again.
    merchant.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await merchant.save()
    if has_entries or _without_freshness(before) != _without_freshness(merchant.document):
        await changes.publish(Change("merchant", merchant.id))


def derive_columns(merchant: Merchant, account: ConnectedAccount | None) -> None:
    """Set the merchant's document and derived columns, without saving the merchant."""
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
        )
    derived = document.build(profile, mirror)
    for name, value in document.profile_columns(profile).items():
        setattr(merchant, name, value)
    merchant.status = derived.status.value
    merchant.awaiting_action_from = derived.awaiting_action_from
    merchant.next_deadline_at = derived.next_deadline_at or NO_DEADLINE
    merchant.document = msgspec.json.encode(derived.document).decode()
    merchant.document_version = document.VERSION


async def rebuild(*, everything: bool = False) -> int:
    """Rebuild outdated documents from the mirror, or all documents. Returns their number.

    Documents of a newer version stay unchanged: during a rolling deployment, an older replica must not undo
    the work of a newer one.
    """
    rebuilt, last = 0, uuid.UUID(int=0)
    while True:
        if everything:
            outdated = Merchant.filter(id__gt=last).order_by("id")
        else:  # in the order of an index; a rebuilt row no longer matches, so no position is needed
            old = Merchant.filter(document_version__lt=document.VERSION)
            outdated = old.order_by("document_version", "id")
        ids: list[uuid.UUID] = await outdated.limit(BATCH).values_list("id", flat=True)  # type: ignore[assignment]
        if not ids:
            return rebuilt
        async with in_transaction():
            for merchant in await Merchant.select_for_update().filter(id__in=ids).order_by("id"):
                account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
                await save(merchant, account, has_entries=False)
                rebuilt += 1
        last = ids[-1]


def facts(merchant: Merchant, account: ConnectedAccount | None) -> status.Facts:
    """The facts from which the merchant's status is derived."""
    return status.facts(
        decode(account.snapshot) if account is not None else None,
        ever_active_at=merchant.ever_active_at,
        disconnected=account is not None and account.disconnected_at is not None,
    )


def _without_freshness(text: str) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.json.decode(text)
    return {**values, "freshness": None}
