"""The funnel of onboarding: the number of merchants at each stage, and the median time until merchants reach
it.
"""

import statistics
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules.status.onboarding_stage import OnboardingStage
from connect.merchants.rules.status.status import Status
from models.sql import Range, Select, id_of_row, time_of_row

# Of the MAX_READ merchants that were activated last, at most SAMPLE are used to compute the medians. Only
# merchants that were activated at most WITHIN ago count.
WITHIN = timedelta(days=90)
MAX_READ, SAMPLE = 1000, 200

# The stage that a merchant reaches with its first timeline entry of this kind, or with its first change to
# this status.
OF_KIND = {
    TimelineKind.LINK_ISSUED.value: OnboardingStage.LINK_ISSUED,
    TimelineKind.RETURNED.value: OnboardingStage.FORM_LEFT,
}
OF_STATUS = {
    Status.ACTION_REQUIRED.value: OnboardingStage.INFORMATION_NEEDED,
    Status.PENDING_REVIEW.value: OnboardingStage.IN_REVIEW,
}


async def counts() -> dict[OnboardingStage, int]:
    """The number of merchants at each stage. Executes one statement, which reads only an index."""
    rows = await Select().count_by("onboarding_stage", "merchant", ["onboarding_stage IS NOT NULL"])
    return {stage: rows.get(stage.value, 0) for stage in OnboardingStage}


# At these stages, onboarding is over.
OVER = frozenset({OnboardingStage.ACTIVATED, OnboardingStage.STOPPED})


async def stuck(days: int) -> dict[OnboardingStage, int]:
    """For each stage of an unfinished onboarding, the number of merchants that have been at it for at least
    this number of days.
    """
    select = Select()
    since = f"onboarding_stage_since <= {select.moment(-timedelta(days=days))}"
    stages = [stage for stage in OnboardingStage if stage not in OVER]
    ranges = [
        [Range(("onboarding_stage",), [select.equals_as_range("onboarding_stage", stage.value), since])]
        for stage in stages
    ]
    return dict(zip(stages, await select.count("merchant", ranges, None), strict=True))


async def medians() -> dict[OnboardingStage, float]:
    """The median time from the creation of merchants until they reached a stage, in seconds.

    Executes at most two statements. Only merchants that were activated recently count. Merchants that were
    active when they were adopted do not count.
    """
    activated = await _activated()
    times: defaultdict[OnboardingStage, list[float]] = defaultdict(list)
    for created_at, activated_at in activated.values():
        times[OnboardingStage.ACTIVATED].append((activated_at - created_at).total_seconds())
    for row in await _entries(list(activated)) if activated else ():
        created_at, activated_at = activated[id_of_row(row["merchant_id"])]
        stage = OF_KIND.get(row["kind"]) or OF_STATUS[row["status_after"]]
        if (at := time_of_row(row["first_at"])) <= activated_at:
            times[stage].append((at - created_at).total_seconds())
    return {stage: statistics.median(durations) for stage, durations in times.items()}


async def _activated() -> dict[uuid.UUID, tuple[datetime, ...]]:
    """The times of creation and activation of the merchants in the sample."""
    select = Select()
    stage = select.value(OnboardingStage.ACTIVATED.value)
    latest = (
        f"SELECT id, created_at, ever_active_at FROM merchant WHERE onboarding_stage = {stage} "  # noqa: S608
        f"AND onboarding_stage_since >= {select.moment(-WITHIN)} "
        f"ORDER BY onboarding_stage_since DESC LIMIT {MAX_READ}"
    )
    rows = await select.execute(
        f"SELECT * FROM ({latest}) AS latest WHERE ever_active_at > created_at LIMIT {SAMPLE}"  # noqa: S608
    )
    times = "created_at", "ever_active_at"
    return {id_of_row(row["id"]): tuple(time_of_row(row[name]) for name in times) for row in rows}


async def _entries(merchant_ids: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The times of the first timeline entries that show a stage, as one row for each merchant, kind and new
    status.
    """
    select = Select()
    of_merchants = select.is_any("merchant_id", merchant_ids)
    shows = f"{select.is_any('kind', OF_KIND)} OR {select.is_any('status_after', OF_STATUS)}"
    return await select.execute(
        "SELECT merchant_id, kind, status_after, min(at) AS first_at FROM timeline_entry "  # noqa: S608
        f"WHERE {of_merchants} AND ({shows}) GROUP BY merchant_id, kind, status_after"
    )
