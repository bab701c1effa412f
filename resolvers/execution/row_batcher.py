"""Single merchants that are asked for at the same moment are read by one statement.

A statement costs much more than its second row. While one is under way, what is asked for waits for the
next, which is sent by one of those who wait; so each answer is read after its question came, as if it had
been asked alone.
"""

import asyncio
from typing import Any

from connect import scope
from connect.scope import Principal
from models import outage
from models.sql import Select

COLUMNS = "external_id", "id", "row_version", "document"
MOST = 100

# What whoever waits is told when it is to read for the others.
_READ = object()


class RowBatcher:
    """Merchants by one column, `external_id` or `id`, which names one."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._place = COLUMNS.index(column)
        self._is_reading = False
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []

    async def row(self, principal: Principal, value: Any) -> Any:
        """COLUMNS of the merchant with this value; None if there is none that the caller may see."""
        found = await self._found(value)
        return found if found is not None and scope.can_see(principal, found[0]) else None

    async def _found(self, value: Any) -> Any:
        if self._is_reading:
            told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._waiting.append((value, told))
            try:
                found = await told
            except asyncio.CancelledError:
                is_answered = not told.cancelled() and told.exception() is None
                if is_answered and told.result() is _READ:
                    self._pass_on()
                raise
            if found is not _READ:
                return found
        self._is_reading = True
        others, self._waiting = self._waiting[: MOST - 1], self._waiting[MOST - 1 :]
        try:
            rows = await self._read([value, *(other for other, _ in others)])
        except BaseException as error:
            if not isinstance(error, Exception):
                # Whoever is cancelled ends nobody else's question: it is asked again.
                self._waiting = [*others, *self._waiting]
                raise
            if outage.reason(error) is not None:
                # Those who came meanwhile need not wait for the same database once more.
                others, self._waiting = [*others, *self._waiting], []
            for _, told in others:
                if not told.done():
                    told.set_exception(error)
            raise
        else:
            for other, told in others:
                if not told.done():  # it may have been cancelled
                    told.set_result(rows.get(str(other)))
            return rows.get(str(value))
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """Let one of those who wait read for all of them."""
        while self._waiting:
            _, told = self._waiting.pop(0)
            if not told.done():
                told.set_result(_READ)
                return
        self._is_reading = False

    async def _read(self, values: list[Any]) -> dict[Any, Any]:
        statement = Select()
        condition = statement.is_any(self._column, set(values))
        rows = await statement.rows(COLUMNS, "merchant", [condition], ["id"], len(values))
        return {str(row[self._place]): row for row in rows}
