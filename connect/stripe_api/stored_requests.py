"""Requests that are stored before the call to Stripe and repeated until Stripe answers.

Each request is stored with its idempotency key and exact body. Every attempt sends the same request, so
Stripe executes it at most once. Each kind of request names the functions that send it and write the answer.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

import structlog
from tortoise.expressions import Case, When

from connect.errors import ConnectError, StripeRefused, StripeUnavailable, TooManyCalls
from connect.merchants.inputs import encryption
from connect.platform import faultpoints
from connect.stripe_api.gateway import Answer, Gateway
from models import lease, now
from models.account import StripeRequest
from models.sql import Select

Request = TypeVar("Request", bound=StripeRequest)
Subject = TypeVar("Subject")

# The holder of the lease calls Stripe; other callers wait. A lease lasts MARGIN longer than the timeout of
# one attempt, but at most LEASE, so that after a crash the other callers need not wait long. A lease may
# expire during a slow call, because two calls with one key do no harm.
LEASE, MARGIN = timedelta(seconds=10), timedelta(seconds=2)
# Stripe keeps an idempotency key of API v2 for 30 days, and one of v1 for at least 24 hours. After that time,
# Stripe could execute a repeated request as a new one.
V2_KEY_LIFETIME = timedelta(days=29)
V1_KEY_LIFETIME = timedelta(hours=23)
# If a call begins just before its key expires, it has ended this long after the expiry. A later search finds
# all objects that Stripe has created for the request.
SETTLING = timedelta(minutes=5)
# If a request is too old to be repeated, its confidential parts are removed, and its `run_at` is moved this
# far into the future.
NEVER = timedelta(days=36_500)
# The error code if this service settles a request as refused, because the request is too old to be sent again
# and Stripe has no object for it.
NOT_RECEIVED = "request_not_received"
# The number of rows that `forget_expired` reads at once.
BATCH = 100
# The state of a request that created an account which the merchant does not use (see
# `connect.merchants.replacements.replacements`).
SET_ASIDE = "SET_ASIDE"
# A caller waits at most this long while another caller sends the same request.
WAIT_SECONDS = 20.0
# The columns for the lease, the end and the refusal of a request. `new` and `success` clear these columns,
# and then set their own values.
_FREE: dict[str, Any] = dict.fromkeys(
    ("leased_until", "finished_at", "error_code", "error_message", "request_id")
)

log = structlog.get_logger("creations")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Request, Subject]):
    """A kind of request, with the functions that send it and write Stripe's answers.

    `send` makes the call with the decrypted body. `attach` connects the object in Stripe's answer to the
    subject of the request, such as the merchant, and returns the subject, or None if Stripe refused another
    attempt or the merchant keeps another account. `refuse` records a refusal, and returns False if the
    request does not count as refused, such as when the subject has the object already. `find` reads the
    subject of a settled request. `prepare` is awaited before each repeated attempt. `points` is the prefix of
    the fault points.

    `look_up` searches Stripe for the object of a request that is older than `key_lifetime`, and returns None
    if Stripe never created it. If `look_up` is None, such a request stays pending, and an operator must
    settle it. The first attempt sends a request of any age while its first lease lasts.
    """

    model: type[Request]
    send: Callable[[Gateway, Request, dict[str, Any]], Awaitable[Answer]]
    attach: Callable[[Request, Answer, str], Awaitable[Subject | None]]
    refuse: Callable[[Request, StripeRefused], Awaitable[bool]]
    find: Callable[[Request], Awaitable[Subject | None]]
    key_lifetime: timedelta
    points: str
    prepare: Callable[[Gateway, Request], Awaitable[None]] | None = None
    look_up: Callable[[Gateway, Request], Awaitable[Answer | None]] | None = None


def new(gateway: Gateway, at: datetime) -> dict[str, Any]:
    """The columns of a new request, which is leased to its caller."""
    until = at + _length(gateway)
    return {
        **_FREE,
        "state": "PENDING",
        "attempts": 1,
        "leased_until": until,
        "run_at": until,
        "created_at": at,
    }


def success(at: datetime) -> dict[str, Any]:
    """The columns of a request that Stripe has executed."""
    return {**_FREE, "state": "SUCCEEDED", "finished_at": at}


def final_body(request: StripeRequest) -> Case:
    """The value of `body` for a request that is not sent again: the body without its confidential parts.

    If an erasure has set the stored body to FORGOTTEN since `request` was read, the stored body stays so.
    """
    forgotten = When(body=encryption.FORGOTTEN, then=encryption.FORGOTTEN)
    return Case(forgotten, default=encryption.forget(request.body))


def _length(gateway: Gateway) -> timedelta:
    return min(timedelta(seconds=gateway.timeout) + MARGIN, LEASE)


async def complete(gateway: Gateway, kind: Kind[Request, Subject], request: Request) -> Subject | None:
    """Send the stored request and write the answer. The caller must hold the request's lease.

    Returns the result of `attach`, or the result of `find` if `refuse` returns False. Raises StripeRefused or
    StripeUnavailable.
    """
    faultpoints.reach(f"{kind.points}.claimed")
    try:
        if kind.prepare is not None and request.attempts > 1:
            await kind.prepare(gateway, request)
        answer = await _ask(gateway, kind, request)
        faultpoints.reach(f"{kind.points}.answered")
        subject = await kind.attach(request, answer, "create")
    except StripeUnavailable as error:
        # Stripe may have executed the request, so the request stays pending.
        pause = 0 if isinstance(error, TooManyCalls) else min(2**request.attempts, 300)
        run_at = await now() + timedelta(seconds=pause)
        await kind.model.filter(id=request.id, state="PENDING").update(leased_until=None, run_at=run_at)
        raise
    except StripeRefused as error:
        if await kind.refuse(request, error):
            raise
        return await kind.find(request)
    faultpoints.reach(f"{kind.points}.settled")
    return subject


async def complete_or_wait(
    gateway: Gateway, kind: Kind[Request, Subject], request: Request
) -> Subject | None:
    """Take the lease and complete the request, or wait for the lease's holder.

    Returns the result of `complete`, or the result of `find` if another attempt has settled the request.
    Returns None for a SET_ASIDE request. Raises the same errors as `complete`.
    """
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while request.state == "PENDING":
        if await _claim(gateway, kind, request):
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
    return await kind.find(request)


async def resume(
    gateway: Gateway,
    kind: Kind[Request, Subject],
    *,
    limit: int = 20,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Complete at most `limit` interrupted requests. After `stopping` returns true, no further request is
    begun. Returns the number of attempts.

    Many workers may run this at the same time.
    """
    attempts = 0
    while attempts < limit and not stopping():
        keys = await lease.claim(kind.model, partial(_is_due, kind), _length(gateway), order="run_at")
        if not keys:
            break
        attempts += 1
        request = await kind.model.get(id=keys[0])
        if request.state != "PENDING":
            continue  # another attempt has settled it
        try:
            await complete(gateway, kind, request)
        except ConnectError as error:
            log.warning("creation_not_completed", merchant=str(request.merchant_id), reason=error.message)
    return attempts


async def find(request: Request) -> Request | None:
    """Read the request again, for the kinds whose subject is the request itself."""
    return await type(request).get_or_none(id=request.id)


async def mark_refused(
    request: StripeRequest, error: StripeRefused, at: datetime, **changed: str | Case
) -> bool:
    """Settle a pending request as refused. `changed` sets further columns, or other values for the usual
    columns.

    Returns False if the request is settled already, or if it was refused before and stored anew with another
    key.
    """
    pending = type(request).filter(id=request.id, state="PENDING", idempotency_key=request.idempotency_key)
    columns = {
        "error_code": error.code[:255],
        "error_message": error.message,
        "request_id": error.request_id,
        **changed,
    }
    refused = {"state": "REFUSED", "finished_at": at, "run_at": at, "leased_until": None}
    return bool(await pending.update(**refused, **columns))


async def forget_expired(kind: Kind[Any, Any]) -> None:
    """Remove the confidential parts of the requests that are too old to be repeated.

    This sets `run_at` to a distant future, so that the next search by state and `run_at` skips these
    requests. If its kind has `look_up`, a request already loses its confidential parts before the first
    search for its object.
    """
    at = await now()
    soon = at + timedelta(days=1)  # pauses between attempts are much shorter
    oldest = at - kind.key_lifetime
    expired = kind.model.filter(state="PENDING", run_at__lt=soon, created_at__lte=oldest)
    while requests := await expired.order_by("run_at").limit(BATCH):
        for request in requests:
            pending = kind.model.filter(id=request.id, state="PENDING")
            await pending.update(body=final_body(request), run_at=at + NEVER)


async def _ask(gateway: Gateway, kind: Kind[Request, Subject], request: Request) -> Answer:
    """Send the request, or look for its object if the request is too old to be sent again. If Stripe has no
    such object, raises StripeRefused with the code NOT_RECEIVED.
    """
    at = await now()
    if kind.look_up is None or _is_unsent(request, at) or not _is_expired(kind, request, at):
        body = encryption.decrypt(json.loads(request.body), gateway.token_key)
        return await kind.send(gateway, request, body)
    if not _is_expired(kind, request, at - SETTLING):
        raise StripeUnavailable(retry_after_seconds=int(SETTLING.total_seconds()))
    await kind.model.filter(id=request.id, state="PENDING").update(body=final_body(request))
    try:
        answer = await kind.look_up(gateway, request)
    except StripeRefused as error:
        # Stripe has refused the search. The outcome of the request stays unknown.
        raise StripeUnavailable from error
    if answer is None:
        raise StripeRefused(NOT_RECEIVED, "The request never reached Stripe, and nothing was created.", None)
    return answer


def _is_unsent(request: StripeRequest, at: datetime) -> bool:
    """Whether this is the first attempt, and no other attempt can have begun meanwhile."""
    return request.attempts == 1 and request.leased_until is not None and request.leased_until > at


def _is_expired(kind: Kind[Request, Subject], request: Request, at: datetime) -> bool:
    return at - request.created_at > kind.key_lifetime


def _is_due(kind: Kind[Request, Subject], statement: Select) -> list[str]:
    conditions = ["state = 'PENDING'", f"run_at <= {statement.moment()}"]
    if kind.look_up is None:
        conditions.append(f"created_at > {statement.moment(-kind.key_lifetime)}")
    return conditions


async def _claim(gateway: Gateway, kind: Kind[Request, Subject], request: Request) -> bool:
    """Take the lease of a pending request, unless another attempt holds it. Returns whether the lease was
    taken.

    Raises StripeUnavailable if the request is too old to be repeated and its kind has no `look_up`.
    """
    if kind.look_up is None and _is_expired(kind, request, await now()):
        log.error("creation_too_old", merchant=str(request.merchant_id))
        message = "Stripe never answered this request, and the request's idempotency key has expired."
        raise StripeUnavailable(message, retry_after_seconds=3600)

    def is_this(statement: Select) -> list[str]:
        return [f"id = {statement.value(request.id)}", "state = 'PENDING'"]

    if not await lease.claim(kind.model, is_this, _length(gateway)):
        return False
    request.attempts += 1
    return True
