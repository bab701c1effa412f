"""The platform's fee policies for single merchants. They take precedence over the policy in the settings."""

import uuid
from collections.abc import Sequence

from connect.errors import InvalidInput, MerchantNotFound
from connect.merchants.mirror import documents, timeline
from connect.merchants.mirror.timeline import Change, TimelineKind
from connect.payments.rules.money import fee_policies
from connect.payments.rules.money.fee_policies import FeePolicy, Terms
from connect.platform.records import audit
from models import ConnectedAccount, Merchant, now
from models.transactions import repeatable, transaction_on


async def set_policy(
    merchant_id: uuid.UUID, entries: Sequence[tuple[str | None, Terms]] | None, *, actor: str
) -> Merchant:
    """Replace the merchant's policy, or remove it if `entries` is None. Existing payments keep their fees.

    Each entry is a currency and its terms. The currency None stands for all other currencies. A repeated call
    changes nothing. Raises InvalidInput or MerchantNotFound.
    """
    if entries is not None and (fields := list(fee_policies.check_policy("policy", entries))):
        raise InvalidInput(fields)
    return await _write(merchant_id, fee_policies.of_entries(entries) if entries is not None else None, actor)


def policy_of(merchant: Merchant) -> FeePolicy | None:
    """The merchant's own policy, or None."""
    return fee_policies.decode(merchant.fee_policy) if merchant.fee_policy is not None else None


@repeatable
async def _write(merchant_id: uuid.UUID, policy: FeePolicy | None, actor: str) -> Merchant:
    async with transaction_on(merchant_id):
        row = await Merchant.select_for_update().get_or_none(id=merchant_id)
        if row is None:
            raise MerchantNotFound
        before = policy_of(row)
        if policy == before:
            return row
        text = fee_policies.encode(policy) if policy is not None else None
        row.fee_policy = text  # type: ignore[assignment]
        at = await now()
        change = Change(
            TimelineKind.UPDATED,
            "Changed: feePolicy.",
            {"feePolicy": fee_policies.render(before) if before is not None else None},
            {"feePolicy": fee_policies.render(policy) if policy is not None else None},
        )
        await timeline.record_changes(row.id, [change], at, actor=actor)
        await audit.note("Merchant", row.id, audit.OK)
        await documents.save(row, await ConnectedAccount.get_or_none(merchant_id=row.id), at)
    return row
