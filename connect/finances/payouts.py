"""The mirror of each payout, the transactions inside it, and the summary in its account's finances.

A notification does nothing but cause a fetch. The newest fetch wins (docs/decisions/0005). No transaction is
open during a call to Stripe. Transactions lock the payout, then its account, then its merchant.
"""

import contextlib
import dataclasses
import secrets
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import msgspec
import structlog
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from connect.errors import AnswerUnusable, ConnectError
from connect.finances import calls, mirror
from connect.finances.rules import payout_document, payouts
from connect.finances.rules import snapshot as finances
from connect.finances.rules.payouts import Snapshot
from connect.merchants.mirror.documents import MAX_VERSIONS_SKIPPED
from connect.merchants.rules.document import global_id
from connect.outgoing.announcements import Subject, announce
from connect.platform import faultpoints
from connect.stripe_api.gateway import Answer, Gateway
from models import (
    ConnectedAccount,
    PaymentObject,
    Payout,
    PayoutTransaction,
    documents,
    now,
    outage,
    past_uuid7,
    uuid7,
)
from models.lease import postpone
from models.payment import start_fetch
from models.transactions import repeatable, transaction_on

# The transactions inside a payout are read again after this pause if Stripe did not answer. The pause doubles
# each time that Stripe refuses the call or the answer cannot be stored.
PAUSE = timedelta(minutes=5)
MAX_ATTEMPTS = 12
BATCH = 200
# A statement has at most 32,767 parameters.
CHUNK = 1000
# When a payout leaves the balance or comes back, the balance is fetched after this time.
SOON = timedelta(seconds=2)
# The summary of an account's payouts leaves out payouts that are older than this. A summary is made when a
# payout is fetched.
MEMORY = timedelta(days=90)

log = structlog.get_logger("mirror")


async def find(stripe_payout_id: str) -> Payout | None:
    """The mirror of a payout; None for an unknown payout."""
    return await Payout.get_or_none(stripe_payout_id=stripe_payout_id)


async def refresh(gateway: Gateway, owner: ConnectedAccount, stripe_payout_id: str, source: str) -> bool:
    """Fetch a payout and write the answer. Returns whether the payout changed.

    `owner` is the account as `connect.merchants.mirror.mirror.find` returns it. Raises StripeRefused or
    StripeUnavailable without writing.
    """
    while True:
        known = await find(stripe_payout_id)
        number, began_at = await _begin(known) if known is not None else (None, await now())
        answer = await calls.retrieve_payout(gateway, owner.stripe_account_id, stripe_payout_id)
        faultpoints.reach("worker.fetched")
        try:
            fetched = payouts.parse(answer)
        except ValueError as error:
            raise AnswerUnusable from error
        # Another process can store the new payout during the fetch. Then the payout is fetched again, this
        # time with a fetch number.
        with contextlib.suppress(IntegrityError):
            has_changed = await _write(owner, fetched, number, began_at, source)
            if has_changed is not None:
                return has_changed


async def write_first(owner: ConnectedAccount, answer: Answer, source: str) -> None:
    """Write the answer to the creation of a payout, unless the payout is stored already.

    Stripe may have repeated an old answer, so each notification about the payout still causes a fetch. Raises
    AnswerUnusable.
    """
    try:
        created = payouts.parse(answer)
    except ValueError as error:
        raise AnswerUnusable from error
    with contextlib.suppress(IntegrityError):
        await _write(owner, created, None, None, source)


@repeatable
async def _begin(payout: Payout) -> tuple[int, datetime]:
    async with transaction_on(payout.merchant_id):
        return await start_fetch(payout.id, "payout")


@repeatable
async def _write(
    owner: ConnectedAccount, fetched: Snapshot, number: int | None, began_at: datetime | None, source: str
) -> bool | None:
    """Write the answer of a fetch, unless a later fetch was written already.

    `number` is None for a payout that was unknown when the fetch began. Returns whether the payout changed,
    or None if another process has stored the payout since then.
    """
    async with transaction_on(owner.merchant_id):
        row = await Payout.select_for_update().get_or_none(stripe_payout_id=fetched.id)
        at, previous = await now(), None
        if row is None:
            row = await _new(owner, fetched, at)
        elif number is None:
            return None
        elif number <= row.fetch_applied:
            log.info("older_answer_dropped", payout=row.stripe_payout_id, fetch=number)
            return False
        else:
            previous = payouts.decode(row.snapshot)
        was_paid = previous is not None and (previous.was_paid or previous.status == payouts.PAID)
        current = msgspec.structs.replace(fetched, was_paid=was_paid)
        row.snapshot = payouts.encode(current)
        row.fetch_applied, row.fetch_began_at = number or 1, began_at
        row.synced_at, row.synced_by = at, source
        row.status = current.status if current.status in payouts.STATUSES else "unknown"
        row.amount, row.currency = current.amount, current.currency
        row.arrives_at = current.arrives_at or row.created_at
        if current.status == payouts.FAILED:
            row.failed_at = row.failed_at or at
        is_ready = current.reconciliation == payouts.RECONCILED and row.transactions_at is None
        if is_ready and (previous is None or previous.reconciliation != payouts.RECONCILED):
            row.transactions_due_at, row.attempts = at, 0
        has_changed = await _save(row, at, is_new=previous is None)
        is_back = current.status in {payouts.FAILED, payouts.CANCELED}
        has_moved = previous is None or (is_back and previous.status != current.status)
        await summarize(row.merchant_id, row.stripe_account_id, at, has_moved=has_moved)
        return has_changed


async def _new(owner: ConnectedAccount, fetched: Snapshot, at: datetime) -> Payout:
    created_at = fetched.created_at or at
    merchant = await owner.merchant
    return Payout(
        id=past_uuid7(created_at),
        merchant_id=owner.merchant_id,
        merchant_external_id=merchant.external_id,
        stripe_account_id=owner.stripe_account_id,
        stripe_payout_id=fetched.id,
        created_at=created_at,
        updated_at=at,
        document="",
        document_version=0,
    )


async def create(row: Payout) -> None:
    """Save a new payout with its document, in the caller's transaction if there is one, and publish it."""
    row.document, row.document_version = "", 0
    await _save(row, row.updated_at, is_new=True)


async def _save(row: Payout, at: datetime | None, *, is_new: bool = False) -> bool:
    """Save the payout with its document. Returns whether anything other than the times in the document
    changed.

    `at` is the time of the change, or None for a rebuild.
    """
    text = row.document
    before = msgspec.json.decode(text) if text else {}
    document = _derive(row)
    has_changed = is_new or _without_times(before) != _without_times(document)
    if at is not None and has_changed:
        row.updated_at = at
        document = _derive(row)
    row.document = msgspec.json.encode(document).decode()
    row.document_version = payout_document.VERSION
    # A fail-over can lose commits. Because of the random step, the next commit almost never reuses a lost
    # version number.
    row.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await row.save(force_create=is_new)
    if has_changed:
        subject = Subject("payout", row.id, row.merchant_id, row.merchant_external_id, row.row_version)
        await announce(subject, text or None, row.document, at)
    return has_changed


def _derive(row: Payout) -> payout_document.Document:
    names = [field.name for field in dataclasses.fields(payout_document.Profile)]
    profile = payout_document.Profile(**{name: getattr(row, name) for name in names})
    return payout_document.build(profile, payouts.decode(row.snapshot))


def _without_times(values: payout_document.Document) -> payout_document.Document:
    return {**values, "freshness": None, "updatedAt": None}


async def summarize(merchant_id: object, stripe_account_id: str, at: datetime, *, has_moved: bool) -> None:
    """Write the summary of an account's payouts into its finances, in the caller's transaction. If
    `has_moved` is true, also plan a fetch of the balance, because a payout has left the balance or come back.
    """
    account = await ConnectedAccount.select_for_update().get_or_none(
        merchant_id=merchant_id, stripe_account_id=stripe_account_id
    )
    if account is None:
        return  # another account has replaced it
    if has_moved:
        soon = at + SOON
        account.finances_due_at = min(account.finances_due_at or soon, soon)
        await account.save(update_fields=["finances_due_at"])
    recent = Payout.filter(merchant_id=merchant_id, stripe_account_id=stripe_account_id)
    rows = await recent.filter(created_at__gte=at - MEMORY).order_by("-id").limit(BATCH)
    found = [(global_id("Payout", row.id), payouts.decode(row.snapshot), row.failed_at) for row in rows]
    known = finances.decode(account.finances)
    current = msgspec.structs.replace(known, payouts=payouts.summarize(found, at))
    await mirror.save(account, known, current, at)


async def read_inside(
    gateway: Gateway, *, batch: int = 5, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Read the transactions inside at most `batch` payouts that Stripe has reconciled. Returns the number of
    payouts. Many workers may run this function at the same time.
    """
    planned = await postpone("payout", "transactions_due_at", PAUSE, batch)
    for payout_id, _ in planned:
        if stopping():
            break  # the other payouts are due again after PAUSE
        payout = await Payout.get(id=payout_id)
        try:
            rows = await calls.transactions_inside(gateway, payout.stripe_account_id, payout.stripe_payout_id)
            is_stored = await _store_inside(payout, rows)
        except ConnectError as error:
            log.warning("payout_not_read", payout=payout.stripe_payout_id, reason=error.message)
            is_stored = False
            if not isinstance(error, mirror.FINAL):
                continue
        except Exception as error:
            if outage.reason(error) is not None:
                raise
            log.exception("payout_not_read", payout=payout.stripe_payout_id)
            is_stored = False
        if not is_stored:
            await _count_attempt(payout)
    return len(planned)


@repeatable
async def _store_inside(payout: Payout, rows: list[Answer]) -> bool:
    """Store the transactions inside a payout. Returns False if they do not add up to its amount. Raises
    AnswerUnusable.
    """
    try:
        inside = payouts.parse_inside(rows, payouts.decode(payout.snapshot))
    except ValueError as error:
        raise AnswerUnusable from error
    if inside is None:
        log.warning("payout_does_not_add_up", payout=payout.stripe_payout_id, rows=len(rows))
        return False
    async with transaction_on(payout.merchant_id):
        row = await Payout.select_for_update().get(id=payout.id)
        if row.transactions_at is not None:
            return True
        payments = await payments_of({one.source for one in inside if one.source})
        # The oldest transaction gets the lowest id. Stripe lists the newest first.
        stored = [
            PayoutTransaction(
                id=uuid7(),
                payout_id=row.id,
                stripe_transaction_id=one.id,
                type=one.type[:255],
                category=one.category[:255],
                amount=one.amount,
                fee=one.fee,
                net=one.net,
                currency=one.currency,
                stripe_source_id=one.source,
                payment_id=payments.get(one.source or ""),
                created_at=one.created_at or row.created_at,
            )
            for one in reversed(inside)
        ]
        await PayoutTransaction.bulk_create(stored, batch_size=500)
        at = await now()
        row.transactions_at, row.transactions_due_at = at, None
        await _save(row, at)
    return True


async def payments_of(objects: Collection[str]) -> dict[str, uuid.UUID]:
    """A map from the ids of Stripe objects to the ids of the payments to which they belong. Objects without a
    payment are left out.
    """
    found: dict[str, uuid.UUID] = {}
    ids = sorted(objects)
    for start in range(0, len(ids), CHUNK):
        known = PaymentObject.filter(stripe_object_id__in=ids[start : start + CHUNK])
        found.update(await known.values_list("stripe_object_id", "payment_id"))
    return found


@repeatable
async def _count_attempt(payout: Payout) -> None:
    """Count a failed attempt. No further attempt is planned after MAX_ATTEMPTS attempts."""
    async with transaction_on(payout.merchant_id):
        row = await Payout.select_for_update().get(id=payout.id)
        row.attempts += 1
        if row.attempts >= MAX_ATTEMPTS:
            row.transactions_due_at = None
        elif row.transactions_due_at is not None:
            row.transactions_due_at = await now() + PAUSE * 2**row.attempts
        await row.save(update_fields=["attempts", "transactions_due_at"])


@repeatable
async def change(payout_id: uuid.UUID, changed: Callable[[Snapshot], Snapshot]) -> None:
    """Change the stored snapshot of a payout, and its document."""
    row = await Payout.get(id=payout_id)
    async with transaction_on(row.merchant_id):
        row = await Payout.select_for_update().get(id=payout_id)
        row.snapshot = payouts.encode(changed(payouts.decode(row.snapshot)))
        await _save(row, await now())


async def rebuild(*, everything: bool = False) -> int:
    """Rebuild the documents of older versions, or all documents. Returns their number."""
    return await documents.rebuild(Payout, payout_document.VERSION, _rebuild, everything=everything)


@repeatable
async def _rebuild(ids: list[uuid.UUID]) -> int:
    async with in_transaction():
        rows = await Payout.select_for_update().filter(id__in=ids).order_by("id")
        for row in rows:
            await _save(row, None)
    return len(rows)
