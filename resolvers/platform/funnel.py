"""The funnel of onboarding, for operators."""

import functools
from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument

from connect.merchants import funnel as funnels
from connect.merchants.rules.status.onboarding_stage import OnboardingStage
from resolvers.common.errors import BadUserInput
from resolvers.execution.context import Context, Info
from resolvers.merchants.reading.merchant_filter import MAX_DAYS

STUCK_DAYS = 7


@strawberry.type(
    description="A stage of onboarding, with numbers about the merchants that are at this stage."
)
class OnboardingFunnelStage:
    stage: OnboardingStage = strawberry.field(description="The stage.")

    @strawberry.field(
        description="The number of merchants at this stage. `merchants(filter: {onboardingStage: …})` lists "
        "them. This number includes erased merchants, but the list omits them."
    )
    async def count(self, info: Info) -> int:
        return await info.context.load(_counts, self.stage)

    @strawberry.field(
        description="The number of merchants that have been at this stage for at least `days` days. "
        "`merchants(filter: {onboardingStage: …, onboardingStageForDays: …})` lists them. Always 0 for "
        "ACTIVATED and STOPPED, because onboarding is over at these stages."
    )
    async def stuck_count(
        self,
        info: Info,
        days: Annotated[
            int, argument(description=f"The number of days: 0 to {MAX_DAYS:,}, by default {STUCK_DAYS}.")
        ] = STUCK_DAYS,
    ) -> int:
        if not 0 <= days <= MAX_DAYS:
            raise BadUserInput(f"`days` must be from 0 to {MAX_DAYS}.")
        return await info.context.load(_stuck, (self.stage, days))

    @strawberry.field(
        description="The median time from the creation of a merchant until it first reached this stage, in "
        "seconds. It is computed from at most 200 merchants that reached ACTIVATED in the last 90 days, "
        "except merchants that were already active when they were adopted. Null for CREATED and STOPPED, "
        "and if there are no such merchants."
    )
    async def median_seconds(self, info: Info) -> int | None:
        return await info.context.load(_medians, self.stage)


@strawberry.type(description="The onboarding funnel: how many merchants are at each stage of onboarding.")
class OnboardingFunnel:
    stages: list[OnboardingFunnelStage] = strawberry.field(
        description="All stages in their usual order. Each merchant is at one of them."
    )


@strawberry.field(description="The stages of onboarding, with the number of merchants at each.")
def onboarding_funnel() -> OnboardingFunnel:
    return OnboardingFunnel(stages=[OnboardingFunnelStage(stage=stage) for stage in OnboardingStage])


async def _counts(context: Context, keys: Sequence[OnboardingStage]) -> list[int]:
    numbers = await context.share_counts("stages", funnels.counts)
    return [numbers[stage] for stage in keys]


async def _stuck(context: Context, keys: Sequence[tuple[OnboardingStage, int]]) -> list[int]:
    numbers = {
        days: await context.share_counts(("stuck", days), functools.partial(funnels.stuck, days))
        for days in {days for _, days in keys}
    }
    return [numbers[days].get(stage, 0) for stage, days in keys]


async def _medians(_context: Context, keys: Sequence[OnboardingStage]) -> list[int | None]:
    times = await funnels.medians()
    return [round(times[stage]) if stage in times else None for stage in keys]
