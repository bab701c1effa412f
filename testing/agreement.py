"""Checks that the columns derived from a merchant's mirror are up to date."""

import asyncio
import json
import uuid
from typing import Any

from connect.merchants.mirror import documents
from models import ConnectedAccount, Merchant, MerchantWord

COLUMNS = (
    "document",
    "document_version",
    "status",
    "awaiting_action_from",
    "next_deadline_at",
    "display_name_folded",
    "contact_email_folded",
    "external_id_folded",
    "search_words",
    "status_order",
    "livemode",
    "onboarding_stage",
)


# A worker may write after the accounts are read and before the merchants are read, so the check is repeated.
ATTEMPTS = 5


async def disagreements() -> list[str]:
    """For each merchant, one problem for each stale column and for each word that the search index lacks."""
    found = await _disagreements()
    for _ in range(ATTEMPTS - 1):
        if not found:
            break
        await asyncio.sleep(0.1)
        # A busy worker writes during each attempt, but rarely writes the same merchant twice.
        found = {key: problems for key, problems in (await _disagreements()).items() if key in found}
    return [problem for problems in found.values() for problem in problems]


async def _disagreements() -> dict[uuid.UUID, list[str]]:
    accounts = {account.merchant_id: account for account in await ConnectedAccount.all()}
    entries: list[str] = await MerchantWord.all().values_list("entry", flat=True)  # type: ignore[assignment]
    stored = set(entries)
    found = {}
    for merchant in await Merchant.all().order_by("id"):
        problems = stale_columns(merchant, accounts.get(merchant.id))
        lacking = sorted(documents.word_entries(merchant) - stored)
        problems += [f"the search index lacks {entry!r}" for entry in lacking]
        if problems:
            found[merchant.id] = [f"{merchant.external_id}: {problem}" for problem in problems]
    return found


def stale_columns(merchant: Merchant, account: ConnectedAccount | None) -> list[str]:
    """Derive the columns again, and return one problem for each column that changes."""
    before = _columns(merchant)
    documents.derive_columns(merchant, account)
    after = _columns(merchant)
    return [
        f"the column {name} does not agree with the mirror: {before[name]!r} instead of {after[name]!r}"
        for name in COLUMNS
        if before[name] != after[name]
    ]


def _columns(merchant: Merchant) -> dict[str, Any]:
    columns = {name: getattr(merchant, name) for name in COLUMNS}
    # Compare the document as an object, because the order of its keys has no meaning.
    return {**columns, "document": json.loads(columns["document"])}
