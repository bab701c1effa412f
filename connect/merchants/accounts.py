"""A merchant's connected account: created exactly once, changed, closed.

What is about to be asked of Stripe is written down first, with the idempotency key and the exact body. So a
crash, a lost answer or a second client ends in a repeat of the same request, never in a second account.
"""

import asyncio
import dataclasses
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from connect import faultpoints
from connect.errors import (
    ConnectError,
    CountryNotSupported,
    ExternalIdTaken,
    MerchantNotReady,
    StripeRefused,
    StripeUnavailable,
)
from connect.gateway import Answer, Gateway
from connect.merchants import inputs, mirror, timeline
from connect.merchants.inputs import MerchantChanges, NewMerchant
from connect.merchants.mirror import Outcome
from connect.merchants.snapshot import INCLUDE
from connect.merchants.timeline import TimelineKind
from models import AccountCreation, ConnectedAccount, Merchant, changes, now, uuid7
from models.changes import Change
from models.transactions import transaction_on

# Who holds it asks Stripe; the others wait. It may run out during a slow call: two calls with the same key do
# no harm, and after a crash nobody should wait long.
LEASE = timedelta(seconds=10)
# Stripe keeps an idempotency key for 30 days; a repeat after that could make a second account.
KEY_LIFETIME = timedelta(days=29)
# How long a client waits for another's attempt at the same creation.
PATIENCE_SECONDS = 20.0

log = structlog.get_logger("accounts")


async def create(gateway: Gateway, wanted: NewMerchant, *, actor: str) -> tuple[Merchant, bool]:
    """The merchant with this external id, and whether this call made it.

    Repeating it, also at once from many places, gives the same merchant. Raises InvalidInput,
    ExternalIdTaken, CountryNotSupported or StripeRefused (no merchant is left then), or StripeUnavailable
    (the merchant is CREATING; the worker, or the same call again, completes it).
    """
    faultpoints.reach("create.arrived")
    inputs.check_new_merchant(wanted)
    canonical = _canonical(wanted)
    created = False
    while True:
        merchant = await Merchant.get_or_none(external_id=wanted.external_id)
        if merchant is None:
            try:
                merchant, created = await _write_down(wanted, canonical, actor), True
            except IntegrityError:
                continue  # another call wrote the same external id down first
        creation = await AccountCreation.get(merchant_id=merchant.id)
        if creation.input != canonical:
            if creation.state == "REFUSED":
                continue  # refused between the two reads, which frees the external id
            raise ExternalIdTaken(wanted.external_id)
        await _complete_or_wait(gateway, creation)
        completed = await Merchant.get_or_none(id=merchant.id)
        if completed is not None:
            return completed, created
        created = False  # another input was refused meanwhile, which freed the external id


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete creations that were cut off. Returns how many were taken up. Safe with many workers.

    None is taken up once `stopping` says so.
    """
    at = await now()
    unfinished = (
        await AccountCreation.filter(state="PENDING", run_at__lte=at, created_at__gt=at - KEY_LIFETIME)
        .filter(Q(leased_until=None) | Q(leased_until__lt=at))
        .order_by("run_at")
        .limit(limit)
    )
    taken = 0
    for creation in unfinished:
        if stopping():
            break
        if await _claim(creation):
            taken += 1
            try:
                await _complete(gateway, creation)
            except ConnectError as error:
                log.warning(
                    "creation_not_completed", merchant=str(creation.merchant_id), reason=error.message
                )
    return taken


async def adopt(answer: Answer) -> ConnectedAccount | None:
    """The mirror for an account whose creation was never answered, found by the metadata that we gave it.

    None when the account is not ours.
    """
    merchant_id = _merchant_id(answer)
    creation = await AccountCreation.get_or_none(merchant_id=merchant_id) if merchant_id else None
    if creation is None or not await Merchant.exists(id=creation.merchant_id):
        return None
    account = await mirror.attach(creation.merchant_id, answer, "webhook")
    if account.stripe_account_id != answer["id"]:
        log.error("second_account", merchant=str(merchant_id), account=answer["id"])
        return None
    await _finish(creation, "SUCCEEDED")
    return account


async def update(gateway: Gateway, merchant: Merchant, changes: MerchantChanges, *, actor: str) -> Merchant:
    """Change the account at Stripe and take over the answer.

    Raises InvalidInput, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    inputs.check_changes(changes)
    account = await open_account(merchant)
    body: dict[str, Any] = {}
    if changes.display_name is not None:
        body["display_name"] = changes.display_name
    if changes.contact_email is not None:
        body["contact_email"] = changes.contact_email
    if profile := _business_profile(changes.business_url, changes.product_description):
        body["defaults"] = {"profile": profile}
    if changes.capabilities is not None:
        body["configuration"] = {"merchant": {"capabilities": _requested(changes.capabilities)}}
    fetch = await mirror.begin_fetch(account)
    answer = await gateway.update_account(account.stripe_account_id, body)
    if await mirror.write(account, answer, fetch, "update", actor=actor) is Outcome.DROPPED:
        # A fetch that began later was written before: it may have looked before our change was made.
        await mirror.refresh(gateway, account, "update", actor=actor)
    return await Merchant.get(id=merchant.id)


async def close(gateway: Gateway, merchant: Merchant, *, actor: str) -> Merchant:
    """Close the account at Stripe, for good. Closing a closed one changes nothing.

    Raises MerchantNotReady, StripeRefused (money left, live accounts) or StripeUnavailable.
    """
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    if account is not None and account.closed:
        return merchant
    account = await open_account(merchant)
    fetch = await mirror.begin_fetch(account)
    answer = await gateway.close_account(account.stripe_account_id, account.applied_configurations)
    if await mirror.write(account, answer, fetch, "close", actor=actor) is Outcome.DROPPED:
        await mirror.refresh(gateway, account, "close", actor=actor)
    return await Merchant.get(id=merchant.id)


async def refresh(gateway: Gateway, merchant: Merchant, *, actor: str) -> Merchant:
    """Fetch the account now. Raises MerchantNotReady, StripeRefused or StripeUnavailable."""
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    if account is None:
        raise MerchantNotReady("The account is still being created at Stripe. Try again in a moment.")
    await mirror.refresh(gateway, account, "refresh", actor=actor)
    async with transaction_on(merchant.id):
        row = await Merchant.select_for_update().get(id=merchant.id)
        kind, message = TimelineKind.REFRESHED, "Fetched on request."
        await timeline.record(merchant.id, kind, message, await now(), actor=actor)
        await mirror.save(row, await ConnectedAccount.get(id=account.id))
    return row


async def open_account(merchant: Merchant) -> ConnectedAccount:
    """The merchant's account, when Stripe still lets it be changed. Raises MerchantNotReady."""
    account = await ConnectedAccount.get_or_none(merchant_id=merchant.id)
    if account is None:
        raise MerchantNotReady("The account is still being created at Stripe. Try again in a moment.")
    if account.closed:
        raise MerchantNotReady("The account is closed.")
    if account.disconnected_at is not None:
        raise MerchantNotReady("The account is no longer connected to the platform.")
    return account


async def _write_down(wanted: NewMerchant, canonical: str, actor: str) -> Merchant:
    """The merchant, still CREATING, and the request that will be made for it."""
    at = await now()
    merchant = Merchant(
        id=uuid7(at),
        external_id=wanted.external_id,
        display_name=wanted.display_name,
        contact_email=wanted.contact_email,
        country=wanted.country,
        created_at=at,
    )
    mirror.derive_columns(merchant, None)
    async with transaction_on(wanted.external_id):
        await merchant.save(force_create=True)
        await AccountCreation.create(
            id=uuid7(at),
            merchant_id=merchant.id,
            external_id=wanted.external_id,
            idempotency_key=f"acct-create:{merchant.id}",
            input=canonical,
            body=json.dumps(_creation_body(merchant.id, wanted)),
            run_at=at + LEASE,  # the worker waits for the client that is about to ask
            created_at=at,
        )
        await timeline.record(merchant.id, TimelineKind.CREATED, "The merchant was created.", at, actor=actor)
        await changes.publish(Change("merchant", merchant.id))
    faultpoints.reach("create.written")
    return merchant


async def _complete_or_wait(gateway: Gateway, creation: AccountCreation) -> None:
    """Return when the account is there, through us or through another. Raises as `create` does."""
    patience = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while creation.state == "PENDING":
        if await _claim(creation):
            await _complete(gateway, creation)
            return
        if asyncio.get_running_loop().time() > patience:
            raise StripeUnavailable
        await asyncio.sleep(0.1)
        await creation.refresh_from_db()
    if creation.state == "REFUSED":
        raise _refusal(creation, creation.error_code, creation.error_message, creation.request_id)


async def _claim(creation: AccountCreation) -> bool:
    at = await now()
    async with transaction_on(creation.merchant_id):
        row = await AccountCreation.select_for_update().get(id=creation.id)
        if row.state != "PENDING" or (row.leased_until is not None and row.leased_until >= at):
            return False
        row.leased_until, row.attempts = at + LEASE, row.attempts + 1
        await row.save(update_fields=["leased_until", "attempts"])
        creation.attempts = row.attempts
    return True


async def _complete(gateway: Gateway, creation: AccountCreation) -> None:
    """Ask Stripe, with the key and body that were written down, and settle the creation."""
    faultpoints.reach("create.claimed")
    if await now() - creation.created_at > KEY_LIFETIME:
        log.error("creation_too_old", merchant=str(creation.merchant_id))
        raise StripeUnavailable(3600, "The creation was never answered, and Stripe has forgotten its key.")
    try:
        answer = await gateway.create_account(json.loads(creation.body), creation.idempotency_key)
    except StripeUnavailable:
        # Nothing is known of an account, so everything stays for the next attempt.
        pause = timedelta(seconds=min(2**creation.attempts, 300))
        run_at = await now() + pause
        await AccountCreation.filter(id=creation.id, state="PENDING").update(leased_until=None, run_at=run_at)
        raise
    except StripeRefused as error:
        await _finish(creation, "REFUSED", error)
        if creation.state == "REFUSED":
            raise _refusal(creation, error.code, error.message, error.request_id) from error
        return
    faultpoints.reach("create.answered")
    await mirror.attach(creation.merchant_id, answer, "create")
    faultpoints.reach("create.attached")
    await _finish(creation, "SUCCEEDED")
    faultpoints.reach("create.settled")


def _refusal(
    creation: AccountCreation, code: str | None, message: str | None, request_id: str | None
) -> StripeRefused | CountryNotSupported:
    if code == "capability_not_available_in_country":
        return CountryNotSupported(json.loads(creation.input)["country"], request_id)
    return StripeRefused(code or "unknown", message or "Stripe refused the request.", request_id)


async def _finish(creation: AccountCreation, state: str, error: StripeRefused | None = None) -> None:
    """Settle the creation. A refused merchant is gone; the refused request stays on record.

    A refusal that comes after the account, which an event brought meanwhile, changes nothing.
    """
    at = await now()
    async with transaction_on(creation.merchant_id):
        await Merchant.select_for_update().get_or_none(id=creation.merchant_id)
        if await ConnectedAccount.exists(merchant_id=creation.merchant_id):
            state, error = "SUCCEEDED", None
        await AccountCreation.filter(id=creation.id).update(
            state=state,
            finished_at=at,
            leased_until=None,
            error_code=error.code if error else None,
            error_message=error.message if error else None,
            request_id=error.request_id if error else None,
        )
        if state == "REFUSED":
            await Merchant.filter(id=creation.merchant_id).delete()
            await changes.publish(Change("merchant", creation.merchant_id))
    creation.state = state


def _creation_body(merchant_id: uuid.UUID, wanted: NewMerchant) -> dict[str, Any]:
    """The request for a full Dashboard, Stripe collecting fees and losses
    (https://docs.stripe.com/connect/accounts-v2)."""
    identity: dict[str, Any] = {"country": wanted.country}
    if wanted.entity_type is not None:
        identity["entity_type"] = wanted.entity_type
    defaults: dict[str, Any] = {
        "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
    }
    if profile := _business_profile(wanted.business_url, wanted.product_description):
        defaults["profile"] = profile
    return {
        "contact_email": wanted.contact_email,
        "display_name": wanted.display_name,
        "dashboard": "full",
        "identity": identity,
        "configuration": {"merchant": {"capabilities": _requested(wanted.requested())}},
        "defaults": defaults,
        # By these an account is recognized as ours when its creation was never answered.
        "metadata": {"merchant_id": str(merchant_id), "external_id": wanted.external_id},
        "include": list(INCLUDE),
    }


def _requested(capabilities: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"requested": True} for name in capabilities}


def _business_profile(business_url: str | None, product_description: str | None) -> dict[str, str]:
    found = {"business_url": business_url, "product_description": product_description}
    return {name: value for name, value in found.items() if value is not None}


def _canonical(wanted: NewMerchant) -> str:
    return json.dumps(dataclasses.asdict(wanted) | {"capabilities": wanted.requested()}, sort_keys=True)


def _merchant_id(answer: Answer) -> uuid.UUID | None:
    metadata = answer.get("metadata")
    value = metadata.get("merchant_id") if isinstance(metadata, dict) else None
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
