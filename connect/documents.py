"""Documents: for each row, the JSON that clients read, written in the transaction that changes the row.

Such a row has the columns `document`, `document_version` and `row_version`, beside the columns that are
derived together with the document.
"""

import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from tortoise.models import Model
from tortoise.transactions import in_transaction

# `row_version` has 31 bits, enough for two million changes of a row.
MAX_VERSIONS_SKIPPED = 1000
BATCH = 200

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Built:
    """A document, the version of its shape and wording, and the columns derived with it."""

    document: Mapping[str, Any]
    version: int
    columns: Mapping[str, Any]


def set_document(row: Any, built: Built) -> None:
    """Set the row's document and derived columns, without saving it."""
    for name, value in built.columns.items():
        setattr(row, name, value)
    row.document = msgspec.json.encode(built.document).decode()
    row.document_version = built.version


async def save_document(row: Any, built: Built) -> bool:
    """Save the row with its document, in the transaction that holds the row's lock.

    Returns whether the document changed in more than its `freshness`.
    """
    before = row.document
    set_document(row, built)
    # A random step: after a fail-over that lost commits, the next commit must not repeat a lost version, by
    # which readers cache answers.
    row.row_version += 1 + secrets.randbelow(MAX_VERSIONS_SKIPPED)
    await row.save()
    return not _is_same(before, row.document)


async def rebuild(
    model: type[Row], version: int, save: Callable[[Row], Awaitable[None]], *, everything: bool = False
) -> int:
    """Call `save` with each locked row whose document is older than `version`, or with every row.

    Returns the number of rows. Documents of a newer version are left: during a rolling deployment the older
    replicas would undo the work of the newer ones.
    """
    rebuilt = 0
    last = uuid.UUID(int=0)
    while True:
        if everything:
            outdated = model.filter(id__gt=last).order_by("id")
        else:  # the order of an index; a rebuilt row is not selected again
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
