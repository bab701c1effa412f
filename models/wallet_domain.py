"""Domains on which an account shows wallets such as Apple Pay and Google Pay."""

import uuid
from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select


class WalletDomain(Model):
    """One domain on one account, as Stripe last judged it.

    Only `connect.payments.wallet_domains` writes it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="wallet_domains", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255)
    domain = fields.CharField(max_length=253)
    stripe_domain_id = fields.CharField(max_length=255, null=True)
    # PENDING, ACTIVE, INACTIVE (at least one of the wallets below), REFUSED.
    state = fields.CharField(max_length=16, default="PENDING")
    # Stripe's status: active or inactive. Null until Stripe has answered.
    apple_pay = fields.CharField(max_length=16, null=True)
    google_pay = fields.CharField(max_length=16, null=True)
    link = fields.CharField(max_length=16, null=True)
    # Why Stripe refused the domain, or keeps a wallet inactive.
    error_code = fields.CharField(max_length=255, null=True)
    error_message = fields.TextField(null=True)
    attempts = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    # When to ask Stripe again. Null if all wallets are active.
    run_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "wallet_domain"
        unique_together = (("stripe_account_id", "domain"),)
        indexes = (("run_at",), ("state", "updated_at"))


async def accounts_without(domain: str, limit: int) -> list[tuple[uuid.UUID, str]]:
    """Open accounts that have been active and have no row for the domain: merchant's id and account's id."""
    statement = Select()
    rows = await statement.execute(
        "SELECT a.merchant_id, a.stripe_account_id FROM connected_account a "  # noqa: S608 - our own text
        "JOIN merchant m ON m.id = a.merchant_id "
        "WHERE m.ever_active_at IS NOT NULL AND NOT a.closed AND a.disconnected_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM wallet_domain d WHERE d.stripe_account_id = a.stripe_account_id "
        f"AND d.domain = {statement.value(domain)}) ORDER BY a.id LIMIT {limit}"
    )
    return [(uuid.UUID(str(row["merchant_id"])), row["stripe_account_id"]) for row in rows]


def due(statement: Select, domains: Sequence[str]) -> list[str]:
    """The conditions of the rows for which Stripe must be asked now. Former accounts have none."""
    names = ", ".join(statement.value(domain) for domain in domains)
    return [
        f"run_at <= {statement.moment()}",
        f"domain IN ({names})",
        (
            "EXISTS (SELECT 1 FROM connected_account a WHERE NOT a.closed AND a.disconnected_at IS NULL "
            "AND a.stripe_account_id = wallet_domain.stripe_account_id)"
        ),
    ]
