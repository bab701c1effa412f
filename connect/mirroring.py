"""Newest-wins writes of answers into rows that mirror an object of Stripe's.

Such a row has the columns `merchant_id`, `fetches_started` and `fetch_applied`. A fetch takes its number when
it starts. Its answer is written only if its number is above that of the last answer written. Numbers need no
clock, so replicas cannot disagree about the order. No transaction is open while Stripe is asked.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tortoise.models import Model

from models.counters import increment
from models.transactions import transaction_on

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


async def begin(row: Any) -> int:
    """The number of a fetch that starts now."""
    async with transaction_on(row.merchant_id):
        return await increment(row, "fetches_started")


async def write_if_newer(
    row: Row, number: int, apply: Callable[[Row], Awaitable[T]], *, changed_by_us: bool = False
) -> T | None:
    """Call `apply` with the locked row in a transaction, unless a later fetch was written before.

    `apply` takes over the answer and saves the row. None means that the answer was dropped.

    With `changed_by_us` the answer is that to our own change. It takes a new number, above those of all
    fetches that have started: Stripe may have served these before the change.
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
