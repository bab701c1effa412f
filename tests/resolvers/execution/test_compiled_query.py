"""The responses of compiled queries."""

import itertools
from typing import Any

from models import Merchant
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.statements import Statements


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


async def test_a_query_of_an_unchanged_merchant_does_not_read_its_document(
    idle: Service, statements: Statements
) -> None:
    one = build_merchant("shop-1")
    await store([one])

    async def read() -> tuple[str, list[bool]]:
        """The name, and for each statement whether it reads the document."""
        statements.clear()
        data = await idle.graphql('{ merchant(by: {externalId: "shop-1"}) { displayName } }')
        return data["merchant"]["displayName"], ["document" in text for text in statements.texts]

    name = one.merchant.display_name
    assert await read() == (name, [True])
    assert await read() == (name, [False])
    changed = one.merchant.document.replace(f'"{name}"', '"Another name"')
    await Merchant.filter(external_id="shop-1").update(document=changed, row_version=2)
    assert await read() == ("Another name", [False, True])
    assert await read() == ("Another name", [False])
    # Replace the merchant by another one with the same external id and version.
    await Merchant.all().delete()
    await store([build_merchant("shop-1")])
    await Merchant.filter(external_id="shop-1").update(row_version=2)
    assert await read() == (name, [False, True])
