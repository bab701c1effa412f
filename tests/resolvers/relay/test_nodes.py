"""node and nodes return objects by their ids, and null for an id without an object."""

import base64
import uuid
from typing import Any

import pytest

from testing.merchants import build_event, build_merchant, global_id, store
from testing.service import Service

pytestmark = pytest.mark.without_worker

NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename id
    ... on Merchant { externalId account { id } }
    ... on ConnectedAccount { stripeAccountId closed }
    ... on StripeEvent { stripeEventId merchant { id externalId } }
  }
}
"""
NODE = NODES.replace("nodes(ids: $ids)", "node(id: $id)").replace("$ids: [ID!]!", "$id: ID!")


async def test_each_type_is_found_by_id_in_the_requested_order(service: Service) -> None:
    one, other = build_merchant("a"), build_merchant("b", "creating")
    assert one.account is not None
    await store([one, other])
    linked, unlinked = build_event(1, merchant=one.merchant), build_event(2)
    await linked.save(force_create=True)
    await unlinked.save(force_create=True)
    account_id = global_id("ConnectedAccount", one.account.id)
    expected: dict[str, dict[str, Any]] = {
        one.id: {"__typename": "Merchant", "externalId": "a", "account": {"id": account_id}},
        other.id: {"__typename": "Merchant", "externalId": "b", "account": None},
        account_id: {
            "__typename": "ConnectedAccount",
            "stripeAccountId": one.account.stripe_account_id,
            "closed": False,
        },
        global_id("StripeEvent", linked.id): {
            "__typename": "StripeEvent",
            "stripeEventId": "evt_1",
            "merchant": {"id": one.id, "externalId": "a"},
        },
        global_id("StripeEvent", unlinked.id): {
            "__typename": "StripeEvent",
            "stripeEventId": "evt_2",
            "merchant": None,
        },
    }
    for node_id, fields in expected.items():
        assert (await service.graphql(NODE, {"id": node_id}))["node"] == {"id": node_id, **fields}
    mixed = [*reversed(expected), one.id, global_id("Merchant", uuid.uuid4()), one.id]
    assert (await service.graphql(NODES, {"ids": mixed}))["nodes"] == [
        {"id": node_id, **expected[node_id]} if node_id in expected else None for node_id in mixed
    ]


@pytest.mark.one_database
async def test_an_invalid_id_gives_null(service: Service) -> None:
    one = build_merchant("a")
    assert one.account is not None
    await store([one])
    key = one.merchant.id

    def encode(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    invalid_ids = [
        "",
        "a",
        str(key),
        "é",
        "\x00",
        "=",
        "%%%%",
        "A" * 201,
        one.account.stripe_account_id,
        global_id("Merchant", one.account.id),
        global_id("ConnectedAccount", key),
        global_id("StripeEvent", key),
        global_id("merchant", key),
        global_id("AccountCreation", key),
        global_id("TimelineEntry", key),
        encode(f"Merchant:{key.hex}"),
        encode(f"Merchant:{str(key).upper()}"),
        encode(f"Merchant:{{{key}}}"),
        encode("Merchant:"),
        encode(":"),
        encode("Merchant"),
        encode(f"Merchant::{key}"),
        encode(f"é:{key}"),
    ]
    result = await service.graphql(NODES, {"ids": invalid_ids})
    assert result == {"nodes": [None] * len(invalid_ids)}
    for node_id in invalid_ids:
        assert await service.graphql(NODE, {"id": node_id}) == {"node": None}, node_id


@pytest.mark.one_database
async def test_nodes_takes_at_most_100_ids(service: Service) -> None:
    one = build_merchant("a")
    await store([one])
    assert await service.graphql(NODES, {"ids": []}) == {"nodes": []}
    result = (await service.graphql(NODES, {"ids": [one.id] * 100}))["nodes"]
    assert [node["externalId"] for node in result] == ["a"] * 100
    assert await service.error(NODES, {"ids": [one.id] * 101}) == (
        "BAD_USER_INPUT",
        "`ids` takes at most 100 ids, but has 101.",
    )
