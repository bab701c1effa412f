"""Manifests: the published operations of each version of a client, for all replicas of the service."""

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta

from tortoise.transactions import in_transaction

from models import ClientUse, OperationManifest, now, table_lock
from models.transactions import repeatable

# A version that was used within this time is retired only if `even_if_used` is true.
USED_WITHIN = timedelta(days=7)

# The text of each operation, by its id.
Documents = Mapping[str, str]


class ManifestRefused(Exception):
    """The manifest cannot be added or retired. The message has the reason."""


@repeatable
async def add(client: str, version: str, documents: Documents) -> bool:
    """Publish the documents of a version. Returns False if they are published already.

    Raises ManifestRefused if the version has other documents, or if another manifest has one of the ids with
    another text.
    """
    async with in_transaction():
        await table_lock.lock("operation_manifest")
        return await _add(client, version, documents)


async def _add(client: str, version: str, documents: Documents) -> bool:
    rows = await OperationManifest.all()
    for row in rows:
        published: dict[str, str] = json.loads(row.documents)
        if (row.client, row.version) == (client, version):
            if published == documents:
                return False
            raise ManifestRefused(
                f"{client} {version} already has a manifest with other operations. Retire it first, or give "
                "this one another version."
            )
        if differing := [key for key, text in documents.items() if published.get(key, text) != text]:
            raise ManifestRefused(
                f"The id {differing[0]!r} belongs to a different operation in the manifest of {row.client} "
                f"{row.version}."
            )
    await OperationManifest.create(
        client=client,
        version=version,
        documents=json.dumps(documents),
        operations=len(documents),
        added_at=await now(),
    )
    return True


@repeatable
async def retire(client: str, version: str, *, even_if_used: bool) -> None:
    """Remove the manifest of a version.

    Raises ManifestRefused if the version has no manifest. Also raises it if the version was used within
    USED_WITHIN, unless `even_if_used` is true.
    """
    async with in_transaction():
        await table_lock.lock("operation_manifest")
        await _retire(client, version, even_if_used=even_if_used)


async def _retire(client: str, version: str, *, even_if_used: bool) -> None:
    if not await OperationManifest.exists(client=client, version=version):
        raise ManifestRefused(f"{client} {version} has no manifest.")
    since = await now() - USED_WITHIN
    use = (
        await ClientUse.filter(client=client, version=version, last_used_at__gt=since)
        .order_by("-day")
        .first()
    )
    if use is not None and not even_if_used:
        raise ManifestRefused(
            f"{client} {version} was used at {use.last_used_at:%Y-%m-%d %H:%M} UTC. "
            "To retire it anyway, pass --even-if-used."
        )
    await OperationManifest.filter(client=client, version=version).delete()


async def ids() -> set[uuid.UUID]:
    """The ids of all manifests."""
    return set(await OperationManifest.all().values_list("id", flat=True))  # type: ignore[arg-type]


async def read(wanted: Collection[uuid.UUID]) -> dict[uuid.UUID, Documents]:
    """The documents of manifests with these ids."""
    rows = await OperationManifest.filter(id__in=list(wanted)).values_list("id", "documents")
    return {key: json.loads(str(text)) for key, text in rows}
