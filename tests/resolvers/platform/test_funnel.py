"""platform.onboardingFunnel counts the merchants at each stage of onboarding."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from connect.merchants.mirror import documents
from models import Merchant, TimelineEntry, now
from testing.merchants import BuiltMerchant, build_merchant, store
from testing.service import Service
from testing.statements import recorded

FUNNEL = """
{ platform { onboardingFunnel { stages {
  stage count three: stuckCount(days: 3) week: stuckCount medianSeconds
} } } }
"""
LIST = """
query ($filter: MerchantFilter!) {
  merchants(filter: $filter, orderBy: CREATED_AT_ASC) {
    edges { node { externalId onboarding { stage } } } totalCount
  }
}
"""
STAGES = [*("CREATED", "LINK_ISSUED", "FORM_LEFT", "INFORMATION_NEEDED", "IN_REVIEW", "ACTIVATED", "STOPPED")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def built(name: str, kind: str, since: datetime, **columns: Any) -> BuiltMerchant:
    """A merchant that has been at its stage since this time."""
    one = build_merchant(name, kind)
    for column, value in columns.items():
        setattr(one.merchant, column, value)
    one.merchant.onboarding_stage_since = since
    documents.derive_columns(one.merchant, one.account)
    return one


async def funnel(service: Service) -> dict[str, tuple[Any, ...]]:
    stages = (await service.graphql(FUNNEL))["platform"]["onboardingFunnel"]["stages"]
    assert [row["stage"] for row in stages] == STAGES
    names = "count", "three", "week", "medianSeconds"
    return {row["stage"]: tuple(row[name] for name in names) for row in stages}


async def found(service: Service, **criteria: Any) -> list[str]:
    listed = (await service.graphql(LIST, {"filter": criteria}))["merchants"]
    assert listed["totalCount"] == len(listed["edges"])
    return [edge["node"]["externalId"] for edge in listed["edges"]]


async def test_the_funnel_counts_the_merchants_at_each_stage_and_those_that_are_stuck(idle: Service) -> None:
    assert await funnel(idle) == dict.fromkeys(STAGES, (0, 0, 0, None))
    at = await now()
    link = {"links_issued": 1, "last_link_issued_at": at}
    await store(
        [
            built("new", "onboarding", at),
            built("older", "onboarding", at - 4 * DAY),
            built("oldest", "creating", at - 8 * DAY),
            built("linked", "onboarding", at - 5 * DAY, **link),
            built("left", "onboarding", at, **link, last_returned_at=at),
            built("review", "review", at - 9 * DAY),
            built("rejected", "rejected", at),
            built("active", "active", at - 100 * DAY),
        ]
    )
    with recorded() as statements:
        assert await funnel(idle) == {
            "CREATED": (3, 2, 1, None),
            "LINK_ISSUED": (1, 1, 0, None),
            "FORM_LEFT": (1, 0, 0, None),
            "INFORMATION_NEEDED": (0, 0, 0, None),
            "IN_REVIEW": (1, 1, 1, None),
            "ACTIVATED": (1, 0, 0, None),
            "STOPPED": (1, 0, 0, None),
        }
    # Four statements: the counts, the merchants that are stuck for each of two periods, and the sample of
    # activated merchants.
    assert statements.count == 4
    assert await found(idle, onboardingStage=["CREATED"]) == ["new", "older", "oldest"]
    assert await found(idle, onboardingStage=["CREATED", "LINK_ISSUED"], onboardingStageForDays=3) == [
        *("older", "oldest", "linked")
    ]
    assert await found(idle, onboardingStageForDays=7, awaitingActionFrom="STRIPE") == ["oldest", "review"]
    assert await found(idle, onboardingStage=[]) == []


async def test_the_medians_cover_the_merchants_that_were_activated_lately(idle: Service) -> None:
    at = await now()

    def activated(name: str, created: datetime, hours: int) -> BuiltMerchant:
        active = created + hours * HOUR
        return built(name, "active", active, created_at=created, ever_active_at=active)

    created = at - 10 * DAY
    shops = [activated(f"shop-{hours}", created, hours) for hours in (10, 20, 40)]
    old = activated("old", at - 200 * DAY, 1)
    adopted = activated("adopted", created, 0)
    await store([*shops, old, adopted])

    def entry(one: Merchant, kind: str, hours: int, status: str | None = None) -> TimelineEntry:
        when = created + hours * HOUR
        return TimelineEntry(merchant_id=one.id, kind=kind, message="", at=when, status_after=status)

    entries = []
    for number, one in enumerate(shops, start=1):
        entries += [
            entry(one.merchant, "LINK_ISSUED", number),
            entry(one.merchant, "LINK_ISSUED", 5),
            entry(one.merchant, "STATUS_CHANGED", 2 * number, "PENDING_REVIEW"),
            # An entry after the activation is not part of the onboarding.
            entry(one.merchant, "STATUS_CHANGED", 50, "ACTION_REQUIRED"),
        ]
    await TimelineEntry.bulk_create(entries)
    medians = {stage: values[3] for stage, values in (await funnel(idle)).items()}
    hour = 3600
    assert medians == {
        "CREATED": None,
        "LINK_ISSUED": 2 * hour,
        "FORM_LEFT": None,
        "INFORMATION_NEEDED": None,
        "IN_REVIEW": 4 * hour,
        "ACTIVATED": 20 * hour,
        "STOPPED": None,
    }


@pytest.mark.one_database
async def test_an_invalid_number_of_days_is_refused(idle: Service) -> None:
    for days in (-1, 3651):
        query = f"{{ platform {{ onboardingFunnel {{ stages {{ stuckCount(days: {days}) }} }} }} }}"
        assert await idle.error(query) == ("BAD_USER_INPUT", "`days` must be from 0 to 3650.")
