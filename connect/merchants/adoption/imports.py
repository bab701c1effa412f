"""Adopt many accounts, with one result for each account.

A repeated import calls Stripe only for the accounts that have no merchant yet.
"""

import asyncio
import enum
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import structlog

from connect.errors import (
    AccountNotAdoptable,
    AccountNotFetched,
    ConnectError,
    FieldCode,
    InvalidField,
    InvalidInput,
)
from connect.merchants.adoption import adoption
from connect.merchants.inputs import NewAdoption
from connect.merchants.rules.adoption import Finding, refuses
from connect.stripe_api.gateway import Gateway
from models import Merchant, outage

# The maximum number of accounts that are adopted at the same time.
AT_ONCE = 4
# The maximum number of entries of importMerchants. Their calls to Stripe take about three seconds.
MAX_ENTRIES = 50
UNEXPECTED = (
    "An unexpected error occurred, which the log describes. The merchant may be stored already. Repeat the "
    "same entry; repeats are safe."
)

log = structlog.get_logger("imports")


class ImportOutcome(enum.Enum):
    ADOPTED = "ADOPTED"
    UNCHANGED = "UNCHANGED"
    ADOPTABLE = "ADOPTABLE"
    REFUSED = "REFUSED"
    UNANSWERED = "UNANSWERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of one entry. `error` is set if the entry is REFUSED, UNANSWERED or FAILED."""

    new: NewAdoption
    outcome: ImportOutcome
    merchant: Merchant | None = None
    findings: tuple[Finding, ...] = ()
    error: ConnectError | None = None


async def run(
    gateway: Gateway, entries: Sequence[NewAdoption], *, actor: str, dry_run: bool = False
) -> AsyncGenerator[ImportResult, None]:
    """Adopt the accounts. Yields one result for each entry, in the order of the entries.

    An error of an entry does not end the import. An entry is refused if an earlier entry has the same
    external id or the same account, but not both.
    """
    turns, first = asyncio.Semaphore(AT_ONCE), _Firsts()

    async def adopt(new: NewAdoption, duplicate: InvalidInput | None) -> ImportResult:
        async with turns:
            return await _adopt(gateway, new, duplicate, actor=actor, dry_run=dry_run)

    waiting: list[asyncio.Task[ImportResult]] = []
    try:
        for new in entries:
            waiting.append(asyncio.create_task(adopt(new, first.conflict(new))))
            if len(waiting) > AT_ONCE:
                yield await waiting.pop(0)
        while waiting:
            yield await waiting.pop(0)
    finally:
        for task in waiting:
            task.cancel()


class _Firsts:
    """The first account that was given for each external id, and the first external id for each account."""

    def __init__(self) -> None:
        self._accounts: dict[str, str] = {}
        self._external_ids: dict[str, str] = {}

    def conflict(self, new: NewAdoption) -> InvalidInput | None:
        """Return an error if an earlier entry has the same external id with another account, or the same
        account with another external id.
        """
        account = self._accounts.setdefault(new.external_id, new.stripe_account_id)
        external_id = self._external_ids.setdefault(new.stripe_account_id, new.external_id)
        fields = []
        if account != new.stripe_account_id:
            message = f"An earlier entry gives this externalId the account {account}."
            fields.append(_duplicate("externalId", message))
        if external_id != new.external_id:
            message = f"An earlier entry gives this account the externalId {external_id}."
            fields.append(_duplicate("stripeAccountId", message))
        return InvalidInput(fields) if fields else None


def _duplicate(name: str, message: str) -> InvalidField:
    return InvalidField(
        name, FieldCode.DUPLICATE, f"{message} Remove one of the entries.", "This value occurs twice."
    )


async def _adopt(
    gateway: Gateway, new: NewAdoption, duplicate: InvalidInput | None, *, actor: str, dry_run: bool
) -> ImportResult:
    if duplicate is not None:
        return ImportResult(new, ImportOutcome.REFUSED, error=duplicate)
    try:
        merchant, created, findings = await adoption.adopt(gateway, new, actor=actor, dry_run=dry_run)
    except AccountNotAdoptable as error:
        return ImportResult(new, ImportOutcome.REFUSED, findings=error.findings, error=error)
    except AccountNotFetched as error:
        return ImportResult(new, ImportOutcome.UNANSWERED, error=error)
    except ConnectError as error:
        return ImportResult(new, ImportOutcome.REFUSED, error=error)
    except Exception as error:
        # The other entries keep their results, and a repeated import tries this entry again.
        reason = outage.reason(error)
        if reason is None:
            log.exception("entry_not_imported", account=new.stripe_account_id)
            return ImportResult(new, ImportOutcome.FAILED, error=ConnectError(UNEXPECTED))
        log.warning("database_unavailable", reason=reason, account=new.stripe_account_id)
        return ImportResult(new, ImportOutcome.FAILED, error=ConnectError(outage.MESSAGE))
    if created:
        return ImportResult(new, ImportOutcome.ADOPTED, merchant, findings)
    if merchant is not None:
        return ImportResult(new, ImportOutcome.UNCHANGED, merchant)
    if refuses(findings):  # the verdict of a dry run
        refusal = AccountNotAdoptable(new.stripe_account_id, findings)
        return ImportResult(new, ImportOutcome.REFUSED, findings=findings, error=refusal)
    return ImportResult(new, ImportOutcome.ADOPTABLE, findings=findings)
