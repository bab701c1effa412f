"""Operations that are answered without graphql-core: what is not compiled is left, soon."""

import itertools
from typing import Any

import pytest

from resolvers.execution import compiled_query
from testing.merchants import build_merchant, store
from testing.service import Service

ALIASES = 4


def _growing(levels: int) -> str:
    """Each level asks four times for the next: small to write, and no end to what it would answer."""
    fragments = [
        f"fragment F{level} on Requirement {{ "
        + " ".join(f"a{n}: alternatives {{ ...F{level + 1} }}" for n in range(ALIASES))
        + " }"
        for level in range(levels)
    ]
    last = f"fragment F{levels} on Requirement {{ key }}"
    return " ".join(['{ merchant(by: {id: "x"}) { requirements { entries { ...F0 } } } }', *fragments, last])


def test_what_grows_without_end_is_not_compiled() -> None:
    query = _growing(12)
    assert compiled_query.prepare(query, None, None, 150_000) is None
    assert compiled_query.prepare(query, None, None, 10**30) is None
    assert compiled_query.prepare('{ merchant(by: {id: "x"}) { id } }', None, None, 150_000) is not None


async def test_what_grows_without_end_is_refused(idle: Service) -> None:
    body = (await idle.post(_growing(12))).json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["QUERY_TOO_COMPLEX"]


async def test_none_of_no_statuses_match(idle: Service) -> None:
    await store([build_merchant("shop-1"), build_merchant("shop-2", "due_soon")])
    parts: list[dict[str, Any]] = [
        {"dueWithinDays": 30},
        {"search": "shop"},
        {"awaitingActionFrom": "MERCHANT"},
    ]
    orders = "CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"
    for size, order in itertools.product(range(len(parts) + 1), orders):
        for chosen in itertools.combinations(parts, size):
            wanted: dict[str, Any] = {"status": []}
            for part in chosen:
                wanted |= part
            data = await idle.graphql(
                "query ($filter: MerchantFilter, $order: MerchantOrder!) "
                "{ merchants(filter: $filter, orderBy: $order) { edges { node { id } } } }",
                {"filter": wanted, "order": order},
            )
            assert data == {"merchants": {"edges": []}}, (wanted, order)


@pytest.mark.parametrize("selection", ["id a: id", "id timeline { edges { cursor } }"])
def test_what_is_not_compiled_is_left_to_graphql_core(selection: str) -> None:
    assert (
        compiled_query.prepare(f'{{ merchant(by: {{id: "x"}}) {{ {selection} }} }}', None, None, 150_000)
        is None
    )
