"""Whether what is read of every merchant is what follows from its mirror."""

import json
from typing import Any

from connect.merchants import mirror
from models import ConnectedAccount, Merchant

COLUMNS = (
    "document",
    "document_version",
    "status",
    "awaiting_action_from",
    "next_deadline_at",
    "display_name_folded",
    "contact_email_folded",
    "external_id_folded",
)


async def disagreements() -> list[str]:
    """Each difference between a merchant's row and what would be written of its mirror now."""
    found = []
    accounts = {account.merchant_id: account for account in await ConnectedAccount.all()}
    for merchant in await Merchant.all().order_by("id"):
        before = _columns(merchant)
        mirror.derive_columns(merchant, accounts.get(merchant.id))
        after = _columns(merchant)
        found += [
            f"{merchant.external_id}.{name}: {before[name]} is not {after[name]}"
            for name in COLUMNS
            if before[name] != after[name]
        ]
    return found


def _columns(merchant: Merchant) -> dict[str, Any]:
    found = {name: getattr(merchant, name) for name in COLUMNS}
    return {**found, "document": json.loads(found["document"])}
