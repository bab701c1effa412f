"""The counts of the merchants in a list: the counts for each role, and the limits of counting."""

from typing import Any

import pytest

from connect.scope import Principal, Role
from models.sql import Select
from resolvers.common.scalars import CountryCode
from resolvers.merchants.reading import merchant_list
from resolvers.merchants.reading.merchant_filter import MerchantFilter
from resolvers.merchants.reading.merchant_list import MerchantOrder
from resolvers.merchants.types.status import MerchantStatus, Party
from testing import seed
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.statements import recorded

pytestmark = pytest.mark.without_worker

COUNTS = """
query ($filter: MerchantFilter) {
  merchants(first: 1, filter: $filter) { totalCount statusCounts { status count } }
}
"""
OPERATOR = Principal("anybody", Role.OPERATOR)


async def test_each_role_counts_the_merchants_that_it_may_see(service: Service) -> None:
    await store([build_merchant("a"), build_merchant("b"), build_merchant("c", "closed")])
    two = {"status": "ACTIVE", "count": 2}
    for role in ("operator", "service"):
        answer = await service.graphql(COUNTS, role=role)
        counts = [two, {"status": "CLOSED", "count": 1}]
        assert answer["merchants"] == {"totalCount": 3, "statusCounts": counts}
        answer = await service.graphql(COUNTS, {"filter": {"status": ["ACTIVE"]}}, role=role)
        assert answer["merchants"] == {"totalCount": 2, "statusCounts": [two]}
    own: dict[str, Any] = {"role": "merchant", "merchant": "c"}
    answer = await service.graphql(COUNTS, **own)
    assert answer["merchants"] == {"totalCount": 1, "statusCounts": [{"status": "CLOSED", "count": 1}]}
    criteria: dict[str, Any]
    for criteria in ({"status": ["ACTIVE"]}, {"search": "a"}, {"country": []}):
        answer = await service.graphql(COUNTS, {"filter": criteria}, **own)
        assert answer["merchants"] == {"totalCount": 0, "statusCounts": []}


async def test_only_selected_counts_are_computed_and_only_once(service: Service) -> None:
    await store([build_merchant("a")])

    async def statements(fields: str) -> int:
        node = "id timeline { edges { cursor } }"
        query = f"{{ merchants(first: 1) {{ edges {{ node {{ {node} }} }} {fields} }} }}"
        with recorded() as statements:
            await service.graphql(query)
        return sum("count(*)" in text and "FROM (SELECT status" in text for text in statements.texts)

    assert await statements("") == 0
    assert await statements("totalCount") == 1
    assert await statements("totalCount again: totalCount statusCounts { count }") == 1


async def test_the_exact_count_is_limited_for_some_filters(database: str) -> None:
    await seed.seed(database, merchant_list.MAX_TOTAL + 500)

    async def total(**criteria: Any) -> int | None:
        counts = await merchant_list.count(OPERATOR, MerchantFilter(**criteria))
        return sum(counts.values()) if counts is not None else None

    assert await total() == merchant_list.MAX_TOTAL + 500
    active = await total(status=[MerchantStatus.ACTIVE])
    assert active is not None
    assert active > 5000
    assert await total(search="customer") is None
    assert await total(search="customer", status=[MerchantStatus.ACTIVE]) == active
    assert await total(search="customer 0000007") == 1
    assert await total(search="customer", awaiting_action_from=Party.UNKNOWN) == 0
    # If each condition alone matches too many merchants, only the matches of each condition are counted, up
    # to a limit. The matches of all conditions together are not counted.
    with recorded() as statements:
        criteria = MerchantFilter(search="customer owner", country=[CountryCode("US")])
        assert await merchant_list.count(OPERATOR, criteria, rare_below=2000) is None
    assert [text.startswith("SELECT (SELECT count(*)") for text in statements.texts] == [True]
    assert await merchant_list.count(OPERATOR, criteria, rare_below=8000) == await merchant_list.count(
        OPERATOR, MerchantFilter(country=[CountryCode("US")])
    )
    # If a scan finds too few matches, a page is read from the rows that match the rarest condition: `co`, not
    # `customer`.
    order = merchant_list.ORDERS[MerchantOrder.DISPLAY_NAME_ASC]
    criteria = MerchantFilter(search="customer co")
    plan = await merchant_list.plan(OPERATOR, criteria, order, rare_below=2600)
    assert plan is not None
    assert plan.bound is not None
    (await plan.bound.otherwise()).ranges(select := Select())
    assert ("cp" in select.values, "customes" in select.values) == (True, False)
    assert await total(livemode=False) is None or await total(livemode=False) == 10_000
