"""The mirror of each account's balance, reserves and payout settings. The newest fetch of each part wins.

An event causes a fetch, and a movement of money plans a fetch. A fetch gets its number when it starts. A part
of its answer is written only if this number is greater than the number of the fetch that returned the stored
part (docs/decisions/0032). No transaction is open during a call to Stripe.
"""

import enum
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog

from connect.errors import AnswerUnusable, ConnectError, StripePermissionMissing, StripeRefused
from connect.finances import calls
from connect.finances.rules import snapshot
from connect.finances.rules.snapshot import Finances
from connect.merchants.mirror import documents
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, now
from models.account import finances_fetched, plan_finances, start_fetch
from models.lease import postpone
from models.transactions import repeatable, transaction_on

# A fetch begins this long after money moved, so that a burst of payments causes one fetch.
DEBOUNCE = timedelta(seconds=15)
# A claim postpones the planned fetch by this time, which is longer than any fetch. If money moves during the
# fetch, the next fetch is planned for a time before the end of this lease.
LEASE = timedelta(minutes=10)
# If Stripe does not answer a planned fetch, the fetch is repeated after this time.
RETRY = timedelta(minutes=1)
# After these errors, Stripe would give the same answer again.
FINAL = (StripeRefused, StripePermissionMissing, AnswerUnusable)

# The sources of fetches, except `webhook`.
MOVED, REFRESH, SWEEP, BACKFILL = "moved", "refresh", "sweep", "backfill"

log = structlog.get_logger("mirror")


class Part(enum.Enum):
    """A part of the finances. Each part is fetched with one call, except for the reserves, which take at
    least two calls.
    """

    BALANCE = "BALANCE"
    SETTINGS = "SETTINGS"
    RESERVES = "RESERVES"


EVERYTHING = frozenset(Part)


async def refresh(
    gateway: Gateway, account: ConnectedAccount, source: str, parts: Collection[Part] = EVERYTHING
) -> bool:
    """Fetch parts of the finances of an account and write them. Returns whether anything changed.

    `source` is the cause: `webhook`, `moved`, `refresh`, `sweep` or `backfill`. Raises StripeRefused or
    StripeUnavailable without writing anything.
    """
    number, began_at = await begin(account)
    key = account.stripe_account_id
    fetched = Finances()
    try:
        if Part.BALANCE in parts:
            answer = await calls.retrieve_balance(gateway, key)
            balance = snapshot.parse_balance(answer, number, began_at, source)
            fetched = Finances(balance=balance)
        if Part.SETTINGS in parts:
            settings = snapshot.parse_settings(await calls.retrieve_settings(gateway, key), number)
            fetched = Finances(balance=fetched.balance, settings=settings)
        if Part.RESERVES in parts:
            reserves = snapshot.parse_reserves(await calls.list_reserves(gateway, key), number)
            fetched = Finances(balance=fetched.balance, settings=fetched.settings, reserves=reserves)
    except ValueError as error:
        raise AnswerUnusable from error
    return await write(account, fetched)


async def refresh_known(gateway: Gateway, account_id: uuid.UUID) -> None:
    """Fetch the balance and the settings of an account on request, if its finances have been fetched before.
    The reserves are left to the sweep, because an old account has many pages of their movements. A failed
    fetch is only logged, because merchants must also be refreshed if the API key has no permission to read
    balances.
    """
    account = await ConnectedAccount.get(id=account_id)
    if account.finances is None:
        return
    try:
        await refresh(gateway, account, REFRESH, {Part.BALANCE, Part.SETTINGS})
    except ConnectError as error:
        log.warning("finances_not_fetched", account=account.stripe_account_id, reason=error.message)


@repeatable
async def begin(account: ConnectedAccount) -> tuple[int, datetime]:
    """Start a fetch. Returns its number and time."""
    async with transaction_on(account.merchant_id):
        return await start_fetch(account.id, "finances_started"), await now()


@repeatable
async def write(account: ConnectedAccount, fetched: Finances) -> bool:
    """Write each part of a fetch, unless a later fetch of that part was written already.

    Returns whether anything other than the age of the data changed. Drops the answer if the account was
    replaced or the merchant was erased meanwhile.
    """
    async with transaction_on(account.merchant_id):
        row = await ConnectedAccount.select_for_update().get(id=account.id)
        if row.stripe_account_id != account.stripe_account_id:
            return False
        known = snapshot.decode(row.finances)
        return await save(row, known, snapshot.merge(known, fetched), await now())


async def save(row: ConnectedAccount, known: Finances, current: Finances, at: datetime) -> bool:
    """Save the finances of a locked account with its merchant's documents, unless the merchant was erased.

    Returns whether anything other than the age of the data changed. The transaction must hold the account's
    lock.
    """
    if current == known:
        return False
    merchant = await Merchant.select_for_update().get(id=row.merchant_id)
    if merchant.erased_at is not None:
        return False
    row.finances = snapshot.encode(current)
    await row.save(update_fields=["finances"])
    before = merchant.updated_at
    await documents.save(merchant, row, at, has_entries=False)
    return merchant.updated_at != before


def _outdated(known: Finances) -> Collection[Part]:
    """The parts to fetch after money moved. If the known settings say that payouts are off, the settings are
    fetched, too, because they may be outdated.
    """
    if known.settings is None or known.reserves is None:
        return EVERYTHING
    return {Part.BALANCE, Part.SETTINGS} if known.settings.status == "disabled" else {Part.BALANCE}


async def note_movement(stripe_account_id: str) -> None:
    """Plan a fetch, because money of this account moved. If the caller has a transaction, the plan is written
    in it.
    """
    await plan_finances(stripe_account_id, DEBOUNCE)


async def run(gateway: Gateway, *, batch: int = 10, stopping: Callable[[], bool] = lambda: False) -> int:
    """Make the planned fetches of at most `batch` accounts. Returns the number of these accounts.

    Many workers may run this function at the same time. If money moves during a fetch, another fetch is
    planned.
    """
    fetched = 0
    while fetched < batch and not stopping():
        # Each claim begins just before its fetch, because `LEASE` is the time for one fetch.
        planned = await postpone("connected_account", "finances_due_at", LEASE, 1)
        if not planned:
            break
        fetched += 1
        ((account_id, due_at),) = planned
        account = await ConnectedAccount.get(id=account_id)
        if account.closed or account.disconnected_at is not None:
            await finances_fetched(account_id, due_at)
            continue
        known = snapshot.decode(account.finances)
        parts = _outdated(known)
        try:
            await refresh(gateway, account, MOVED, parts)
        except ConnectError as error:
            log.warning("finances_not_fetched", account=account.stripe_account_id, reason=error.message)
            if not isinstance(error, FINAL):
                await plan_finances(account.stripe_account_id, RETRY)
                continue
            # A repeated call would get the same error, so the next fetch is made after the next movement or
            # by a sweep.
        await finances_fetched(account_id, due_at)
    return fetched
