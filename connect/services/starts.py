"""The requests for Checkout pages of services (see `connect.stripe_api.stored_requests`).

If no caller received a page's address, nobody can complete the page, and it expires within a day. So only
calls of startService repeat a request that Stripe never answered, and no worker does. After the request's key
has expired, the next call makes a new request.
"""

import dataclasses
import json
from typing import Any, NamedTuple

from connect.errors import StripeRefused
from connect.merchants.mirror import mirror as accounts
from connect.merchants.rules.account.snapshot import decode
from connect.platform.records import audit
from connect.services import calls
from connect.services.inputs import NewService
from connect.services.mirror import CUSTOMER
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import Merchant, ServiceRequest, now, uuid7
from models.transactions import repeatable, transaction_on


class Started(NamedTuple):
    """A request and Stripe's session. `answer` is None if another attempt received the answer."""

    request: ServiceRequest
    answer: Answer | None


async def latest(merchant: Merchant) -> ServiceRequest | None:
    return await ServiceRequest.filter(merchant_id=merchant.id).order_by("-number").first()


@repeatable
async def store(
    gateway: Gateway, merchant: Merchant, account: str, new: NewService, last: ServiceRequest | None
) -> ServiceRequest:
    """Store the request that follows `last`, leased to the caller.

    Raises IntegrityError if another caller stored that request first.
    """
    number = last.number + 1 if last is not None else 1
    async with transaction_on(merchant.id):
        at = await now()
        await audit.note("Merchant", merchant.id)
        return await ServiceRequest.create(
            id=uuid7(at),
            merchant_id=merchant.id,
            stripe_account_id=account,
            number=number,
            idempotency_key=f"service:{merchant.id}:{number}",
            input=canonical(account, new),
            body=json.dumps(_body(merchant, account, new)),
            **stored_requests.new(gateway, at),
        )


def canonical(account: str, new: NewService) -> str:
    """The input as canonical text: equal inputs have equal texts."""
    return json.dumps({"account": account, **dataclasses.asdict(new)}, sort_keys=True)


def _body(merchant: Merchant, account: str, new: NewService) -> dict[str, Any]:
    metadata = {"merchant_id": str(merchant.id), "external_id": merchant.external_id}
    data: dict[str, Any] = {"metadata": metadata}
    if new.trial_days is not None:
        data["trial_period_days"] = new.trial_days
    return {
        "mode": "subscription",
        "customer_account": account,
        "line_items": [{"price": new.price, "quantity": new.quantity}],
        "subscription_data": data,
        "metadata": metadata,
        "success_url": new.success_url,
        "cancel_url": new.cancel_url,
    }


async def send(gateway: Gateway, request: ServiceRequest, body: dict[str, Any]) -> Answer:
    """Make the account a customer of the platform if necessary, and create the session."""
    await _make_customer(gateway, request.stripe_account_id)
    answer = await calls.create_session(gateway, body, request.idempotency_key)
    if request.attempts > 1:  # Stripe may have repeated an old answer
        return await calls.retrieve_session(gateway, request.stripe_account_id, answer["id"])
    return answer


async def _make_customer(gateway: Gateway, stripe_account_id: str) -> None:
    """Add the configuration `customer` to the account. A repeat changes nothing."""
    account = await accounts.find(stripe_account_id)
    if account is None or is_customer(account.snapshot):
        return
    fetch = await accounts.begin(account)
    changes: dict[str, Any] = {"configuration": {CUSTOMER: {}}}
    answer = await gateway.update_account(stripe_account_id, changes)
    await accounts.write(account, answer, fetch, accounts.UPDATE, changed_by_us=True)


def is_customer(snapshot: str) -> bool:
    """Whether the account with this stored snapshot is a customer of the platform."""
    return CUSTOMER in decode(snapshot).applied_configurations


@repeatable
async def attach(request: ServiceRequest, answer: Answer, source: str) -> Started:  # noqa: ARG001
    """Record the session that Stripe created for the request. The session's address is not stored."""
    await ServiceRequest.filter(id=request.id).update(
        stripe_session_id=answer["id"], **stored_requests.success(await now())
    )
    await request.refresh_from_db()
    return Started(request, answer)


@repeatable
async def refuse(request: ServiceRequest, error: StripeRefused) -> bool:
    """Settle the refused request. Returns False if the request is settled already."""
    return await stored_requests.mark_refused(request, error, await now())


async def find(request: ServiceRequest) -> Started:
    return Started(await ServiceRequest.get(id=request.id), None)


async def look_up(gateway: Gateway, request: ServiceRequest) -> Answer | None:  # noqa: ARG001
    """Return None, because nobody received the address of the page, and the page expired with the request's
    key.
    """
    return None


START = stored_requests.Kind(
    ServiceRequest,
    send=send,
    attach=attach,
    refuse=refuse,
    find=find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="service",
    look_up=look_up,
)
