"""Create, change, replace, close and refresh the connected account of a merchant."""

import contextlib
import uuid
from collections.abc import AsyncIterator, Hashable, Sequence
from functools import partial
from typing import NamedTuple
from weakref import WeakValueDictionary

from tortoise.exceptions import IntegrityError

from connect.errors import (
    ConnectError,
    ExternalIdTaken,
    MerchantNotReady,
    ReplacementDiffers,
    StripePermissionMissing,
    StripeRefused,
    StripeUnavailable,
)
from connect.finances import mirror as finances
from connect.merchants import creations, inputs
from connect.merchants.inputs import MerchantChanges, NewMerchant, NewPerson, encryption
from connect.merchants.mirror import documents, mirror, timeline
from connect.merchants.mirror.mirror import Outcome
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.replacements import held_money, replacements
from connect.merchants.rules import requests
from connect.merchants.rules.account import persons
from connect.merchants.rules.account.snapshot import decode
from connect.platform import faultpoints
from connect.platform.batcher import Batcher
from connect.platform.records import audit
from connect.stripe_api.gateway import Answer, Gateway
from models import AccountCreation, ConnectedAccount, Merchant, latest_date, now
from models.transactions import repeatable, transaction_on


class _Request(NamedTuple):
    """A request for a fetch. `fetches_started` is the number of the newest fetch when the request arrived."""

    fetches_started: int
    actor: str


# One batcher of fetches for each account and caller. A batcher is removed when no request awaits it any more.
_fetches: WeakValueDictionary[Hashable, Batcher[_Request, Merchant | ConnectError]] = WeakValueDictionary()


async def create(gateway: Gateway, new: NewMerchant, *, actor: str) -> tuple[Merchant, bool]:
    """Return the merchant with this external id, and whether this call created it.

    Repeated or simultaneous calls return the same merchant. Raises InvalidInput, ExternalIdTaken,
    CountryNotSupported or StripeRefused if no merchant was created. Raises StripeUnavailable while the
    merchant is CREATING; the worker or a repeated call completes it.
    """
    faultpoints.reach("create.arrived")
    new = inputs.check_new_merchant(new, latest_date())
    try:
        return await _create(gateway, new, actor)
    except StripeRefused as error:
        raise inputs.explain_creation(error, new) from error.__cause__


async def _create(gateway: Gateway, new: NewMerchant, actor: str) -> tuple[Merchant, bool]:
    while True:
        merchant = await Merchant.get_or_none(external_id=new.external_id)
        is_new = merchant is None
        if merchant is not None and merchant.erased_at is not None:
            raise ExternalIdTaken(new.external_id, mirror.ERASED)
        if merchant is None:
            try:
                creation = await creations.store(gateway, new, actor)
            except IntegrityError:
                audit.undone()
                continue  # another call stored the same external id first
            attempt = creations.complete
        else:
            stored = await AccountCreation.get_or_none(merchant_id=merchant.id)
            if stored is None:
                raise ExternalIdTaken(new.external_id)  # the merchant was adopted
            creation = stored
            if creation.state == "REFUSED":
                continue  # Stripe refused the creation between the two reads, so the external id is free
            if not creations.is_input(creation.input, new, gateway.token_key):
                raise ExternalIdTaken(new.external_id)
            attempt = creations.complete_or_wait
        try:
            merchant = await attempt(gateway, creation)
        except StripeUnavailable as error:
            error.merchant_row = await Merchant.get_or_none(id=creation.merchant_id)
            if error.merchant_row is None:
                continue  # Stripe refused another attempt, so the external id is free
            raise
        # If there is no merchant, Stripe has refused another attempt, so the external id is free.
        if merchant is not None:
            return merchant, is_new


async def replace(
    gateway: Gateway, merchant: Merchant, stripe_account_id: str, new: NewMerchant, *, actor: str
) -> tuple[Merchant, bool]:
    """Replace the merchant's account with another one.

    Returns the merchant, and whether this call replaced the account. Repeated or simultaneous calls replace
    it once. Raises InvalidInput, MerchantNotReady, ReplacementDiffers, CountryNotSupported or StripeRefused
    if nothing was replaced. Raises StripeUnavailable while the replacement is pending; the worker or a
    repeated call completes it. Also raises StripeUnavailable, and stores nothing, if Stripe gives no answer
    about the account to replace.
    """
    faultpoints.reach("create.arrived")
    new = inputs.check_replacement(stripe_account_id, new, latest_date())
    while True:
        replacement, is_new = await replacements.stored(merchant.id, stripe_account_id), False
        if replacement is None:
            await held_money.look(gateway, merchant.id, stripe_account_id, actor)
            replacement, is_new = await replacements.store(gateway, merchant, stripe_account_id, new, actor)
        if not creations.is_input(replacement.input, new, gateway.token_key):
            raise ReplacementDiffers(stripe_account_id, is_pending=replacement.state == "PENDING")
        attempt = replacements.complete if is_new else replacements.complete_or_wait
        try:
            replaced = await attempt(gateway, replacement)
        except StripeRefused as error:
            raise inputs.explain_creation(error, new) from error.__cause__
        # If there is no merchant, the request has ended without a replacement, and the loop stores another
        # request.
        if replaced is not None:
            return replaced, is_new


@contextlib.asynccontextmanager
async def about(merchant: Merchant) -> AsyncIterator[None]:
    """Set `merchant_row` of a StripeUnavailable error that the block raises."""
    try:
        yield
    except StripeUnavailable as error:
        error.merchant_row = await Merchant.get_or_none(id=merchant.id) or merchant
        raise


async def update(gateway: Gateway, merchant: Merchant, changes: MerchantChanges, *, actor: str) -> Merchant:
    """Change the account at Stripe and write the answer to the mirror.

    Raises InvalidInput, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    changes = inputs.check_changes(changes, latest_date())
    account = await open_account(merchant)
    inputs.check_for_type(changes, decode(account.snapshot).entity_type)
    fetch = await mirror.begin(account)
    try:
        answer = await gateway.update_account(account.stripe_account_id, requests.of_changes(changes))
    except StripeRefused as error:
        inputs.name_fields(error, changes)
        await mirror.follow(gateway, account, error)
        raise
    return await _write(gateway, account, answer, fetch, mirror.UPDATE, actor)


async def add_person(gateway: Gateway, merchant: Merchant, person: NewPerson, *, actor: str) -> Merchant:
    """Add a person to the account at Stripe, and fetch the account. The request is not stored.

    A repeated call has the same idempotency key, so it does not add the person again. Stripe's events repeat
    the idempotency key, and the events are stored. So the key contains only a keyed hash of the person's
    details. If the API key has changed, the hash differs. So this function first reads the persons at Stripe,
    and does not add a person who is among them.

    Raises InvalidInput, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    account = await open_account(merchant)
    entity_type = decode(account.snapshot).entity_type
    person = inputs.check_person(person, entity_type, latest_date())
    body = requests.of_person(person)
    # A replacement keeps `account.id`, so the key must contain the id of the account at Stripe.
    fingerprint = encryption.fingerprint(body, gateway.token_key)
    key = f"person-create:{account.stripe_account_id}:{fingerprint}"
    try:
        if not persons.is_listed(body, await _persons(gateway, account)):
            await gateway.create_person(account.stripe_account_id, body, key)
    except StripeRefused as error:
        inputs.name_person_fields(error)
        await mirror.follow(gateway, account, error)
        raise
    await mirror.refresh(gateway, account, mirror.UPDATE, actor=actor)
    return await Merchant.get(id=merchant.id)


async def _persons(gateway: Gateway, account: ConnectedAccount) -> list[Answer]:
    try:
        return await gateway.persons(account.stripe_account_id)
    except StripePermissionMissing:
        # The call has logged the error. An API key that may write persons, but not read them, can still add a
        # person.
        return []


async def close(gateway: Gateway, merchant: Merchant, *, actor: str) -> Merchant:
    """Close the account at Stripe permanently. Closing a closed account changes nothing.

    Raises MerchantNotReady, StripeRefused (for example, if the balance is not empty) or StripeUnavailable.
    """
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    if account is not None and account.closed:
        return merchant
    account = await open_account(merchant)
    configurations = decode(account.snapshot).applied_configurations
    fetch = await mirror.begin(account)
    try:
        answer = await gateway.close_account(account.stripe_account_id, configurations)
    except StripeRefused as error:
        await mirror.follow(gateway, account, error)
        raise
    return await _write(gateway, account, answer, fetch, mirror.CLOSE, actor)


async def refresh(gateway: Gateway, merchant: Merchant, *, actor: str) -> Merchant:
    """Fetch the account from Stripe. If the mirror has its finances, also fetch its balance and payout
    settings.

    If several requests of one caller arrive during a fetch of the account, they share the next fetch. Raises
    MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    account = await _account(merchant)
    key = (account.id, gateway.payer)
    fetches = _fetches.get(key)
    if fetches is None:
        fetches = _fetches[key] = Batcher(partial(_fetch, gateway, account.id), direct=True)
    result = await fetches.submit(_Request(account.fetches_started, actor))
    if isinstance(result, ConnectError):
        raise result.with_traceback(None)  # The error may have the traceback of another request.
    return result


async def _fetch(
    gateway: Gateway, account_id: uuid.UUID, requests: list[_Request]
) -> Sequence[Merchant | ConnectError]:
    """Answer all requests with one fetch, or with a stored answer whose fetch started after all requests had
    arrived.
    """
    account = await ConnectedAccount.get(id=account_id)
    is_fetched = account.fetch_applied > max(request.fetches_started for request in requests)
    try:
        # If this service changed the account, the mirror may hold an answer that is older than its fetch
        # number suggests.
        if not is_fetched or account.synced_by in {mirror.UPDATE, mirror.CLOSE}:
            await mirror.refresh(gateway, account, "refresh", actor=requests[0].actor)
            await finances.refresh_known(gateway, account.id)
    except ConnectError as error:
        return [error] * len(requests)
    merchant = await _record_refresh(account, sorted({request.actor for request in requests}))
    return [merchant] * len(requests)


@repeatable
async def _record_refresh(account: ConnectedAccount, actors: Sequence[str]) -> Merchant:
    async with transaction_on(account.merchant_id):
        row = await Merchant.select_for_update().get(id=account.merchant_id)
        kind, message = TimelineKind.REFRESHED, "Fetched on request."
        at = await now()
        for actor in actors:
            await timeline.record(row.id, kind, message, at, actor=actor)
        await documents.save(row, await ConnectedAccount.get(id=account.id), at)
    return row


async def open_account(merchant: Merchant) -> ConnectedAccount:
    """Return the merchant's account. Raises MerchantNotReady if it cannot be changed."""
    account = await _account(merchant)
    if account.closed:
        raise MerchantNotReady(mirror.CLOSED)
    if account.disconnected_at is not None:
        raise MerchantNotReady(mirror.DISCONNECTED)
    if await replacements.is_pending(merchant.id):
        raise MerchantNotReady("Another account is being opened for this merchant. Try again in a moment.")
    return account


async def _account(merchant: Merchant) -> ConnectedAccount:
    if merchant.erased_at is not None:
        raise MerchantNotReady(mirror.ERASED)
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    if account is None:
        raise MerchantNotReady("The account is still being created at Stripe. Try again in a moment.")
    return account


async def _write(
    gateway: Gateway, account: ConnectedAccount, answer: Answer, fetch: int, source: str, actor: str
) -> Merchant:
    """Write Stripe's answer to a change that this service made. Returns the updated merchant.

    Raises MerchantNotReady if the account was replaced meanwhile, because the current account then lacks the
    change.
    """
    outcome = await mirror.write(account, answer, fetch, source, actor=actor, changed_by_us=True)
    if outcome in {Outcome.DROPPED, Outcome.OUTDATED}:
        # Stripe may have served the later fetch before our change.
        await mirror.refresh(gateway, account, source, actor=actor)
    await mirror.present(account)
    return await Merchant.get(id=account.merchant_id)
