"""The roles of deploy/postgresql: the owner migrates, and the service works with the least privileges."""

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest

from testing.deployment import deployment
from testing.processes import ROOT, Simulator
from testing.service import running
from testing.waits import eventually


def provided() -> list[str]:
    """The statements that an administrator runs."""
    files = (ROOT / f"deploy/postgresql/{name}.sql" for name in ("roles", "database"))
    text = re.sub(r"(?m)^(--|\\).*\n", "", "".join(file.read_text(encoding="utf-8") for file in files))
    return [one.strip() for one in text.split(";") if one.strip()]


@pytest.fixture
async def addresses(postgres_url: str) -> AsyncIterator[tuple[str, str]]:
    """The addresses of the owner and of the service, after an administrator has run the statements."""
    suffix = uuid.uuid4().hex[:8]
    names = {name: f"{name}_{suffix}" for name in ("connectql_owner", "connectql_app")}
    database = f"connectql_{suffix}"
    for statement in provided():
        text = re.sub(r"\bconnectql\b", database, statement)
        for name, own in names.items():
            text = text.replace(name, own)
        is_inside = "SCHEMA public" in text
        parts = urlsplit(postgres_url)
        url = parts._replace(path=f"/{database}").geturl() if is_inside else postgres_url
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(text)
        finally:
            await connection.close()
    parts = urlsplit(postgres_url)._replace(path=f"/{database}")
    owner, app = (
        parts._replace(netloc=parts.netloc.replace("postgres@", f"{names[name]}@")).geturl()
        for name in ("connectql_owner", "connectql_app")
    )
    yield owner, app
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')
    for own in names.values():
        await connection.execute(f'DROP ROLE "{own}"')
    await connection.close()


async def test_the_service_works_with_the_least_privileged_role_after_a_separate_migration(
    addresses: tuple[str, str], simulator: Simulator, tmp_path: Path
) -> None:
    owner, app = addresses
    parts = deployment(app, simulator, tmp_path)
    refused = parts.command("migrate")
    assert (refused.returncode, "permission denied for schema public" in refused.stderr) == (1, True)
    migrated = parts.command("migrate", DATABASE_URL=owner)
    assert (migrated.returncode, migrated.stderr) == (0, "")

    async with running(app, simulator, tmp_path) as service:
        created = await service.create("shop-1")
        simulator.control(
            f"accounts/{created['merchant']['account']['stripeAccountId']}", {"scenario": "activate"}
        )

        async def is_active() -> bool:
            return (await service.merchant("shop-1", "status")) == {"status": "ACTIVE"}

        await eventually(is_active)
        ready = (await service.http.get("/readyz")).json()
        assert (ready["database"], ready["migrations"], ready["feed"]) == ("ok", "ok", "ok")

    connection = await asyncpg.connect(app)
    for statement in (
        "CREATE TABLE other (id int)",
        "DROP TABLE merchant",
        "ALTER TABLE merchant ADD COLUMN other int",
        "TRUNCATE timeline_entry",
        "CREATE SCHEMA other",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
