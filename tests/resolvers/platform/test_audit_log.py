"""platform.auditLog lists actions with their actors, and the database refuses changes to the log."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from api.commands.audit import export
from connect.merchants.rules.document import wire_time
from connect.platform.records import audit
from models import AuditEntry, first_uuid7, now, past_uuid7
from models.audit import REFUSAL, delete_old
from testing.faults import REFUSED, clear_faults, drop_deliveries, inject_fault
from testing.service import Service
from tests.resolvers.merchants.test_close_merchant import close

LOG = """
query ($first: Int, $after: String, $filter: AuditFilter) {
  platform { auditLog(first: $first, after: $after, filter: $filter) {
    edges { node {
      id at actor role byWorker client action subject outcome requestId numbers { name value }
    } }
    pageInfo { hasNextPage endCursor }
  } }
}
"""


async def entries(service: Service, **criteria: Any) -> list[dict[str, Any]]:
    page = (await service.graphql(LOG, {"filter": criteria}))["platform"]["auditLog"]
    return [edge["node"] for edge in page["edges"]]


async def test_each_mutation_has_an_entry_with_its_outcome(service: Service) -> None:
    drop_deliveries(service)
    start = await now()
    created = await service.create("shop-1")
    await service.create("shop-1")
    merchant = created["merchant"]["id"]
    await close(service, "nobody")
    inject_fault(service, "/v2/core/accounts/{id}/close", REFUSED)
    await close(service)
    clear_faults(service)
    await close(service, role="service")
    variables = {"query": "mutation { dismissProblem(input: {code: EVENTS_FAILED}) { __typename } }"}
    headers = {"Authorization": f"Bearer {service.token('merchant', 'shop-1')}"}
    headers["apollographql-client-name"] = "ios"
    answer = await service.http.post("/graphql", json=variables, headers=headers)
    await service.graphql("{ viewer { role } }")
    await audit.record_decision("removeExpiredData", None, {"events": 3})

    log = await entries(service)
    assert [(one["action"], one["role"], one["outcome"], one["subject"]) for one in log] == [
        ("removeExpiredData", None, "OK", None),
        ("dismissProblem", "MERCHANT", "FORBIDDEN", None),
        ("closeMerchant", "SERVICE", "OK", merchant),
        ("closeMerchant", "OPERATOR", "StripeRefusedError", merchant),
        ("closeMerchant", "OPERATOR", "MerchantNotFoundError", None),
        ("createMerchant", "OPERATOR", "OK", merchant),
        ("createMerchant", "OPERATOR", "STORED", merchant),
    ]
    assert (log[0]["byWorker"], log[0]["numbers"]) == (True, [{"name": "events", "value": 3}])
    assert (log[1]["client"], log[1]["requestId"]) == ("ios", answer.headers["X-Request-Id"])
    assert (log[2]["client"], log[2]["actor"]) == (None, "development-service")

    assert len(await entries(service, action="closeMerchant")) == 3
    assert len(await entries(service, subject=merchant)) == 4
    assert len(await entries(service, actor="development-service")) == 1
    assert len(await entries(service, since=wire_time(start), action="createMerchant")) == 2
    assert await entries(service, until=wire_time(start)) == []
    assert await entries(service, actor="x\x00") == []
    page = (await service.graphql(LOG, {"first": 3}))["platform"]["auditLog"]
    rest = await service.graphql(LOG, {"after": page["pageInfo"]["endCursor"]})
    assert [edge["node"] for edge in rest["platform"]["auditLog"]["edges"]] == log[3:]
    assert await service.error(LOG, {"filter": {"actor": "a", "action": "b"}}) == (
        "BAD_USER_INPUT",
        "Give at most one of `actor`, `action` and `subject`.",
    )
    assert (await service.error(LOG, {"filter": {"since": "yesterday"}}))[0] == "BAD_USER_INPUT"
    assert (await service.error(LOG, role="service"))[0] == "FORBIDDEN"

    lines: list[str] = []
    await export(None, None, "jsonl", lines.append)
    assert [json.loads(line)["action"] for line in lines] == [one["action"] for one in reversed(log)]
    lines.clear()
    await export(start - timedelta(days=1), await now() + timedelta(days=1), "csv", lines.append)
    (first, *_, last) = csv.DictReader(io.StringIO("".join(lines)))
    assert (first["outcome"], first["subject"]) == ("STORED", merchant)
    assert (last["role"], last["details"]) == ("WORKER", '{"events": 3}')


@pytest.mark.usefixtures("database")
async def test_the_database_refuses_changes_and_retention_is_the_only_exception() -> None:
    await audit.record_decision("removeExpiredData", "=1+1", {"events": 3})
    await audit.record_command("addManifest", "ios 3.1")
    statements = ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"]
    if get_connection("default").capabilities.dialect == "postgres":
        statements.append("TRUNCATE audit_entry")
    else:
        statements.append("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry")
    for statement in statements:
        with pytest.raises(BaseORMException, match=REFUSAL):
            await get_connection("default").execute_query(statement)
    first, second = await AuditEntry.all().order_by("id")
    assert await delete_old([first.id]) == 1
    with pytest.raises(BaseORMException, match=REFUSAL):
        await second.delete()
    lines: list[str] = []
    await export(None, None, "csv", lines.append)
    assert len(lines) == 2
    at = await now()
    assert (
        first_uuid7(at - timedelta(milliseconds=1)) < past_uuid7(at) < first_uuid7(at + timedelta(seconds=1))
    )
