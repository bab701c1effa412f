"""The present code migrates the databases of all releases, and their rows stay readable."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.expressions import F

from models import Merchant
from models import database as databases
from models.database import migrate
from testing import agreement, postgres
from testing.processes import Simulator
from testing.releases import DUMPS, EMPTY
from testing.service import eventually, running
from tests.models.test_migrations import HISTORY, describe

EXTERNAL_IDS = {"active", "new", "closed"}

MERCHANTS = """
{ merchants(first: 10) { edges { node {
    externalId status summary nextAction { __typename } account { stripeAccountId }
    timeline(first: 20) { edges { node { kind message at } } }
    payments(first: 20) { edges { node {
        state summary refunds { state } disputes { status } timeline(first: 20) { edges { node { kind } } }
    } } }
    payouts(first: 20) { edges { node {
        status summary transactions(first: 20) { edges { node { type } } }
    } } }
    service { status invoices { status } }
} } } }
"""

Rows = dict[str, int]


def load_sqlite(file: Path, dump: str) -> Rows:
    with sqlite3.connect(file) as connection:
        connection.executescript(dump)
    return count_sqlite(file)


def count_sqlite(file: Path) -> Rows:
    with sqlite3.connect(file) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
            if not name.startswith("sqlite_")
        }


async def load_postgresql(url: str, dump: str) -> Rows:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(dump)
    finally:
        await connection.close()
    return await count_postgresql(url)


async def count_postgresql(url: str) -> Rows:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for (name,) in tables}
    finally:
        await connection.close()


DATABASES = [(path.name, kind) for path in sorted(DUMPS.iterdir()) for kind in ("sqlite", "postgresql")]


Migrated = tuple[str, str, Rows]


@pytest.fixture(scope="module", params=DATABASES, ids=" ".join)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """The migrated database of a release, a new database, and the number of rows of each table before."""
    release, kind = request.param
    dump = (DUMPS / release / f"{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        file = tmp_path_factory.mktemp("release") / "released.db"
        before = load_sqlite(file, dump)
        asyncio.run(migrate(f"sqlite:///{file}"))
        yield f"sqlite:///{file}", f"sqlite:///{request.getfixturevalue('sqlite_template')}", before
    else:
        server = request.getfixturevalue("postgres_url")
        url = postgres.create_database(server)
        before = asyncio.run(load_postgresql(url, dump))
        asyncio.run(migrate(url))
        new_url = postgres.create_database(server, request.getfixturevalue("postgres_template"))
        yield url, new_url, before
        postgres.drop_database(server, url)
        postgres.drop_database(server, new_url)


@pytest.fixture
def migrated(template: Migrated, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of a release's migrated database."""
    EXECUTOR_CACHE.clear()  # its SQL may have the other database's placeholders
    url = template[0]
    if url.startswith("sqlite"):
        file = shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "migrated.db")
        yield f"sqlite:///{file}"
    else:
        server = request.getfixturevalue("postgres_url")
        copy = postgres.create_database(server, urlsplit(url).path.removeprefix("/"))
        yield copy
        postgres.drop_database(server, copy)


async def count(url: str) -> Rows:
    if url.startswith("sqlite"):
        return count_sqlite(Path(url.removeprefix("sqlite:///")))
    return await count_postgresql(url)


async def test_a_migrated_database_has_the_present_schema_and_all_rows(
    template: Migrated,
) -> None:
    url, new_url, released = template
    # The dump of 0.1.0 has no periodic tasks.
    assert {table for table, rows in released.items() if not rows} <= EMPTY | {"periodic_task"}
    after = await count(url)
    assert released[HISTORY] <= after[HISTORY]
    assert {**released, HISTORY: after[HISTORY]}.items() <= after.items()
    assert await describe(url) == await describe(new_url)


async def test_the_service_reads_and_writes_a_migrated_database(
    migrated: str, template: Migrated, simulator: Simulator, tmp_path: Path
) -> None:
    released = template[2]
    async with running(migrated, simulator, tmp_path, WORKER="off") as service:
        edges = (await service.graphql(MERCHANTS))["merchants"]["edges"]
        nodes = [edge["node"] for edge in edges]
        merchants = {node["externalId"]: node for node in nodes}
        assert set(merchants) == EXTERNAL_IDS
        assert {name: node["status"] for name, node in merchants.items()} == {
            "active": "ACTIVE",
            "new": "ONBOARDING",
            "closed": "CLOSED",
        }
        assert all(node["account"]["stripeAccountId"] for node in nodes)
        assert all(node["timeline"]["edges"] for node in nodes)
        for table, field in (("payment", "payments"), ("payout", "payouts")):
            assert sum(len(node[field]["edges"]) for node in nodes) == released.get(table, 0)
        assert sum(node["service"] is not None for node in nodes) == released.get("service", 0)
        assert await agreement.disagreements() == []
        assert (await service.create("later"))["__typename"] == "CreateMerchantPayload"
        assert await databases.is_migrated()


# Releases after 0.1.0 also write the document for merchants.
@pytest.mark.parametrize(
    "template", [one for one in DATABASES if one[0] == "0.1.0"], indirect=True, ids=" ".join
)
async def test_merchants_never_read_a_document_that_a_replica_of_an_old_release_writes(
    migrated: str, simulator: Simulator, tmp_path: Path
) -> None:
    """A replica of release 0.1.0 writes its own document and version, and no document for merchants."""
    await databases.connect(migrated)
    (released,) = await Merchant.filter(external_id="active").values("document", "document_version")
    await databases.close()

    async def write(**columns: Any) -> None:
        rows = Merchant.filter(external_id="active")
        await rows.update(row_version=F("row_version") + 1, **columns)

    own: dict[str, Any] = {"role": "merchant", "merchant": "active"}
    query = '{ merchant(by: {externalId: "active"}) { status dashboard { tasks { explanation } } } }'
    async with running(migrated, simulator, tmp_path, WORKER="off") as service:
        built = await service.graphql(query, **own)
        await write(**released)
        assert await service.graphql(query, **own) == built
        await write(**released, merchant_document=None)
        assert await service.graphql(query, **own) == {"merchant": None}
    async with running(migrated, simulator, tmp_path) as service:
        assert await service.graphql(query, **own) == built
        await write(**released, merchant_document=None)

        async def is_rebuilt() -> bool:
            return bool(await service.graphql(query, **own) == built)

        await eventually(is_rebuilt)
