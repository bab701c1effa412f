"""The requests for the first accounts of merchants (see `connect.stripe_api.stored_requests`)."""

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from connect.errors import StripeRefused
from connect.merchants.inputs import NewMerchant, account_tokens, details, encryption
from connect.merchants.mirror import documents, mirror, timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules import requests
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import AccountCreation, ConnectedAccount, Merchant, changes, now, uuid7
from models.account import StripeRequest
from models.changes import Change
from models.transactions import repeatable, transaction_on

log = structlog.get_logger("creations")


@repeatable
async def store(gateway: Gateway, new: NewMerchant, actor: str) -> AccountCreation:
    """Store a CREATING merchant and the request for its account, leased to the caller.

    The gateway's key encrypts the confidential parts of the request. Raises IntegrityError if another caller
    stored the external id first.
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
            idempotency_key=key(merchant.id),
            input=canonical(new, gateway.token_key),
            body=json.dumps(encryption.encrypt(requests.of_creation(merchant.id, new), gateway.token_key)),
            **stored_requests.new(gateway, at),
        )
        await timeline.record(merchant.id, TimelineKind.CREATED, "The merchant was created.", at, actor=actor)
        await audit.note("Merchant", merchant.id)
    faultpoints.reach("create.written")
    return creation


def key(merchant_id: uuid.UUID) -> str:
    """The idempotency key of the request for a merchant's first account."""
    return f"acct-create:{merchant_id}"


async def complete(gateway: Gateway, creation: AccountCreation) -> Merchant | None:
    """Send the stored request and write the answer, as `stored_requests.complete` does."""
    return await stored_requests.complete(gateway, CREATION, creation)


async def complete_or_wait(gateway: Gateway, creation: AccountCreation) -> Merchant | None:
    """Complete the creation or wait for it, as `stored_requests.complete_or_wait` does."""
    return await stored_requests.complete_or_wait(gateway, CREATION, creation)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted creations. Starts no further creation once `stopping` returns
    true. Returns the number of attempts.
    """
    return await stored_requests.resume(gateway, CREATION, limit=limit, stopping=stopping)


async def attach_by_event(answer: Answer) -> ConnectedAccount | None:
    """Attach an account whose event came before the answer to its creation. Returns the mirror.

    The account's metadata names the merchant. Returns None for an account that this service did not create,
    or if the merchant was deleted or has another account.
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

    While a request is repeated, an event can attach the account, and Stripe may then refuse the repeated
    request.
    """
    at = await now()
    async with transaction_on(creation.merchant_id):
        merchant = await Merchant.select_for_update().get_or_none(id=creation.merchant_id)
        if await ConnectedAccount.exists(merchant_id=creation.merchant_id):
            return False
        await AccountCreation.filter(id=creation.id).update(
            state="REFUSED",
            finished_at=at,
            run_at=at,
            leased_until=None,
            input=encryption.FORGOTTEN,
            body=encryption.FORGOTTEN,
            error_code=error.code[:255],
            error_message=error.message,
            request_id=error.request_id,
        )
        if merchant is not None:
            await documents.delete(merchant, at)
        await changes.publish(Change(changes.PLATFORM))
    return True


async def _attach(creation: AccountCreation, answer: Answer, source: str) -> Merchant | None:
    attached = await mirror.attach(creation, answer, source)
    return attached[0] if attached is not None else None


async def send(gateway: Gateway, request: StripeRequest, body: dict[str, Any]) -> Answer:
    """Send the request for an account."""
    return await gateway.create_account(body, request.idempotency_key)


async def find(request: StripeRequest) -> Merchant | None:
    """The merchant of a request for an account. None after a refused creation, which deletes its merchant."""
    return await Merchant.get_or_none(id=request.merchant_id)


CREATION = stored_requests.Kind(
    AccountCreation,
    send=send,
    attach=_attach,
    refuse=refuse,
    find=find,
    key_lifetime=stored_requests.V2_KEY_LIFETIME,
    points="create",
)


def canonical(new: NewMerchant, key: bytes) -> str:
    """The input as canonical text: equal requests have equal texts.

    The account token is omitted, because a repeat may send another token, but the stored token is used. The
    details of the identity are replaced by a keyed hash. If an input has no details, its text is the same as
    in older releases, which had no details.
    """
    omitted = {account_tokens.PARAMETER, "details"}
    values = {name: value for name, value in dataclasses.asdict(new).items() if name not in omitted}
    known = details.values(new.details)
    identity = {name: known.pop(name) for name in ("business", "individual") if name in known}
    if identity:
        known["identity"] = encryption.fingerprint(identity, key)
        known["identity_key"] = encryption.key_name(key)
    values |= {"capabilities": new.all_capabilities()} | ({"details": known} if known else {})
    return json.dumps(values, sort_keys=True)


def is_input(stored: str, new: NewMerchant, key: bytes) -> bool:
    """Whether this stored canonical text is that of the input. If the API key has changed, the hashes of the
    identity's details cannot be compared, and are ignored. If the stored input was forgotten, for example
    after a refusal, any input counts as equal.
    """
    text = canonical(new, key)
    if stored in {text, encryption.FORGOTTEN}:
        return True
    before, current = json.loads(stored), json.loads(text)
    names = {"identity", "identity_key"}
    hashes = [values.get("details", {}) for values in (before, current)]
    if not all(names <= found.keys() for found in hashes):
        return False
    if hashes[0]["identity_key"] == hashes[1]["identity_key"]:
        return False
    for found in hashes:
        for name in names:
            del found[name]
    return bool(before == current)


def merchant_of(metadata: object) -> uuid.UUID | None:
    """The id of the merchant for which a ConnectQL service created the account with this metadata.

    None if the metadata has no such id.
    """
    value = metadata.get("merchant_id") if isinstance(metadata, Mapping) else None
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
