"""Problems of account creations, of accounts, and of the comparison of accounts with Stripe."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.functions import Count as CountOf
from tortoise.functions import Min
from tortoise.queryset import QuerySet

from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules.account.snapshot import MAX_ENTRIES, parse_time
from connect.merchants.rules.status.status import Status
from connect.merchants.wording.refusals import REFUSALS_OF_INPUT
from connect.platform.dismissals import Dismissals, Occurrence
from connect.platform.problems import GRACE, RECENT, Count, Problem, ProblemCode, Words, describe
from connect.stripe_api.stored_requests import V2_KEY_LIFETIME
from models import (
    AccountCreation,
    AccountReplacement,
    ConnectedAccount,
    Merchant,
    PeriodicTask,
    TimelineEntry,
)
from models.account import StripeRequest

STUCK_AFTER = timedelta(minutes=5)

# Stripe's reviews usually take a few days.
REVIEW_TIME = timedelta(days=14)

# Each search for merchants or accounts with a problem reads at most this many rows.
MAX_RECENT = 1000
# The sweep lists at most this many accounts that Stripe does not know. A problem names at most this many
# accounts.
MAX_UNKNOWN = 10

WORDS = {
    ProblemCode.CREATIONS_EXPIRED: Words(
        "{things} got no answer for 29 days. Repeating such a request could create a second account.",
        "Look for the merchant's metadata.merchant_id in Stripe's Dashboard. If no account has it, delete "
        "the merchant's row and create the merchant again. After replaceAccount, look for an account with "
        "metadata.replacement as well, and delete the row in account_replacement instead.",
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
        "then call createMerchant with corrected input. For a merchant that exists, call replaceAccount with "
        "corrected input; its error has Stripe's reason.",
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
        "{things} closed in the last 7 days without a closeMerchant call.",
        "Read `merchants(filter: {status: [CLOSED]}) { edges { node { externalId } } }` and ask those "
        "merchants. A closed account stays closed: replaceAccount opens another one.",
        "account",
    ),
    ProblemCode.SWEEP_STALLED: Words(
        "No comparison of all open accounts with Stripe has finished since {since}.",
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


async def find(
    at: datetime, sweep: PeriodicTask | None, stale_after: timedelta, dismissals: Dismissals
) -> list[Problem]:
    """Find the present problems with at most 15 statements. Dismissed subjects do not count."""
    state = sweep.state if sweep is not None else {}
    swept_at = parse_time(state.get("finished_at")) or parse_time(state.get("started_at"))
    if swept_at is None and sweep is not None:
        swept_at = sweep.due_at
    unknown = await _open(_unknown(state))
    stale, names = await _stale(at - stale_after - GRACE, unknown)
    known = _without(dismissals, ProblemCode.ACCOUNTS_UNKNOWN, unknown)
    cut = _without(dismissals, ProblemCode.REQUIREMENTS_CUT, await _cut())

    def count(code: ProblemCode, occurrences: Sequence[Occurrence]) -> Count:
        return Count.of_all(dismissals.without(code, occurrences))

    waiting = await _waiting(at)
    expired = count(ProblemCode.CREATIONS_EXPIRED, await _expired(at, waiting))
    refusals = [*await _refused(at - RECENT), *await _refused_replacements(at - RECENT)]
    refused = count(ProblemCode.CREATIONS_REFUSED, refusals)
    left = count(ProblemCode.ACCOUNTS_DISCONNECTED, await _disconnected(at - RECENT))
    closed = count(ProblemCode.ACCOUNTS_CLOSED, await _closed(at - RECENT))
    slow = count(ProblemCode.REVIEWS_SLOW, await _slow(at - REVIEW_TIME))
    late = Count(int(swept_at is not None and at - swept_at > stale_after + GRACE), swept_at)
    return [
        *describe(WORDS, ProblemCode.CREATIONS_EXPIRED, expired),
        *describe(WORDS, ProblemCode.CREATIONS_STUCK, await _stuck(at, waiting)),
        *describe(WORDS, ProblemCode.CREATIONS_REFUSED, refused),
        *_named(ProblemCode.ACCOUNTS_UNKNOWN, known, swept_at),
        *describe(
            WORDS,
            ProblemCode.ACCOUNTS_DISCONNECTED,
            left,
            more=", among them" if left.number > MAX_UNKNOWN else "",
            names=_list(left),
        ),
        *describe(WORDS, ProblemCode.ACCOUNTS_CLOSED, closed),
        *describe(WORDS, ProblemCode.SWEEP_STALLED, late),
        *describe(WORDS, ProblemCode.MIRRORS_STALE, stale, names=", ".join(names)),
        *_named(ProblemCode.REQUIREMENTS_CUT, cut),
        *describe(WORDS, ProblemCode.REVIEWS_SLOW, slow, names=_list(slow)),
    ]


def _without(dismissals: Dismissals, code: ProblemCode, subjects: Sequence[str]) -> list[str]:
    return [one for one in subjects if not dismissals.hide(code, one)]


def _list(count: Count) -> str:
    return ", ".join(count.subjects[:MAX_UNKNOWN])


def _named(code: ProblemCode, accounts: list[str], since: datetime | None = None) -> list[Problem]:
    more = " and maybe more" if len(accounts) >= MAX_UNKNOWN else ""
    count = Count(len(accounts), since, tuple(accounts))
    return describe(WORDS, code, count, more=more, names=", ".join(accounts[:MAX_UNKNOWN]))


def _unknown(sweep: Mapping[str, object]) -> list[str]:
    """The accounts that Stripe did not know in the last finished sweep or in the current sweep."""
    names = ("missing",) if sweep.get("finished_at") else ("missing_before", "missing")
    lists = [sweep.get(name) for name in names]
    return list(dict.fromkeys(str(one) for listed in lists if isinstance(listed, list) for one in listed))


async def _open(accounts: list[str]) -> list[str]:
    """The accounts that are still open. Since the sweep, events may have closed or disconnected some of
    them.
    """
    if not accounts:
        return []
    query = ConnectedAccount.filter(stripe_account_id__in=accounts, closed=False, disconnected_at=None)
    rows: list[Any] = await query.values_list("stripe_account_id", flat=True)
    return [one for one in accounts if one in rows]


async def _waiting(at: datetime) -> list[Occurrence]:
    """The replacements that have been without an answer for longer than STUCK_AFTER."""
    waiting = AccountReplacement.filter(state="PENDING", created_at__lt=at - STUCK_AFTER)
    return await _occurrences(waiting, "merchant__external_id", "created_at")


async def _expired(at: datetime, waiting: list[Occurrence]) -> list[Occurrence]:
    """The creations and replacements that are too old to be repeated."""
    expired = AccountCreation.filter(state="PENDING", created_at__lte=at - V2_KEY_LIFETIME)
    replacements = [one for one in waiting if one[1] <= at - V2_KEY_LIFETIME]
    return await _occurrences(expired, "external_id", "created_at") + replacements


async def _stuck(at: datetime, waiting: list[Occurrence]) -> Count:
    """Count the creations and replacements that have been without an answer for longer than STUCK_AFTER and
    can still be repeated.
    """
    stuck = AccountCreation.filter(
        state="PENDING", created_at__gt=at - V2_KEY_LIFETIME, created_at__lt=at - STUCK_AFTER
    )
    columns = {"number": CountOf("id"), "since": Min("created_at")}
    (row,) = await stuck.annotate(**columns).values(*columns)
    creations = Count.of(row)
    times = [created_at for _, created_at in waiting if created_at > at - V2_KEY_LIFETIME]
    since = min(filter(None, [creations.since, *times]), default=None)
    return Count(creations.number + len(times), since)


async def _refused_replacements(since: datetime) -> list[Occurrence]:
    """The replacements that Stripe has refused since this time for a reason other than their input.

    A refusal does not count if a later replacement of the same merchant's account succeeded.
    """
    refused = _refusals(AccountReplacement, since)
    rows = await _occurrences(refused, "merchant__external_id", "finished_at")
    if not rows:
        return []
    names = list({name for name, _ in rows})
    succeeded = AccountReplacement.filter(state="SUCCEEDED", merchant__external_id__in=names)
    later = dict(await _occurrences(succeeded, "merchant__external_id", "finished_at"))
    return [(name, at) for name, at in rows if name not in later or later[name] < at]


def _refusals(model: type[StripeRequest], since: datetime) -> QuerySet[Any]:
    return model.filter(
        Q(error_code__not_in=list(REFUSALS_OF_INPUT)) | Q(error_code__isnull=True),
        state="REFUSED",
        run_at__gte=since,
    )


async def _refused(since: datetime) -> list[Occurrence]:
    """The creations that Stripe has refused since this time for a reason other than their input.

    Creations whose merchant exists by now do not count.
    """
    rows = await _occurrences(_refusals(AccountCreation, since), "external_id", "finished_at")
    if not rows:
        return []
    names = list({name for name, _ in rows})
    merchants = Merchant.filter(external_id__in=names)
    repeated: list[Any] = await merchants.values_list("external_id", flat=True)
    return [(name, at) for name, at in rows if name not in repeated]


async def _disconnected(since: datetime) -> list[Occurrence]:
    rows = Merchant.filter(status="DISCONNECTED", account__disconnected_at__gte=since)
    return await _occurrences(rows, "account__stripe_account_id", "account__disconnected_at")


async def _closed(since: datetime) -> list[Occurrence]:
    """The merchants whose accounts were closed without closeMerchant. The timeline entries about this have no
    actor.
    """
    # The closing was noticed by a fetch, so `synced_at` is not earlier than the entry about the closing.
    fetched = ConnectedAccount.filter(closed=True, synced_at__gte=since).order_by("-synced_at")
    keys = await fetched.limit(MAX_RECENT).values_list("merchant_id", flat=True)
    if not keys:
        return []
    # Entries about former accounts have no `fetch`.
    entries = TimelineEntry.filter(
        merchant_id__in=keys, kind=TimelineKind.CLOSED.value, actor=None, fetch__isnull=False
    )
    return await _occurrences(entries.filter(at__gte=since), "merchant__external_id", "at")


async def _stale(before: datetime, unknown: list[str]) -> tuple[Count, list[str]]:
    """Count the open accounts that were last fetched before this time, except the `unknown` accounts. Also
    returns the ids of those that were fetched longest ago.
    """
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
    """Open accounts with more requirements than a snapshot can hold."""
    query = ConnectedAccount.filter(entries_cut__gt=0, closed=False, disconnected_at=None).order_by("id")
    rows: list[Any] = await query.limit(MAX_RECENT).values_list("stripe_account_id", flat=True)
    return rows


async def _slow(before: datetime) -> list[Occurrence]:
    """The merchants that have been waiting for Stripe since a time before this one."""
    statuses = [Status.PENDING_REVIEW.value, Status.PAYOUTS_BLOCKED.value]
    slow = Merchant.filter(status__in=statuses, awaiting_action_from="STRIPE", status_since__lt=before)
    return await _occurrences(slow, "external_id", "status_since")


async def _occurrences(rows: QuerySet[Any], subject: str, time: str) -> list[Occurrence]:
    """The subject and the time of each row, oldest first."""
    found: list[Any] = await rows.order_by(time).limit(MAX_RECENT).values_list(subject, time)
    return found
