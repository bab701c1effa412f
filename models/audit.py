"""The audit log: the actions of callers, commands and workers.

Triggers refuse every UPDATE and every DELETE, except the deletions of `delete_old`. They also refuse TRUNCATE
on PostgreSQL, and INSERT OR REPLACE of an entry on SQLite. With the portable profile there are no triggers.
"""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.ids import uuid7
from models.sql import Select
from models.transactions import repeatable

# The variant bits of a UUID, which follow the time in a UUIDv7.
_VARIANT = 0b10 << 62
_US = "floor(extract(epoch FROM statement_timestamp()) * 1000000)::bigint"


class AuditEntry(Model):
    """An action of a caller, an administrator or a worker. Rows are never changed.

    `actor` is the subject of the caller's token or the name of the system user that ran a command. It is null
    for a worker. `details` is JSON text with numbers and codes.
    """

    # The id contains the time (UUIDv7).
    id = fields.UUIDField(primary_key=True, default=uuid7)
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=255, null=True)
    # OPERATOR, SERVICE, MERCHANT, COMMAND or WORKER.
    role = fields.CharField(max_length=16)
    client = fields.CharField(max_length=64)
    action = fields.CharField(max_length=64)
    subject = fields.CharField(max_length=255, null=True)
    outcome = fields.CharField(max_length=64)
    request_id = fields.CharField(max_length=128, null=True)
    details = fields.TextField(null=True)

    class Meta:
        table = "audit_entry"
        indexes = (("actor", "id"), ("action", "id"), ("subject", "id"))


async def add_entry(
    *,
    actor: str | None,
    role: str,
    client: str,
    action: str,
    subject: str | None,
    outcome: str,
    request_id: str | None,
    details: str | None,
) -> None:
    """Add an entry with one statement. Its time comes from the database's clock."""
    insert = Select()
    if insert.is_sqlite:
        at = datetime.now(UTC)
        key, time = insert.value(uuid7(at)), insert.value(at)
    else:
        tail = f"{_VARIANT | int.from_bytes(os.urandom(8)) >> 2:x}"
        key = (  # rounded as in `models.event`
            f"(lpad(to_hex(floor({_US} / 1000)::bigint), 12, '0') || '7' || "
            f"lpad(to_hex(floor({_US} % 1000 * 4096 / 1000)::bigint), 3, '0') || "
            f"{insert.value(tail)}::text)::uuid"
        )
        time = "statement_timestamp()"
    values = (
        *(actor and actor[:255], role, client[:64], action[:64], subject and subject[:255], outcome[:64]),
        *(request_id and request_id[:128], details),
    )
    columns = "id, at, actor, role, client, action, subject, outcome, request_id, details"
    await insert.execute(
        f"INSERT INTO audit_entry ({columns}) "  # noqa: S608 - our own text
        f"VALUES ({', '.join((key, time, *map(insert.value, values)))})"
    )


REFUSAL = "audit_entry is append-only"

_NO_DELETION = (
    "CREATE TRIGGER audit_entry_no_deletion BEFORE DELETE ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
TRIGGERS = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE ON audit_entry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ),
        _NO_DELETION,
    ),
    "postgres": (
        (
            "CREATE FUNCTION refuse_change_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
            "IF TG_OP = ''DELETE'' AND current_setting(''connectql.retention'', true) = ''on'' THEN "
            f"RETURN OLD; END IF; RAISE EXCEPTION ''{REFUSAL}'' USING ERRCODE = ''restrict_violation''; END'"
        ),
        (
            "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_entry()"
        ),
        (
            "CREATE TRIGGER audit_entry_no_truncation BEFORE TRUNCATE ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()"
        ),
    ),
}


# On `INSERT OR REPLACE`, SQLite does not fire the delete trigger, unless recursive triggers are on.
_NO_REPLACEMENT = (
    "CREATE TRIGGER audit_entry_no_replacement BEFORE INSERT ON audit_entry "  # noqa: S608 - our own text
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
REPLACEMENT_TRIGGERS: dict[str, tuple[str, ...]] = {"sqlite": (_NO_REPLACEMENT,), "postgres": ()}


@repeatable
async def delete_old(ids: Sequence[uuid.UUID]) -> int:
    """Delete these entries, whose retention period has ended. Returns the number of deleted entries."""
    async with in_transaction():
        connection = get_connection("default")
        statement = Select()
        if statement.is_sqlite:
            await connection.execute_query("DROP TRIGGER audit_entry_no_deletion")
        else:
            await connection.execute_query("SELECT set_config('connectql.retention', 'on', true)")
        rows = await statement.execute(
            f"DELETE FROM audit_entry WHERE {statement.is_any('id', ids)} RETURNING id"  # noqa: S608
        )
        if statement.is_sqlite:
            await connection.execute_query(_NO_DELETION)
        else:
            await connection.execute_query("SELECT set_config('connectql.retention', 'off', true)")
    return len(rows)
