"""Notices are written once for each step of a cause, and end with the cause. A merchant gets at most a given
number of notices in a day.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from connect.outgoing import notices
from models import Dispute, Merchant, Notice, OutgoingEvent, Payout, PeriodicTask, now
from testing.merchants import NOW, build_merchant, global_id, store
from testing.stored_payments import add_payment
from testing.stored_payouts import add_payout

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.by_hand]


async def check(per_day: int = 10) -> list[tuple[str, dict[str, Any]]]:
    """Run one check, and return the types and data of its events."""
    await OutgoingEvent.all().delete()
    await PeriodicTask.filter(name=notices.TASK).delete()
    assert await notices.run("worker", per_day=per_day) == 1
    assert await notices.run("worker", per_day=per_day) == 0
    rows = await OutgoingEvent.filter(type__startswith="notice.").order_by("id")
    return [(row.type, json.loads(row.data)) for row in rows]


async def test_each_step_of_a_deadline_has_a_notice_until_the_deadline_is_met() -> None:
    one, far = build_merchant("shop-1", "due_soon"), build_merchant("shop-2", "due_soon")
    gone = build_merchant("shop-3", "closed")
    await store([one, far, gone])
    at = await now()
    await Merchant.filter(id=far.merchant.id).update(next_deadline_at=at + timedelta(days=20))
    await Merchant.filter(id=gone.merchant.id).update(next_deadline_at=at + timedelta(days=1))
    mine = Merchant.filter(id=one.merchant.id)
    seen = []
    deadline = at + timedelta(days=10)
    for left in (10, 9, 2.5, 0.5, -1, -8):
        # Move the deadline instead of the clock. The notices from earlier checks need the new deadline, too.
        await Notice.all().update(deadline=at + timedelta(days=left))
        deadline = at + timedelta(days=left)
        await mine.update(next_deadline_at=deadline)
        for notice in await Notice.all():
            head, days = notice.key.rsplit(":", 2)[0], notice.days
            await Notice.filter(id=notice.id).update(key=f"{head}:{int(deadline.timestamp())}:{days}")
        seen.append([(kind, data["daysLeft"]) for kind, data in await check()])
    assert seen == [
        [("notice.deadline", 14)],
        [],
        [("notice.deadline", 3)],
        [("notice.deadline", 1)],
        [("notice.deadline", 0)],
        [],
    ]
    # After the deadline is met, one event says so and no further notice follows.
    await mine.update(next_deadline_at=at + timedelta(days=30))
    ((kind, data),) = await check()
    assert (kind, data["kind"], data["merchant"]) == (
        *("notice.resolved", "DEADLINE"),
        {"id": one.id, "externalId": "shop-1"},
    )
    assert await check() == []
    assert await Notice.filter(resolved_at=None).count() == 0


async def test_a_merchant_gets_at_most_the_given_number_of_notices_in_a_day() -> None:
    one = build_merchant("shop-1", "active")
    await store([one])
    for _ in range(3):
        await add_payout(one.merchant, "failed", age=NOW - await now())
    await Payout.all().update(failed_at=await now())
    assert len(await check(per_day=2)) == 2
    assert await check(per_day=2) == []
    await Notice.all().update(created_at=await now() - timedelta(days=1))
    assert await check(per_day=0) == []
    assert [kind for kind, _ in await check(per_day=2)] == ["notice.payout_failed"]
    await Payout.all().update(status="canceled")
    assert [kind for kind, _ in await check(per_day=0)] == ["notice.resolved"] * 3


async def test_restrictions_failed_payouts_and_disputes_have_notices_when_they_begin_and_end() -> None:
    one = build_merchant("shop-1", "active")
    await store([one])
    at = await now()
    failed = await add_payout(one.merchant, "failed", age=NOW - at)
    await Payout.all().update(failed_at=at)
    payment = await add_payment(one.merchant, "order-1", "disputed")
    dispute = await Dispute.get()
    open_inquiry = {"needs_response": True, "respond_by": at + timedelta(days=5), "kind": "INQUIRY"}
    await Dispute.all().update(**open_inquiry, row_version=4)
    await Payout.all().update(row_version=3)
    await Merchant.all().update(status="RESTRICTED_BY_STRIPE", status_since=at, row_version=9)
    found = await check()
    assert [kind for kind, _ in found if kind != "notice.deadline"] == [
        *("notice.restricted", "notice.payout_failed", "notice.dispute_opened")
    ]
    rows = {row.type: row for row in await OutgoingEvent.all()}
    assert {kind: rows[kind].sequence for kind, _ in found} == {
        "notice.restricted": (await Merchant.get()).row_version,
        "notice.payout_failed": (await Payout.get()).row_version,
        "notice.dispute_opened": (await Dispute.get()).row_version,
    }
    by_kind = dict(found)
    assert by_kind["notice.restricted"]["status"] == "RESTRICTED_BY_STRIPE"
    assert by_kind["notice.payout_failed"]["payout"] == {"id": global_id("Payout", failed.id)}
    assert by_kind["notice.dispute_opened"]["dispute"] == {"id": global_id("Dispute", dispute.id)}
    assert {(data["deadline"], data["daysLeft"]) for data in by_kind.values()} == {(None, None)}
    assert payment.id == dispute.payment_id
    assert await check() == []
    await Merchant.all().update(status="ACTIVE")
    await Dispute.all().update(needs_response=False)
    await add_payout(one.merchant, "paid", age=NOW - at - timedelta(hours=1))
    ended = await check()
    assert sorted((kind, data["kind"]) for kind, data in ended) == [
        ("notice.resolved", "DISPUTE_OPENED"),
        ("notice.resolved", "PAYOUT_FAILED"),
        ("notice.resolved", "RESTRICTED"),
    ]
    named = [data[name] for _, data in ended for name in ("dispute", "payout") if name in data]
    assert sorted(one["id"] for one in named) == sorted(
        [global_id("Dispute", dispute.id), global_id("Payout", failed.id)]
    )
    # The bank turns the answered inquiry into a chargeback.
    await Dispute.all().update(needs_response=True, kind="CHARGEBACK")
    assert "notice.dispute_opened" in dict(await check())


async def test_a_merchant_without_an_open_account_gets_no_notice() -> None:
    one = build_merchant("shop-1", "closed")
    await store([one])
    await add_payout(one.merchant, "failed", age=NOW - await now())
    await Payout.all().update(failed_at=await now())
    assert await check() == []
