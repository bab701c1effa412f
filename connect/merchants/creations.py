"""Requests for new accounts, stored before the call to Stripe and repeated until Stripe answers.

Each request is stored with its idempotency key and exact body. Every attempt sends the same request, so a
merchant never gets a second account.
"""

import asyncio
import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from connect import faultpoints
from connect.errors import ConnectError, StripeRefused, StripeUnavailable, TooManyCalls
from connect.gateway import Answer, Gateway
from connect.merchants import documents, mirror, timeline
from connect.merchants.inputs import NewMerchant, account_tokens
from connect.merchants.rules.snapshot import INCLUDE
from connect.merchants.timeline import TimelineKind
from models import AccountCreation, ConnectedAccount, Merchant, changes, lease, now, uuid7
from models.changes import Change
from models.sql import Select
from models.transactions import repeatable, transaction_on

# The holder of the lease calls Stripe; other callers wait. The lease is short, so that a crash delays them
# little. It may expire during a slow call, because two calls with one key do no harm.
LEASE = timedelta(seconds=10)
# Stripe keeps an idempotency key for 30 days. A later repeat could create a second account.
KEY_LIFETIME = timedelta(days=29)
# A caller waits at most this long while another caller creates the same merchant.
WAIT_SECONDS = 20.0

log = structlog.get_logger("creations")


@repeatable
async def store(new: NewMerchant, actor: str, token_key: bytes) -> AccountCreation:
    """Store a CREATING merchant and the request for its account. The caller gets the lease.

    `token_key` encrypts the account token, if the merchant has one.
    Raises IntegrityError when another caller stored the external id first.
    """
    at = await now()
    merchant = Merchant(
        id=uuid7(at),
        external_id=new.external_id,
        display_name=new.display_name,
        contact_email=new.contact_email,
        country=new.country,
        created_at=at,
    )
    async with transaction_on(new.external_id):
        await documents.create(merchant)
        creation = await AccountCreation.create(
            id=uuid7(at),
            merchant_id=merchant.id,
            external_id=new.external_id,
            idempotency_key=f"acct-create:{merchant.id}",
            input=canonical(new),
            body=json.dumps(account_tokens.encrypt(_body(merchant.id, new), token_key)),
            attempts=1,
            leased_until=at + LEASE,
            run_at=at + LEASE,
            created_at=at,
        )
        await timeline.record(merchant.id, TimelineKind.CREATED, "The merchant was created.", at, actor=actor)
        await changes.publish(Change("merchant", merchant.id))
    faultpoints.reach("create.written")
    return creation


async def complete(gateway: Gateway, creation: AccountCreation) -> Merchant | None:
    """Send the stored request and write the answer. The caller must hold the creation's lease.

    Returns the merchant, or None if another attempt was refused meanwhile. Raises StripeRefused or
    StripeUnavailable.
    """
    faultpoints.reach("create.claimed")
    try:
        body = account_tokens.decrypt(json.loads(creation.body), gateway.token_key)
        answer = await gateway.create_account(body, creation.idempotency_key)
        faultpoints.reach("create.answered")
        attached = await mirror.attach(creation, answer, "create")
    except StripeUnavailable as error:
        # Stripe may have created the account, so the request stays for the next attempt.
        pause = 0 if isinstance(error, TooManyCalls) else min(2**creation.attempts, 300)
        run_at = await now() + timedelta(seconds=pause)
        await AccountCreation.filter(id=creation.id, state="PENDING").update(leased_until=None, run_at=run_at)
        raise
    except StripeRefused as error:
        if await refuse(creation, error):
            raise
        return await Merchant.get_or_none(id=creation.merchant_id)
    faultpoints.reach("create.settled")
    return attached[0] if attached is not None else None


async def complete_or_wait(gateway: Gateway, creation: AccountCreation) -> Merchant | None:
    """Take the lease and complete the creation, or wait for the lease's holder. Raises as `complete` does."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while creation.state == "PENDING":
        if await _claim(creation):
            return await complete(gateway, creation)
        if asyncio.get_running_loop().time() > deadline:
            raise StripeUnavailable
        await asyncio.sleep(0.1)
        await creation.refresh_from_db()
    if creation.state == "REFUSED":
        message = creation.error_message or "Stripe refused the request."
        raise StripeRefused(creation.error_code or "unknown", message, creation.request_id)
    return await Merchant.get_or_none(id=creation.merchant_id)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete interrupted creations until `stopping` is true. Returns the number of attempts.

    Many workers may run this at the same time.
    """
    attempts = 0
    while attempts < limit and not stopping():
        keys = await lease.claim(AccountCreation, _is_due, LEASE, order="run_at")
        if not keys:
            break
        attempts += 1
        creation = await AccountCreation.get(id=keys[0])
        try:
            await complete(gateway, creation)
        except ConnectError as error:
            log.warning("creation_not_completed", merchant=str(creation.merchant_id), reason=error.message)
    return attempts


async def attach_by_event(answer: Answer) -> ConnectedAccount | None:
    """Attach an account whose event came before the answer to its creation. Returns the mirror.

    The account's metadata names the merchant. Returns None for an account that this service did not create.
    """
    merchant_id = merchant_of(answer.get("metadata"))
    creation = await AccountCreation.get_or_none(merchant_id=merchant_id) if merchant_id else None
    attached = await mirror.attach(creation, answer, "webhook") if creation is not None else None
    if attached is None:
        return None
    _, account = attached
    if account.stripe_account_id != answer["id"]:
        log.error("second_account", merchant=str(merchant_id), account=answer["id"])
        return None
    return account


@repeatable
async def refuse(creation: AccountCreation, error: StripeRefused) -> bool:
    """Delete the merchant and keep the refused request. Returns False if the account exists.

    An event can attach the account during a repeated request, which Stripe may then refuse.
    """
    at = await now()
    async with transaction_on(creation.merchant_id):
        merchant = await Merchant.select_for_update().get_or_none(id=creation.merchant_id)
        if await ConnectedAccount.exists(merchant_id=creation.merchant_id):
            return False
        await AccountCreation.filter(id=creation.id).update(
            state="REFUSED",
            finished_at=at,
            leased_until=None,
            body=account_tokens.forget(creation.body),
            error_code=error.code,
            error_message=error.message,
            request_id=error.request_id,
        )
        if merchant is not None:
            await documents.delete(merchant)
        await changes.publish(Change("merchant", creation.merchant_id))
    return True


def canonical(new: NewMerchant) -> str:
    """The input as canonical text: equal requests have equal texts.

    The account token is omitted: a repeat may send another token, and the stored one is used.
    """
    values = account_tokens.without_token(dataclasses.asdict(new))
    return json.dumps(values | {"capabilities": new.all_capabilities()}, sort_keys=True)


def given(**values: str | None) -> dict[str, Any]:
    """The values that are not None."""
    return {name: value for name, value in values.items() if value is not None}


def request_capabilities(names: tuple[str, ...]) -> dict[str, Any]:
    """Stripe's `configuration` for a request of these capabilities."""
    return {"merchant": {"capabilities": {name: {"requested": True} for name in names}}}


def merchant_of(metadata: object) -> uuid.UUID | None:
    """The id of the merchant for which a ConnectQL service created the account with this metadata."""
    value = metadata.get("merchant_id") if isinstance(metadata, Mapping) else None
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_due(statement: Select) -> list[str]:
    oldest = statement.moment(-KEY_LIFETIME)
    return ["state = 'PENDING'", f"run_at <= {statement.moment()}", f"created_at > {oldest}"]


async def _claim(creation: AccountCreation) -> bool:
    """Take the lease of a pending creation, unless another attempt holds it.

    Raises StripeUnavailable if the creation is too old to be repeated.
    """
    at = await now()
    if at - creation.created_at > KEY_LIFETIME:
        log.error("creation_too_old", merchant=str(creation.merchant_id))
        message = "Stripe never answered this creation, and its idempotency key has expired."
        raise StripeUnavailable(message, retry_after_seconds=3600)

    def is_this(statement: Select) -> list[str]:
        return [f"id = {statement.value(creation.id)}", "state = 'PENDING'"]

    if not await lease.claim(AccountCreation, is_this, LEASE):
        return False
    creation.attempts += 1
    return True


def _body(merchant_id: uuid.UUID, new: NewMerchant) -> dict[str, Any]:
    """The request for an account with a full Dashboard, for which Stripe collects fees and losses
    (https://docs.stripe.com/connect/accounts-v2)."""
    defaults: dict[str, Any] = {
        "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
    }
    if profile := given(business_url=new.business_url, product_description=new.product_description):
        defaults["profile"] = profile
    # Stripe refuses these values beside a token, which contains them.
    contact = {"contact_email": new.contact_email, "display_name": new.display_name}
    return {
        **(contact if new.account_token is None else {account_tokens.PARAMETER: new.account_token}),
        "dashboard": "full",
        "identity": given(country=new.country, entity_type=new.entity_type),
        "configuration": request_capabilities(new.all_capabilities()),
        "defaults": defaults,
        # `attach_by_event` finds the merchant of an account by its metadata.
        "metadata": {"merchant_id": str(merchant_id), "external_id": new.external_id},
        "include": list(INCLUDE),
    }
