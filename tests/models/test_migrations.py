"""The migrations create the schema that the models describe, on both databases."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.schema_editor.asyncpg import AsyncpgSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

from models import database as databases
from models import migration_lock
from models.online_index import AddIndexOnline
from testing import online_changes, postgres
from testing.processes import ROOT

HISTORY = "tortoise_migrations"

Table = dict[str, Any]


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a second database, which has no tables."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/generated.db"
    else:
        server = request.getfixturevalue("postgres_url")
        url = postgres.create_database(server)
        yield url
        postgres.drop_database(server, url)


async def describe(url: str) -> dict[str, Table]:
    """The structure of every table, without the names of indexes and constraints."""
    async with TortoiseContext() as context:
        await context.init(config=databases.config(url))
        db = get_connection("default")
        tables = await (_sqlite(db) if db.capabilities.dialect == "sqlite" else _postgresql(db))
        await context.close_connections()
    tables.pop(migration_lock.TABLE, None)
    return tables


async def _sqlite(db: Any) -> dict[str, Table]:
    async def pragma(name: str, about: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await db.execute_query_dict(f'PRAGMA {name}("{about}")')
        return rows

    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables: dict[str, Table] = {}
    for table in [row["name"] for row in await db.execute_query_dict(names)]:
        indexes = []
        for index in await pragma("index_list", table):
            columns = [row["name"] for row in await pragma("index_info", index["name"])]
            indexes.append((bool(index["unique"]), columns))
        tables[table] = {
            "columns": {
                row["name"]: (row["type"].upper(), row["notnull"], row["dflt_value"], row["pk"])
                for row in await pragma("table_info", table)
            },
            "indexes": sorted(indexes),
            "foreign keys": sorted(
                (row["from"], row["table"], row["to"], row["on_delete"], row["on_update"])
                for row in await pragma("foreign_key_list", table)
            ),
        }
    return tables


async def _postgresql(db: Any) -> dict[str, Table]:
    async def ask(statement: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await db.execute_query_dict(statement)
        return rows

    tables: dict[str, Table] = {
        row["tablename"]: {"columns": {}, "indexes": [], "foreign keys": []}
        for row in await ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    for row in await ask(
        "SELECT table_name, column_name, data_type, character_maximum_length AS length, is_nullable,"
        " column_default, collation_name FROM information_schema.columns WHERE table_schema = 'public'"
    ):
        tables[row["table_name"]]["columns"][row["column_name"]] = (
            row["data_type"],
            row["length"],
            row["is_nullable"],
            row["column_default"],
            row["collation_name"],
        )
    for row in await ask(
        "SELECT t.relname AS table, i.indisunique AS is_unique, i.indisprimary AS is_primary,"
        " ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true)"
        "       FROM generate_series(1, i.indnatts) AS k ORDER BY k) AS columns,"
        " pg_get_expr(i.indpred, i.indrelid) AS condition"
        " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'"
    ):
        index = (row["is_unique"], row["is_primary"], list(row["columns"]), row["condition"] or "")
        tables[row["table"]]["indexes"].append(index)
    for row in await ask(
        "SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS definition"
        " FROM pg_constraint WHERE contype = 'f'"
    ):
        tables[row["table"]]["foreign keys"].append(row["definition"])
    for table in tables.values():
        table["indexes"].sort()
        table["foreign keys"].sort()
    return tables


async def test_migrations_create_the_schema_of_the_models(database_url: str, empty_url: str) -> None:
    async with TortoiseContext() as context:
        await context.init(config=databases.config(empty_url))
        await Tortoise.generate_schemas(safe=False)
        await context.close_connections()
    migrated, generated = await describe(database_url), await describe(empty_url)
    assert migrated.pop(HISTORY)
    assert set(generated) == {
        "account_creation",
        "account_replacement",
        "audit_entry",
        "change_batch",
        "client_use",
        "connected_account",
        "dismissed_problem",
        "dispute",
        "dispute_request",
        "event_endpoint",
        "former_account",
        "merchant",
        "merchant_word",
        "notice",
        "onboarding_link",
        "operation_manifest",
        "outgoing_delivery",
        "outgoing_event",
        "application_fee",
        "application_fee_refund",
        "fee_return",
        "payment",
        "payment_creation",
        "payment_entry",
        "payment_object",
        "payout",
        "payout_request",
        "payout_transaction",
        "pending_change",
        "problem_occurrence",
        "refund_request",
        "service",
        "service_request",
        "stripe_call_count",
        "stripe_event",
        "periodic_task",
        "timeline_entry",
        "wallet_domain",
        "worker_process",
    }
    assert set(migrated) == set(generated)
    for name, table in generated.items():
        for aspect, expected in table.items():
            assert migrated[name][aspect] == expected, (name, aspect)
    # Make sure that the comparison above was not empty.
    assert sum(len(table["columns"]) for table in generated.values()) > 80
    assert sum(len(table["foreign keys"]) for table in generated.values()) == 21
    assert len(generated["merchant"]["indexes"]) >= 9
    if database_url.startswith("postgresql"):
        collations = {name: column[-1] for name, column in generated["merchant"]["columns"].items()}
        by_code_point = {name for name, collation in collations.items() if collation == "C"}
        assert by_code_point == {"display_name_folded", "contact_email_folded", "external_id_folded"}


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    first = await describe(database_url)
    await databases.migrate(database_url)
    assert await describe(database_url) == first


async def test_a_database_between_two_releases_is_refused_with_the_remedy(database_url: str) -> None:
    async with TortoiseContext() as context:
        await context.init(config=databases.config(database_url))
        db = get_connection("default")
        await db.execute_script(
            f"DELETE FROM {HISTORY} WHERE name > '0002';"
            f"INSERT INTO {HISTORY} (app, name, applied_at) "
            f"SELECT app, '0002_document_for_merchants', applied_at FROM {HISTORY}"
        )
        await context.close_connections()
    with pytest.raises(databases.Forbidden, match="Migrate it with commit 206597c5 first"):
        await databases.migrate(database_url)


async def statements_of_migrations(judged: list[str]) -> dict[str, list[str]]:
    """The SQL of these migrations on PostgreSQL.

    The command `sqlmigrate` would be slow, because it builds all models for each migration.
    """
    result = {}
    async with TortoiseContext() as context:
        await context.init(config=databases.config("postgresql://me@host/shop"))
        with databases.no_queries():
            state = State(models={}, apps=StateApps(default_connections={"models": "default"}))
            for file in sorted((ROOT / "models/migrations").glob("0*.py")):
                name = file.stem
                migration = importlib.import_module(f"models.migrations.{name}").Migration(name, "models")
                if name in judged:
                    editor = AsyncpgSchemaEditor(get_connection("default"), atomic=False, collect_sql=True)
                    await migration.apply(state, schema_editor=editor, collect_sql=True)
                    result[name] = editor.collected_sql
                else:
                    await migration.apply(state, dry_run=True)
    return result


async def test_no_migration_locks_a_table_for_long_or_breaks_the_previous_release() -> None:
    """The migrations up to `databases.SQUASHED` are not checked.

    Create an index by `AddIndexOnline` in its own migration. Split any other change into steps: add a column
    that may be null, fill it from the worker, and remove the old column in the release after next.
    """
    files = sorted((ROOT / "models/migrations").glob("0*.py"))
    later = [file.stem for file in files if file.stem > databases.SQUASHED]
    assert len(later) >= 5
    statements = await statements_of_migrations(later)
    for name in later:
        assert online_changes.faults(statements[name]) == [], name
        migration = importlib.import_module(f"models.migrations.{name}").Migration
        online = [isinstance(one, AddIndexOnline) for one in migration.operations]
        # Outside of a transaction, an interrupted migration is repeated from its first operation.
        assert migration.atomic is not any(online), name
        assert all(online) or not any(online), name
