"""A subscription that cannot be fetched is a problem, which operators can dismiss for each merchant."""

from datetime import timedelta

import pytest

from connect.errors import StripeRefused
from connect.platform import health
from connect.platform.dismissals import Dismissals
from connect.services import mirror, problems
from models import ConnectedAccount, DismissedProblem, Service, now
from testing.statements import recorded
from testing.subscriptions import Biller
from tests.connect.services.test_mirror import add_services, subscribe

HOUR = timedelta(hours=1)


async def test_a_subscription_that_cannot_be_fetched_is_a_problem_until_it_is_dismissed(
    biller: Biller,
) -> None:
    await subscribe(biller)
    await add_services(1, synced_at=await now())  # a customer without a subscription is not fetched again
    later = await now() + 13 * HOUR
    with recorded() as statements:
        (problem,) = await problems.find(later, Dismissals())
    assert statements.count == 1
    assert (problem.code.value, problem.subjects) == ("SERVICES_STALE", (biller.shop.merchant.external_id,))
    assert problem.since == (await biller.service()).synced_at
    assert await problems.find(later - 2 * HOUR, Dismissals()) == []
    row = DismissedProblem(
        code="SERVICES_STALE", subject=problem.subjects[0], actor="op", dismissed_at=later - HOUR
    )
    assert await problems.find(later, Dismissals([row])) == []
    await Service.all().update(synced_at=await now() - 13 * HOUR)
    present = await health.problems(stale_after=HOUR, backfill_after=HOUR)
    assert problem.code in {one.code for one in present}


async def test_a_service_whose_first_fetch_keeps_failing_is_a_problem(biller: Biller) -> None:
    service = await mirror.ensure(await ConnectedAccount.get(merchant_id=biller.shop.merchant.id))
    later = await now() + 13 * HOUR
    # No fetch was tried, so this is no problem. The service may have just moved to another account.
    assert await problems.find(later, Dismissals()) == []
    error = {"type": "invalid_request_error", "message": "This account is not a customer."}
    place = {"method": "GET", "path": "/v1/subscriptions"}
    biller.shop.simulator.control("faults", {**place, "status": 400, "body": {"error": error}})
    with pytest.raises(StripeRefused):
        await mirror.refresh(biller.shop.gateway, service)
    (problem,) = await problems.find(later, Dismissals())
    assert problem.subjects == (biller.shop.merchant.external_id,)
    await mirror.refresh(biller.shop.gateway, await Service.get(id=service.id))
    assert await problems.find(later, Dismissals()) == []
