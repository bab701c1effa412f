"""The problems of the platform, and their remedies.

`connect.events.problems`, `connect.merchants.problems`, `connect.payments.problems`,
`connect.finances.problems`, `connect.services.problems` and `connect.outgoing.problems` find the problems of
their folders. A new problem needs a code here, its texts in such a module, and a description in
`resolvers.platform.problems`.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connect.merchants.rules.account.snapshot import parse_time

# A sweep or back-fill counts as late if it is overdue by more than this time.
GRACE = timedelta(minutes=5)
# Problems about past occurrences, such as refusals by Stripe, are shown for this long.
RECENT = timedelta(days=7)


class Severity(enum.Enum):
    # A part of the service does not work until an operator acts.
    ERROR = "ERROR"
    # An operator should investigate.
    WARNING = "WARNING"


class ProblemCode(enum.Enum):
    """The codes, in the order in which to repair the problems, because an earlier problem often causes later
    ones.
    """

    STRIPE_KEY_REFUSED = "STRIPE_KEY_REFUSED"
    STRIPE_PERMISSION_MISSING = "STRIPE_PERMISSION_MISSING"
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
    PAYMENT_REQUESTS_STUCK = "PAYMENT_REQUESTS_STUCK"
    PAYMENT_REQUESTS_REFUSED = "PAYMENT_REQUESTS_REFUSED"
    FEE_RETURNS_REFUSED = "FEE_RETURNS_REFUSED"
    ACCOUNTS_UNKNOWN = "ACCOUNTS_UNKNOWN"
    ACCOUNTS_DISCONNECTED = "ACCOUNTS_DISCONNECTED"
    ACCOUNTS_CLOSED = "ACCOUNTS_CLOSED"
    SWEEP_STALLED = "SWEEP_STALLED"
    PAYMENT_SWEEP_STALLED = "PAYMENT_SWEEP_STALLED"
    BACKFILL_STALLED = "BACKFILL_STALLED"
    MIRRORS_STALE = "MIRRORS_STALE"
    SERVICES_STALE = "SERVICES_STALE"
    PAYOUT_REQUESTS_REFUSED = "PAYOUT_REQUESTS_REFUSED"
    PAYOUTS_BLOCKED = "PAYOUTS_BLOCKED"
    PAYOUTS_FAILED = "PAYOUTS_FAILED"
    PAYOUTS_LATE = "PAYOUTS_LATE"
    WALLET_DOMAINS_REFUSED = "WALLET_DOMAINS_REFUSED"
    WALLET_DOMAINS_INACTIVE = "WALLET_DOMAINS_INACTIVE"
    REQUIREMENTS_CUT = "REQUIREMENTS_CUT"
    REVIEWS_SLOW = "REVIEWS_SLOW"
    ENDPOINTS_DISABLED = "ENDPOINTS_DISABLED"
    ENDPOINTS_FAILING = "ENDPOINTS_FAILING"


WARNINGS = frozenset(
    {
        ProblemCode.STRIPE_UNAVAILABLE,
        ProblemCode.EVENTS_RETRYING,
        ProblemCode.CREATIONS_STUCK,
        ProblemCode.CREATIONS_REFUSED,
        ProblemCode.PAYMENT_REQUESTS_STUCK,
        ProblemCode.PAYMENT_REQUESTS_REFUSED,
        ProblemCode.FEE_RETURNS_REFUSED,
        ProblemCode.ACCOUNTS_DISCONNECTED,
        ProblemCode.ACCOUNTS_CLOSED,
        ProblemCode.MIRRORS_STALE,
        ProblemCode.SERVICES_STALE,
        ProblemCode.PAYOUT_REQUESTS_REFUSED,
        ProblemCode.PAYOUTS_BLOCKED,
        ProblemCode.PAYOUTS_FAILED,
        ProblemCode.PAYOUTS_LATE,
        ProblemCode.WALLET_DOMAINS_REFUSED,
        ProblemCode.WALLET_DOMAINS_INACTIVE,
        ProblemCode.REQUIREMENTS_CUT,
        ProblemCode.REVIEWS_SLOW,
        ProblemCode.ENDPOINTS_FAILING,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` describes the problem with its numbers, and `remedy` describes the repair.

    `subjects` are the ids of the affected objects, if operators can dismiss the problem for each of them.
    """

    code: ProblemCode
    message: str
    remedy: str
    count: int = 1
    since: datetime | None = None
    subjects: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a problem. In `message`, `{things}` stands for the count with the noun, and `{since}` for
    the time of the oldest row.
    """

    message: str
    remedy: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """The number of affected rows, the time of the oldest row, and the ids of the affected objects."""

    number: int = 0
    since: datetime | None = None
    subjects: tuple[str, ...] = ()

    @classmethod
    def of_all(cls, occurrences: Sequence[tuple[str, datetime]]) -> "Count":
        """Count the subjects of occurrences. An occurrence is a subject and a time, and each subject counts
        once.
        """
        subjects = tuple(dict.fromkeys(subject for subject, _ in occurrences))
        return cls(len(subjects), min((at for _, at in occurrences), default=None), subjects)

    @classmethod
    def of(cls, row: Mapping[str, Any], name: str = "") -> "Count":
        """Read `<name>number` and `<name>since` of a row. SQLite returns aggregated times as text."""
        since = row[f"{name}since"]
        return cls(row[f"{name}number"], since if isinstance(since, datetime) else parse_time(since))


def describe(
    words: Mapping[ProblemCode, Words], code: ProblemCode, count: Count, **values: str
) -> list[Problem]:
    """Describe a problem, or return an empty list if the count is 0. `values` fill the message's other
    fields.
    """
    if not count.number:
        return []
    message, remedy, noun = words[code].message, words[code].remedy, words[code].noun
    things, since = format_number(count.number, noun), format_time(count.since)
    message = message.format(things=things, since=since, **values)
    return [Problem(code, message, remedy, count.number, count.since, count.subjects)]


def put_in_order(problems: list[Problem]) -> list[Problem]:
    """Sort errors before warnings, and causes before consequences."""
    codes = list(ProblemCode)
    return sorted(
        problems, key=lambda problem: (problem.severity is Severity.WARNING, codes.index(problem.code))
    )


def format_number(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def format_time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "an unknown time"
