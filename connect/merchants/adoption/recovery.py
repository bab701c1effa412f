"""Restore merchants whose rows are missing, because the database was restored from a backup or has lost its
last commits.

The metadata of each account that ConnectQL created names the account's merchant. The restored merchant has
the same ids, and a repeated createMerchant returns it.
"""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

from tortoise.exceptions import IntegrityError

from connect.errors import StripeNotFound
from connect.merchants import creations
from connect.merchants.adoption import adoption
from connect.merchants.adoption.recovered import SOURCE, Finding, Recovered, external_id_of, id_of
from connect.merchants.inputs import encryption
from connect.merchants.replacements import replacements
from connect.merchants.rules.account.snapshot import Snapshot, parse
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, ConnectedAccount, FormerAccount, Merchant, now
from models.ids import time_of
from models.transactions import repeatable, transaction_on

MESSAGE = "The merchant was restored from its account at Stripe."
# If events of a restored account were ignored during this period before the recovery, they are handled again.
# Stripe's list of events goes back equally far.
IGNORED = timedelta(days=30)


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
    """Restore the merchant of this account, unless the run is dry.

    Returns None if there is nothing to report, for example if the account is known or was not created by
    ConnectQL.
    """
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
        return None  # the worker or a client has meanwhile completed the creation of this account
    if has_row and (number := account.metadata.get(replacements.NUMBER)) is not None:
        # If the request for the replacement is still stored, nothing is lost.
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
