"""The audit log, for operators."""

import json
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.document import global_id
from connect.platform.records import audit
from connect.scope import Role
from models import AuditEntry, first_uuid7
from models.sql import Select
from models.texts import is_storable
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import DateTime
from resolvers.relay.connection import (
    After,
    Connection,
    First,
    Order,
    connection_type,
    read_page,
    window,
)


@strawberry.type(
    name="AuditEntry",
    description="An entry of the audit log: a mutation that a caller sent, a command that an administrator "
    "ran, or an action of a worker. Entries are never changed.",
)
class AuditEntryType:
    @strawberry.field(description="The id of the entry. It is unique among entries.")
    def id(self, row: strawberry.Parent[AuditEntry]) -> strawberry.ID:
        return strawberry.ID(global_id("AuditEntry", row.id))

    at: DateTime = field(description="When the action was recorded.")
    actor: str | None = field(
        description="The subject of the caller's token, or the name of the system user that ran a command. "
        "Null for a worker."
    )

    @strawberry.field(description="The role of the caller. Null for commands and workers.")
    def role(self, row: strawberry.Parent[AuditEntry]) -> Role | None:
        return Role(row.role) if row.role in Role.__members__ else None

    @strawberry.field(description="Whether a worker took the action without a request from a caller.")
    def by_worker(self, row: strawberry.Parent[AuditEntry]) -> bool:
        return row.role == audit.WORKER

    @strawberry.field(description="The client name that the caller's app sent. Null if it sent none.")
    def client(self, row: strawberry.Parent[AuditEntry]) -> str | None:
        return row.client or None

    action: str = field(
        description="The name of the mutation, such as `closeMerchant`. Commands and workers have the "
        "actions `addManifest`, `retireManifest`, `importAccounts`, `recoverLostRows` and "
        "`removeExpiredData`."
    )
    subject: str | None = field(
        description="The `id` of the object that the action is about, or the client and version of a "
        "manifest. Null if the action has no object, or if the caller could not see the object."
    )
    outcome: str = field(
        description="`OK` after a success. `STORED` if ConnectQL stored a request to Stripe, which it "
        "repeats until Stripe answers. `CANCELED` if the client disconnected. After a failure, the name of "
        "the error in the mutation's result, such as `StripeRefusedError`, or the code of a top-level "
        "error, such as `FORBIDDEN`. If a mutation fails after its request was stored, it has two entries: "
        "one with `STORED`, and one with the error."
    )
    request_id: str | None = field(
        description="The id of the request to this API, as in the header `X-Request-Id`. Null for commands "
        "and workers."
    )

    @strawberry.field(
        description="For an import, a recovery or a removal of expired data: the numbers of handled objects, "
        "by kind or outcome. Empty for all other actions."
    )
    def numbers(self, row: strawberry.Parent[AuditEntry]) -> list["AuditNumber"]:
        values = json.loads(row.details) if row.details else {}
        return [AuditNumber(name=name, value=min(value, 2**31 - 1)) for name, value in values.items()]


@strawberry.type(description="A number of objects that an action has handled.")
class AuditNumber:
    name: str = field(description="The kind or the outcome of the objects, such as `events` or `adopted`.")
    value: int = field(description="The number of objects.")


AuditEntryConnection = connection_type(
    AuditEntryType, "AuditEntry", "entry entries", "A page of the audit log, newest first."
)


@strawberry.input(
    description="Conditions on audit entries. An entry must meet all of them. At most one of `actor`, "
    "`action` and `subject` may be given."
)
class AuditFilter:
    actor: str | None = field(default=None, description="Only actions of this `actor`.")
    action: str | None = field(default=None, description="Only actions with this name.")
    subject: str | None = field(default=None, description="Only actions on the object with this `id`.")
    since: DateTime | None = field(default=None, description="Only actions at or after this time.")
    until: DateTime | None = field(default=None, description="Only actions before this time.")


@strawberry.field(
    description="The audit log, newest first: each mutation of every caller, and the actions of "
    "administrators and workers. Queries and subscriptions are not logged. A page has 1 to 100 entries, by "
    "default 20.",
    graphql_type=AuditEntryConnection,
)
async def audit_log(
    first: First = None,
    after: After = None,
    filter: Annotated[AuditFilter | None, argument(description="Conditions on entries.")] = None,  # noqa: A002
) -> Connection:
    part, select = window(first, after), Select()
    conditions = _conditions(select, filter) if filter is not None else []
    order = Order("AUDIT", ("id",), descending=True)
    page = await read_page(select, "audit_entry", order, part, conditions=conditions)
    rows = {row.id: row for row in await AuditEntry.filter(id__in=page.ids)}
    return page.connection([rows.get(key) for key in page.ids])


def _conditions(select: Select, given: AuditFilter) -> list[str]:
    texts = {name: getattr(given, name) for name in ("actor", "action", "subject")}
    chosen = {name: text for name, text in texts.items() if text is not None}
    if len(chosen) > 1:
        raise BadUserInput("Give at most one of `actor`, `action` and `subject`.")
    if not all(is_storable(text) for text in chosen.values()):
        return ["1 = 0"]
    conditions = [select.equals_as_range(name, text) for name, text in chosen.items()]
    for name, operator in (("since", ">="), ("until", "<")):
        if (text := getattr(given, name)) is not None:
            if (time := parse_time(text)) is None:
                raise BadUserInput(f"`{name}` must be a time of RFC 3339, such as 2026-01-31T10:00:00Z.")
            conditions.append(f"id {operator} {select.value(first_uuid7(time))}")
    return conditions
