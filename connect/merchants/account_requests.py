"""Requests for accounts, stored before the call to Stripe and repeated until Stripe answers.

Each request is stored with its idempotency key and exact body. Every attempt sends the same request, so
Stripe creates at most one account for it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

import structlog

from connect import faultpoints
from connect.errors import ConnectError, StripeRefused, StripeUnavailable, TooManyCalls
from connect.gateway import Answer, Gateway
from connect.merchants.inputs import encryption
from models import AccountCreation, AccountReplacement, Merchant, lease, now
from models.account import StripeRequest
from models.sql import Select

Request = TypeVar("Request", bound=StripeRequest)

# The holder of the lease calls Stripe; other callers wait. The lease is short, so that a crash delays them
# little. It may expire during a slow call, because two calls with one key do no harm.
LEASE = timedelta(seconds=10)
# Stripe keeps an idempotency key for 30 days. A later repeat could create a second account.
KEY_LIFETIME = timedelta(days=29)
# The run time of a request that is too old to be repeated, after its confidential parts were removed.
NEVER = timedelta(days=36_500)
# The number of rows that `forget_expired` reads at once.
BATCH = 100
# The state of a request whose account the merchant does not get, see `connect.merchants.replacements`.
SET_ASIDE = "SET_ASIDE"
# A caller waits at most this long while another caller sends the same request.
WAIT_SECONDS = 20.0

log = structlog.get_logger("creations")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Request]):
    """A kind of request, with the functions that write Stripe's answers.

    `attach` connects the account in Stripe's answer to the merchant. It returns None if another attempt was
    refused meanwhile, or if the merchant keeps another account. `refuse` records a refusal, and returns False
    if the merchant has the account already. `prepare` is awaited before each repeated attempt.
    """

    model: type[Request]
    attach: Callable[[Request, Answer, str], Awaitable[Merchant | None]]
    refuse: Callable[[Request, StripeRefused], Awaitable[bool]]
    prepare: Callable[[Gateway, Request], Awaitable[None]] | None = None


async def complete(gateway: Gateway, kind: Kind[Request], request: Request) -> Merchant | None:
    """Send the stored request and write the answer. The caller must hold the request's lease.

    Returns the merchant, or None if `attach` does. Raises StripeRefused or StripeUnavailable.
    """
    faultpoints.reach("create.claimed")
    try:
        if kind.prepare is not None and request.attempts > 1:
            await kind.prepare(gateway, request)
        body = encryption.decrypt(json.loads(request.body), gateway.token_key)
        answer = await gateway.create_account(body, request.idempotency_key)
        faultpoints.reach("create.answered")
        merchant = await kind.attach(request, answer, "create")
    except StripeUnavailable as error:
        # Stripe may have created the account, so the request stays for the next attempt.
        pause = 0 if isinstance(error, TooManyCalls) else min(2**request.attempts, 300)
        run_at = await now() + timedelta(seconds=pause)
        await kind.model.filter(id=request.id, state="PENDING").update(leased_until=None, run_at=run_at)
        raise
    except StripeRefused as error:
        if await kind.refuse(request, error):
            raise
        return await Merchant.get_or_none(id=request.merchant_id)
    faultpoints.reach("create.settled")
    return merchant


async def complete_or_wait(gateway: Gateway, kind: Kind[Request], request: Request) -> Merchant | None:
    """Take the lease and complete the request, or wait for the lease's holder. Raises as `complete` does."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while request.state == "PENDING":
        if await _claim(kind, request):
            return await complete(gateway, kind, request)
        if asyncio.get_running_loop().time() > deadline:
            raise StripeUnavailable
        await asyncio.sleep(0.1)
        await request.refresh_from_db()
    if request.state == "REFUSED":
        message = request.error_message or "Stripe refused the request."
        raise StripeRefused(request.error_code or "unknown", message, request.request_id)
    if request.state == SET_ASIDE:
        return None
    return await Merchant.get_or_none(id=request.merchant_id)


async def resume(
    gateway: Gateway, kind: Kind[Request], *, limit: int = 20, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Complete interrupted requests until `stopping` is true. Returns the number of attempts.

    Many workers may run this at the same time.
    """
    attempts = 0
    while attempts < limit and not stopping():
        keys = await lease.claim(kind.model, _is_due, LEASE, order="run_at")
        if not keys:
            break
        attempts += 1
        request = await kind.model.get(id=keys[0])
        try:
            await complete(gateway, kind, request)
        except ConnectError as error:
            log.warning("creation_not_completed", merchant=str(request.merchant_id), reason=error.message)
    return attempts


async def forget_expired() -> None:
    """Remove the confidential parts of the requests that are too old to be repeated.

    `run_at` then lies in the distant future, so the index on state and `run_at` leads only to new rows.
    """
    at = await now()
    soon = at + timedelta(days=1)  # a pause between two attempts is much shorter
    kinds: tuple[type[StripeRequest], ...] = (AccountCreation, AccountReplacement)
    for model in kinds:
        expired = model.filter(state="PENDING", run_at__lt=soon, created_at__lte=at - KEY_LIFETIME)
        while requests := await expired.order_by("run_at").limit(BATCH):
            for request in requests:
                body = encryption.forget(request.body)
                await model.filter(id=request.id, state="PENDING").update(body=body, run_at=at + NEVER)


def _is_due(statement: Select) -> list[str]:
    oldest = statement.moment(-KEY_LIFETIME)
    return ["state = 'PENDING'", f"run_at <= {statement.moment()}", f"created_at > {oldest}"]


async def _claim(kind: Kind[Request], request: Request) -> bool:
    """Take the lease of a pending request, unless another attempt holds it.

    Raises StripeUnavailable if the request is too old to be repeated.
    """
    at = await now()
    if at - request.created_at > KEY_LIFETIME:
        log.error("creation_too_old", merchant=str(request.merchant_id))
        message = "Stripe never answered this creation, and its idempotency key has expired."
        raise StripeUnavailable(message, retry_after_seconds=3600)

    def is_this(statement: Select) -> list[str]:
        return [f"id = {statement.value(request.id)}", "state = 'PENDING'"]

    if not await lease.claim(kind.model, is_this, LEASE):
        return False
    request.attempts += 1
    return True
