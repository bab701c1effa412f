"""The mirror of each payment. The newest fetch wins. Each write records the changes and saves the document.

A notification does nothing but cause a fetch. A fetch gets its number when it starts. Its answer is written
only if this number is above the number of the last written answer (docs/decisions/0005). No transaction is
open during a call to Stripe. Transactions lock the payment before its other rows.
"""

import asyncio
import contextlib
import enum
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

import structlog
from tortoise.exceptions import IntegrityError

from connect.errors import AnswerUnusable, StripeUnavailable
from connect.finances import mirror as finances
from connect.payments.fees import booked_fees
from connect.payments.mirror import documents, fetches
from connect.payments.mirror.fetches import Fetched
from connect.payments.rules import completion, entries
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.snapshot import Snapshot, decode, encode, without_metadata, without_payer
from connect.platform import faultpoints
from connect.stripe_api.gateway import Answer, Gateway
from models import (
    Merchant,
    Payment,
    PaymentEntry,
    PaymentObject,
    RefundRequest,
    StripeEvent,
    now,
    past_uuid7,
    uuid7,
)
from models.payment import STRIPE, Owner, start_fetch
from models.transactions import alone_on, repeatable, transaction_on

# The page of a payment can be replaced during a fetch. The payment is then fetched again, at most this many
# times in all.
MAX_FETCHES = 5

# Sources of fetches that no notification caused.
BACKFILL, SWEEP, COMPLETE = "backfill", "sweep", "complete"
DRIFT_MESSAGES = {
    BACKFILL: "The search for missed events found a change.",
    SWEEP: "The comparison with Stripe found a change that had no event.",
}

log = structlog.get_logger("mirror")


class Outcome(enum.Enum):
    """The effect of a fetch."""

    DROPPED = "a later fetch was already written"
    OUTDATED = "since the fetch began, the payment got another page, or objects that the fetch did not list"
    UNCHANGED = "the mirror was up to date"
    CHANGED = "the mirror was brought up to date"
    REPAIRED = "the mirror had missed a change and was brought up to date"


@dataclass(frozen=True, slots=True)
class Fetch:
    """The number of a fetch of a payment, and the time at which the fetch began, by the database's clock."""

    number: int
    began_at: datetime | None


_turns: WeakValueDictionary[uuid.UUID, asyncio.Lock] = WeakValueDictionary()


def turn(payment_id: uuid.UUID) -> asyncio.Lock:
    """The lock under which this process handles the events of a payment one after the other."""
    return _turns.setdefault(payment_id, asyncio.Lock())


def covers(payment: Payment | Owner, received_at: datetime) -> bool:
    """Whether the last written fetch began after the notification arrived, so that it shows the change."""
    return payment.fetch_began_at is not None and payment.fetch_began_at > received_at


# The kinds of objects that a fetch lists only if it expects any.
LISTED = frozenset({fetches.REFUND, fetches.DISPUTE, fetches.WARNING})


def shows(payment: Payment, kind: str, stripe_object_id: str) -> bool:
    """Whether the mirror has the object. True for kinds of objects that every fetch shows."""
    return kind not in LISTED or stripe_object_id in _objects(decode(payment.snapshot))


async def begin(payment: Payment) -> Fetch:
    """Start a fetch. Returns its number and time."""
    async with alone_on(payment.id):
        return Fetch(*await start_fetch(payment.id))


async def refresh(
    gateway: Gateway,
    payment: Payment,
    source: str,
    *,
    kinds: Collection[str] = (),
    actor: str | None = None,
) -> Outcome:
    """Fetch the payment and write the answer.

    `source` is the cause: `webhook`, `backfill`, `sweep`, `complete`, or a change by this service, such as
    `capture`. `kinds` are the kinds of objects that the fetch must show (`fetches.fetch`). If the payment has
    no id at Stripe, Stripe has not answered its creation yet, and nothing is fetched. Raises StripeRefused or
    StripeUnavailable without writing.
    """
    for _ in range(MAX_FETCHES):
        session_id, intent_id = payment.stripe_checkout_session_id, payment.stripe_payment_intent_id
        if session_id is None and intent_id is None:
            return Outcome.UNCHANGED
        account, known = payment.stripe_account_id, decode(payment.snapshot)
        # Wait for the turn before the fetch begins, so that the fetch covers the events that arrive during
        # the wait.
        operation = fetches.first_operation(session_id, intent_id, known, kinds)
        in_turn = await gateway.in_turn(account, operation)
        begun = await begin(payment)
        fetched = await fetches.fetch(in_turn, account, session_id, intent_id, known, kinds)
        faultpoints.reach("worker.fetched")
        outcome = await write(payment, fetched, begun, source, actor=actor)
        # A later fetch was written, but it may not have listed the objects of these kinds, such as a failed
        # refund.
        is_unseen = outcome is Outcome.DROPPED and not LISTED.isdisjoint(kinds)
        if outcome is not Outcome.OUTDATED and not is_unseen:
            return outcome
        payment = await Payment.get(id=payment.id)
    raise StripeUnavailable("The payment kept changing while it was fetched. Try again in a moment.")


@repeatable
async def write(
    payment: Payment, fetched: Fetched, fetch: Fetch, source: str, *, actor: str | None = None
) -> Outcome:
    """Write the answers of a fetch into the mirror, unless they are DROPPED or OUTDATED (`Outcome`)."""
    async with transaction_on(payment.id):
        row = await Payment.select_for_update().get(id=payment.id)
        if fetch.number <= row.fetch_applied:
            log.info("older_answer_dropped", payment=str(row.id), fetch=fetch.number)
            return Outcome.DROPPED
        if fetched.session_id != row.stripe_checkout_session_id or fetches.misses(
            decode(row.snapshot), fetched
        ):
            return Outcome.OUTDATED
        return await _write(row, fetched, fetch, source, actor)


async def attach(payment_id: uuid.UUID, answer: Answer, source: str = "create") -> Payment:
    """Write a new session or intent of a payment, in place of an earlier session. Returns the payment's row.

    If the object already belongs to the payment, nothing changes. Raises AnswerUnusable if the object belongs
    to another payment.
    """
    is_session = answer.get("object") == fetches.SESSION
    fetched = fetches.parse(answer, None) if is_session else fetches.parse(None, answer)
    return await attach_fetched(payment_id, fetched, source)


@repeatable
async def attach_fetched(
    payment_id: uuid.UUID, fetched: Fetched, source: str, began_at: datetime | None = None
) -> Payment:
    """Write a fetched session or intent, as `attach` does. `began_at` is the start of the fetch."""
    new = fetched.session or fetched.intent
    if new is None:
        raise AnswerUnusable
    async with transaction_on(payment_id):
        row = await Payment.select_for_update().get(id=payment_id)
        known = await PaymentObject.get_or_none(stripe_object_id=new.id)
        if known is not None:
            if known.payment_id != row.id:
                log.error("object_of_another_payment", payment=str(row.id), object=new.id)
                raise AnswerUnusable
            return row
        row.fetches_started += 1
        row.stripe_checkout_session_id = fetched.session_id
        row.complete_at, row.completions = None, 0
        await _write(row, fetched, Fetch(row.fetches_started, began_at or row.fetch_began_at), source, None)
        return row


async def link(payment: Payment, kind: str, stripe_object_id: str) -> None:
    """Store that an object at Stripe, such as a declined charge, belongs to the payment."""
    row = PaymentObject(stripe_object_id=stripe_object_id, kind=kind, payment_id=payment.id)
    await PaymentObject.bulk_create([row], ignore_conflicts=True)


async def find(stripe_object_id: str) -> Payment | None:
    """The payment to which an object at Stripe belongs; None for an unknown object."""
    known = await PaymentObject.get_or_none(stripe_object_id=stripe_object_id).select_related("payment")
    return known.payment if known is not None else None


async def create(
    merchant: Merchant, account: str, fetched: Fetched, source: str, began_at: datetime | None = None
) -> Payment:
    """Store a payment that was created at Stripe. Returns its row, even if another process has stored it.

    `fetched` must have an intent. `began_at` is the start of its fetch.
    """
    try:
        return await _create(merchant, account, fetched, source, began_at)
    except IntegrityError:
        existing = await find(fetched.intent.id) if fetched.intent is not None else None
        if existing is None:
            raise
        return existing


@repeatable
async def _create(
    merchant: Merchant, account: str, fetched: Fetched, source: str, began_at: datetime | None
) -> Payment:
    intent, session = fetched.intent, fetched.session
    if intent is None:
        raise AnswerUnusable
    async with transaction_on(intent.id):
        if (existing := await find(intent.id)) is not None:
            return existing
        at = await now()
        created_at = intent.created_at or at
        payment = Payment(
            id=past_uuid7(created_at),
            merchant_id=merchant.id,
            merchant_external_id=merchant.external_id,
            stripe_account_id=account,
            origin=STRIPE,
            created_at=created_at,
            stripe_checkout_session_id=session.id if session is not None else None,
            amount=intent.amount,
            currency=intent.currency,
            updated_at=at,
            fetches_started=1,
        )
        await documents.create(payment)
        message = entries.found_message(by_link=session is not None and session.payment_link is not None)
        await record(payment.id, EntryKind.CREATED, message, at)
        await _write(payment, fetched, Fetch(1, began_at), source, None)
        return payment


async def record(
    payment_id: uuid.UUID,
    kind: EntryKind,
    message: str,
    at: datetime,
    *,
    actor: str | None = None,
    fetch: int | None = None,
) -> None:
    """Add an entry to the payment's timeline, in the caller's transaction."""
    await PaymentEntry.create(
        id=uuid7(at), payment_id=payment_id, kind=kind.value, message=message, at=at, actor=actor, fetch=fetch
    )


async def _write(row: Payment, fetched: Fetched, fetch: Fetch, source: str, actor: str | None) -> Outcome:
    """Write the answers into the locked row, add a timeline entry for each change, and save the document."""
    at = await now()  # the time is read under the lock, so that times follow the order of writes
    previous = decode(row.snapshot)
    current = fetches.merge(previous, fetched)
    if row.origin == STRIPE:
        current = without_metadata(current)
    if row.payer_forgotten_at is not None:
        current = without_payer(current)
    row.fetch_applied, row.fetch_began_at = fetch.number, fetch.began_at
    row.synced_at, row.synced_by = at, source
    row.snapshot = encode(current)
    row.stripe_payment_intent_id = current.intent.id if current.intent is not None else None
    if current.intent is not None:
        row.amount, row.currency = current.intent.amount, current.intent.currency
    _set_completion(row, current, at)
    await _add_objects(row, previous, current)
    is_cancel_requested = row.cancel_requested_at is not None
    observed = list(entries.changes(previous, current, is_cancel_requested=is_cancel_requested))
    is_drift = bool(observed) and await _has_drifted(current, source)
    if is_drift:
        log.warning("payment_drift_repaired", payment=str(row.id), source=source)
    await _record_changes(row, observed, at, actor, source if is_drift else None)
    await booked_fees.after_fetch(row, previous, current, fetched.fee, at)
    if _movements(current) != _movements(previous):
        await finances.note_movement(row.stripe_account_id)
    await documents.save(row, at, has_entries=bool(observed))
    if is_drift:
        return Outcome.REPAIRED
    return Outcome.CHANGED if observed else Outcome.UNCHANGED


def _movements(known: Snapshot) -> list[object]:
    """Everything in a snapshot that moves the balance of the account."""
    charge = known.intent.charge if known.intent is not None else None
    booked = (charge.transaction, charge.reversed) if charge is not None else (None, False)
    refunds = [(refund.id, refund.status) for refund in known.refunds]
    return [booked, refunds, [(dispute.id, dispute.withdrawn) for dispute in known.disputes]]


async def _has_drifted(current: Snapshot, source: str) -> bool:
    """Whether the change would have stayed unnoticed without this fetch."""
    if source != SWEEP:
        return source == BACKFILL
    # A delivered event that is pending would have caused the same fetch.
    pending = StripeEvent.filter(state="PENDING", back_filled_at=None)
    return not await pending.filter(subject_key__in=list(_objects(current))).exists()


def _set_completion(row: Payment, current: Snapshot, at: datetime) -> None:
    """Plan the first extra fetch of a payment that Stripe has not booked. `complete` plans later fetches."""
    if completion.is_complete(current):
        row.complete_at, row.completions = None, 0
    elif row.complete_at is None and not row.completions:
        row.complete_at = completion.next_fetch(0, at)


async def _add_objects(row: Payment, previous: Snapshot, current: Snapshot) -> None:
    """Store the ids of the objects that are new in the snapshot."""
    known = _objects(previous)
    new = {key: kind for key, kind in _objects(current).items() if key not in known}
    if not new:
        return
    requested = await _requested(row, current, new)
    rows = [
        PaymentObject(stripe_object_id=key, kind=kind, payment_id=row.id, id=requested.get(key) or uuid7())
        for key, kind in new.items()
    ]
    # A creation or an earlier page of the payment may have stored some of these rows.
    await PaymentObject.bulk_create(rows, ignore_conflicts=True)


async def _requested(row: Payment, current: Snapshot, new: Collection[str]) -> dict[str, uuid.UUID]:
    """Map Stripe's ids of the new refunds to the ids of our requests for these refunds. An id that another
    refund already has is omitted.

    The metadata of a refund can be edited at Stripe, so it is trusted only for a request of this payment.
    """
    named: dict[uuid.UUID, str] = {}
    for refund in current.refunds:
        with contextlib.suppress(ValueError):
            if refund.id in new and refund.request_id is not None:
                named.setdefault(uuid.UUID(refund.request_id), refund.id)
    if not named:
        return {}
    requests = RefundRequest.filter(id__in=list(named), payment_id=row.id)
    ids: list[uuid.UUID] = await requests.values_list("id", flat=True)  # type: ignore[assignment]
    taken = await PaymentObject.filter(id__in=ids).values_list("id", flat=True)
    return {named[key]: key for key in ids if key not in taken}


def _objects(known: Snapshot) -> dict[str, str]:
    """Map the id of each object in a snapshot to the object's kind."""
    found: dict[str, str] = {}
    if known.session is not None:
        found[known.session.id] = fetches.SESSION
    if known.intent is not None:
        found[known.intent.id] = fetches.INTENT
        if known.intent.charge is not None:
            found[known.intent.charge.id] = fetches.CHARGE
    found |= {refund.id: fetches.REFUND for refund in known.refunds}
    found |= {dispute.id: fetches.DISPUTE for dispute in known.disputes}
    return found | {warning.id: fetches.WARNING for warning in known.warnings}


async def _record_changes(
    row: Payment, observed: list[entries.Change], at: datetime, actor: str | None, drift: str | None
) -> None:
    """Add a timeline entry for each observed change, and one for a drift, in one statement."""
    if drift is not None:
        message = DRIFT_MESSAGES[drift]
        observed = [*observed, entries.Change(EntryKind.DRIFT_REPAIRED, message, None, None)]
    rows = [
        PaymentEntry(
            id=uuid7(at),
            payment_id=row.id,
            at=at,
            kind=change.kind.value,
            message=change.message,
            actor=actor,
            before=change.before,
            after=change.after,
            fetch=row.fetch_applied,
        )
        for change in observed
    ]
    if rows:
        await PaymentEntry.bulk_create(rows)
