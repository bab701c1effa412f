"""Problems of account creations, of accounts, and of the comparison of accounts with Stripe."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.functions import Count as CountOf
from tortoise.functions import Min

from connect.merchants.creations import KEY_LIFETIME
from connect.merchants.rules.snapshot import MAX_ENTRIES, parse_time
from connect.merchants.rules.status import Status
from connect.merchants.timeline import TimelineKind
from connect.platform.problems import GRACE, RECENT, Count, Problem, ProblemCode, Words, describe
from models import AccountCreation, ConnectedAccount, Merchant, PeriodicTask, TimelineEntry

STUCK_AFTER = timedelta(minutes=5)

# Stripe's reviews usually take a few days.
REVIEW_TIME = timedelta(days=14)

# The search for recent problems reads at most this many rows.
MAX_RECENT = 1000
# The sweep lists at most this many unknown accounts; a problem names at most this many accounts.
MAX_UNKNOWN = 10

WORDS = {
    ProblemCode.CREATIONS_EXPIRED: Words(
        "{things} got no answer for 29 days. Repeating one could create a second account.",
        "Look for the merchant's metadata.merchant_id in Stripe's Dashboard. If no account has it, delete "
        "the merchant's row and create the merchant again.",
        "creation",
    ),
    ProblemCode.CREATIONS_STUCK: Words(
        "{things} got no definite answer from Stripe yet, the oldest since {since}.",
        "The log event `creation_not_completed` has the reason. Creations complete automatically once "
        "Stripe answers and a worker runs.",
        "creation",
    ),
    ProblemCode.CREATIONS_REFUSED: Words(
        "Stripe refused {things} in the last 7 days, and no later attempt succeeded.",
        "Read `platform { creations(state: REFUSED) { edges { node { externalId message remedy } } } }`, "
        "then call createMerchant with corrected input.",
        "creation",
    ),
    ProblemCode.ACCOUNTS_UNKNOWN: Words(
        "Stripe no longer knows {things}{more}: {names}.",
        "Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode of these accounts. If it "
        "does, they were deleted at Stripe: create the merchants again under another externalId.",
        "account",
    ),
    ProblemCode.ACCOUNTS_DISCONNECTED: Words(
        "{things} left the platform in the last 7 days{more}: {names}.",
        "Read `merchants(filter: {status: [DISCONNECTED]}) { edges { node { externalId } } }` and ask those "
        "merchants; only they can connect again.",
        "account",
    ),
    ProblemCode.ACCOUNTS_CLOSED: Words(
        "{things} closed in the last 7 days without a call of closeMerchant.",
        "Read `merchants(filter: {status: [CLOSED]}) { edges { node { externalId } } }` and ask those "
        "merchants. A closed account stays closed: create the merchant again to continue.",
        "account",
    ),
    ProblemCode.SWEEP_STALLED: Words(
        "No comparison of all accounts with Stripe has finished since {since}.",
        "Make sure that a worker runs; its log names the cause (`not_compared`, `worker_step_failed`). For "
        "a slow comparison, raise CONNECTQL_STRIPE_CALLS_PER_SECOND or CONNECTQL_STALE_AFTER_SECONDS.",
    ),
    ProblemCode.MIRRORS_STALE: Words(
        "{things} were not compared with Stripe in time, the oldest since {since}: {names}.",
        "Make sure that a worker runs; its log names Stripe's answers (`not_compared`). refreshMerchant "
        "fetches one account immediately.",
        "open account",
    ),
    ProblemCode.REQUIREMENTS_CUT: Words(
        f"Stripe lists more than {MAX_ENTRIES} requirements for {{things}}{{more}}: {{names}}.",
        "Read these accounts in Stripe's Dashboard: the less urgent requirements are not stored here.",
        "account",
    ),
    ProblemCode.REVIEWS_SLOW: Words(
        "{things} waited for Stripe's review for more than 14 days, the oldest since {since}: {names}.",
        "Read `merchants(filter: {awaitingActionFrom: STRIPE, statusForDays: 14}) { edges { node { summary "
        "} } }` and ask Stripe support about these accounts.",
        "merchant",
    ),
}


async def find(at: datetime, sweep: PeriodicTask | None, stale_after: timedelta) -> list[Problem]:
    """Find the present problems with at most a dozen statements."""
    state = sweep.state if sweep is not None else {}
    swept_at = parse_time(state.get("finished_at")) or parse_time(state.get("started_at"))
    if swept_at is None and sweep is not None:
        swept_at = sweep.due_at
    unknown = await _open(_unknown(state))
    expired, stuck = await _unfinished(at)
    stale, names = await _stale(at - stale_after - GRACE, unknown)
    slow, waiting = await _slow(at - REVIEW_TIME)
    late = Count(int(swept_at is not None and at - swept_at > stale_after + GRACE), swept_at)
    return [
        *describe(WORDS, ProblemCode.CREATIONS_EXPIRED, expired),
        *describe(WORDS, ProblemCode.CREATIONS_STUCK, stuck),
        *describe(WORDS, ProblemCode.CREATIONS_REFUSED, await _refused(at - RECENT)),
        *_named(ProblemCode.ACCOUNTS_UNKNOWN, unknown, swept_at),
        *await _disconnected(at - RECENT),
        *describe(WORDS, ProblemCode.ACCOUNTS_CLOSED, await _closed(at - RECENT)),
        *describe(WORDS, ProblemCode.SWEEP_STALLED, late),
        *describe(WORDS, ProblemCode.MIRRORS_STALE, stale, names=", ".join(names)),
        *_named(ProblemCode.REQUIREMENTS_CUT, await _cut()),
        *describe(WORDS, ProblemCode.REVIEWS_SLOW, slow, names=", ".join(waiting)),
    ]


def _named(code: ProblemCode, accounts: list[str], since: datetime | None = None) -> list[Problem]:
    more = " and maybe more" if len(accounts) >= MAX_UNKNOWN else ""
    return describe(WORDS, code, Count(len(accounts), since), more=more, names=", ".join(accounts))


def _unknown(sweep: Mapping[str, object]) -> list[str]:
    """The accounts that Stripe did not know in the last finished sweep, and in the current one."""
    names = ("missing",) if sweep.get("finished_at") else ("missing_before", "missing")
    lists = [sweep.get(name) for name in names]
    return list(dict.fromkeys(str(one) for listed in lists if isinstance(listed, list) for one in listed))


async def _open(accounts: list[str]) -> list[str]:
    """The accounts that are still open: events may have closed or disconnected some since the sweep."""
    if not accounts:
        return []
    query = ConnectedAccount.filter(stripe_account_id__in=accounts, closed=False, disconnected_at=None)
    rows: list[Any] = await query.values_list("stripe_account_id", flat=True)
    return [one for one in accounts if one in rows]


async def _unfinished(at: datetime) -> tuple[Count, Count]:
    """Count the creations that are too old to be repeated, and the other ones without an answer."""
    expired = Q(created_at__lte=at - KEY_LIFETIME)
    stuck = Q(created_at__gt=at - KEY_LIFETIME, created_at__lt=at - STUCK_AFTER)
    columns = {
        "expired_number": CountOf("id", _filter=expired),
        "expired_since": Min("created_at", _filter=expired),
        "stuck_number": CountOf("id", _filter=stuck),
        "stuck_since": Min("created_at", _filter=stuck),
    }
    (row,) = await AccountCreation.filter(state="PENDING").annotate(**columns).values(*columns)
    return Count.of(row, "expired_"), Count.of(row, "stuck_")


async def _refused(since: datetime) -> Count:
    """Count the creations that Stripe has refused since this time, unless the merchant exists by now."""
    rows = (
        # The index has `run_at`, not `finished_at`. A creation finishes within KEY_LIFETIME of its `run_at`.
        await AccountCreation.filter(state="REFUSED", run_at__gt=since - KEY_LIFETIME, finished_at__gte=since)
        .limit(MAX_RECENT)
        .values_list("external_id", "finished_at")
    )
    if not rows:
        return Count()
    names = list({str(name) for name, _ in rows})
    repeated = set(await Merchant.filter(external_id__in=names).values_list("external_id", flat=True))
    return _count([moment for name, moment in rows if name not in repeated])


async def _disconnected(since: datetime) -> list[Problem]:
    query = Merchant.filter(status="DISCONNECTED", account__disconnected_at__gte=since).limit(MAX_RECENT)
    columns = ("account__disconnected_at", "account__stripe_account_id")
    rows = sorted(await query.values_list(*columns))
    more = f", of them {MAX_UNKNOWN}" if len(rows) > MAX_UNKNOWN else ""
    names = ", ".join(name for _, name in rows[:MAX_UNKNOWN])
    count = _count([moment for moment, _ in rows])
    return describe(WORDS, ProblemCode.ACCOUNTS_DISCONNECTED, count, more=more, names=names)


async def _closed(since: datetime) -> Count:
    """Count the accounts that were closed without closeMerchant, so their timeline entries have no actor."""
    # A fetch showed that the account is closed, so `synced_at` is not before the closing.
    fetched = ConnectedAccount.filter(closed=True, synced_at__gte=since).limit(MAX_RECENT)
    keys = await fetched.values_list("merchant_id", flat=True)
    if not keys:
        return Count()
    entries = TimelineEntry.filter(merchant_id__in=keys, kind=TimelineKind.CLOSED.value, actor=None)
    return _count(list(await entries.filter(at__gte=since).values_list("at", flat=True)))


async def _stale(before: datetime, unknown: list[str]) -> tuple[Count, list[str]]:
    """Count the open accounts that were last fetched before this time, and name the oldest."""
    stale = ConnectedAccount.filter(closed=False, disconnected_at=None, synced_at__lt=before)
    if unknown:
        stale = stale.filter(stripe_account_id__not_in=unknown)
    columns = {"number": CountOf("id"), "since": Min("synced_at")}
    (row,) = await stale.annotate(**columns).values(*columns)
    if not row["number"]:
        return Count(), []
    oldest: Any = stale.order_by("synced_at").limit(MAX_UNKNOWN).values_list("stripe_account_id", flat=True)
    return Count.of(row), list(await oldest)


async def _cut() -> list[str]:
    """Open accounts with more requirements than a snapshot holds."""
    query = ConnectedAccount.filter(entries_cut__gt=0, closed=False, disconnected_at=None).order_by("id")
    rows: list[Any] = await query.limit(MAX_UNKNOWN).values_list("stripe_account_id", flat=True)
    return rows


async def _slow(before: datetime) -> tuple[Count, list[str]]:
    """Count the merchants that have waited for Stripe since before this time, and name the oldest."""
    statuses = [Status.PENDING_REVIEW.value, Status.PAYOUTS_BLOCKED.value]
    slow = Merchant.filter(status__in=statuses, awaiting_action_from="STRIPE", status_since__lt=before)
    oldest = slow.order_by("status_since").limit(MAX_RECENT)
    rows: list[Any] = await oldest.values_list("external_id", "status_since")
    return _count([since for _, since in rows]), [str(name) for name, _ in rows[:MAX_UNKNOWN]]


def _count(moments: list[Any]) -> Count:
    return Count(len(moments), min(moments, default=None))
