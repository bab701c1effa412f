"""Restore merchants whose rows are missing after the database was restored, or lost its last commits.

The metadata of each account names the merchant for which ConnectQL created it. The restored merchant has the
same ids, and a repeated createMerchant returns it.
"""

import enum
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from tortoise.exceptions import IntegrityError

from connect.errors import StripeNotFound
from connect.merchants import creations
from connect.merchants.adoption import adoption
from connect.merchants.inputs import encryption
from connect.merchants.replacements import replacements
from connect.merchants.rules.account.snapshot import Snapshot, decode, parse
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, ConnectedAccount, FormerAccount, Merchant, now
from models.ids import VERSION as ID_VERSION
from models.ids import time_of
from models.transactions import repeatable, transaction_on

MESSAGE = "The merchant was restored from its account at Stripe."
SOURCE = "recover"
# Events of the account that were ignored within this time are handled again. Stripe keeps them as long.
IGNORED = timedelta(days=30)
BATCH = 100
MAX_EXTERNAL_ID = 255


class Finding(enum.Enum):
    """The result for one object at Stripe that ConnectQL created, and that the database did not have."""

    RESTORED = "its row was stored again"
    RESTORABLE = "its row can be stored again"
    DUPLICATE = "the same external id has another row, so this object is not used"
    REPLACEMENT = "it was opened by a replaceAccount that was lost, and whose repetition uses it"
    UNREADABLE = "Stripe does not show what its rows need"


class Recovered(NamedTuple):
    finding: Finding
    external_id: str
    stripe_id: str


class Owner(NamedTuple):
    """An account, and the merchant to which it belongs or belonged."""

    merchant_id: uuid.UUID
    merchant_external_id: str
    stripe_account_id: str


async def open_accounts() -> AsyncIterator[Owner]:
    """The current and former accounts whose objects Stripe still shows."""
    last = uuid.UUID(int=0)
    accounts = ConnectedAccount.filter(closed=False, disconnected_at=None).order_by("id").limit(BATCH)
    while rows := await accounts.filter(id__gt=last).select_related("merchant"):
        for row in rows:
            yield Owner(row.merchant_id, row.merchant.external_id, row.stripe_account_id)
        last = rows[-1].id
    last = uuid.UUID(int=0)
    former_accounts = FormerAccount.filter(disconnected_at=None).order_by("id").limit(BATCH)
    while former := await former_accounts.filter(id__gt=last).select_related("merchant"):
        for one in former:
            if not decode(one.snapshot).closed:
                yield Owner(one.merchant_id, one.merchant.external_id, one.stripe_account_id)
        last = former[-1].id


def id_of(metadata: object, name: str) -> uuid.UUID | None:
    """The id under this name in the metadata of an object that ConnectQL created. None if there is none.

    Other programs may write metadata of the same names, and merchants can edit that of their payments. So a
    value that cannot be stored must not end the recovery.
    """
    value = metadata.get(name) if isinstance(metadata, Mapping) else None
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
        if found is None or found.version != ID_VERSION:
            return None
        time_of(found)
    except (ValueError, OverflowError):  # no id, or one from after the year 9999
        return None
    return found


def external_id_of(metadata: object) -> str | None:
    """The external id in such metadata, as `id_of`."""
    value = metadata.get("external_id") if isinstance(metadata, Mapping) else None
    return value if isinstance(value, str) and 0 < len(value) <= MAX_EXTERNAL_ID else None


async def run(gateway: Gateway, *, actor: str, dry_run: bool) -> AsyncIterator[Recovered]:
    """Look at all accounts of the platform, and restore the missing merchants. A dry run stores nothing.

    Raises StripeRefused or StripeUnavailable.
    """
    for closed in (False, True):
        async for page in gateway.accounts(closed=closed):
            ids = [account["id"] for account in page if isinstance(account.get("id"), str)]
            for account_id in ids:
                found = await _recover(gateway, account_id, actor, dry_run=dry_run)
                if found is not None:
                    yield found


async def _recover(gateway: Gateway, account_id: str, actor: str, *, dry_run: bool) -> Recovered | None:
    """Returns None for a known account, and for an account that ConnectQL did not create."""
    if await _is_known(account_id):
        return None
    try:
        account = parse(await gateway.retrieve_account(account_id))
    except StripeNotFound:
        return None
    merchant_id, external_id = id_of(account.metadata, "merchant_id"), external_id_of(account.metadata)
    if merchant_id is None or external_id is None:
        return None
    if await AccountCreation.exists(merchant_id=merchant_id, state__not="SUCCEEDED"):
        return None  # the worker completes the creation, or Stripe has refused it
    has_row = await Merchant.exists(id=merchant_id)
    is_taken = has_row or await Merchant.exists(external_id=external_id)
    if is_taken and await _is_known(account_id):
        return None  # the worker or a client has completed its creation meanwhile
    if has_row and (number := account.metadata.get(replacements.NUMBER)) is not None:
        # The worker completes a replacement that is still stored.
        is_stored = await replacements.exists(merchant_id, number)
        return None if is_stored else Recovered(Finding.REPLACEMENT, external_id, account_id)
    finding = Finding.DUPLICATE if is_taken else Finding.RESTORABLE if dry_run else Finding.RESTORED
    if not is_taken and None in (account.display_name, account.contact_email, account.country):
        finding = Finding.UNREADABLE
    if finding is Finding.RESTORED:
        try:
            await _store(merchant_id, external_id, account, actor)
        except IntegrityError:  # a client has created the merchant again meanwhile
            if await _is_known(account_id):
                return None
            finding = Finding.DUPLICATE
    return Recovered(finding, external_id, account_id)


async def _is_known(account_id: str) -> bool:
    is_current = await ConnectedAccount.exists(stripe_account_id=account_id)
    return is_current or await FormerAccount.exists(stripe_account_id=account_id)


@repeatable
async def _store(merchant_id: uuid.UUID, external_id: str, account: Snapshot, actor: str) -> None:
    at = await now()
    created_at = time_of(merchant_id)
    merchant = Merchant(
        id=merchant_id,
        external_id=external_id,
        display_name=account.display_name,
        contact_email=account.contact_email,
        country=account.country,
        created_at=created_at,
    )
    async with transaction_on(external_id):
        since = at - IGNORED
        await adoption.write(merchant, account, at, since, message=MESSAGE, actor=actor, source=SOURCE)
        await AccountCreation.create(
            merchant_id=merchant_id,
            external_id=external_id,
            idempotency_key=creations.key(merchant_id),
            input=encryption.FORGOTTEN,
            body=encryption.FORGOTTEN,
            attempts=1,
            run_at=at,
            created_at=created_at,
            **stored_requests.success(at),
        )
