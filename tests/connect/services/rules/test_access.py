"""The grace period begins with the first overdue payment, even if a fetch no longer returns the invoice of
that payment.
"""

from datetime import UTC, datetime, timedelta

from connect.services.rules import access
from connect.services.rules.snapshot import Invoice, Snapshot

DAY = timedelta(days=1)
FAILED = datetime(2026, 1, 31, tzinfo=UTC)


def fetched(day: int) -> Snapshot:
    """Return Stripe's answer on this day, with the latest 12 invoices. The price is charged daily, and every
    payment since day 0 has failed.
    """
    invoices = tuple(
        Invoice(
            id=f"in_{one}", status="open", attempts=1, finalized_at=FAILED + one * DAY, subscription="sub_1"
        )
        for one in range(day, max(day - 12, -1), -1)
    )
    return Snapshot(id="sub_1", status="past_due", invoices=invoices)


def test_the_grace_ends_although_a_daily_payment_keeps_failing() -> None:
    current: Snapshot | None = None
    given = []
    for day in range(30):
        current = access.follow(current, fetched(day))
        given.append(access.access(current, FAILED + day * DAY).name)
    assert given == ["GRACE"] * 14 + ["NONE"] * 16
    # Another subscription or a successful payment in between begins a new grace period.
    for previous in (Snapshot(id="sub_1", status="active"), Snapshot(id="sub_0", status="past_due"), None):
        begun = access.follow(previous, fetched(29))
        assert begun.overdue_since == FAILED + 18 * DAY
    assert access.follow(current, Snapshot(id="sub_1", status="active")).overdue_since is None


def test_an_invoice_that_is_sent_is_overdue_from_its_due_date() -> None:
    sent = Invoice(
        id="in_1",
        status="open",
        finalized_at=FAILED - 30 * DAY,
        due_at=FAILED,
        subscription="sub_1",
    )
    late = Snapshot(
        id="sub_1",
        status="past_due",
        period_starts_at=FAILED - 30 * DAY,
        period_ends_at=FAILED + DAY,
        invoices=(sent,),
    )
    assert access.grace_until(late) == FAILED + access.GRACE


def test_an_invoice_without_a_subscription_does_not_begin_the_grace() -> None:
    other = Invoice(id="in_9", status="open", attempts=1, finalized_at=FAILED - 20 * DAY)
    late = Snapshot(id="sub_1", status="past_due", period_starts_at=FAILED, invoices=(other,))
    assert access.grace_until(late) == FAILED + access.GRACE
    assert access.overdue(late, FAILED) == ()
