"""Writes notices about merchants' deadlines, restrictions, failed payouts and disputes as outgoing events.

A worker looks for causes of notices every ten minutes. It writes at most one notice for each step of a
deadline, and at most `per_day` notices about a merchant within 24 hours. When a cause has ended, the worker
writes one more event that says so, and stops writing notices about this cause.
"""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from connect.finances.rules import payouts as payout_rules
from connect.merchants.mirror.documents import NO_DEADLINE
from connect.merchants.rules.document import global_id
from connect.merchants.rules.status.status import ABSENT
from connect.merchants.rules.wire import wire_time
from connect.outgoing.endpoints import PLANNED
from connect.outgoing.rules.changes import subject_data
from connect.outgoing.rules.notices import RECENT, RESTRICTED, STEPS, Cause, NoticeKind, step
from connect.outgoing.rules.types import EventType
from connect.platform import periodic
from models import (
    Dispute,
    Merchant,
    Notice,
    OutgoingEvent,
    Payout,
    changes,
    now,
    past_uuid7,
    uuid7,
)
from models.changes import Change
from models.transactions import repeatable

TASK = "notices"
EVERY = timedelta(minutes=10)
BATCH = 200
# A payout can fail until some business days after it was paid.
PAYOUT_AGE = timedelta(days=30)
TYPES = {
    NoticeKind.DEADLINE: EventType.NOTICE_DEADLINE,
    NoticeKind.RESTRICTED: EventType.NOTICE_RESTRICTED,
    NoticeKind.PAYOUT_FAILED: EventType.NOTICE_PAYOUT_FAILED,
    NoticeKind.DISPUTE_OPENED: EventType.NOTICE_DISPUTE_OPENED,
}
# The model of the object that a notice is about, if this object is not the merchant.
SUBJECTS: Mapping[NoticeKind, type[Payout | Dispute]] = {
    NoticeKind.PAYOUT_FAILED: Payout,
    NoticeKind.DISPUTE_OPENED: Dispute,
}
ABSENT_STATUSES = frozenset(one.value for one in ABSENT)


async def run(worker: str, *, per_day: int, mails: bool = False) -> int:
    """Write the due notices every ten minutes, and plan a mail for each if `mails` is true. Returns 1 after a
    check, and 0 if no check is due.

    If `per_day` is 0, the worker writes no new notices, only the events about causes that have ended.
    """
    task = await periodic.claim(TASK, worker, every=EVERY)
    if task is None:
        return 0
    at = await now()
    await resolve(at)
    if per_day:
        async for causes in _causes(at):
            await write(causes, at, per_day=per_day, mail_at=at if mails else None)
            if not await periodic.save(task, task.state):
                return 1  # another worker has the task
    await periodic.finish(task, {}, EVERY)
    return 1


async def write(
    causes: Sequence[Cause], at: datetime, *, per_day: int, mail_at: datetime | None = None
) -> int:
    """Write a notice for each cause that has no notice yet, within the daily limit. Returns their number."""
    same = Notice.filter(key__in=[one.key for one in causes])
    known: set[Any] = set(await same.values_list("key", flat=True))
    new = [one for one in causes if one.key not in known]
    if not new:
        return 0
    owners = {one.merchant_id for one in new}
    merchants = {one.id: one for one in await Merchant.filter(id__in=list(owners))}
    lately = Notice.filter(merchant_id__in=list(owners), created_at__gt=at - timedelta(days=1))
    counts: Counter[Any] = Counter(await lately.values_list("merchant_id", flat=True))
    written = 0
    for one in new:
        merchant = merchants.get(one.merchant_id)
        if merchant is None or merchant.status in ABSENT_STATUSES:
            continue
        if counts[merchant.id] >= per_day:
            continue  # a later check writes the notice that is due then
        if await _write(one, merchant, at, mail_at):
            counts[merchant.id] += 1
            written += 1
    if written:
        await changes.publish(Change(PLANNED))
    return written


async def _write(cause: Cause, merchant: Merchant, at: datetime, mail_at: datetime | None) -> bool:
    """Write a notice with its event. Returns False if another worker was first."""
    try:
        await _store(cause, merchant, at, mail_at)
    except IntegrityError:
        return False
    return True


@repeatable
async def _store(cause: Cause, merchant: Merchant, at: datetime, mail_at: datetime | None) -> None:
    async with in_transaction():
        notice = await Notice.create(
            id=uuid7(at),
            key=cause.key,
            kind=cause.kind.value,
            merchant_id=merchant.id,
            subject_id=cause.subject_id,
            deadline=cause.at if cause.kind is NoticeKind.DEADLINE else None,
            days=cause.days,
            created_at=at,
            mail_at=mail_at,
        )
        await _announce(notice, merchant, TYPES[cause.kind], at)


async def resolve(at: datetime) -> int:
    """Mark the notices whose causes have ended, and write one event for each ended cause. Returns the number
    of these causes.
    """
    resolved, last = 0, uuid.UUID(int=0)
    while True:
        open_notices = Notice.filter(resolved_at=None, id__gt=last).order_by("id").limit(BATCH)
        notices = await open_notices
        if not notices:
            return resolved
        last = notices[-1].id
        merchants = {
            one.id: one for one in await Merchant.filter(id__in=[one.merchant_id for one in notices])
        }
        lasting = await _lasting(notices, merchants)
        done = set[tuple[Any, ...]]()
        for notice in notices:
            cause = notice.kind, notice.subject_id, notice.deadline
            if notice.id not in lasting and cause not in done:
                done.add(cause)
                await _end(notice, merchants.get(notice.merchant_id), at)
                resolved += 1


@repeatable
async def _end(notice: Notice, merchant: Merchant | None, at: datetime) -> None:
    async with in_transaction():
        of_cause = Notice.filter(
            kind=notice.kind, merchant_id=notice.merchant_id, subject_id=notice.subject_id, resolved_at=None
        )
        if notice.deadline is not None:
            of_cause = of_cause.filter(deadline=notice.deadline)
        if await of_cause.update(resolved_at=at) and merchant is not None:
            await _announce(notice, merchant, EventType.NOTICE_RESOLVED, at)


async def _lasting(notices: Sequence[Notice], merchants: dict[uuid.UUID, Merchant]) -> set[uuid.UUID]:
    """The ids of the notices whose causes have not ended."""

    def subjects(kind: NoticeKind) -> list[uuid.UUID]:
        return [one.subject_id for one in notices if one.kind == kind.value]

    failed = Payout.filter(id__in=subjects(NoticeKind.PAYOUT_FAILED), status=payout_rules.FAILED)
    payouts = {one.id: one for one in await failed}
    open_disputes = Dispute.filter(id__in=subjects(NoticeKind.DISPUTE_OPENED), needs_response=True)
    disputes = set(await open_disputes.values_list("id", flat=True))
    lasting = set[uuid.UUID]()
    for notice in notices:
        merchant = merchants.get(notice.merchant_id)
        if merchant is None or merchant.status in ABSENT_STATUSES:
            continue
        match NoticeKind(notice.kind):
            case NoticeKind.DEADLINE:
                lasts = merchant.next_deadline_at == notice.deadline
            case NoticeKind.RESTRICTED:
                lasts = merchant.status in {one.value for one in RESTRICTED}
            case NoticeKind.PAYOUT_FAILED:
                payout = payouts.get(notice.subject_id)
                lasts = payout is not None and not await _was_paid_since(payout)
            case NoticeKind.DISPUTE_OPENED:
                lasts = notice.subject_id in disputes
        if lasts:
            lasting.add(notice.id)
    return lasting


async def _was_paid_since(payout: Payout) -> bool:
    """Whether a later payout of the same account was paid, which shows that the bank account works again."""
    later = Payout.filter(merchant_id=payout.merchant_id, status=payout_rules.PAID, id__gt=payout.id)
    return await later.filter(stripe_account_id=payout.stripe_account_id).exists()


async def _announce(notice: Notice, merchant: Merchant, kind: EventType, at: datetime) -> None:
    model = SUBJECTS.get(NoticeKind(notice.kind), Merchant)
    typename, key = model.__name__, notice.subject_id
    # As in every other event, `sequence` is the row version of the subject.
    versions: Sequence[Any] = await model.filter(id=key).values_list("row_version", flat=True)
    data: dict[str, Any] = {
        **subject_data(merchant.id, merchant.external_id),
        "kind": notice.kind,
        "status": merchant.status,
        "deadline": wire_time(notice.deadline),
        "daysLeft": notice.days,
    }
    if model is not Merchant:
        data[typename.lower()] = {"id": global_id(typename, key)}
    await OutgoingEvent.create(
        id=uuid7(at),
        type=kind.value,
        subject_type=typename.lower(),
        subject_id=key,
        merchant_id=merchant.id,
        sequence=versions[0] if versions else 0,
        data=msgspec.json.encode(data).decode(),
        created_at=at,
    )


async def _causes(at: datetime) -> AsyncIterator[list[Cause]]:
    """The causes that need a notice now, in batches. One statement that uses an index reads each batch."""
    deadline, key = at - RECENT, uuid.UUID(int=0)
    until = at + timedelta(days=STEPS[0])
    while True:
        after = Q(next_deadline_at__gt=deadline) | Q(next_deadline_at=deadline, id__gt=key)
        due = Merchant.filter(after, next_deadline_at__lte=until).order_by("next_deadline_at", "id")
        rows: Any = await due.limit(BATCH).values_list("id", "next_deadline_at")
        if not rows:
            break
        yield [
            Cause(NoticeKind.DEADLINE, key, key, deadline, days)
            for key, deadline in rows
            if (days := step(deadline, at)) is not None
        ]
        key, deadline = rows[-1]
    restricted = Merchant.filter(status__in=[one.value for one in RESTRICTED], status_since__gt=at - RECENT)
    async for rows in _pages(restricted, "id", "status_since"):
        yield [Cause(NoticeKind.RESTRICTED, key, key, since) for key, since in rows]
    failed = Payout.filter(status=payout_rules.FAILED, id__gte=past_uuid7(at - RECENT - PAYOUT_AGE))
    async for rows in _pages(failed.filter(failed_at__gt=at - RECENT), "id", "merchant_id"):
        yield [Cause(NoticeKind.PAYOUT_FAILED, owner, key) for key, owner in rows]
    disputes = Dispute.filter(respond_by__lt=NO_DEADLINE, respond_by__gt=at, needs_response=True)
    async for rows in _pages(disputes, "id", "merchant_id", "kind"):
        yield [Cause(NoticeKind.DISPUTE_OPENED, owner, key, dispute_kind=kind) for key, owner, kind in rows]


async def _pages(query: Any, *columns: str) -> AsyncIterator[list[Any]]:
    last = uuid.UUID(int=0)
    while rows := await query.filter(id__gt=last).order_by("id").limit(BATCH).values_list(*columns):
        yield rows
        last = rows[-1][0]
