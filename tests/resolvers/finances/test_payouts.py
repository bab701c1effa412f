"""payouts and payout: filters, both orders and the caller's scope. Compiled queries give equal answers."""

from datetime import timedelta
from typing import Any

from connect.merchants.rules.document import wire_time
from models import Merchant, Payout
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payouts import EVERY_FIELD, add_payout

PAYOUTS = """
query ($first: Int, $after: String, $filter: PayoutFilter, $orderBy: PayoutOrder! = CREATED_AT_DESC) {
  payouts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges { node { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
OF_MERCHANTS = """
query ($filter: MerchantPayoutFilter) {
  merchants { edges { node { externalId payouts(filter: $filter) { edges { node { id } } } } } }
}
"""
ONE = f"""
query ($by: PayoutRef!) {{
  payout(by: $by) {{
    {EVERY_FIELD}
    merchant {{ externalId }}
    transactions {{ edges {{ node {{ type net {{ minorUnits }} payment {{ id }} }} }} }}
  }}
}}
"""
COMPILED = f"query ($by: PayoutRef!) {{ payout(by: $by) {{ {EVERY_FIELD} }} }}"
STATUSES = "paid", "failed", "in_transit", "pending"


async def stored() -> tuple[list[Merchant], list[Payout]]:
    """Payouts of two merchants, newest first."""
    built = [build_merchant("shop-1"), build_merchant("shop-2")]
    await store(built)
    merchants = [one.merchant for one in built]
    rows = [
        await add_payout(merchants[number % 2], STATUSES[number // 2], age=timedelta(days=number))
        for number in range(8)
    ]
    return merchants, rows


async def listed(service: Service, criteria: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """The ids of all matches, read in pages of three."""
    ids: list[str] = []
    variables: dict[str, Any] = {"filter": criteria, "first": 3}
    variables["orderBy"] = more.pop("order", "CREATED_AT_DESC")
    while True:
        page = (await service.graphql(PAYOUTS, variables, **more))["payouts"]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        variables["after"] = page["pageInfo"]["endCursor"]


def ids(rows: list[Payout]) -> list[str]:
    return [global_id("Payout", row.id) for row in rows]


async def test_each_filter_finds_exactly_its_payouts(idle: Service) -> None:
    merchants, rows = await stored()
    assert await listed(idle) == ids(rows)
    assert await listed(idle, order="CREATED_AT_ASC") == ids(rows[::-1])
    failed = {"status": ["FAILED", "PENDING"]}
    assert await listed(idle, failed) == ids([rows[2], rows[3], rows[6], rows[7]])
    of_second = {"merchant": {"externalId": merchants[1].external_id}}
    assert await listed(idle, of_second) == ids(rows[1::2])
    assert await listed(idle, {**of_second, **failed}) == ids([rows[3], rows[7]])
    days = {
        "createdFrom": wire_time(rows[4].created_at),
        "createdBefore": wire_time(rows[1].created_at),
    }
    assert await listed(idle, days) == ids(rows[2:5])
    assert await listed(idle, {"status": []}) == []
    answer = await idle.graphql(OF_MERCHANTS, {"filter": {"status": ["PAID"]}})
    assert {
        edge["node"]["externalId"]: [one["node"]["id"] for one in edge["node"]["payouts"]["edges"]]
        for edge in answer["merchants"]["edges"]
    } == {"shop-1": ids(rows[:1]), "shop-2": ids(rows[1:2])}


async def test_a_merchant_sees_only_its_own_payouts(idle: Service) -> None:
    merchants, rows = await stored()
    own: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    assert await listed(idle, **own) == ids(rows[::2])
    assert await listed(idle, {"merchant": {"id": global_id("Merchant", merchants[1].id)}}, **own) == []
    foreign = {"by": {"stripePayoutId": rows[1].stripe_payout_id}}
    assert await idle.graphql(ONE, foreign, **own) == {"payout": None}
    mine = {"by": {"id": global_id("Payout", rows[2].id)}}
    full = (await idle.graphql(ONE, mine, **own))["payout"]
    assert full["failure"]["remedy"] == "Add another bank account in the Stripe Dashboard."
    assert full.pop("merchant") == {"externalId": "shop-1"}
    assert full.pop("transactions")["edges"] == [
        {"node": {"type": "charge", "net": {"minorUnits": 841}, "payment": None}}
    ]
    assert (await idle.graphql(COMPILED, mine, **own))["payout"] == full
