"""Adopt accounts that the platform already has: check an account, and store a merchant with its mirror.

An adoption calls Stripe at most once and changes nothing there. The account is fetched, because neither the
caller nor an event proves its state. One transaction writes the merchant, its mirror and its timeline.
Because of unique keys, simultaneous calls never store two merchants for one account (docs/decisions/0026).
"""

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from weakref import WeakValueDictionary

from tortoise.exceptions import IntegrityError

from connect.errors import (
    AccountNotAdoptable,
    AccountNotFetched,
    AnswerUnusable,
    ConnectError,
    ExternalIdTaken,
    StripeNotFound,
    StripeRefused,
    StripeUnavailable,
)
from connect.events import inbox
from connect.merchants import creations, inputs
from connect.merchants.inputs import NewAdoption
from connect.merchants.mirror import documents, mirror, timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules import adoption as rules
from connect.merchants.rules.account.snapshot import Snapshot, parse
from connect.merchants.rules.adoption import Finding
from connect.platform import faultpoints
from connect.platform.batcher import Batcher
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, AccountReplacement, ConnectedAccount, FormerAccount, Merchant, now, uuid7
from models.transactions import repeatable, transaction_on

MESSAGE = "An existing account was adopted."
TAKEN = "The merchant with this externalId has another account, or none yet. Read that merchant."
ERASED = "This account belongs to a merchant whose data was erased. It cannot be adopted again."


class Adoption(NamedTuple):
    """The result of `adopt`. `merchant` is None after a dry run, unless the merchant exists already."""

    merchant: Merchant | None
    created: bool
    findings: tuple[Finding, ...] = ()


class _Request(NamedTuple):
    new: NewAdoption
    actor: str
    dry_run: bool


class _Fetched(NamedTuple):
    """The fetched account, or the finding that explains Stripe's refusal. The fetch started at `since`."""

    since: datetime
    account: Snapshot | None
    refusal: tuple[Finding, ...] = ()


# One batcher of adoptions for each account and caller. A batcher is removed when no request awaits it any
# more.
_adoptions: WeakValueDictionary[Hashable, Batcher[_Request, Adoption | ConnectError]] = WeakValueDictionary()


async def adopt(gateway: Gateway, new: NewAdoption, *, actor: str, dry_run: bool = False) -> Adoption:
    """Return the merchant with this external id and account, and whether this call stored it.

    A repeat returns the same merchant without a call to Stripe. A dry run stores nothing and returns the
    findings. If several requests of one caller arrive while the account is fetched, they share the next
    fetch. Raises InvalidInput, ExternalIdTaken, AccountNotAdoptable, StripeRefused or AccountNotFetched.
    """
    faultpoints.reach("adopt.arrived")
    new = inputs.check_adoption(new)
    key = new.stripe_account_id, gateway.payer
    adoptions = _adoptions.get(key)
    if adoptions is None:
        adoptions = _adoptions[key] = Batcher(partial(_settle, gateway, new.stripe_account_id), direct=True)
    result = await adoptions.submit(_Request(new, actor, dry_run))
    if isinstance(result, ConnectError):
        raise result.with_traceback(None)  # The error may have the traceback of another request.
    return result


async def _settle(
    gateway: Gateway, account_id: str, requests: Sequence[_Request]
) -> list[Adoption | ConnectError]:
    """Answer all requests about the account with at most one fetch."""
    fetched: _Fetched | ConnectError | None = None
    results: list[Adoption | ConnectError] = []
    for request in requests:
        try:
            result = await _existing(request)
            if result is None:
                fetched = fetched or await _fetch(gateway, account_id)
                result = await _decide(gateway, request, fetched)
        except ConnectError as error:
            results.append(error)
        else:
            results.append(result)
    return results


async def _existing(request: _Request) -> Adoption | None:
    """Return the result if the stored rows determine it, or None if the account must be fetched. Raises
    ExternalIdTaken or AccountNotAdoptable.
    """
    new = request.new
    # Read the external id first: if an identical call stores both rows between the two reads, the second read
    # finds the mirror.
    is_known = await Merchant.exists(external_id=new.external_id)
    mirrors = ConnectedAccount.filter(stripe_account_id=new.stripe_account_id)
    row = await mirrors.select_related("merchant").first()
    if row is not None and row.merchant.erased_at is not None:
        raise ExternalIdTaken(new.external_id, ERASED)
    if row is not None and row.merchant.external_id == new.external_id:
        return Adoption(row.merchant, created=False)
    if is_known:
        raise ExternalIdTaken(new.external_id, TAKEN)
    if row is not None:
        return _refuse(request, (rules.taken(row.merchant.external_id),))
    former = FormerAccount.filter(stripe_account_id=new.stripe_account_id)
    past = await former.select_related("merchant").first()
    return _refuse(request, (rules.replaced(past.merchant.external_id),)) if past is not None else None


async def _fetch(gateway: Gateway, account_id: str) -> _Fetched | ConnectError:
    since = await now()
    try:
        answer = await gateway.retrieve_account(account_id)
    except StripeNotFound:
        return _Fetched(since, None, (rules.not_found(account_id, livemode=gateway.livemode),))
    except StripeRefused as error:
        finding = rules.REFUSALS.get(error.code)
        return _Fetched(since, None, (finding,)) if finding is not None else error
    except StripeUnavailable as error:
        return AccountNotFetched(error)
    faultpoints.reach("adopt.fetched")
    return _Fetched(since, parse(answer))


async def _decide(gateway: Gateway, request: _Request, fetched: _Fetched | ConnectError) -> Adoption:
    """Check the account, and store the merchant unless the run is dry."""
    if isinstance(fetched, ConnectError):
        raise fetched
    findings, new = fetched.refusal, request.new
    if fetched.account is not None:
        judged = rules.judge(
            fetched.account,
            livemode=gateway.livemode,
            has_name=new.display_name is not None,
            has_email=new.contact_email is not None,
        )
        findings = (*judged, *await _claims(fetched.account))
    if fetched.account is None or rules.refuses(findings):
        return _refuse(request, findings)
    if request.dry_run:
        return Adoption(None, created=False, findings=findings)
    faultpoints.reach("adopt.judged")
    while True:
        try:
            merchant = await _store(request, fetched.account, fetched.since)
        except IntegrityError:
            # Another call stored the account or the external id first.
            if (result := await _existing(request)) is not None:
                return result
            continue  # Stripe refused to create the other call's account, so its merchant was deleted
        faultpoints.reach("adopt.written")
        return Adoption(merchant, created=True, findings=findings)


def _refuse(request: _Request, findings: tuple[Finding, ...]) -> Adoption:
    """Return the findings in a dry run. Otherwise, raise AccountNotAdoptable."""
    if request.dry_run:
        return Adoption(None, created=False, findings=findings)
    raise AccountNotAdoptable(request.new.stripe_account_id, findings)


async def _claims(account: Snapshot) -> tuple[Finding, ...]:
    """Return the findings about the merchant that the account's metadata names.

    A refused creation deletes its merchant. If its account remains at Stripe, the account has no such
    finding, so it can be adopted.
    """
    merchant_id = creations.merchant_of(account.metadata)
    if merchant_id is None:
        return ()
    merchant = await Merchant.get_or_none(id=merchant_id)
    if merchant is None:
        is_ours = await AccountCreation.exists(merchant_id=merchant_id)
        return () if is_ours else (rules.other_installation(merchant_id),)
    requests = AccountCreation, AccountReplacement
    is_pending = any([await one.exists(merchant_id=merchant_id, state="PENDING") for one in requests])
    return (rules.created_for(merchant.external_id, is_pending=is_pending),)


@repeatable
async def _store(request: _Request, account: Snapshot, since: datetime) -> Merchant:
    """Store the merchant, its mirror and its timeline.

    Raises IntegrityError if another call was first, and AccountNotFetched if the answer lacks a value.
    """
    new, at = request.new, await now()
    name, email = account.display_name or new.display_name, account.contact_email or new.contact_email
    if name is None or email is None or account.country is None:
        raise AccountNotFetched(AnswerUnusable())
    merchant = Merchant(
        id=uuid7(at),
        external_id=new.external_id,
        display_name=name,
        contact_email=email,
        country=account.country,
        created_at=at,
    )
    async with transaction_on(new.external_id):
        await write(merchant, account, at, since, message=MESSAGE, actor=request.actor, source="adopt")
    return merchant


async def write(
    merchant: Merchant,
    account: Snapshot,
    at: datetime,
    since: datetime,
    *,
    message: str,
    actor: str,
    source: str,
) -> None:
    """Store a merchant for an existing account, in the caller's transaction. The account was fetched after
    `since`.
    """
    await documents.create(merchant)
    await timeline.record(merchant.id, TimelineKind.CREATED, message, at, actor=actor)
    row = ConnectedAccount(merchant_id=merchant.id, fetches_started=1, fetch_applied=1)
    before = documents.facts(merchant, None)
    await mirror.write_first(merchant, row, account, before, at, source, is_new=True)
    # If a worker finds no merchant before this commit, it may ignore an event about a change after the fetch.
    await inbox.handle_again(account.stripe_account_id, since, inbox.FOREIGN)
