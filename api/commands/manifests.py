"""`python -m api manifests`: adds, retires and lists the manifests of clients."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from graphql import GraphQLError

from api.graphql import persisted
from connect.platform.problems import format_number
from connect.platform.records import audit, client_use, manifests
from resolvers.execution import operations
from resolvers.federation.names import Subgraph
from resolvers.schema import Schema, build, schema

# The maximum size of a manifest. Each process keeps all documents in memory.
MAX_BYTES = 4 * 1024 * 1024
MAX_NAME = client_use.MAX_LENGTH


def read(
    client: str, version: str, file: Path, published: Mapping[str, str], subgraph: Subgraph | None
) -> dict[str, str]:
    """Read the documents of a manifest, and check them against the schema and the `published` documents.

    `subgraph` contains the prefix for names in the schema. It is None if the service is not a subgraph.

    Raises ValueError with all problems.
    """
    documents = persisted.published(file)
    checked = schema if subgraph is None else build(subgraph)
    problems = [
        f"The {name} must be 1 to {MAX_NAME} printable characters."
        for name, text in (("client", client), ("version", version))
        if not (text.strip() == text and text.isprintable() and 1 <= len(text) <= MAX_NAME)
    ]
    if not documents:
        problems.append(f"{file} has no operations.")
    if sum(len(text.encode()) for text in documents.values()) > MAX_BYTES:
        problems.append(f"{file} has more than {MAX_BYTES // 1024 // 1024} MiB of operations.")
    for key, text in documents.items():
        if published.get(key, text) != text:
            problems.append(f"The id {key!r} has another operation in CONNECTQL_PERSISTED_OPERATIONS.")
        problems += (f"{key}: {problem}" for problem in _problems(checked, text))
    if problems:
        raise ValueError("\n".join(problems))
    return documents


def _problems(checked: Schema, text: str) -> Iterator[str]:
    try:
        document = operations.read(checked._schema, text)  # noqa: SLF001
    except GraphQLError as error:  # a syntax error
        yield error.message
    else:
        yield from (error.message for error in document.errors)


async def add(
    client: str, version: str, documents: Mapping[str, str], write: Callable[[str], object]
) -> None:
    """Add a manifest. Raises ManifestRefused."""
    is_new = await manifests.add(client, version, documents)
    if is_new:
        await audit.record_command("addManifest", f"{client} {version}")
    operations = format_number(len(documents), "operation")
    known = "is published already" if len(documents) == 1 else "are published already"
    write(f"{client} {version}: {operations} {'added' if is_new else known}")


async def retire(client: str, version: str, *, even_if_used: bool) -> None:
    """Remove a manifest. Raises ManifestRefused."""
    await manifests.retire(client, version, even_if_used=even_if_used)
    await audit.record_command("retireManifest", f"{client} {version}")


async def list_versions(write: Callable[[str], object]) -> None:
    """Print a line for each version of a client, with its fields separated by tabs."""
    write("client\tversion\tpublished\tin 7 days\tin 30 days\tlast used")
    for one in await client_use.versions():
        use = one.use
        numbers = (
            (use.in_week, use.in_month, f"{use.last_used_at:%Y-%m-%d %H:%M}") if use else (0, 0, "never")
        )
        write("\t".join(map(str, (one.client, one.version, one.published, *numbers))))
