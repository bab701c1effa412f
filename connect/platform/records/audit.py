"""The audit log: entries for mutations, for commands that change facts, and for removals of expired data.

If a mutation stores a request to Stripe, it writes its entry in the same transaction (`note`). setFeePolicy
and eraseMerchant write their entries in the transaction of their change. Other mutations write theirs at
their end (`Action.finish`), with the code of the outcome. Entries contain no personal data except the actor:
the subject of a caller, or the name of a system user.
"""

import getpass
import json
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from connect.merchants.rules.document import global_id
from connect.scope import Principal
from models import AuditEntry, first_uuid7
from models.audit import add_entry

# The action has ended as requested.
OK = "OK"
# The request is stored, and is repeated until Stripe answers. If Stripe refuses it during the same mutation,
# another entry follows.
STORED = "STORED"
COMMAND, WORKER = "COMMAND", "WORKER"
PAGE = 1000


@dataclass(slots=True)
class Action:
    """A mutation of a caller."""

    name: str
    principal: Principal
    client: str
    request_id: str
    # The global id of the object that the mutation is about.
    subject: str | None = None
    is_stored: bool = False

    async def finish(self, outcome: str, subject: str | None = None) -> None:
        """Add the entry of the mutation. If `note` has already added it, another entry is added only after a
        failure.
        """
        if outcome != OK or not self.is_stored:
            await self._add(outcome, subject or self.subject)

    async def _add(self, outcome: str, subject: str | None) -> None:
        await add_entry(
            actor=self.principal.subject,
            role=self.principal.role.value,
            client=self.client,
            action=self.name,
            subject=subject,
            outcome=outcome,
            request_id=self.request_id,
            details=None,
        )


_current: ContextVar[Action | None] = ContextVar("audited_action", default=None)


@contextmanager
def acting(action: Action) -> Iterator[None]:
    """Let `note` write the entry of this mutation."""
    token = _current.set(action)
    try:
        yield
    finally:
        _current.reset(token)


def about(typename: str, key: uuid.UUID) -> None:
    """Name the object of the current mutation. Does nothing outside a mutation."""
    action = _current.get()
    if action is not None:
        action.subject = global_id(typename, key)


async def note(typename: str, key: uuid.UUID, outcome: str = STORED) -> None:
    """Add the entry of the current mutation to the transaction that stores its request or its change.

    Adds nothing outside a mutation.
    """
    action = _current.get()
    if action is not None:
        await action._add(outcome, global_id(typename, key))  # noqa: SLF001 - a function of the same module
        action.is_stored = True


def undone() -> None:
    """Forget the last entry, because its transaction was rolled back and the mutation continues."""
    action = _current.get()
    if action is not None:
        action.is_stored = False


async def record_command(
    action: str, subject: str | None = None, details: Mapping[str, object] | None = None
) -> None:
    """Record a command of an administrator, with the name of the system user that runs it."""
    try:
        actor = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user id without a name
        actor = "unknown"
    await _record(COMMAND, actor, action, subject, details)


async def record_decision(
    action: str, subject: str | None = None, details: Mapping[str, object] | None = None
) -> None:
    """Record an action that a worker took without a caller's request."""
    await _record(WORKER, None, action, subject, details)


async def _record(
    role: str, actor: str | None, action: str, subject: str | None, details: Mapping[str, object] | None
) -> None:
    await add_entry(
        actor=actor,
        role=role,
        client="",
        action=action,
        subject=subject,
        outcome=OK,
        request_id=None,
        details=json.dumps(details) if details else None,
    )


async def between(since: datetime | None, until: datetime | None) -> AsyncIterator[AuditEntry]:
    """The entries from `since` (inclusive) to `until` (exclusive), oldest first."""
    rows = AuditEntry.all()
    if since is not None:
        rows = rows.filter(id__gte=first_uuid7(since))
    if until is not None:
        rows = rows.filter(id__lt=first_uuid7(until))
    page = await rows.order_by("id").limit(PAGE)
    while page:
        for row in page:
            yield row
        page = await rows.filter(id__gt=page[-1].id).order_by("id").limit(PAGE)
