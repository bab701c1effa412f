"""What can be wrong with the platform as a whole, and what to do about each. Pure: facts in, problems out.

Adding one: a code, its place in `find`, and its description in `resolvers.platform.problems`.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from connect.merchants.snapshot import parse_time

E = TypeVar("E", bound=enum.Enum)

# An event that is due and that nobody took up for so long waits for a worker.
WAITING_AFTER = timedelta(seconds=60)
# The first attempts fail for reasons that pass by themselves.
RETRYING_AFTER = timedelta(minutes=5)
STUCK_AFTER = timedelta(minutes=5)
# Workers look at the platform's health every minute.
WORKER_AFTER = timedelta(minutes=5)
# A mirror that has just become stale is about to be fetched.
STALE_GRACE = timedelta(minutes=5)
# What happened once and needs no repair is shown for so long.
RECENT = timedelta(days=7)


class Severity(enum.Enum):
    ERROR = "ERROR"  # something does not work until somebody acts
    WARNING = "WARNING"  # somebody should have a look


class ProblemCode(enum.Enum):
    """In the order in which they are best mended: the later ones often follow from the earlier ones."""

    STRIPE_KEY_REFUSED = "STRIPE_KEY_REFUSED"
    STRIPE_UNAVAILABLE = "STRIPE_UNAVAILABLE"
    DESTINATION_MISSING = "DESTINATION_MISSING"
    DESTINATION_DISABLED = "DESTINATION_DISABLED"
    DESTINATION_SCOPE = "DESTINATION_SCOPE"
    DESTINATION_PAYLOAD = "DESTINATION_PAYLOAD"
    DESTINATION_EVENTS = "DESTINATION_EVENTS"
    DESTINATION_SILENT = "DESTINATION_SILENT"
    NO_WORKER = "NO_WORKER"
    EVENTS_WAITING = "EVENTS_WAITING"
    EVENTS_RETRYING = "EVENTS_RETRYING"
    EVENTS_FAILED = "EVENTS_FAILED"
    CREATIONS_EXPIRED = "CREATIONS_EXPIRED"
    CREATIONS_STUCK = "CREATIONS_STUCK"
    CREATIONS_REFUSED = "CREATIONS_REFUSED"
    ACCOUNTS_UNKNOWN = "ACCOUNTS_UNKNOWN"
    ACCOUNTS_DISCONNECTED = "ACCOUNTS_DISCONNECTED"
    ACCOUNTS_CLOSED = "ACCOUNTS_CLOSED"
    SWEEP_STALLED = "SWEEP_STALLED"
    BACKFILL_STALLED = "BACKFILL_STALLED"
    MIRRORS_STALE = "MIRRORS_STALE"


WARNINGS = frozenset(
    {
        ProblemCode.STRIPE_UNAVAILABLE,
        ProblemCode.EVENTS_RETRYING,
        ProblemCode.CREATIONS_STUCK,
        ProblemCode.CREATIONS_REFUSED,
        ProblemCode.ACCOUNTS_DISCONNECTED,
        ProblemCode.ACCOUNTS_CLOSED,
        ProblemCode.MIRRORS_STALE,
    }
)


class DestinationStatus(enum.Enum):
    UNKNOWN = "UNKNOWN"  # Stripe was not asked yet, or did not answer
    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    MISSING = "MISSING"


class StripeAnswer(enum.Enum):
    """What became of the last question to Stripe."""

    UNKNOWN = "UNKNOWN"
    GIVEN = "GIVEN"
    KEY_REFUSED = "KEY_REFUSED"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Check:
    """The event destination with our address, as Stripe shows it."""

    url: str
    id: str | None = None
    status: DestinationStatus = DestinationStatus.UNKNOWN
    problems: tuple[ProblemCode, ...] = ()
    missing_events: tuple[str, ...] = ()
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look at Stripe found, as it is kept between two looks."""

    checked_at: datetime | None = None
    stripe: StripeAnswer = StripeAnswer.UNKNOWN
    stripe_since: datetime | None = None
    destination: Check | None = None
    destination_checked_at: datetime | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and since when."""

    count: int = 0
    since: datetime | None = None


NONE = Tally()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a problem can follow from. A null time means that nothing is known."""

    at: datetime
    stale_after: timedelta
    backfill_after: timedelta
    seen: Seen = field(default_factory=Seen)
    last_delivered_at: datetime | None = None
    undelivered: Tally = NONE  # since the last delivery
    waiting: Tally = NONE
    retrying: Tally = NONE
    failed: Tally = NONE
    creations_expired: Tally = NONE
    creations_stuck: Tally = NONE
    creations_refused: Tally = NONE
    disconnected: Tally = NONE
    closed: Tally = NONE
    stale: Tally = NONE
    unknown_accounts: tuple[str, ...] = ()
    unknown_since: datetime | None = None
    swept_at: datetime | None = None
    backfilled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` says what is wrong in plain words and figures, `remedy` what to do now."""

    code: ProblemCode
    message: str
    remedy: str
    count: int
    since: datetime | None

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR


def find(facts: Facts) -> list[Problem]:
    """What is wrong: errors before warnings, causes before what follows from them."""
    found = [
        *of_stripe(facts.seen),
        *(of_destination(facts.seen.destination) if facts.seen.destination else ()),
        *_with_deliveries(facts),
        *_with_events(facts),
        *_with_creations(facts),
        *_with_accounts(facts),
        *_with_reconciliation(facts),
    ]
    return sorted(found, key=lambda problem: problem.severity is Severity.WARNING)


def of_destination(check: Check) -> Iterator[Problem]:
    """What is wrong with the event destination."""
    url, name = check.url, check.id or "the event destination"
    create = f"Run `python -m api destination {url}` and put the secret into CONNECTQL_WEBHOOK_SECRETS."
    events, lacking = len(check.missing_events), ", ".join(check.missing_events)
    workbench = "In Stripe's Dashboard, Workbench > Webhooks,"
    words: Mapping[ProblemCode, tuple[str, str]] = {
        ProblemCode.DESTINATION_MISSING: (
            f"Stripe has no event destination with the address {url}.",
            f"{create} If it exists with another address, set CONNECTQL_WEBHOOK_URL to that.",
        ),
        ProblemCode.DESTINATION_DISABLED: (
            f"The event destination {name} is disabled (reason: {check.disabled_reason or 'not given'}).",
            f"{workbench} enable {name}. What Stripe did not send meanwhile is back-filled.",
        ),
        ProblemCode.DESTINATION_SCOPE: (
            f"The event destination {name} does not send the events of connected accounts.",
            f"Stripe cannot change this. {create} Then delete {name} in Stripe's Dashboard.",
        ),
        ProblemCode.DESTINATION_PAYLOAD: (
            f"The event destination {name} sends another payload than thin; such notifications are refused.",
            f"Stripe cannot change this. {create} Then delete {name} in Stripe's Dashboard.",
        ),
        ProblemCode.DESTINATION_EVENTS: (
            f"The event destination {name} lacks {_things(events, 'event type')}: {lacking}.",
            f"{workbench} add them to {name}.",
        ),
    }
    for code in check.problems:
        if code in words:
            count = events if code is ProblemCode.DESTINATION_EVENTS else 1
            yield Problem(code, *words[code], count, None)


def of_stripe(last: Seen) -> Iterator[Problem]:
    """What is wrong with the way to Stripe."""
    since = last.stripe_since
    if last.stripe is StripeAnswer.KEY_REFUSED:
        yield Problem(
            ProblemCode.STRIPE_KEY_REFUSED,
            "Stripe does not accept the platform's API key.",
            "Set CONNECTQL_STRIPE_API_KEY to a valid key (Stripe's Dashboard, Developers > API keys) and "
            "restart. A restricted key needs accounts, account links, events and event destinations.",
            1,
            since,
        )
    if last.stripe is StripeAnswer.UNAVAILABLE:
        yield Problem(
            ProblemCode.STRIPE_UNAVAILABLE,
            "Stripe gives no definite answer.",
            "Look at https://status.stripe.com and at the way from here to api.stripe.com. "
            "What waits for Stripe goes on by itself.",
            1,
            since,
        )


def _with_deliveries(facts: Facts) -> Iterator[Problem]:
    if facts.undelivered.count:
        last = facts.last_delivered_at
        yield Problem(
            ProblemCode.DESTINATION_SILENT,
            f"{_things(facts.undelivered.count, 'event')} had to be back-filled: Stripe has delivered "
            f"nothing {f'since {_time(last)}' if last else 'yet'}.",
            "In Stripe's Dashboard, Workbench > Webhooks, see how the deliveries fail: 400 means a wrong "
            "CONNECTQL_WEBHOOK_SECRETS, no answer that Stripe does not reach the address.",
            facts.undelivered.count,
            facts.undelivered.since,
        )


def _with_events(facts: Facts) -> Iterator[Problem]:
    checked_at = facts.seen.checked_at
    if checked_at is None or facts.at - checked_at > WORKER_AFTER:
        yield Problem(
            ProblemCode.NO_WORKER,
            f"No worker has shown itself since {_time(checked_at)}."
            if checked_at
            else "No worker has shown itself yet.",
            "Start one: `python -m api worker`, or `python -m api` without CONNECTQL_WORKER=off. "
            "If one runs, its log says what keeps it (`worker_step_failed`).",
            1,
            checked_at,
        )
    if facts.waiting.count:
        yield Problem(
            ProblemCode.EVENTS_WAITING,
            f"{_things(facts.waiting.count, 'event')} should have been handled by now, the oldest since "
            f"{_time(facts.waiting.since)}.",
            "Start a worker (`python -m api worker`), or more of them if they are only slow.",
            facts.waiting.count,
            facts.waiting.since,
        )
    if facts.failed.count:
        yield Problem(
            ProblemCode.EVENTS_FAILED,
            f"{_things(facts.failed.count, 'event')} failed for good.",
            "Read `platform { events(state: FAILED) { edges { node { id lastError } } } }`, mend the cause, "
            "then call replayEvent for each.",
            facts.failed.count,
            facts.failed.since,
        )
    if facts.retrying.count:
        yield Problem(
            ProblemCode.EVENTS_RETRYING,
            f"{_things(facts.retrying.count, 'event')} failed so far and will be tried again.",
            "Read `platform { events(state: PENDING) { edges { node { attempts lastError } } } }` and mend "
            "the cause; they go on by themselves.",
            facts.retrying.count,
            facts.retrying.since,
        )


def _with_creations(facts: Facts) -> Iterator[Problem]:
    expired, stuck, refused = facts.creations_expired, facts.creations_stuck, facts.creations_refused
    if expired.count:
        yield Problem(
            ProblemCode.CREATIONS_EXPIRED,
            f"{_things(expired.count, 'creation')} got no answer for 29 days. Repeating one could make a "
            "second account.",
            "Look for the merchant's metadata.merchant_id in Stripe's Dashboard. If no account has it, "
            "delete the merchant's row and create it anew.",
            expired.count,
            expired.since,
        )
    if stuck.count:
        yield Problem(
            ProblemCode.CREATIONS_STUCK,
            f"{_things(stuck.count, 'creation')} got no definite answer from Stripe yet, the oldest since "
            f"{_time(stuck.since)}.",
            "Read the log's `creation_not_completed` for the reason. They complete by themselves once Stripe "
            "answers and a worker runs.",
            stuck.count,
            stuck.since,
        )
    if refused.count:
        yield Problem(
            ProblemCode.CREATIONS_REFUSED,
            f"Stripe refused {_things(refused.count, 'creation')} of the last 7 days that nobody repeated "
            "with success.",
            "Read `platform { creations(state: REFUSED) { edges { node { externalId message remedy } } } }`, "
            "then call createMerchant with what Stripe takes.",
            refused.count,
            refused.since,
        )


def _with_accounts(facts: Facts) -> Iterator[Problem]:
    unknown = facts.unknown_accounts
    if unknown:
        more = " and maybe more" if len(unknown) >= 10 else ""
        yield Problem(
            ProblemCode.ACCOUNTS_UNKNOWN,
            f"Stripe does not know {_things(len(unknown), 'account')} any more{more}: {', '.join(unknown)}.",
            "Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and the mode that created them. If "
            "it does, they were deleted at Stripe: create those merchants anew under another externalId.",
            len(unknown),
            facts.unknown_since,
        )
    if facts.disconnected.count:
        yield Problem(
            ProblemCode.ACCOUNTS_DISCONNECTED,
            f"{_things(facts.disconnected.count, 'account')} left the platform in the last 7 days.",
            "Read `merchants(filter: {status: [DISCONNECTED]}) { edges { node { externalId } } }` and ask "
            "those merchants; only they can connect again.",
            facts.disconnected.count,
            facts.disconnected.since,
        )
    if facts.closed.count:
        yield Problem(
            ProblemCode.ACCOUNTS_CLOSED,
            f"{_things(facts.closed.count, 'account')} closed in the last 7 days, and not by closeMerchant.",
            "Read `merchants(filter: {status: [CLOSED]}) { edges { node { externalId } } }` and ask those "
            "merchants. A closed account stays closed: to go on they are created anew.",
            facts.closed.count,
            facts.closed.since,
        )


def _with_reconciliation(facts: Facts) -> Iterator[Problem]:
    swept, reached = facts.swept_at, facts.backfilled_at
    if swept is not None and facts.at - swept > facts.stale_after + STALE_GRACE:
        yield Problem(
            ProblemCode.SWEEP_STALLED,
            f"No comparison of all accounts with Stripe's has ended since {_time(swept)}.",
            "See that a worker runs; its log says what keeps it (`not_compared`, `worker_step_failed`). If "
            "it is only slow, raise CONNECTQL_STRIPE_CALLS_PER_SECOND or CONNECTQL_STALE_AFTER_SECONDS.",
            1,
            swept,
        )
    if reached is not None and facts.at - reached > 5 * facts.backfill_after + STALE_GRACE:
        yield Problem(
            ProblemCode.BACKFILL_STALLED,
            f"Events that Stripe does not deliver were last looked for {_time(reached)}.",
            "See that a worker runs and that Stripe answers; the worker's log says what keeps it "
            "(`not_back_filled`, `worker_step_failed`).",
            1,
            reached,
        )
    if facts.stale.count:
        yield Problem(
            ProblemCode.MIRRORS_STALE,
            f"Nobody compared {_things(facts.stale.count, 'open account')} with Stripe's in time, the oldest "
            f"since {_time(facts.stale.since)}.",
            "See that a worker runs; its log says what Stripe answered (`not_compared`). refreshMerchant "
            "fetches one at once.",
            facts.stale.count,
            facts.stale.since,
        )


def seen(state: Mapping[str, object]) -> Seen:
    """What `kept` wrote, also by another version of this service: what cannot be read is not known."""
    found, stripe = state.get("destination"), state.get("stripe")
    destination = found if isinstance(found, dict) else {}
    answer = stripe if isinstance(stripe, dict) else {}
    known = {code.value: code for code in ProblemCode}
    url = destination.get("url")
    return Seen(
        checked_at=parse_time(state.get("checked_at")),
        stripe=_member(StripeAnswer, answer.get("answer"), StripeAnswer.UNKNOWN),
        stripe_since=parse_time(answer.get("since")),
        destination=Check(
            url=url,
            id=_text(destination.get("id")),
            status=_member(DestinationStatus, destination.get("status"), DestinationStatus.UNKNOWN),
            problems=tuple(known[name] for name in _texts(destination.get("problems")) if name in known),
            missing_events=_texts(destination.get("missing_events")),
            disabled_reason=_text(destination.get("disabled_reason")),
        )
        if isinstance(url, str)
        else None,
        destination_checked_at=parse_time(destination.get("checked_at")),
        codes=_texts(state.get("codes")),
    )


def kept(found: Seen) -> dict[str, object]:
    """What was seen, as JSON."""
    check = found.destination
    return {
        "checked_at": _iso(found.checked_at),
        "stripe": {"answer": found.stripe.value, "since": _iso(found.stripe_since)},
        "destination": {
            "url": check.url,
            "id": check.id,
            "status": check.status.value,
            "problems": [code.value for code in check.problems],
            "missing_events": list(check.missing_events),
            "disabled_reason": check.disabled_reason,
            "checked_at": _iso(found.destination_checked_at),
        }
        if check is not None
        else None,
        "codes": list(found.codes),
    }


def _member(kind: type[E], value: object, otherwise: E) -> E:
    return next((member for member in kind if member.value == value), otherwise)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _things(count: int, name: str) -> str:
    return f"1 {name}" if count == 1 else f"{count} {name}s"


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "an unknown time"
