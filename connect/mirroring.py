"""Writes Stripe's answers to the rows that mirror its objects. The newest fetch wins.

Such a row has the columns `merchant_id`, `fetches_started` and `fetch_applied`. A fetch gets its number when
it starts. Its answer is written only if this number is above the number of the last written answer. Numbers
need no clock, so replicas cannot disagree about the order. No transaction is open during a call to Stripe.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tortoise.models import Model

from models.counters import increment
from models.transactions import transaction_on

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


async def begin(row: Any) -> int:
    """Start a fetch and return its number."""
    async with transaction_on(row.merchant_id):
        return await increment(row, "fetches_started")


async def write_if_newer(
    row: Row, number: int, apply: Callable[[Row], Awaitable[T]], *, changed_by_us: bool = False
) -> T | None:
    """Call `apply` with the locked row in a transaction, unless the answer of a later fetch is written.

    `apply` copies the answer to the row and saves the row. Returns None if the answer was dropped.

    `changed_by_us` means that the answer is the response to our own change. It gets a new number, above the
    numbers of all started fetches, because Stripe may have served these before the change.
    """
    owner: Any = row
    async with transaction_on(owner.merchant_id):
        locked: Any = await type(row).select_for_update().get(pk=row.pk)
        if number <= locked.fetch_applied:
            return None
        if changed_by_us:
            locked.fetches_started += 1
            number = locked.fetches_started
        locked.fetch_applied = number
        return await apply(locked)
