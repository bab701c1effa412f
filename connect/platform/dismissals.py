"""Dismissed problems. An operator has seen them, so they are hidden until they occur again.

A dismissal ends when its problem is solved, or when its problem happens again later.
`connect.platform.health` deletes the dismissals that have ended.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from connect.errors import ProblemNotFound
from connect.platform.problems import Problem, ProblemCode
from models import DismissedProblem, uuid7

# Clients read at most this many dismissals.
MAX_LISTED = 100

# The code of a problem, and one of its subjects. If the problem has no subjects, the second text is empty.
Key = tuple[str, str]
Occurrence = tuple[str, datetime]

log = structlog.get_logger("health")


class Dismissals:
    """All dismissals. `in_force` collects the keys of dismissals that have hidden a problem or a subject."""

    def __init__(self, rows: Iterable[DismissedProblem] = ()) -> None:
        self._times = {(row.code, row.subject): row.dismissed_at for row in rows}
        self.in_force: set[Key] = set()

    def hide(self, code: ProblemCode, subject: str = "", at: datetime | None = None) -> bool:
        """Whether this subject of the problem is dismissed. If the problem has no subjects, whether the
        problem itself is dismissed. `at` is the time of the last occurrence, if known.
        """
        key = code.value, subject
        dismissed_at = self._times.get(key)
        if dismissed_at is None or (at is not None and at > dismissed_at):
            return False
        self.in_force.add(key)
        return True

    def without(self, code: ProblemCode, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
        """The occurrences of a problem whose subjects are not dismissed.

        An occurrence is a subject and a time. The latest occurrence of a subject decides for all its
        occurrences.
        """
        last: dict[str, datetime] = {}
        for subject, at in occurrences:
            last[subject] = max(at, last.get(subject, at))
        dismissed = {subject for subject, at in last.items() if self.hide(code, subject, at)}
        return [one for one in occurrences if one[0] not in dismissed]

    @property
    def ended(self) -> list[tuple[Key, datetime]]:
        """The dismissals that are no longer in force, each with its time."""
        return [(key, at) for key, at in self._times.items() if key not in self.in_force]


async def load() -> Dismissals:
    return Dismissals(await DismissedProblem.all())


async def save(
    present: Sequence[Problem], code: ProblemCode, subject: str | None, *, actor: str, at: datetime
) -> None:
    """Dismiss one subject of a present problem, or the whole problem. `present` was read after `at`.

    A dismissal that is in force keeps its time and actor. Raises ProblemNotFound if the problem is neither
    present nor dismissed.
    """
    problem = next((one for one in present if one.code is code), None)
    subjects = (problem.subjects or ("",)) if problem is not None else ()
    chosen = [one for one in subjects if subject is None or one == subject]
    if not chosen and not await listed(code, subject):
        raise ProblemNotFound
    rows = [
        DismissedProblem(id=uuid7(at), code=code.value, subject=one, actor=actor, dismissed_at=at)
        for one in chosen
    ]
    if rows:
        keys, changed = ("code", "subject"), ("actor", "dismissed_at")
        await DismissedProblem.bulk_create(rows, on_conflict=keys, update_fields=changed)
        log.info("problem_dismissed", code=code.value, subjects=len(rows), actor=actor)


async def listed(code: ProblemCode | None = None, subject: str | None = None) -> list[DismissedProblem]:
    """At most MAX_LISTED dismissals, newest first: of all problems, of one problem, or of one subject."""
    rows = DismissedProblem.all()
    if code is not None:
        rows = rows.filter(code=code.value)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return await rows.order_by("-dismissed_at", "code", "subject").limit(MAX_LISTED)


async def forget(dismissals: Dismissals) -> None:
    """Delete the dismissals that have ended, so that their problems are shown when they occur again."""
    for (code, subject), at in dismissals.ended:
        # The time is compared, because an operator may have dismissed the problem again.
        await DismissedProblem.filter(code=code, subject=subject, dismissed_at=at).delete()
