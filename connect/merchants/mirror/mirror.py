"""The mirror of each connected account. The newest fetch wins, and each write updates the timeline and the
document.

An event or a returning browser does nothing but cause a fetch, and the snapshot comes from Stripe's answer.
As an exception, an event itself tells whether the account is connected to the platform.

A fetch gets its number when it starts. Its answer is written only if this number is greater than the number
of the last written answer (docs/decisions/0005). No transaction is open during a call to Stripe.
"""

import dataclasses
import enum
from datetime import datetime

import structlog
from tortoise.expressions import Q

from connect.errors import (
    AnswerUnusable,
    ConnectError,
    MerchantNotReady,
    StripeNotFound,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants.mirror import timeline
from connect.merchants.mirror.documents import facts, save
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.replacements import former_accounts
from connect.merchants.rules.account.sections import MERCHANT, capabilities
from connect.merchants.rules.account.snapshot import Snapshot, as_object, decode, encode, merge, parse
from connect.merchants.rules.status import status
from connect.merchants.rules.status.facts import CARD_PAYMENTS, PAYOUTS, Facts
from connect.platform import faultpoints
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from models import AccountCreation, ConnectedAccount, FormerAccount, Merchant, StripeEvent, now
from models.account import start_fetch
from models.transactions import repeatable, transaction_on

# A change by this service can make a fetch outdated. Then the account is fetched again, at most this many
# times in all.
MAX_FETCHES = 5

# Sources of the fetches that find changes for which no notification was delivered.
BACKFILL, SWEEP = "backfill", "sweep"
DRIFT_MESSAGES = {
    BACKFILL: "The search for missed events found a change.",
    SWEEP: "The comparison with Stripe found a change that had no event.",
}
# Sources of answers to changes by this service.
UPDATE, CLOSE = "update", "close"

CLOSED = "The account is closed. The platform can open another one with replaceAccount."
DISCONNECTED = "The account is disconnected. The platform can open another one with replaceAccount."
ERASED = (
    "The data of this merchant was erased. The platform can create another merchant with a new externalId."
)
REPLACED = (
    "Another account has replaced this one in the meantime. Read the merchant, and repeat the request if it "
    "is still needed."
)

log = structlog.get_logger("mirror")


class Outcome(enum.Enum):
    """The effect of an answer about an account."""

    DROPPED = "a later fetch was already written, or the merchant's data was erased"
    OUTDATED = "this service changed the account after the fetch had started"
    UNCHANGED = "the mirror was up to date"
    CHANGED = "the mirror was brought up to date"
    REPAIRED = "the mirror had missed a change and was brought up to date"


@repeatable
async def begin(account: ConnectedAccount) -> int:
    """Start a fetch and return its number."""
    async with transaction_on(account.merchant_id):
        return await start_fetch(account.id)


async def refresh(
    gateway: Gateway, account: ConnectedAccount, source: str, *, actor: str | None = None
) -> Outcome:
    """Fetch the account and write the answer.

    `source` is the cause: `webhook`, `return`, `refresh`, `update`, `close`, `refusal`, `backfill` or
    `sweep`. Raises StripeRefused or StripeUnavailable, and then leaves the snapshot unchanged.
    """
    for _ in range(MAX_FETCHES):
        fetch = await begin(account)
        answer = await gateway.retrieve_account(account.stripe_account_id)
        faultpoints.reach("worker.fetched")
        outcome = await write(account, answer, fetch, source, actor=actor)
        # An outdated answer is dropped. It could contain another change, so the account is fetched again.
        if outcome is not Outcome.OUTDATED:
            return outcome
    raise StripeUnavailable("The account kept changing while it was fetched. Try again in a moment.")


@repeatable
async def write(
    account: ConnectedAccount,
    answer: Answer,
    fetch: int,
    source: str,
    *,
    actor: str | None = None,
    changed_by_us: bool = False,
) -> Outcome:
    """Write an answer about an account into the mirror, unless a later fetch was written already, or the
    merchant's data was erased. Raises AnswerUnusable if the answer is about another account.

    `changed_by_us` marks the answer to a change by this service. Such an answer gets a number that is greater
    than the numbers of all started fetches, because Stripe may have served these fetches before the change.
    """
    current = parse(answer)
    if current.stripe_account_id != account.stripe_account_id:
        raise AnswerUnusable
    async with transaction_on(account.merchant_id):
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        if row.stripe_account_id != account.stripe_account_id:
            return await _write_former(row, current, fetch, changed_by_us=changed_by_us)
        if fetch <= row.fetch_applied:
            log.info("older_answer_dropped", account=account.stripe_account_id, fetch=fetch)
            return Outcome.OUTDATED if row.synced_by in {UPDATE, CLOSE} else Outcome.DROPPED
        row.fetches_started += changed_by_us
        row.fetch_applied = row.fetches_started if changed_by_us else fetch
        merchant = await Merchant.select_for_update().get(id=row.merchant_id)
        if merchant.erased_at is not None:
            return Outcome.DROPPED
        at = await now()  # the time is read under the lock, so that times follow the order of writes
        previous, before = decode(row.snapshot), facts(merchant, row)
        _store(row, merge(previous, current), at)
        row.synced_at, row.synced_by = at, source
        await row.save()
        after = _update_merchant(merchant, row, current, at)
        details = _details(previous), _details(decode(row.snapshot))
        observed = list(timeline.changes(before, after, *details))
        await timeline.record_changes(merchant.id, observed, at, actor=actor, fetch=row.fetch_applied)
        _log_unexplained_restriction(row, before, after)
        drifted = bool(observed) and await _has_drifted(row, source)
        if drifted:
            kind = TimelineKind.DRIFT_REPAIRED
            await timeline.record(merchant.id, kind, DRIFT_MESSAGES[source], at, fetch=row.fetch_applied)
            log.warning("drift_repaired", account=row.stripe_account_id, source=source)
        await save(merchant, row, at, has_entries=bool(observed))
    if drifted:
        return Outcome.REPAIRED
    return Outcome.CHANGED if observed else Outcome.UNCHANGED


async def _write_former(
    row: ConnectedAccount, current: Snapshot, fetch: int, *, changed_by_us: bool
) -> Outcome:
    """Write the answer about an account that has been replaced. `row` is the locked row of the current
    account."""
    if changed_by_us:
        fetch = await start_fetch(row.id)
    former = await FormerAccount.get_or_none(stripe_account_id=current.stripe_account_id)
    if former is None or fetch <= former.fetch_applied:
        return Outcome.DROPPED
    merchant = await Merchant.select_for_update().get(id=row.merchant_id)
    if merchant.erased_at is not None:
        return Outcome.DROPPED
    at = await now()
    former.fetch_applied = fetch
    if not await former_accounts.save(merchant, former, current, at):
        return Outcome.UNCHANGED
    await save(merchant, await ConnectedAccount.get(id=row.id), at, has_entries=False)
    return Outcome.CHANGED


async def find(stripe_account_id: str) -> ConnectedAccount | None:
    """The mirror of a current or former account. None for any other account.

    For a former account, the result is a copy of the current account's row with the former account's Stripe
    id and `disconnected_at`. The functions of this module then work on the former account.
    """
    account = await ConnectedAccount.get_or_none(stripe_account_id=stripe_account_id)
    if account is not None:
        return account
    former = await FormerAccount.get_or_none(stripe_account_id=stripe_account_id)
    if former is None:
        return None
    account = await ConnectedAccount.get(merchant_id=former.merchant_id)
    account.stripe_account_id, account.disconnected_at = stripe_account_id, former.disconnected_at
    return account


@repeatable
async def attach(
    creation: AccountCreation, answer: Answer, source: str
) -> tuple[Merchant, ConnectedAccount] | None:
    """Write the mirror of a new account and settle its creation.

    Returns None if the merchant was deleted meanwhile, because Stripe refused the creation. A merchant keeps
    the first account attached to it. `source` is `create`, or `webhook` if the account's event came before
    the answer to its creation. Raises AnswerUnusable if the account belongs to another merchant.
    """
    current = parse(answer)
    about = {"merchant": str(creation.merchant_id), "account": current.stripe_account_id}
    async with transaction_on(creation.merchant_id):
        merchant = await Merchant.select_for_update().get_or_none(id=creation.merchant_id)
        if merchant is None:
            # No row refers to this account, so an operator must close it.
            log.error("account_of_refused_merchant", **about)
            return None
        at = await now()
        attached = await ConnectedAccount.filter(
            Q(merchant_id=merchant.id) | Q(stripe_account_id=current.stripe_account_id)
        )
        row = next((account for account in attached if account.merchant_id == merchant.id), None)
        if row is None:
            owner = current.metadata.get("merchant_id", str(merchant.id))
            is_former = "merchant_id" not in current.metadata and await FormerAccount.exists(
                stripe_account_id=current.stripe_account_id
            )
            if attached or is_former or owner != str(merchant.id):
                log.error("account_of_another_merchant", **about)
                raise AnswerUnusable
            row = ConnectedAccount(merchant_id=merchant.id, fetches_started=1, fetch_applied=1)
            await write_first(merchant, row, current, facts(merchant, None), at, source, is_new=True)
        pending = AccountCreation.filter(id=creation.id, state="PENDING")
        body = stored_requests.final_body(creation)
        await pending.update(body=body, **stored_requests.success(at))
        return merchant, row


async def write_first(
    merchant: Merchant,
    row: ConnectedAccount,
    current: Snapshot,
    before: Facts,
    at: datetime,
    source: str,
    *,
    is_new: bool,
) -> None:
    """Write the first answer about an account into the mirror. The transaction must hold the locks of the
    account and the merchant, if their rows exist already.
    """
    _store(row, current, at)
    row.synced_at, row.synced_by = at, source
    await row.save(force_create=is_new)
    observed = list(timeline.changes(before, _update_merchant(merchant, row, current, at)))
    await timeline.record_changes(merchant.id, observed, at, actor=None, fetch=row.fetch_applied)
    await save(merchant, row, at)


async def follow(gateway: Gateway, account: ConnectedAccount, refusal: StripeRefused) -> None:
    """Bring the mirror up to date after Stripe refused a call of this service, because the mirror may have
    missed a change. Then raise MerchantNotReady if the account is closed or was replaced, and otherwise the
    refusal.

    If Stripe does not show the account, only raise the refusal. The account still counts as connected until
    an event says otherwise, because the API key may belong to another platform.
    """
    if isinstance(refusal, StripeNotFound):
        raise refusal
    try:
        await refresh(gateway, account, "refusal")
    except ConnectError as error:
        log.warning("not_fetched_after_refusal", account=account.stripe_account_id, reason=error.message)
    if (await present(account)).closed:
        raise MerchantNotReady(CLOSED) from refusal
    raise refusal


async def present(account: ConnectedAccount) -> ConnectedAccount:
    """The current row of the account. Raises MerchantNotReady if another account has replaced it."""
    row = await ConnectedAccount.get(id=account.id)
    if row.stripe_account_id != account.stripe_account_id:
        raise MerchantNotReady(REPLACED)
    return row


@repeatable
async def set_connected(account: ConnectedAccount, *, connected: bool) -> None:
    """Record whether the account still belongs to the platform."""
    async with transaction_on(account.merchant_id):
        # Always lock the account before its merchant, which prevents deadlocks.
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        former = None
        if row.stripe_account_id != account.stripe_account_id:
            former = await FormerAccount.get(stripe_account_id=account.stripe_account_id)
        if ((former or row).disconnected_at is None) is connected:
            return
        merchant = await Merchant.select_for_update().get(id=row.merchant_id)
        if merchant.erased_at is not None:
            return
        at = await now()
        if former is not None:
            await former_accounts.connect(merchant, former, at, connected=connected)
            await save(merchant, row, at)
            return
        before = facts(merchant, row)
        row.disconnected_at = None if connected else at
        await row.save(update_fields=["disconnected_at"])
        observed = list(timeline.changes(before, facts(merchant, row)))
        await timeline.record_changes(merchant.id, observed, at, actor=None, fetch=row.fetch_applied)
        await save(merchant, row, at)


def _store(account: ConnectedAccount, snapshot: Snapshot, at: datetime) -> None:
    if account.stripe_account_id != snapshot.stripe_account_id:
        account.finances = account.finances_due_at = None  # type: ignore[assignment]
        account.disputes_listed_at = None
    active, is_known = _active(snapshot), account.finances is not None
    is_first = not is_known and account.finances_due_at is None and active
    if is_first or (is_known and PAYOUTS in active - _active(decode(account.snapshot))):
        account.finances_due_at = at  # plans a fetch of the finances, because money can now arrive or leave
    account.stripe_account_id = snapshot.stripe_account_id
    account.snapshot = encode(snapshot)
    account.closed = snapshot.closed
    account.entries_cut = snapshot.entries_cut or 0
    if account.entries_cut:
        log.warning("requirements_cut", account=account.stripe_account_id, entries=account.entries_cut)


def _active(snapshot: Snapshot) -> set[str]:
    """The names of the capabilities that are active."""
    return {one.name for one in capabilities(snapshot, MERCHANT) or () if one.status == "active"}


def _update_merchant(merchant: Merchant, account: ConnectedAccount, current: Snapshot, at: datetime) -> Facts:
    """Copy values from the account, which may have been edited at Stripe. Returns the merchant's facts."""
    merchant.display_name = current.display_name or merchant.display_name
    merchant.contact_email = current.contact_email or merchant.contact_email
    merchant.country = current.country or merchant.country
    after = facts(merchant, account)
    if merchant.ever_active_at is None and after.is_active(CARD_PAYMENTS):
        merchant.ever_active_at = at
        after = dataclasses.replace(after, ever_active=True)
    return after


async def _has_drifted(account: ConnectedAccount, source: str) -> bool:
    """Whether the mirror would have missed the change without this fetch."""
    if source != SWEEP:
        return source == BACKFILL
    # If a delivered event of the account is pending, it would have caused the same fetch.
    key = account.stripe_account_id
    return not await StripeEvent.exists(subject_key=key, state="PENDING", back_filled_at=None)


def _details(snapshot: Snapshot) -> timeline.Details:
    """Values that do not affect the status, but appear in the timeline."""
    merchant = as_object(as_object(snapshot.configuration).get(MERCHANT))
    details: timeline.Details = {
        "displayName": snapshot.display_name,
        "contactEmail": snapshot.contact_email,
        "country": snapshot.country,
        "entityType": snapshot.entity_type,
        "dashboard": snapshot.dashboard,
        "appliedConfigurations": sorted(snapshot.applied_configurations),
        "defaults": snapshot.defaults,
        "merchantCategoryCode": merchant.get("mcc"),
        "statementDescriptor": merchant.get("statement_descriptor"),
        "support": merchant.get("support"),
        "metadata": dict(snapshot.metadata),
    }
    if snapshot.contact_phone is not None:
        details["contactPhone"] = snapshot.contact_phone
    return details


def _log_unexplained_restriction(account: ConnectedAccount, before: Facts, after: Facts) -> None:
    """Log Stripe's codes when an account becomes RESTRICTED_BY_STRIPE."""
    restricted = status.Status.RESTRICTED_BY_STRIPE
    if status.derive(after) is restricted and status.derive(before) is not restricted:
        codes = [(c.name, d.code) for c in after.capabilities or () for d in c.details]
        log.warning("restricted_by_stripe", account=account.stripe_account_id, codes=codes)
