"""Rebuilds the documents of rows, such as documents that an older release has built."""

import uuid
from collections.abc import Awaitable, Callable

from tortoise.models import Model

BATCH = 200


async def rebuild(
    model: type[Model], version: int, some: Callable[[list[uuid.UUID]], Awaitable[int]], *, everything: bool
) -> int:
    """Call `some` with the ids of rows whose document is older than the version, in batches. Returns the sum
    of the results of `some`.

    Documents of a newer version stay unchanged: during a rolling deployment, an older replica must not undo
    the work of a newer one. With `everything`, however, the batches have all rows.
    """
    rebuilt, last = 0, uuid.UUID(int=0)
    while True:
        if everything:
            rows = model.filter(id__gt=last).order_by("id")
        else:
            # Always the first rows of the index on the version: a rebuilt row no longer matches.
            rows = model.filter(document_version__lt=version).order_by("document_version", "id")
        ids: list[uuid.UUID] = await rows.limit(BATCH).values_list("id", flat=True)  # type: ignore[assignment]
        if not ids:
            return rebuilt
        rebuilt += await some(ids)
        last = ids[-1]
