"""Domains on which an account shows wallets such as Apple Pay and Google Pay."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models.ids import past_uuid7, time_of, uuid7
from models.merchant import Merchant
from models.sql import Select


class WalletDomain(Model):
    """One domain on one account, as Stripe last judged it.

    Only `connect.payments.wallet_domains` writes it. An erasure of the merchant deletes it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="wallet_domains", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255)
    domain = fields.CharField(max_length=253)
    stripe_domain_id = fields.CharField(max_length=255, null=True)
    # PENDING, ACTIVE, INACTIVE or REFUSED. INACTIVE means that Apple Pay or Google Pay is inactive.
    state = fields.CharField(max_length=16, default="PENDING")
    # Stripe's status: active or inactive. Null until Stripe has answered.
    apple_pay = fields.CharField(max_length=16, null=True)
    google_pay = fields.CharField(max_length=16, null=True)
    link = fields.CharField(max_length=16, null=True)
    # The reason for which Stripe refused the domain or keeps a wallet inactive.
    error_code = fields.CharField(max_length=255, null=True)
    error_message = fields.TextField(null=True)
    attempts = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    # When to ask Stripe again. Null after the last check, and while the settings do not contain the domain.
    run_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "wallet_domain"
        unique_together = (("stripe_account_id", "domain"),)
        indexes = (("run_at",), ("state", "updated_at"))


@dataclass(frozen=True, slots=True)
class Failing:
    """A domain that Stripe has refused or keeps inactive, and the number of open accounts with this state.
    `since` is the time of the first registration that failed.
    """

    domain: str
    state: str
    accounts: int
    since: datetime


async def failing(domains: Sequence[str], inactive_since: datetime) -> list[Failing]:
    """The domains that Stripe refused, and the inactive domains whose registration began before
    `inactive_since`. Runs one statement.
    """
    if not domains:
        return []
    statement = Select()
    names = ", ".join(statement.value(domain) for domain in domains)
    rows = await statement.execute(
        "SELECT d.domain, d.state, count(*) AS accounts, min(CAST(d.id AS text)) AS first "  # noqa: S608
        "FROM wallet_domain d JOIN connected_account a ON a.stripe_account_id = d.stripe_account_id "
        "WHERE d.state IN ('REFUSED', 'INACTIVE') AND NOT a.closed AND a.disconnected_at IS NULL "
        f"AND d.domain IN ({names}) "
        f"AND (d.state = 'REFUSED' OR d.id < {statement.value(past_uuid7(inactive_since))}) "
        "GROUP BY d.domain, d.state ORDER BY d.domain"
    )
    return [
        Failing(row["domain"], row["state"], row["accounts"], time_of(uuid.UUID(row["first"])))
        for row in rows
    ]


def due(statement: Select, domains: Sequence[str]) -> list[str]:
    """Conditions for the rows of domains about which Stripe must be asked now. They exclude the rows of
    closed, disconnected and former accounts.
    """
    names = ", ".join(statement.value(domain) for domain in domains)
    return [
        f"run_at <= {statement.moment()}",
        f"domain IN ({names})",
        (
            "EXISTS (SELECT 1 FROM connected_account a WHERE NOT a.closed AND a.disconnected_at IS NULL "
            "AND a.stripe_account_id = wallet_domain.stripe_account_id)"
        ),
    ]
