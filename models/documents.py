"""Rebuilds the documents of rows, such as documents that an older release has built."""

import uuid
from collections.abc import Awaitable, Callable

from tortoise.models import Model

BATCH = 200


async def rebuild(
    model: type[Model], version: int, some: Callable[[list[uuid.UUID]], Awaitable[int]], *, everything: bool
) -> int:
    """Find the rows whose documents have an older version than `version`, and call `some` with each batch of
    their ids. Returns the sum of the results of `some`.

    Documents of a newer version stay unchanged: during a rolling deployment, an older replica must not undo
    the work of a newer one. If `everything` is true, however, the batches contain the ids of all rows.
    """
    rebuilt, last = 0, uuid.UUID(int=0)
    while True:
        if everything:
            rows = model.filter(id__gt=last).order_by("id")
        else:
            # Each batch begins at the start of the index on the version: rebuilt rows no longer match.
            rows = model.filter(document_version__lt=version).order_by("document_version", "id")
        ids: list[uuid.UUID] = await rows.limit(BATCH).values_list("id", flat=True)  # type: ignore[assignment]
        if not ids:
            return rebuilt
        rebuilt += await some(ids)
        last = ids[-1]
