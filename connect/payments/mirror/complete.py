"""Fetch paid payments again until Stripe has booked their balance transaction and fee, at most once for each
pause in `completion.PAUSES`.

The events `charge.updated` and `application_fee.created` usually announce the booking, but may be late or
lost. Such fetches are also planned after a refund or an answer to a dispute through ConnectQL, in case no
event arrives.
"""

from collections.abc import Callable

import structlog

from connect.errors import ConnectError
from connect.payments.mirror import fetches, mirror
from connect.payments.rules import completion
from connect.payments.rules.state import RefundState
from connect.stripe_api.gateway import Gateway
from models import Payment
from models.payment import claim_completions

log = structlog.get_logger("mirror")


async def run(gateway: Gateway, *, batch: int = 10, stopping: Callable[[], bool] = lambda: False) -> int:
    """Fetch at most `batch` payments that are due. Returns their number. Many workers may run this."""
    ids = await claim_completions(completion.PAUSES, batch)
    for payment_id in ids:
        if stopping():
            break  # the other payments wait for their next planned fetch
        payment = await Payment.get_or_none(id=payment_id)
        if payment is None:
            continue
        try:
            # The charge does not show a refund that failed immediately. Only the list of refunds does.
            kinds = {fetches.REFUND} if payment.refund_state == RefundState.PENDING.value else set[str]()
            await mirror.refresh(gateway, payment, mirror.COMPLETE, kinds=kinds)
        except ConnectError as error:
            log.warning("payment_not_completed", payment=str(payment_id), reason=error.message)
    return len(ids)
