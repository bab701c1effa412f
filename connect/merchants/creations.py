"""The requests for the first accounts of merchants (see `connect.merchants.account_requests`)."""

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from connect import faultpoints
from connect.errors import StripeRefused
from connect.gateway import Answer, Gateway
from connect.merchants import account_requests, documents, mirror, timeline
from connect.merchants.account_requests import LEASE
from connect.merchants.inputs import NewMerchant, account_tokens
from connect.merchants.rules.snapshot import INCLUDE
from connect.merchants.timeline import TimelineKind
from models import AccountCreation, ConnectedAccount, Merchant, changes, now, uuid7
from models.changes import Change
from models.transactions import repeatable, transaction_on

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
            body=json.dumps(account_tokens.encrypt(request_body(merchant.id, new), token_key)),
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
    """Send the stored request and write the answer, as `account_requests.complete` does."""
    return await account_requests.complete(gateway, CREATION, creation)


async def complete_or_wait(gateway: Gateway, creation: AccountCreation) -> Merchant | None:
    """Take the lease and complete the creation, or wait for the lease's holder."""
    return await account_requests.complete_or_wait(gateway, CREATION, creation)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete interrupted creations until `stopping` is true. Returns the number of attempts."""
    return await account_requests.resume(gateway, CREATION, limit=limit, stopping=stopping)


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
        await changes.publish(Change(changes.PLATFORM))
    return True


async def _attach(creation: AccountCreation, answer: Answer, source: str) -> Merchant | None:
    attached = await mirror.attach(creation, answer, source)
    return attached[0] if attached is not None else None


CREATION = account_requests.Kind(AccountCreation, _attach, refuse)


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


def request_body(merchant_id: uuid.UUID, new: NewMerchant, **metadata: str) -> dict[str, Any]:
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
        "metadata": {"merchant_id": str(merchant_id), "external_id": new.external_id, **metadata},
        "include": list(INCLUDE),
    }
