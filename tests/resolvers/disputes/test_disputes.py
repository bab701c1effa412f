"""disputes and dispute: filters, both orders, references and the caller's scope."""

from datetime import timedelta
from typing import Any

import pytest

from connect.merchants.rules.document import wire_time
from models import Dispute, Merchant
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payments import add_payment

DISPUTES = """
query ($first: Int, $after: String, $filter: DisputeFilter, $orderBy: DisputeOrder! = DUE_BY_ASC) {
  disputes(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges { node { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
OF_MERCHANTS = """
query ($filter: MerchantDisputeFilter) {
  merchants { edges { node { externalId disputes(filter: $filter) { edges { node { id } } } } } }
}
"""
ONE = """
query ($by: DisputeRef!) {
  dispute(by: $by) { id kind merchant { externalId } payment { externalId disputes { id } } }
}
"""
KINDS = "disputed", "inquiry", "dispute won", "dispute lost"


async def stored() -> tuple[list[Merchant], list[Dispute]]:
    """Disputes of two merchants. The disputes that need a response have different deadlines."""
    built = [build_merchant("shop-1"), build_merchant("shop-2")]
    await store(built)
    merchants = [one.merchant for one in built]
    rows = []
    for number in range(8):
        merchant = merchants[number % 2]
        payment = await add_payment(merchant, f"order-{number}", KINDS[number % 4])
        row = await Dispute.get(payment_id=payment.id)
        row.created_at += timedelta(hours=number * 5 % 8)
        if row.needs_response:
            row.respond_by += timedelta(hours=8 - number)
        await row.save()
        rows.append(row)
    return merchants, rows


async def listed(service: Service, criteria: dict[str, Any] | None, **more: Any) -> list[str]:
    """The ids of all matches, read in pages of three."""
    ids: list[str] = []
    variables: dict[str, Any] = {"filter": criteria, "first": 3, "orderBy": more.pop("order", "DUE_BY_ASC")}
    while True:
        page = (await service.graphql(DISPUTES, variables, **more))["disputes"]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        variables["after"] = page["pageInfo"]["endCursor"]


def ids(rows: list[Dispute]) -> list[str]:
    return [global_id("Dispute", row.id) for row in sorted(rows, key=lambda row: (row.respond_by, row.id))]


@pytest.mark.slow
async def test_each_filter_finds_exactly_its_disputes_in_both_orders(idle: Service) -> None:
    merchants, rows = await stored()
    open_ones = [row for row in rows if row.needs_response]
    assert ids(rows)[:4] == ids(open_ones)
    middle = sorted(row.respond_by for row in open_ones)[2]
    first = {"externalId": "shop-1"}
    of_first = [row for row in rows if row.merchant_id == merchants[0].id]
    cases: list[tuple[dict[str, Any] | None, list[Dispute]]] = [
        (None, rows),
        ({"needsResponse": True}, open_ones),
        ({"needsResponse": False}, [row for row in rows if not row.needs_response]),
        ({"status": ["WON", "LOST", "WON"]}, [row for row in rows if row.status in {"WON", "LOST"}]),
        ({"status": []}, []),
        ({"kind": ["INQUIRY"]}, [row for row in rows if row.kind == "INQUIRY"]),
        ({"merchant": first}, of_first),
        ({"merchant": {"id": "x"}}, []),
        ({"merchant": first, "status": ["WON"]}, [row for row in of_first if row.status == "WON"]),
        ({"dueBefore": wire_time(middle)}, [row for row in open_ones if row.respond_by < middle]),
        ({"kind": ["CHARGEBACK"], "needsResponse": True}, [one for one in open_ones if one.kind[0] == "C"]),
    ]
    for criteria, expected in cases:
        assert await listed(idle, criteria) == ids(expected), criteria
        newest = sorted(expected, key=lambda row: (row.created_at, row.id), reverse=True)
        found = await listed(idle, criteria, order="CREATED_AT_DESC")
        assert found == [global_id("Dispute", row.id) for row in newest], criteria
        own = [row for row in expected if row.merchant_id == merchants[0].id]
        assert await listed(idle, criteria, role="merchant", merchant="shop-1") == ids(own), criteria
        if criteria is None or "merchant" not in criteria:
            edges = (await idle.graphql(OF_MERCHANTS, {"filter": criteria}))["merchants"]["edges"]
            pages = {edge["node"]["externalId"]: edge["node"]["disputes"]["edges"] for edge in edges}
            assert [edge["node"]["id"] for edge in pages["shop-1"]] == ids(own), criteria
    answer = await idle.post(DISPUTES, {"filter": {"dueBefore": "soon"}})
    assert answer.json()["errors"][0]["message"].startswith("`filter.dueBefore` takes a time")


@pytest.mark.slow
async def test_each_reference_finds_the_dispute_within_the_callers_scope(idle: Service) -> None:
    _, rows = await stored()
    key = global_id("Dispute", rows[1].id)
    found = {
        "id": key,
        "kind": "INQUIRY",
        "merchant": {"externalId": "shop-2"},
        "payment": {"externalId": "order-1", "disputes": [{"id": key}]},
    }
    for by in ({"id": key}, {"stripeDisputeId": rows[1].stripe_dispute_id}):
        assert await idle.graphql(ONE, {"by": by}) == {"dispute": found}
        assert await idle.graphql(ONE, {"by": by}, role="merchant", merchant="shop-2") == {"dispute": found}
        assert await idle.graphql(ONE, {"by": by}, role="merchant", merchant="shop-1") == {"dispute": None}
    for by in ({"id": global_id("Payment", rows[1].id)}, {"stripeDisputeId": "du_\x00"}, {"id": "x"}):
        assert await idle.graphql(ONE, {"by": by}) == {"dispute": None}
