"""Code that all recoveries share: the list of accounts, the ids in the metadata of Stripe's objects, and the
findings.
"""

import enum
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import NamedTuple, TypeVar

from connect.errors import StripeRefused
from connect.merchants.rules.account.snapshot import decode
from models import ConnectedAccount, FormerAccount
from models.ids import VERSION as ID_VERSION
from models.ids import time_of

SOURCE = "recover"
BATCH = 100
MAX_EXTERNAL_ID = 255
Listed = TypeVar("Listed")


class Finding(enum.Enum):
    """The result for one object at Stripe that ConnectQL created and the database did not have.

    UNREADABLE is also the result for a known account if Stripe refuses to list its objects.
    """

    RESTORED = "its row was stored again"
    RESTORABLE = "its row can be stored again"
    DUPLICATE = "another object is used for its external id"
    REPLACEMENT = (
        "it was opened by a replaceAccount call whose row is lost; call replaceAccount again to use it"
    )
    UNREADABLE = "Stripe does not show the values that are needed to store its rows"


class Recovered(NamedTuple):
    finding: Finding
    external_id: str
    stripe_id: str


class Owner(NamedTuple):
    """An account, and the merchant to which it belongs or belonged."""

    merchant_id: uuid.UUID
    merchant_external_id: str
    stripe_account_id: str


async def of_each_account(
    pages: Callable[[Owner], AsyncIterator[list[Listed]]],
    look: Callable[[Owner, Listed], Awaitable[Recovered | None]],
) -> AsyncIterator[Recovered]:
    """Look at each object that Stripe lists for each open account, page by page.

    If Stripe refuses a call, for example because the merchant has disconnected the account since the backup,
    the result for the account is UNREADABLE, and the next account is read. This result is given for each kind
    of object separately, because Stripe may refuse to list only one kind.
    """
    async for owner in _open_accounts():
        try:
            async for page in pages(owner):
                for listed in page:
                    if (found := await look(owner, listed)) is not None:
                        yield found
        except StripeRefused:
            yield Recovered(Finding.UNREADABLE, owner.merchant_external_id, owner.stripe_account_id)


async def _open_accounts() -> AsyncIterator[Owner]:
    """The current and former accounts whose objects Stripe still shows."""
    last = uuid.UUID(int=0)
    accounts = ConnectedAccount.filter(closed=False, disconnected_at=None).order_by("id").limit(BATCH)
    while rows := await accounts.filter(id__gt=last).select_related("merchant"):
        for row in rows:
            yield Owner(row.merchant_id, row.merchant.external_id, row.stripe_account_id)
        last = rows[-1].id
    last = uuid.UUID(int=0)
    former_accounts = FormerAccount.filter(disconnected_at=None).order_by("id").limit(BATCH)
    while former := await former_accounts.filter(id__gt=last).select_related("merchant"):
        for one in former:
            if not decode(one.snapshot).closed:
                yield Owner(one.merchant_id, one.merchant.external_id, one.stripe_account_id)
        last = former[-1].id


def id_of(metadata: object, name: str) -> uuid.UUID | None:
    """The id under this name in the metadata of an object that ConnectQL created. None if there is no valid
    id.

    Other programs may write metadata under the same names, and merchants can edit the metadata of their
    payments. So a value that cannot be stored must not end the recovery.
    """
    value = metadata.get(name) if isinstance(metadata, Mapping) else None
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
        if found is None or found.version != ID_VERSION:
            return None
        time_of(found)
    except (ValueError, OverflowError):  # not an id, or an id with a time after the year 9999
        return None
    return found


def external_id_of(metadata: object) -> str | None:
    """The external id in the metadata. None if there is none, or if the database cannot store it."""
    value = metadata.get("external_id") if isinstance(metadata, Mapping) else None
    return value if isinstance(value, str) and 0 < len(value) <= MAX_EXTERNAL_ID else None
