"""Database URLs, and migrations by processes that start at the same time."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tortoise.connection import get_connection

from models import database as databases
from models import migration_lock
from testing import environment, postgres
from testing.processes import start
from testing.tables import rows
from testing.waits import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]


def credentials(url: str, *, migrating: bool = False) -> tuple[str, dict[str, Any]]:
    default = databases.config(url, migrating=migrating)["connections"]["default"]
    return default["engine"], default["credentials"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/connectql.db", "var/connectql.db"),
        ("sqlite:////var/lib/connectql.db", "/var/lib/connectql.db"),
        ("sqlite:////with%20space/what%3F.db", "/with space/what?.db"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_sqlite_urls_name_a_file(url: str, path: str) -> None:
    engine, values = credentials(url)
    assert (engine, values["file_path"], values["foreign_keys"]) == ("models.engine.sqlite", path, "ON")


def test_foreign_keys_are_off_while_migrating() -> None:
    assert credentials("sqlite:///x.db", migrating=True)[1]["foreign_keys"] == "OFF"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://me:s%40%2F%3Acret@db.example:6432/connectql",
            {
                "host": "db.example",
                "port": 6432,
                "user": "me",
                "password": "s@/:cret",
                "database": "connectql",
            },
        ),
        (
            "postgres://me@[::1]/connectql?sslmode=verify-full&application_name=api",
            {"host": "::1", "port": 5432, "ssl": "verify-full", "application_name": "api", "password": None},
        ),
        ("postgresql:///connectql?host=/run/postgresql", {"host": "/run/postgresql", "user": None}),
        (  # Neon
            (
                "postgresql://me:npg_x@ep-cool-1-pooler.eu-central-1.aws.neon.tech/neondb"
                "?sslmode=require&channel_binding=require&options=endpoint%3Dep-cool-1"
            ),
            {
                "host": "ep-cool-1-pooler.eu-central-1.aws.neon.tech",
                "database": "neondb",
                "ssl": "require",
                "options": "endpoint=ep-cool-1",
            },
        ),
        (  # Cloud SQL
            "postgresql://me:x@/connectql?host=/cloudsql/Shop-1:europe-west3:Main",
            {"host": "/cloudsql/Shop-1:europe-west3:Main", "user": "me", "password": "x", "port": 5432},
        ),
        (
            "postgresql+asyncpg://me:x@%2Fcloudsql%2FShop-1%3Aeurope-west3%3AMain/connectql",
            {"host": "/cloudsql/Shop-1:europe-west3:Main", "user": "me", "database": "connectql"},
        ),
        (
            "postgresql+pg8000://me:x@/connectql?unix_sock=/cloudsql/a:b:c/.s.PGSQL.5432",
            {"host": "/cloudsql/a:b:c", "port": 5432},
        ),
        (  # Supabase
            (
                "postgresql://postgres.abcdefgh:[pa%40ss]@aws-0-eu-central-1.pooler.supabase.com:6543/postgres"
                "?pgbouncer=true&connection_limit=1"
            ),
            {
                "host": "aws-0-eu-central-1.pooler.supabase.com",
                "port": 6543,
                "user": "postgres.abcdefgh",
                "password": "[pa@ss]",
                "pooled": True,
            },
        ),
        (  # RDS
            (
                "postgres://me:x@db.abc.eu-west-1.rds.amazonaws.com:5432/connectql"
                "?sslmode=verify-full&sslrootcert=/etc/rds/global-bundle.pem&connect_timeout=5"
            ),
            {"ssl": "verify-full", "dsn": "postgresql:///?sslrootcert=%2Fetc%2Frds%2Fglobal-bundle.pem"}
            | {"timeout": 5},
        ),
        ("postgresql://me@h/connectql?sslmode=verify-full&sslrootcert=system", {"ssl": True}),
        ("postgresql://me@h/connectql?ssl=true", {"ssl": "require"}),
        (
            "postgresql://a:5432,[::1]:5433,b/connectql?target_session_attrs=read-write",
            {"host": ["a", "::1", "b"], "port": [5432, 5433, 5432], "target_session_attrs": "read-write"},
        ),
        (
            "postgresql:///connectql?host=a,b&port=5001,5002&user=me&password=x",
            {"host": ["a", "b"], "port": [5001, 5002], "user": "me", "password": "x"},
        ),
    ],
)
def test_postgresql_urls_name_a_server_and_options(url: str, expected: dict[str, Any]) -> None:
    engine, values = credentials(url)
    assert engine == "models.engine.asyncpg"
    assert {name: values[name] for name in expected} == expected
    assert (values["maxsize"], values["readers"]) == (9, 5)
    assert "ssl" in expected or "ssl" not in values
    assert "pooled" in expected or "pooled" not in values


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me:secret@host/connectql", "must begin with sqlite:// or postgresql://"),
        ("connectql.db", "must begin with sqlite:// or postgresql://"),
        ("sqlite://connectql.db", "sqlite:///relative/file"),
        ("sqlite://", "sqlite:///relative/file"),
        ("sqlite:///connectql.db?mode=ro", "takes no parameters"),
        ("postgresql://me:secret@host", "names no database"),
        ("postgresql://me:secret@host/connectql?replication=database", "not supported: replication"),
        ("postgresql://me:secret@host/connectql?sslmode=yes", "sslmode must be one of: disable, allow"),
        ("postgresql://me:secret@a,b/connectql?target_session_attrs=standby", "any, read-write, primary"),
        ("postgresql://me:secret@a,b/connectql?port=1,2,3", "port needs one number, or one for each host"),
        ("postgresql://me:secret@host/connectql?connect_timeout=soon", "needs a number of seconds"),
        ("postgresql://me:sec#ret@host/connectql", "cannot be read. In a password"),
        ("postgresql://me:secret@host:70000/connectql", "cannot be read. In a password"),
        ("postgresql://me:secret@a,,b/connectql", "cannot be read. In a password"),
        ("postgresql://me:secret/1@host/connectql", "cannot be read. In a password"),
        ("postgresql://me:secret@[host/connectql", "cannot be read. In a password"),
        ("postgresql://me:99?secret@host/connectql", "cannot be read. In a password"),
        ("postgresql://host:5432?secret/x", "not supported"),
    ],
)
def test_invalid_urls_are_refused_without_showing_the_password(url: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        databases.config(url)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables. On SQLite, the folder of the file does not exist."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/folder/connectql.db"
    else:
        server = request.getfixturevalue("postgres_url")
        url = postgres.create_database(server)
        yield url
        postgres.drop_database(server, url)


async def migrations_of(url: str) -> list[str]:
    await databases.connect(url)
    try:
        found = await get_connection("default").execute_query_dict("SELECT name FROM tortoise_migrations")
        return sorted(row["name"] for row in found)
    finally:
        await databases.close()


@pytest.mark.slow
async def test_processes_that_start_together_apply_each_migration_once(
    empty_url: str, tmp_path: Path
) -> None:
    settings = environment.settings(empty_url, "http://127.0.0.1:1", "whsec_unused", tmp_path)
    env = {**settings, "PYTHONPATH": str(ROOT)}
    printed, logged = tmp_path / "printed", tmp_path / "logged"
    with printed.open("wb") as output, logged.open("wb") as errors:
        started = [
            start(["-m", "api", "migrate"], env=env, cwd=tmp_path, stdout=output, stderr=errors)
            for _ in range(3)
        ]
        codes = [await asyncio.to_thread(process.wait, 60 * PATIENCE) for process in started]
    assert codes == [0, 0, 0], logged.read_text()
    assert printed.read_text() == ""
    assert await asyncio.to_thread(rows, empty_url, "SELECT * FROM merchant") == []
    files = sorted(file.stem for file in (ROOT / "models/migrations").glob("0*.py"))
    assert await migrations_of(empty_url) == files
    await databases.migrate(empty_url)  # no effect
    assert await migrations_of(empty_url) == files


async def test_migrating_keeps_an_open_connection(database: str) -> None:
    await databases.migrate(database)
    assert await databases.is_migrated()


async def test_an_in_memory_database_cannot_be_migrated() -> None:
    with pytest.raises(ValueError, match="in-memory"):
        await databases.migrate("sqlite:///:memory:")


@pytest.fixture
def foreign_url(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database, for a role that may not create tables in it."""
    url = postgres.create_database(postgres_url)
    asyncio.run(postgres.execute(url, "CREATE ROLE shop_reader LOGIN"))
    yield urlsplit(url)._replace(netloc=urlsplit(url).netloc.replace("postgres@", "shop_reader@")).geturl()
    postgres.drop_database(postgres_url, url)
    asyncio.run(postgres.execute(postgres_url, "DROP ROLE shop_reader"))


async def test_the_error_for_a_role_that_may_not_create_tables_names_the_grant(foreign_url: str) -> None:
    with pytest.raises(databases.Forbidden) as caught:
        await databases.migrate(foreign_url)
    assert str(caught.value) == (
        "the database's role may not migrate: permission denied for schema public. "
        'As the database\'s owner run: GRANT USAGE, CREATE ON SCHEMA public TO "shop_reader";'
    )


COUNT_CLAIMS = f"""
CREATE SEQUENCE claims;
CREATE FUNCTION count_claim() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN PERFORM nextval('claims'); RETURN NEW; END $$;
CREATE TRIGGER claim BEFORE INSERT ON {migration_lock.TABLE} FOR EACH ROW EXECUTE FUNCTION count_claim()
"""


async def is_claimed_again(url: str) -> bool:
    (row,) = await asyncio.to_thread(rows, url, "SELECT last_value FROM claims")
    return bool(row["last_value"] > 1)


async def test_the_lock_of_a_killed_migration_ends_with_its_lease(
    postgres_url: str, postgres_template: str
) -> None:
    url = await asyncio.to_thread(postgres.create_database, postgres_url, postgres_template)
    missing = "0036_descriptions_of_tables"  # executes no statement
    try:
        await postgres.execute(
            url,
            f"DELETE FROM tortoise_migrations WHERE name = '{missing}';"
            f"INSERT INTO {migration_lock.TABLE} "
            "VALUES (1, gen_random_uuid(), now() + interval '20 seconds');"
            f"{COUNT_CLAIMS}",
        )
        migrating = asyncio.create_task(databases.migrate(url))
        await eventually(lambda: is_claimed_again(url))
        assert not migrating.done()
        await postgres.execute(url, f"UPDATE {migration_lock.TABLE} SET leased_until = now()")
        await migrating
        assert missing in await migrations_of(url)
    finally:
        await asyncio.to_thread(postgres.drop_database, postgres_url, url)


async def test_the_error_names_an_unreadable_home_folder(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    command = (
        "import asyncio, os, sys; from models import database, outage\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: asyncio.run(database.migrate(sys.argv[1]))\n"
        "except outage.Unavailable as error: print(error.reason)"
    )
    home.chmod(0)
    monkeypatch.setenv("HOME", str(home))
    url = postgres_url.replace("sslmode=disable", "sslmode=prefer")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", command, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    home.chmod(0o755)
    text = f"{home}/.postgresql cannot be read; set HOME to a folder that this user may read\n"
    assert output.decode() == text
