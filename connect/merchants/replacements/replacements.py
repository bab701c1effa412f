"""Replaces a merchant's account by a new one, for example if the old one has a wrong country or is closed.

The request for the new account is stored and repeated in the same way as the request for a merchant's first
account (see `connect.stripe_api.stored_requests`). The merchant keeps the old account until Stripe has opened
the new one. If the old account may hold money by then, the merchant keeps the old account permanently, and
the new account is set aside: it is stored with the former accounts.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from connect.errors import (
    AnswerUnusable,
    FieldCode,
    InvalidField,
    InvalidInput,
    MerchantNotReady,
    StripeRefused,
    StripeUnavailable,
)
from connect.events import inbox
from connect.merchants import creations
from connect.merchants.inputs import NewMerchant, encryption
from connect.merchants.mirror import documents, mirror, timeline
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.replacements import former_accounts, held_money
from connect.merchants.rules import requests
from connect.merchants.rules.account.snapshot import Snapshot, parse
from connect.platform import faultpoints
from connect.platform.records import audit
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Answer, Gateway
from connect.stripe_api.stored_requests import SET_ASIDE
from models import (
    AccountReplacement,
    ConnectedAccount,
    FormerAccount,
    Merchant,
    now,
    uuid7,
)
from models.transactions import repeatable, transaction_on

# A merchant needs few accounts. More accounts probably come from a loop in the platform's code.
MAX_FORMER = 20

# The key in the new account's metadata under which the number of the replacement is stored.
NUMBER = "replacement"

log = structlog.get_logger("replacements")


async def stored(merchant_id: uuid.UUID, stripe_account_id: str) -> AccountReplacement | None:
    """The pending or successful replacement of this account, or None. A replacement that Stripe refused, or
    whose new account was set aside, is ignored.
    """
    rows = AccountReplacement.filter(merchant_id=merchant_id, stripe_account_id=stripe_account_id)
    return await rows.filter(state__in=("PENDING", "SUCCEEDED")).first()


async def is_pending(merchant_id: uuid.UUID) -> bool:
    return await AccountReplacement.exists(merchant_id=merchant_id, state="PENDING")


async def exists(merchant_id: uuid.UUID, number: str) -> bool:
    """Whether the merchant has a replacement with this number, in any state."""
    return await AccountReplacement.exists(idempotency_key=_key(merchant_id, number))


@repeatable
async def store(
    gateway: Gateway, merchant: Merchant, stripe_account_id: str, new: NewMerchant, actor: str
) -> tuple[AccountReplacement, bool]:
    """Store the request for the new account. Returns the request, and whether this call stored it. A new
    request is leased to the caller. Raises InvalidInput if `stripe_account_id` is not the merchant's current
    account, and MerchantNotReady if that account may not be replaced.
    """
    async with transaction_on(merchant.id):
        account = await ConnectedAccount.select_for_update().get_or_none(merchant_id=merchant.id)
        row = await Merchant.select_for_update().get(id=merchant.id)
        earlier = await stored(row.id, stripe_account_id)
        if earlier is not None:
            return earlier, False
        await _check(row, account, stripe_account_id)
        at = await now()
        number = await AccountReplacement.filter(merchant_id=row.id).count() + 1
        body = requests.of_creation(row.id, new, **{NUMBER: str(number)})
        replacement = await AccountReplacement.create(
            id=uuid7(at),
            merchant_id=row.id,
            stripe_account_id=stripe_account_id,
            actor=actor,
            idempotency_key=_key(row.id, number),
            input=creations.canonical(new, gateway.token_key),
            body=json.dumps(encryption.encrypt(body, gateway.token_key)),
            **stored_requests.new(gateway, at),
        )
        message = f"Another account was requested in place of {stripe_account_id}."
        await timeline.record(row.id, TimelineKind.CREATED, message, at, actor=actor)
        await audit.note("Merchant", row.id)
        await documents.save(row, account, at)
    faultpoints.reach("create.written")
    return replacement, True


async def complete(gateway: Gateway, replacement: AccountReplacement) -> Merchant | None:
    """Send the stored request and write the answer, as `stored_requests.complete` does."""
    return await stored_requests.complete(gateway, REPLACEMENT, replacement)


async def complete_or_wait(gateway: Gateway, replacement: AccountReplacement) -> Merchant | None:
    """Complete the replacement or wait for it, as `stored_requests.complete_or_wait` does."""
    return await stored_requests.complete_or_wait(gateway, REPLACEMENT, replacement)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted replacements, and no more after `stopping` returns true. Returns
    the number of attempts.
    """
    return await stored_requests.resume(gateway, REPLACEMENT, limit=limit, stopping=stopping)


async def attach_by_event(gateway: Gateway, answer: Answer) -> ConnectedAccount | None:
    """Attach a new account whose event arrives before Stripe's answer to the request. Returns the mirror.

    The account's metadata names the merchant and the replacement. Returns None for any other account, and for
    an account that `attach` does not store. Raises AnswerUnusable or StripeUnavailable.
    """
    metadata = answer.get("metadata")
    merchant_id = creations.merchant_of(metadata)
    number = metadata.get(NUMBER) if isinstance(metadata, Mapping) else None
    if merchant_id is None or not isinstance(number, str):
        return None
    replacement = await AccountReplacement.get_or_none(idempotency_key=_key(merchant_id, number))
    if replacement is None:
        return None
    if replacement.state != "SUCCEEDED":
        await _look_again(gateway, replacement)
    await attach(replacement, answer, "webhook")
    return await mirror.find(answer["id"])


@repeatable
async def attach(replacement: AccountReplacement, answer: Answer, source: str) -> Merchant | None:
    """Make the new account the merchant's current one, and settle the replacement.

    Returns None if the merchant does not need this account any more: the replacement already has another new
    account, the old account was replaced in the meantime, a later replacement is pending, or the merchant was
    erased. Also returns None if the new account was set aside, because the old account may hold money by now.
    Raises AnswerUnusable if the account belongs to another merchant.
    """
    current = parse(answer)
    about = {"merchant": str(replacement.merchant_id), "account": current.stripe_account_id}
    async with transaction_on(replacement.merchant_id):
        row = await ConnectedAccount.select_for_update().get(merchant_id=replacement.merchant_id)
        merchant = await Merchant.select_for_update().get(id=replacement.merchant_id)
        request = await AccountReplacement.get(id=replacement.id)
        known = await mirror.find(current.stripe_account_id)
        if known is not None and known.merchant_id == merchant.id and request.state == "SUCCEEDED":
            return merchant  # attached already
        if known is not None and known.merchant_id == merchant.id and request.state == SET_ASIDE:
            return None
        owner = current.metadata.get("merchant_id", str(merchant.id))
        if known is not None or owner != str(merchant.id):
            log.error("account_of_another_merchant", **about)
            raise AnswerUnusable
        is_old = row.stripe_account_id == request.stripe_account_id
        is_needed = is_old and merchant.erased_at is None
        if request.state == "SUCCEEDED" or not is_needed or await _is_repeated(request):
            # No row refers to this account, so an operator must close it.
            log.error("second_account", **about)
            return None
        at = await now()
        if source != "webhook":
            # A worker of release 0.1.0 ignores events of the new account, so these events become due again.
            # If the source is "webhook", the worker that handles the event fetches the account again anyway.
            await inbox.handle_again(current.stripe_account_id, request.created_at, inbox.FOREIGN)
        if not held_money.is_gone(row) and await held_money.may_be_in(merchant, row):
            await _set_aside(merchant, row, request, current, at)
            log.warning("account_set_aside", **about)
            return None
        before = documents.facts(merchant, row)
        await former_accounts.retire(merchant, row, at)
        message = f"The account {current.stripe_account_id} replaced {row.stripe_account_id}."
        await timeline.record(merchant.id, TimelineKind.CREATED, message, at, actor=request.actor)
        row.disconnected_at = None
        # Ignore the answers of all fetches that have started so far: they are about the old account.
        row.fetch_applied = row.fetches_started
        await mirror.write_first(merchant, row, current, before, at, source, is_new=False)
        await AccountReplacement.filter(id=request.id).update(
            body=stored_requests.final_body(request), **stored_requests.success(at)
        )
    log.info("account_replaced", **about)
    return merchant


@repeatable
async def refuse(replacement: AccountReplacement, error: StripeRefused) -> bool:
    """Record the refusal; the merchant keeps its account. Returns False if the merchant has the new account
    already.
    """
    async with transaction_on(replacement.merchant_id):
        account = await ConnectedAccount.select_for_update().get(merchant_id=replacement.merchant_id)
        merchant = await Merchant.select_for_update().get(id=replacement.merchant_id)
        request = await AccountReplacement.get(id=replacement.id)
        at, forgotten = await now(), dict.fromkeys(("input", "body"), encryption.FORGOTTEN)
        if not await stored_requests.mark_refused(request, error, at, **forgotten):
            return request.state != "SUCCEEDED"
        kept = account.stripe_account_id
        message = f"Stripe refused to open another account. The merchant keeps the account {kept}."
        actor, request_id = request.actor, error.request_id
        await timeline.record(
            merchant.id, TimelineKind.CREATED, message, at, actor=actor, request_id=request_id
        )
        await documents.save(merchant, account, at)
    return True


async def _look_again(gateway: Gateway, replacement: AccountReplacement) -> None:
    """Fetch the old account, because it may have changed since the first attempt. Raises StripeUnavailable if
    the fetch fails.
    """
    try:
        await held_money.look(gateway, replacement.merchant_id, replacement.stripe_account_id)
    except (MerchantNotReady, StripeRefused) as error:
        raise StripeUnavailable(error.message) from error


REPLACEMENT = stored_requests.Kind(
    AccountReplacement,
    send=creations.send,
    attach=attach,
    refuse=refuse,
    find=creations.find,
    key_lifetime=stored_requests.V2_KEY_LIFETIME,
    points="create",
    prepare=_look_again,
)


async def _set_aside(
    merchant: Merchant, row: ConnectedAccount, request: AccountReplacement, unused: Snapshot, at: datetime
) -> None:
    """End the replacement without changing the merchant's account. `formerAccounts` lists the new account."""
    await former_accounts.set_aside(merchant, unused, row.fetches_started, at)
    await AccountReplacement.filter(id=request.id).update(
        state=SET_ASIDE,
        finished_at=at,
        leased_until=None,
        body=stored_requests.final_body(request),
    )
    message = (
        f"The merchant keeps the account {row.stripe_account_id}, because it may hold money by now. The new "
        f"account {unused.stripe_account_id} is not used."
    )
    await timeline.record(merchant.id, TimelineKind.CREATED, message, at, actor=request.actor)
    await documents.save(merchant, row, at)


async def _check(merchant: Merchant, account: ConnectedAccount | None, stripe_account_id: str) -> None:
    if merchant.erased_at is not None:
        raise MerchantNotReady(mirror.ERASED)
    if account is None:
        raise MerchantNotReady("The account is still being created at Stripe. Try again in a moment.")
    if account.stripe_account_id != stripe_account_id:
        message = (
            f"The merchant's account is {account.stripe_account_id}. Read `account {{ stripeAccountId }}`, "
            "and decide whether that account must be replaced."
        )
        user_message = "The account has changed. Load the page again."
        code = FieldCode.ACCOUNT_NOT_CURRENT
        raise InvalidInput([InvalidField("stripeAccountId", code, message, user_message)])
    if await FormerAccount.filter(merchant_id=merchant.id).count() >= MAX_FORMER:
        raise MerchantNotReady(
            f"A merchant can have at most {MAX_FORMER} former accounts, and this merchant has reached "
            "the limit."
        )
    if not held_money.is_gone(account) and await held_money.may_be_in(merchant, account):
        raise MerchantNotReady(
            "The account is open and may hold a balance. First close it with closeMerchant or in the "
            "merchant's Stripe Dashboard. Then repeat this request."
        )


async def _is_repeated(request: AccountReplacement) -> bool:
    """Whether another replacement of the merchant is pending. Such a replacement can only be stored after
    `request` has ended, for example because Stripe refused it.
    """
    return await AccountReplacement.exists(
        merchant_id=request.merchant_id, state="PENDING", id__not=request.id
    )


def _key(merchant_id: uuid.UUID, number: int | str) -> str:
    return f"acct-create:{merchant_id}:{number}"
