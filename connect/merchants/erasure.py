"""Erases the personal and business data of a merchant, and keeps the data that accounting needs.

One transaction marks the merchant as erased and removes its own data. In small batches, a worker then removes
the data of its payments, payouts and requests, and its outgoing events. The mark stays, so no later event or
fetch brings the data back (docs/decisions/0047).
"""

import enum
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from tortoise.expressions import Q
from tortoise.models import Model

from connect.errors import InvalidField, InvalidInput, MerchantNotErasable
from connect.errors.base import FieldCode
from connect.finances import payouts
from connect.finances.rules import payouts as payout_rules
from connect.merchants.inputs import encryption
from connect.merchants.mirror import documents
from connect.merchants.rules.account.snapshot import Snapshot, decode, encode
from connect.payments.mirror import payers
from connect.payments.rules.state import DisputeState, RefundState
from connect.platform.records import audit
from models import (
    AccountCreation,
    AccountReplacement,
    ConnectedAccount,
    Dispute,
    DisputeRequest,
    FormerAccount,
    Merchant,
    Notice,
    OnboardingLink,
    OutgoingDelivery,
    OutgoingEvent,
    Payment,
    PaymentCreation,
    PaymentEntry,
    Payout,
    PayoutRequest,
    RefundRequest,
    Service,
    ServiceRequest,
    TimelineEntry,
    WalletDomain,
    first_uuid7,
    now,
)
from models.lease import postpone
from models.transactions import repeatable, transaction_on

# The name of an erased merchant.
NAME = "Erased merchant"
# If a worker dies, another worker continues after this time.
PAUSE = timedelta(minutes=1)
# A transaction that began before the erasure may write an event, a link or a request after the worker's first
# run. So the worker runs again this long after the erasure. While Stripe has not answered a request, the
# request keeps its body, because each attempt must send the same body. In this case, the worker runs once
# more after the same time.
SETTLED = timedelta(minutes=5)
BATCH = 100
REQUESTS: Sequence[type[Any]] = (
    AccountCreation,
    AccountReplacement,
    PaymentCreation,
    RefundRequest,
    DisputeRequest,
    PayoutRequest,
    ServiceRequest,
)
# The requests whose rows store the subject of their caller.
WITH_ACTOR = (AccountReplacement, RefundRequest, DisputeRequest, PayoutRequest)
# The merchant's rows of these models are deleted completely.
OWN: Sequence[type[Model]] = (OnboardingLink, TimelineEntry, WalletDomain)
OPEN_DISPUTES = tuple(
    state.value for state in (DisputeState.INQUIRY, DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW)
)
ON_THE_WAY = tuple(sorted(payout_rules.ON_THE_WAY))

log = structlog.get_logger("erasure")


class Obstacle(enum.Enum):
    """A reason why a merchant's data may not be erased yet."""

    ACCOUNT_OPEN = "ACCOUNT_OPEN"
    REQUESTS_PENDING = "REQUESTS_PENDING"
    DISPUTES_OPEN = "DISPUTES_OPEN"
    REFUNDS_PENDING = "REFUNDS_PENDING"
    PAYOUTS_ON_THE_WAY = "PAYOUTS_ON_THE_WAY"
    SERVICE_RUNNING = "SERVICE_RUNNING"


REMEDIES = {
    Obstacle.ACCOUNT_OPEN: (
        "The account is open and may hold money. Close it with closeMerchant, or let the merchant disconnect "
        "it."
    ),
    Obstacle.REQUESTS_PENDING: (
        "A request to Stripe has no answer yet. Wait until ConnectQL has completed it."
    ),
    Obstacle.DISPUTES_OPEN: "A dispute is open. Wait for the bank's decision.",
    Obstacle.REFUNDS_PENDING: "A refund is pending. Wait until Stripe has paid it out.",
    Obstacle.PAYOUTS_ON_THE_WAY: "A payout has not arrived yet. Wait for its arrival.",
    Obstacle.SERVICE_RUNNING: (
        "The merchant's subscription to the platform's product has not ended. Cancel it at Stripe."
    ),
}


async def erase(merchant: Merchant, confirmation: str, *, actor: str) -> tuple[Merchant, bool]:
    """Erase the merchant's data. Returns the merchant, and whether this call has erased it.

    `confirmation` must repeat the external id. A repeat changes nothing. Raises InvalidInput or
    MerchantNotErasable.
    """
    if confirmation != merchant.external_id:
        message = "Repeat the merchant's externalId. The erasure cannot be undone."
        user_message = "This is not the id of the merchant."
        field = InvalidField("confirmExternalId", FieldCode.CONTRADICTION, message, user_message)
        raise InvalidInput([field])
    row, is_new = await _erase(merchant.id)
    if is_new:
        log.info("merchant_erased", merchant=str(merchant.id), actor=actor)
    return row, is_new


@repeatable
async def _erase(merchant_id: uuid.UUID) -> tuple[Merchant, bool]:
    async with transaction_on(merchant_id):
        account = await ConnectedAccount.select_for_update().get_or_none(merchant_id=merchant_id)
        row = await Merchant.select_for_update().get(id=merchant_id)
        if row.erased_at is not None:
            return row, False
        if obstacles := await _obstacles(row, account):
            raise MerchantNotErasable(obstacles, " ".join(REMEDIES[one] for one in obstacles))
        at = await now()
        row.erased_at = row.erasure_due_at = at
        row.display_name, row.contact_email = NAME, ""
        row.update_from_dict({"responses": None, "former_accounts": None, "service": None})
        if account is not None:
            account.snapshot = encode(_bare(decode(account.snapshot)))
            # The account is marked as disconnected, so that neither a sweep nor an event causes a fetch of
            # it.
            account.disconnected_at = account.disconnected_at or at
            account.update_from_dict({"finances": None, "finances_due_at": None, "entries_cut": 0})
            await account.save()
        await _erase_own(row, at)
        await documents.save(row, account, at)
        await audit.note("Merchant", row.id, audit.OK)
    return row, True


async def _erase_own(merchant: Merchant, at: datetime) -> None:
    """Remove the data in the rows that belong to the merchant itself."""
    for former in await FormerAccount.filter(merchant_id=merchant.id):
        former.snapshot = encode(_bare(decode(former.snapshot)))
        former.disconnected_at = former.disconnected_at or at
        await former.save()
    for model in OWN:
        await model.filter(merchant_id=merchant.id).delete()
    ended = {"snapshot": None, "is_open": False, "grace_until": None, "synced_at": at}
    await Service.filter(merchant_id=merchant.id).update(**ended)


def _bare(snapshot: Snapshot) -> Snapshot:
    """The parts of a snapshot that identify nobody. The country is needed for taxes."""
    return Snapshot(
        stripe_account_id=snapshot.stripe_account_id,
        livemode=snapshot.livemode,
        created_at=snapshot.created_at,
        dashboard=snapshot.dashboard,
        closed=snapshot.closed,
        country=snapshot.country,
    )


async def _obstacles(merchant: Merchant, account: ConnectedAccount | None) -> list[Obstacle]:
    """The reasons why the data may not be erased yet.

    Stripe closes only accounts without money, so a closed account is no obstacle. For a disconnected account,
    disputes, refunds and payouts are no obstacles: Stripe no longer shows them to the platform, so their last
    known states would never change.
    """
    found = []
    is_disconnected = account is not None and account.disconnected_at is not None
    if account is not None and not (account.closed or is_disconnected):
        found.append(Obstacle.ACCOUNT_OPEN)
    if await _has_pending(merchant):
        found.append(Obstacle.REQUESTS_PENDING)
    if not is_disconnected:
        payments, own = Payment.filter(merchant_id=merchant.id), Payout.filter(merchant_id=merchant.id)
        for obstacle, rows in (
            (Obstacle.DISPUTES_OPEN, payments.filter(dispute_state__in=OPEN_DISPUTES)),
            (Obstacle.REFUNDS_PENDING, payments.filter(refund_state=RefundState.PENDING.value)),
            (Obstacle.PAYOUTS_ON_THE_WAY, own.filter(status__in=ON_THE_WAY)),
        ):
            if await rows.exists():
                found.append(obstacle)
    if await Service.exists(merchant_id=merchant.id, is_open=True):
        found.append(Obstacle.SERVICE_RUNNING)
    return found


async def _has_pending(merchant: Merchant) -> bool:
    """Whether the merchant has a request that Stripe has not answered yet."""
    return any([await model.exists(merchant_id=merchant.id, state="PENDING") for model in REQUESTS])


async def run(*, stopping: Callable[[], bool] = lambda: False) -> int:
    """Continue one erasure, in batches. Returns the number of batches. Many workers may run this function at
    the same time.

    An erasure is run again if the run began less than SETTLED after the erasure, or if a request was still
    pending.
    """
    due = await postpone("merchant", "erasure_due_at", PAUSE, 1)
    batches = 0
    for merchant_id, _ in due:
        own = Merchant.filter(id=merchant_id)
        merchant = await own.get()
        erased_at: Any = merchant.erased_at
        settled_at = erased_at + SETTLED
        at = await now()
        is_last = at >= settled_at and not await _has_pending(merchant)
        async for _ in _batches(merchant):
            batches += 1
            if stopping():
                await own.update(erasure_due_at=await now())
                return batches
            await own.update(erasure_due_at=await now() + PAUSE)
        again = settled_at if at < settled_at else at + SETTLED
        await own.update(erasure_due_at=None if is_last else again)
        batches += 1
        if is_last:
            log.info("erasure_finished", merchant=str(merchant_id))
        else:
            log.info("erasure_looks_again", merchant=str(merchant_id))
    return batches


async def _batches(merchant: Merchant) -> AsyncIterator[None]:
    """Remove, in batches, the data that is too large for one transaction. Each batch can be repeated."""
    async for ids in _keys(Payment.filter(merchant_id=merchant.id)):
        await payers.forget(ids, even_if_open=True)
        await PaymentEntry.filter(payment_id__in=ids).delete()
        await _forget_requests(RefundRequest, payment_id__in=ids)
        disputes = await Dispute.filter(payment_id__in=ids).values_list("id", flat=True)
        await _forget_requests(DisputeRequest, dispute_id__in=list(disputes))
        yield
    # `payers.forget` does not remove Stripe's messages. It also leaves the requests of payments that were
    # refused and deleted, and the requests that a replica of an earlier release stores later.
    async for external_ids in _keys(PaymentCreation.filter(merchant_id=merchant.id), "external_id"):
        await _forget_requests(PaymentCreation, merchant_id=merchant.id, external_id__in=external_ids)
        yield
    async for ids in _keys(Payout.filter(merchant_id=merchant.id)):
        for key in ids:
            await payouts.change(key, _without_bank)
        yield
    # Outgoing events contain the merchant's history, as its timeline does. The events about the erasure
    # itself are kept.
    at: Any = merchant.erased_at
    earlier = OutgoingEvent.filter(merchant_id=merchant.id, id__lt=first_uuid7(at))
    async for ids in _keys(earlier):
        await OutgoingDelivery.filter(event_id__in=ids).delete()
        await OutgoingEvent.filter(id__in=ids).delete()
        yield
    await Notice.filter(merchant_id=merchant.id).delete()
    # A call that began before the erasure can write such rows after it.
    for own in OWN:
        await own.filter(merchant_id=merchant.id).delete()
    for model in (AccountCreation, AccountReplacement, PayoutRequest, ServiceRequest):
        await _forget_requests(model, merchant_id=merchant.id)


async def _keys(rows: Any, column: str = "id") -> AsyncIterator[list[Any]]:
    """Yield the values of a column of these rows, in batches. The rows need an index that is sorted by this
    column.
    """
    ordered = rows.order_by(column).limit(BATCH)
    keys = await ordered.values_list(column, flat=True)
    while keys:
        yield keys
        keys = await ordered.filter(**{f"{column}__gt": keys[-1]}).values_list(column, flat=True)


async def _forget_requests(model: type[Any], **of: Any) -> None:
    """Remove the personal data from these requests, unless they are pending. Requests without personal data
    are not written again.
    """
    forgotten = {"input": encryption.FORGOTTEN, "body": encryption.FORGOTTEN}
    if model in WITH_ACTOR:
        forgotten["actor"] = ""
    settled = model.filter(**of).exclude(state="PENDING")
    known = settled.exclude(Q(**forgotten, error_message__isnull=True))
    await known.update(**forgotten, error_message=None)


def _without_bank(known: payout_rules.Snapshot) -> payout_rules.Snapshot:
    """The payout without its bank account, and without the texts and the trace id that may reveal it."""
    return msgspec.structs.replace(
        known, destination=None, failure_message=None, statement_descriptor=None, trace_id=None
    )
