"""Failed payouts, late payouts and blocked payouts are problems that operators can dismiss."""

import dataclasses
from datetime import timedelta

from connect.finances import problems
from connect.merchants.rules.document import global_id
from connect.platform.dismissals import Dismissals
from connect.platform.problems import RECENT
from models import DismissedProblem, Merchant
from testing.merchants import NOW, build_merchant, store
from testing.statements import recorded
from testing.stored_payouts import add_payout


async def test_failed_payouts_and_late_payouts_of_connected_accounts_are_problems(database: str) -> None:  # noqa: ARG001
    built = build_merchant("shop-1")
    closed, disconnected, replaced = (build_merchant(name, name) for name in ("closed", "active", "review"))
    assert disconnected.account is not None
    disconnected.account.disconnected_at = NOW
    await store([built, closed, disconnected, dataclasses.replace(replaced, account=None)])
    for gone in (closed, disconnected, replaced):
        await add_payout(gone.merchant, "in_transit", age=timedelta(days=5))
    failed = await add_payout(built.merchant, "failed", age=timedelta(days=1))
    late = await add_payout(built.merchant, "in_transit", age=timedelta(days=5))
    await add_payout(built.merchant, "in_transit")
    await add_payout(built.merchant, "paid", age=timedelta(days=5))
    with recorded() as statements:
        found = await problems.find(NOW, Dismissals())
    assert len(statements.texts) == 4
    assert [(one.code.value, one.severity.value, one.subjects) for one in found] == [
        ("PAYOUTS_FAILED", "WARNING", (global_id("Payout", failed.id),)),
        ("PAYOUTS_LATE", "WARNING", (global_id("Payout", late.id),)),
    ]
    assert found[0].message == (f"1 payout failed in the last 7 days: {failed.stripe_payout_id} of shop-1.")
    row = DismissedProblem(code="PAYOUTS_LATE", subject=found[1].subjects[0], actor="op", dismissed_at=NOW)
    left = await problems.find(NOW, Dismissals([row]))
    assert [one.code.value for one in left] == ["PAYOUTS_FAILED"]
    assert await problems.find(NOW + RECENT + timedelta(days=1), Dismissals([row])) != []


async def test_payouts_blocked_for_more_than_a_day_are_a_problem(database: str) -> None:  # noqa: ARG001
    blocked, new, working = (build_merchant(name) for name in ("blocked", "new", "working"))
    await store([blocked, new, working])
    for name, age in (("blocked", timedelta(days=2)), ("new", timedelta(hours=2))):
        merchants = Merchant.filter(external_id=name)
        await merchants.update(status="PAYOUTS_BLOCKED", status_since=NOW - age)
    (found,) = await problems.find(NOW, Dismissals())
    assert (found.code.value, found.severity.value, found.subjects) == (
        "PAYOUTS_BLOCKED",
        "WARNING",
        ("blocked",),
    )
    row = DismissedProblem(code="PAYOUTS_BLOCKED", subject="blocked", actor="op", dismissed_at=NOW)
    assert await problems.find(NOW, Dismissals([row])) == []
