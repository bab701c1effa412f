"""Writes the JSON document of a row, which clients read, in the transaction that changes the row.

Such a row has the columns `document`, `document_version` and `row_version`, and the columns that are computed
together with the document.
"""

import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from tortoise.models import Model
from tortoise.transactions import in_transaction

# `row_version` has 31 bits. Even if each change added this number, a row could change two million times.
MAX_VERSIONS_SKIPPED = 1000
BATCH = 200

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document, the version of its fields and texts, and the values of the columns computed with it."""

    document: Mapping[str, Any]
    version: int
    columns: Mapping[str, Any]


def set_document(row: Any, new: NewDocument) -> None:
    """Set the document and the computed columns of a row without saving the row."""
    for name, value in new.columns.items():
        setattr(row, name, value)
    row.document = msgspec.json.encode(new.document).decode()
    row.document_version = new.version


async def save_document(row: Any, new: NewDocument) -> bool:
    """Save the row with its document. The caller's transaction must hold the row's lock.

    Returns True if any field of the document other than `freshness` changed.
    """
    before = row.document
    set_document(row, new)
    # Readers cache answers by `row_version`. A fail-over can lose commits, and the random step keeps the next
    # commit from using a lost version again.
    row.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await row.save()
    return not _is_same(before, row.document)


async def rebuild(
    model: type[Row], version: int, save: Callable[[Row], Awaitable[None]], *, everything: bool = False
) -> int:
    """Lock each row whose document is older than `version`, or every row, and call `save` with it.

    Returns the number of rows. Documents of a newer version stay unchanged: during a rolling deployment, an
    older replica must not undo the work of a newer one.
    """
    rebuilt = 0
    last = uuid.UUID(int=0)
    while True:
        if everything:
            outdated = model.filter(id__gt=last).order_by("id")
        else:  # in the order of an index; a rebuilt row no longer matches, so no position is needed
            outdated = model.filter(document_version__lt=version).order_by("document_version", "id")
        ids: list[uuid.UUID] = await outdated.limit(BATCH).values_list("id", flat=True)  # type: ignore[assignment]
        if not ids:
            return rebuilt
        async with in_transaction():
            for row in await model.select_for_update().filter(id__in=ids).order_by("id"):
                await save(row)
                rebuilt += 1
        last = ids[-1]


def _is_same(before: str, after: str) -> bool:
    old, new = msgspec.json.decode(before), msgspec.json.decode(after)
    return {**old, "freshness": None} == {**new, "freshness": None}
