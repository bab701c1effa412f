"""Return the platform's fee after a refund through this service or in the Dashboard, if the setting says so.

A refund itself leaves the fee with the platform. The mirror stores one request for each refund
(`booked_fees`), so each part of the fee is returned at most once. The part is proportional to the refund.
"""

from collections.abc import Callable
from typing import Any

import structlog

from connect.errors import AnswerUnusable, StripeRefused
from connect.payments import calls
from connect.payments.fees import fees
from connect.payments.fees.booked_fees import REFUND_KEY
from connect.payments.rules.money.fees import FeeOnRefund
from connect.payments.rules.snapshot import reference
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import FeeReturn, now, uuid7

KEPT = "KEPT"

log = structlog.get_logger("payments")


async def resume(
    gateway: Gateway, on_refund: FeeOnRefund, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send the due requests to return parts of fees. If the platform keeps its fees, settle the unsent
    requests without a call.

    Returns the number of attempts. Many workers may run this.
    """
    if on_refund is FeeOnRefund.KEEP:
        # A request that was sent before the setting was changed is repeated, because its outcome is unknown.
        unsent = FeeReturn.filter(state="PENDING", attempts=0)
        if await unsent.exists():
            await unsent.update(state=KEPT, finished_at=await now())
    return await stored_requests.resume(gateway, KIND, stopping=stopping)


async def _send(gateway: Gateway, request: FeeReturn, body: dict[str, Any]) -> Answer:
    answer = await calls.refund_fee(gateway, request.stripe_fee_id, body, request.idempotency_key)
    metadata = answer.get("metadata") or {}
    if reference(answer.get("fee")) != request.stripe_fee_id or metadata.get(REFUND_KEY) != request.input:
        raise AnswerUnusable
    await fees.refresh(gateway, request.stripe_fee_id)
    return answer


async def _look_up(gateway: Gateway, request: FeeReturn) -> Answer | None:
    listed = await calls.list_fee_refunds(gateway, request.stripe_fee_id)
    of_request = (one for one in listed if (one.get("metadata") or {}).get(REFUND_KEY) == request.input)
    return next(of_request, None)


async def _attach(request: FeeReturn, _answer: Answer, _source: str) -> FeeReturn:
    pending = FeeReturn.filter(id=request.id, state="PENDING")
    await pending.update(**stored_requests.success(await now()))
    return request


async def _refuse(request: FeeReturn, error: StripeRefused) -> bool:
    """Settle the request. A request that never reached Stripe is sent again with a new key. Returns False if
    the request stays pending, or was settled before.
    """
    if error.code == stored_requests.NOT_RECEIVED:
        await _renew(request)
        return False
    log.warning("fee_not_returned", payment=str(request.payment_id), code=error.code)
    return await stored_requests.mark_refused(request, error, await now())


async def _renew(request: FeeReturn) -> None:
    """Give the request a new key, unless another worker has done so after its own search."""
    at = await now()
    same = FeeReturn.filter(id=request.id, state="PENDING", idempotency_key=request.idempotency_key)
    key = f"fee-return:{request.stripe_refund_id}:{uuid7(at)}"
    await same.update(idempotency_key=key, attempts=0, created_at=at, run_at=at, leased_until=None)


KIND = stored_requests.Kind(
    FeeReturn,
    send=_send,
    attach=_attach,
    refuse=_refuse,
    find=stored_requests.find,
    key_lifetime=stored_requests.V1_KEY_LIFETIME,
    points="fee_return",
    look_up=_look_up,
)
