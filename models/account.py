"""Connected accounts and the requests that create them."""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple

from tortoise import fields
from tortoise.exceptions import DoesNotExist
from tortoise.models import Model

from models.ids import uuid7
from models.merchant import Merchant
from models.sql import Select


class ConnectedAccount(Model):
    """The mirror of one account at Stripe.

    `connect.merchants.rules.account.snapshot` reads and writes `snapshot`, which is JSON text. The
    columns `stripe_account_id`, `closed` and `entries_cut` repeat values of the snapshot, so that queries can
    use them.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.OneToOneRelation[Merchant] = fields.OneToOneField(
        "models.Merchant", related_name="account", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255, unique=True)
    snapshot = fields.TextField()
    closed = fields.BooleanField(default=False)
    disconnected_at = fields.DatetimeField(null=True)
    # The number of requirement entries that the snapshot leaves out, because it stores a limited number.
    entries_cut = fields.IntField(default=0)

    # The number of the last fetch that was started, and of the last fetch that was written
    # (docs/decisions/0005).
    fetches_started = fields.IntField(default=0)
    fetch_applied = fields.IntField(default=0)
    synced_at = fields.DatetimeField()
    synced_by = fields.CharField(max_length=32)

    # The balance, reserves, payout settings and a summary of the payouts of this account: JSON text of
    # `connect.finances.rules.snapshot`. Null until they are fetched.
    finances = fields.TextField(null=True)
    # The number of the last fetch of finances that was started.
    finances_started = fields.IntField(null=True)
    # When to fetch the finances again, for example because money moved. Null if no fetch is planned.
    finances_due_at = fields.DatetimeField(null=True)
    # The first sweep of the account's payments also lists disputes of a long period. This is the time of that
    # sweep. Null before it.
    disputes_listed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "connected_account"
        indexes = (("closed", "synced_at"), ("entries_cut",), ("finances_due_at",))


class FormerAccount(Model):
    """The last known state of an account that was replaced by another account of its merchant.

    If a replacement created a new account but did not use it (`SET_ASIDE`), that account has a row, too.
    `fetch_applied` is the number of the last written fetch. The merchant's row in `connected_account` also
    counts the fetches of the former accounts.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="former", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255, unique=True)
    snapshot = fields.TextField()
    disconnected_at = fields.DatetimeField(null=True)
    ever_active_at = fields.DatetimeField(null=True)
    fetch_applied = fields.IntField()
    synced_at = fields.DatetimeField()
    replaced_at = fields.DatetimeField()

    class Meta:
        table = "former_account"
        indexes = (("merchant_id", "replaced_at"),)


class StripeRequest(Model):
    """A request that is stored before it is sent to Stripe."""

    merchant_id: Any
    id = fields.UUIDField(primary_key=True, default=uuid7)
    idempotency_key = fields.CharField(max_length=255, unique=True)
    # The client's input in canonical form. If the client repeats the request, its input must be equal.
    input = fields.TextField()
    # The request's body. Each attempt sends the same bytes.
    body = fields.TextField()
    # PENDING, SUCCEEDED or REFUSED. An AccountReplacement may also be SET_ASIDE, and a FeeReturn KEPT.
    state = fields.CharField(max_length=16, default="PENDING")
    attempts = fields.IntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    # The time of the next attempt, or the time at which Stripe refused the request. So the index of `state`
    # and `run_at` also finds recently refused requests.
    run_at = fields.DatetimeField()
    error_code = fields.CharField(max_length=255, null=True)
    error_message = fields.TextField(null=True)
    request_id = fields.CharField(max_length=255, null=True)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


class AccountCreation(StripeRequest):
    """The request for the first account of a merchant.

    If Stripe refuses the request, the merchant is deleted, but this row is kept. So `merchant_id` is not a
    foreign key.
    """

    merchant_id = fields.UUIDField(unique=True)
    external_id = fields.CharField(max_length=255)

    class Meta:
        table = "account_creation"
        indexes = (("state", "run_at"), ("state", "id"), ("external_id",))


class AccountReplacement(StripeRequest):
    """The request for another account of a merchant, in place of the account `stripe_account_id`.

    It has its own table, because replicas of release 0.1.0 must not resume such requests.
    """

    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="replacements", on_delete=fields.CASCADE
    )
    stripe_account_id = fields.CharField(max_length=255)
    actor = fields.CharField(max_length=255)

    class Meta:
        table = "account_replacement"
        indexes = (("state", "run_at"), ("merchant_id", "id"))


async def start_fetch(account_id: uuid.UUID, column: str = "fetches_started") -> int:
    """Add 1 to the number of this account's started fetches with one statement. Returns the new number.

    `column` holds the number. Fetches of finances have their own column, `finances_started`.
    Raises DoesNotExist.
    """
    statement = Select()
    rows = await statement.execute(
        f"UPDATE connected_account SET {column} = coalesce({column}, 0) + 1 "  # noqa: S608
        f"WHERE id = {statement.value(account_id)} RETURNING {column} AS number"
    )
    if not rows:
        raise DoesNotExist(ConnectedAccount)
    return int(rows[0]["number"])


class AccountOwner(NamedTuple):
    """The merchant of a current or former account, and whether the account is disconnected."""

    merchant_id: uuid.UUID
    is_disconnected: bool


async def find_account_owner(stripe_account_id: str) -> AccountOwner | None:
    """The merchant of a current or former account, or None if none is known. Does not read the snapshot,
    because this query runs for many events about payments.
    """
    select = Select()
    tables = (
        f"SELECT merchant_id, disconnected_at IS NOT NULL AS ended FROM {table} "  # noqa: S608
        f"WHERE stripe_account_id = {select.value(stripe_account_id)}"
        for table in ("connected_account", "former_account")
    )
    rows = await select.execute(" UNION ALL ".join(tables))
    if not rows:
        return None
    owner = rows[0]["merchant_id"]
    return AccountOwner(owner if isinstance(owner, uuid.UUID) else uuid.UUID(owner), bool(rows[0]["ended"]))


async def plan_finances(stripe_account_id: str, pause: timedelta) -> None:
    """Plan a fetch of this account's finances after the pause, unless an earlier fetch is planned."""
    statement = Select()
    at = statement.moment(pause)
    await statement.execute(
        f"UPDATE connected_account SET finances_due_at = {at} "  # noqa: S608
        f"WHERE stripe_account_id = {statement.value(stripe_account_id)} "
        f"AND (finances_due_at IS NULL OR finances_due_at > {statement.moment(pause)})"
    )


async def finances_fetched(account_id: uuid.UUID, due_at: Any) -> None:
    """Clear the time of the planned fetch, unless another fetch has been planned meanwhile.

    `due_at` is the planned time that the worker stored before its fetch, as the database returned it.
    """
    statement = Select()
    await statement.execute(
        "UPDATE connected_account SET finances_due_at = NULL "  # noqa: S608 - our own text
        f"WHERE id = {statement.value(account_id)} AND finances_due_at = {statement.value(due_at)}"
    )
