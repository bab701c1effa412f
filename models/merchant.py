"""Merchants, their timelines and their onboarding links."""

import uuid
from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from models.collation import CodePointField
from models.ids import uuid7
from models.sql import Select


class Merchant(Model):
    """One customer of the platform, and the boundary of isolation.

    A merchant never sees the data of another merchant. Only `connect.merchants.mirror.documents` writes the
    derived columns and the document, in the transaction that changes their source.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    external_id = fields.CharField(max_length=255, unique=True)
    display_name = fields.TextField()
    contact_email = fields.TextField()
    country = fields.CharField(max_length=2)
    created_at = fields.DatetimeField()

    # Facts that are not in Stripe's answers.
    ever_active_at = fields.DatetimeField(null=True)
    links_issued = fields.IntField(default=0)
    last_link_issued_at = fields.DatetimeField(null=True)
    last_returned_at = fields.DatetimeField(null=True)

    # When eraseMerchant removed the merchant's data. Nothing may bring the data back.
    erased_at = fields.DatetimeField(null=True)
    # If eraseMerchant cannot remove all data in one transaction: when to continue. Null before eraseMerchant,
    # and after everything is removed.
    erasure_due_at = fields.DatetimeField(null=True)

    # The platform's fees for this merchant: JSON text (`connect.payments.rules.money.fee_policies`). Null if
    # only the policy in the settings applies.
    fee_policy = fields.TextField(null=True)

    # Derived from disputes and payments: JSON text of `connect.disputes.rules.responses.Responses`. Null if
    # nothing needs a response.
    responses = fields.TextField(null=True)

    # Derived from `former_account`: JSON text in wire form, newest first. Null if there is no former account.
    former_accounts = fields.TextField(null=True)

    # Derived from `service`: JSON text in wire form. Null if the merchant has no subscription to the
    # platform's product.
    service = fields.TextField(null=True)

    # Derived columns for filtering and sorting.
    status = fields.CharField(max_length=32)
    # Null in a row that an older release wrote, until the row is rebuilt.
    status_since = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField(null=True)
    awaiting_action_from = fields.CharField(max_length=16, null=True)
    # Never null, so that pages can be sorted by it; `NO_DEADLINE` means no deadline.
    next_deadline_at = fields.DatetimeField()
    display_name_folded = CodePointField(max_length=512)
    contact_email_folded = CodePointField(max_length=512)
    external_id_folded = CodePointField(max_length=512)
    # In a row that an older release wrote, the next columns are null until the row is rebuilt. `search_words`
    # has each word of the name, e-mail and external id, with a space before the word
    # (`connect.merchants.rules.words`).
    search_words = fields.TextField(null=True)
    # The position of the status in the list of all statuses.
    status_order = fields.SmallIntField(null=True)
    # `livemode` is also null if the merchant has no account.
    livemode = fields.BooleanField(null=True)
    # The stage of the onboarding (`connect.merchants.rules.status.onboarding_stage`), and when it began.
    onboarding_stage = fields.CharField(max_length=32, null=True)
    onboarding_stage_since = fields.DatetimeField(null=True)

    # Derived: the JSON text for clients, in wire form (see `connect.merchants.rules.document`).
    document = fields.TextField()
    # The document that callers with the merchant's own tokens get. Null in a row that an older release wrote,
    # until the row is rebuilt.
    merchant_document = fields.TextField(null=True)
    document_version = fields.IntField()
    row_version = fields.IntField(default=1)

    class Meta:
        table = "merchant"
        # The last two indexes are for the rebuilding of documents and for erasures. The other indexes are for
        # the merchant list (docs/decisions/0017).
        indexes = (
            ("display_name_folded", "id"),
            ("next_deadline_at", "id"),
            ("country", "id"),
            ("livemode", "id"),
            ("status_order", "id"),
            ("status_since", "id"),
            ("status", "awaiting_action_from", "id"),
            ("status", "awaiting_action_from", "display_name_folded", "id"),
            ("status", "awaiting_action_from", "next_deadline_at", "id"),
            ("status", "awaiting_action_from", "status_since", "id"),
            ("onboarding_stage", "onboarding_stage_since", "id"),
            ("document_version", "id"),
            ("erasure_due_at",),
        )


class MerchantWord(Model):
    """A word by which a merchant is found.

    `entry` is the word, a space and the merchant's id. The primary key sorts by code point. So the entries of
    a word are adjacent and in the order in which the merchants were created. Words with a common prefix are
    adjacent, too. Because the table has a single column, the primary key is its only index.
    """

    entry = CodePointField(max_length=128, primary_key=True)

    class Meta:
        table = "merchant_word"


class TimelineEntry(Model):
    """One observed change of a merchant, or an action.

    Rows are never changed. Only eraseMerchant, the retention rule `timelines` and the refusal of a merchant's
    creation delete rows.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="timeline", on_delete=fields.CASCADE
    )
    at = fields.DatetimeField()
    kind = fields.CharField(max_length=32)
    message = fields.TextField()
    actor = fields.CharField(max_length=255, null=True)
    status_before = fields.CharField(max_length=32, null=True)
    status_after = fields.CharField(max_length=32, null=True)
    before = fields.JSONField[dict[str, object]](null=True)
    after = fields.JSONField[dict[str, object]](null=True)
    # Stripe's id for the request that Stripe refused.
    request_id = fields.CharField(max_length=255, null=True)
    # The number of the fetch that showed the change. Along a timeline, this number never decreases.
    fetch = fields.IntField(null=True)

    class Meta:
        table = "timeline_entry"
        indexes = (("merchant_id", "id"),)


class OnboardingLink(Model):
    """An issued account link, without its URL.

    `address_hash` is the SHA-256 of the token in our refresh and return addresses. `browser_hash` is the
    SHA-256 of the token in the browser's cookie. Neither token is stored. The table also holds links into the
    Dashboard. Its name comes from the first release, which had only onboarding links.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    merchant_id: uuid.UUID
    merchant: fields.ForeignKeyRelation[Merchant] = fields.ForeignKeyField(
        "models.Merchant", related_name="links", on_delete=fields.CASCADE
    )
    address_hash = fields.CharField(max_length=64, unique=True)
    browser_hash = fields.CharField(max_length=64)
    # Stripe's use case. Null means `account_onboarding`, because older releases issue no other links.
    use_case = fields.CharField(max_length=32, null=True)
    return_to = fields.TextField()
    # Stripe's `collection_options.fields`. Empty for links into the Dashboard.
    collect = fields.CharField(max_length=32)
    refreshes = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "onboarding_link"
        indexes = (("merchant_id",),)


def has_external_id(select: Select, external_id: str) -> str:
    """A condition on the merchant table for the merchant with this external id."""
    return f"external_id = {select.value(external_id)}"


def has_account(select: Select, stripe_account_id: str) -> str:
    """A condition on the merchant table for the owner of a current or former account."""
    account = f"stripe_account_id = {select.value(stripe_account_id)}"
    present = f"SELECT merchant_id FROM connected_account WHERE {account}"  # noqa: S608
    former = f"SELECT merchant_id FROM former_account WHERE {account}"  # noqa: S608
    return f"id = coalesce(({present}), ({former}))"


async def latest_entries(
    merchant_ids: Sequence[uuid.UUID], limit: int, after: str | None, kinds: Sequence[str] | None = None
) -> list[TimelineEntry]:
    """Return the newest entries of each merchant that are older than the entry `after`, at most `limit` each.

    With `kinds`, returns only entries of these kinds. Runs one statement for any number of merchants. The
    entries have only the columns that clients see.
    """
    select = Select()
    columns = (
        "id, merchant_id, at, kind, message, actor, request_id, status_before, status_after, before, after"
    )
    conditions = [select.is_any("kind", kinds)] if kinds is not None else []
    rows = await select.newest_of_each(
        columns, "timeline_entry", "merchant_id", merchant_ids, limit, after, conditions
    )
    return [TimelineEntry(**row) for row in rows]
