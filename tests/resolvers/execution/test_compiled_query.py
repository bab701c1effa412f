"""The responses of compiled queries."""

import itertools
from typing import Any

from testing.merchants import build_merchant, store
from testing.service import Service


async def test_an_empty_list_of_statuses_matches_nothing(idle: Service) -> None:
    await store([build_merchant("shop-1"), build_merchant("shop-2", "due_soon")])
    parts: list[dict[str, Any]] = [
        {"dueWithinDays": 30},
        {"search": "shop"},
        {"awaitingActionFrom": "MERCHANT"},
    ]
    orders = "CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"
    for size, order in itertools.product(range(len(parts) + 1), orders):
        for others in itertools.combinations(parts, size):
            criteria: dict[str, Any] = {"status": []}
            for part in others:
                criteria |= part
            data = await idle.graphql(
                "query ($filter: MerchantFilter, $order: MerchantOrder!) "
                "{ merchants(filter: $filter, orderBy: $order) { edges { node { id } } } }",
                {"filter": criteria, "order": order},
            )
            assert data == {"merchants": {"edges": []}}, (criteria, order)
