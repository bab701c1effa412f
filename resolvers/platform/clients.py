"""The versions of clients that use the API, and their published operations."""

import strawberry
from strawberry import field

from connect.platform.records import client_use
from resolvers.common.scalars import DateTime

MAX_INT = 2**31 - 1


@strawberry.type(
    description="A version of a client of this API. Clients send their name and version in the headers "
    "`apollographql-client-name` and `apollographql-client-version`, or as parameters of `connection_init`."
)
class ClientVersion:
    name: str = field(
        description="The name of the client. `(other)` stands for all clients whose name or version has more "
        "than 64 characters or unprintable characters. It also stands for further clients after a limit on "
        "the number of counted clients is reached."
    )
    version: str | None = field(description="The version of the client. Null if the client sends none.")
    last_used_at: DateTime | None = field(
        description="When this version last sent an operation, accurate to a minute. Null if it sent none "
        "within the retention period of the counts, by default 90 days."
    )
    operations_in_week: int = field(description="The number of operations in the last 7 days.")
    operations_in_month: int = field(description="The number of operations in the last 30 days.")
    manifest_added_at: DateTime | None = field(
        description="When the manifest with the version's published operations was added. Null if the "
        "database has no manifest for this version."
    )
    published_operations: int = field(description="The number of operations in the manifest.")


@strawberry.field(
    description="The versions of clients that have a manifest, or that were used within the retention period "
    "of the counts (by default 90 days). Sorted by name and version; at most 1,000. If a version is no "
    "longer used, its manifest can be removed with `python -m api manifests retire`."
)
async def clients() -> list[ClientVersion]:
    return [
        ClientVersion(
            name=one.client,
            version=one.version or None,
            last_used_at=one.use.last_used_at if one.use is not None else None,  # type: ignore[arg-type]
            operations_in_week=min(one.use.in_week, MAX_INT) if one.use is not None else 0,
            operations_in_month=min(one.use.in_month, MAX_INT) if one.use is not None else 0,
            manifest_added_at=one.manifest_added_at,  # type: ignore[arg-type]
            published_operations=one.published,
        )
        for one in await client_use.versions()
    ]
