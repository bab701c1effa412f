"""The problem of services: subscriptions that could not be fetched for a long time."""

from datetime import datetime
from typing import Any

from tortoise.expressions import F, Q

from connect.platform.dismissals import Dismissals
from connect.platform.problems import Count, Problem, ProblemCode, Words, describe
from connect.services.mirror import EVERY
from models import Service, past_uuid7, time_of

# The sweep fetches every open service within EVERY. After twice this time without a fetch, a service is late.
LATE = 2 * EVERY
# The message names at most MAX_NAMED merchants, and the search reads at most MAX_READ.
MAX_NAMED, MAX_READ = 10, 1000

WORDS = {
    ProblemCode.SERVICES_STALE: Words(
        "{things} to the platform's product could not be fetched for 12 hours, the oldest since {since}: "
        "{names}.",
        "The access of these merchants may be out of date. Make sure that a worker runs; its log has the "
        "reason (`service_not_fetched`). If Stripe no longer has an account, dismiss the problem "
        "for its merchant.",
        "subscription",
    ),
}


async def find(at: datetime, dismissals: Dismissals) -> list[Problem]:
    """Find the problem with one statement. Merchants for which the problem was dismissed do not count."""
    tried = Q(fetches_started__gt=F("fetch_applied"), id__lt=past_uuid7(at - LATE))
    # An old service that was never fetched may have moved to a new account just now, so it counts only after
    # a failed attempt to fetch it.
    never = Q(is_open=False, synced_at__isnull=True) & tried
    late = Q(is_open=True, synced_at__lt=at - LATE)
    rows: Any = (
        await Service.filter(late | never)
        .order_by("id")
        .limit(MAX_READ)
        .values_list("merchant__external_id", "synced_at", "id")
    )
    found = [(name, synced_at or time_of(key)) for name, synced_at, key in rows]
    count = Count.of_all(dismissals.without(ProblemCode.SERVICES_STALE, found))
    return describe(WORDS, ProblemCode.SERVICES_STALE, count, names=", ".join(count.subjects[:MAX_NAMED]))
