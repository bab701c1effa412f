"""Find the payment to which an unknown object at Stripe belongs, or store a payment that was made at Stripe.

Merchants also charge in the Dashboard, by payment links, and with other services. If this service created the
object and has not received the answer yet, the object's metadata names the payment.
"""

import uuid
from collections.abc import Mapping

from connect.errors import AnswerUnusable
from connect.payments import calls, creations
from connect.payments.mirror import fetches, mirror
from connect.payments.mirror.fetches import CHARGE, DISPUTE, INTENT, REFUND, SESSION, WARNING, Fetched
from connect.payments.rules.snapshot import PAYMENT_KEY, Intent, Snapshot, reference
from connect.stripe_api.gateway import Answer, Gateway
from models import Merchant, Payment, PaymentCreation, now

# If an intent has one of these statuses and no charge, the payer has not tried to pay.
UNTRIED = frozenset({"requires_payment_method", "requires_confirmation", "canceled"})


async def adopt(
    gateway: Gateway, merchant_id: uuid.UUID, account: str, kind: str, identifier: str, source: str
) -> Payment | None:
    """Fetch and return the payment to which an object of this account belongs. Returns None if there is no
    such payment.

    An intent that ConnectQL did not create is a payment only after an attempt to pay.

    Raises StripeRefused or StripeUnavailable.
    """
    session_id = intent_id = None
    if kind == SESSION:
        session_id = identifier
    else:
        intent_id = identifier if kind == INTENT else await _intent_of(gateway, account, kind, identifier)
        if intent_id is None:
            return None
        payment = await mirror.find(intent_id)
        if payment is None:
            sessions = await calls.list_sessions(gateway, account, intent_id)
            session_id = sessions[0]["id"] if sessions else None
            payment = await mirror.find(session_id) if session_id is not None else None
        if payment is not None:
            await mirror.link(payment, INTENT, intent_id)
            return await _updated(gateway, payment, kind, identifier, source)
    began_at = await now()
    fetched = await fetches.fetch(gateway, account, session_id, intent_id, Snapshot(), {kind})
    own = await _own(merchant_id, account, fetched)
    if own is not None:
        payment = await mirror.attach_fetched(own, fetched, source, began_at)
        await creations.settle(own)
        return await _with_object(gateway, payment, kind, identifier, source)
    if fetched.intent is None or not is_tried(fetched.intent):
        return None
    if kind == SESSION and (known := await mirror.find(fetched.intent.id)) is not None:
        await mirror.link(known, SESSION, identifier)
        return await _updated(gateway, known, kind, identifier, source)
    merchant = await Merchant.get(id=merchant_id)
    payment = await mirror.create(merchant, account, fetched, source, began_at)
    if kind == CHARGE:
        await mirror.link(payment, CHARGE, identifier)
    return await _with_object(gateway, payment, kind, identifier, source)


async def _with_object(
    gateway: Gateway, payment: Payment, kind: str, identifier: str, source: str
) -> Payment:
    """Return the payment. If its mirror lacks this refund, dispute or warning, fetch the payment again."""
    if kind in mirror.LISTED and await mirror.find(identifier) is None:
        await mirror.refresh(gateway, payment, source, kinds={kind})
    return payment


async def _updated(gateway: Gateway, payment: Payment, kind: str, identifier: str, source: str) -> Payment:
    """Fetch a known payment, with its objects of this kind."""
    if kind == CHARGE:
        await mirror.link(payment, CHARGE, identifier)
    await mirror.refresh(gateway, payment, source, kinds={kind})
    return payment


async def _intent_of(gateway: Gateway, account: str, kind: str, identifier: str) -> str | None:
    """The intent of a charge, refund, dispute or warning. None for old charges without an intent."""
    retrieve = {
        CHARGE: calls.retrieve_charge,
        REFUND: calls.retrieve_refund,
        DISPUTE: calls.retrieve_dispute,
        WARNING: calls.retrieve_warning,
    }[kind]
    answer: Answer = await retrieve(gateway, account, identifier)
    intent = answer.get("payment_intent")
    if intent is not None and reference(intent) is None:
        raise AnswerUnusable
    return reference(intent)


async def _own(merchant_id: uuid.UUID, account: str, fetched: Fetched) -> uuid.UUID | None:
    """The id of the payment for which this session or intent was created, if that creation has no answer yet.
    Otherwise None.

    Merchants can edit metadata in the Dashboard, so it is trusted only for a creation without an answer.
    """
    made = fetched.session or fetched.intent
    metadata: Mapping[str, str] = made.metadata if made is not None else {}
    try:
        payment_id = uuid.UUID(metadata.get(PAYMENT_KEY, ""))
    except ValueError:
        return None
    kind = "CHECKOUT" if fetched.session is not None else "INTENT"
    pending = PaymentCreation.filter(payment_id=payment_id, state="PENDING", kind=kind)
    is_own = await pending.filter(merchant_id=merchant_id, stripe_account_id=account).exists()
    return payment_id if is_own else None


def is_tried(intent: Intent) -> bool:
    """Whether the payer has tried to pay."""
    return intent.charge is not None or intent.status not in UNTRIED
