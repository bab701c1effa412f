"""The subgraph: `_entities` reads only what the caller may see, and `_service` has the subgraph's names."""

import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse

from models import Merchant, PaymentObject
from testing.merchants import build_event, build_merchant, global_id, rename, store
from testing.processes import Simulator
from testing.service import Service, running
from testing.statements import recorded
from testing.stored_payments import add_payment

ENTITIES = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on ConnectNode { id }
    ... on Merchant { externalId name: displayName account { livemode } summary }
    ... on Payment { order: externalId state }
  }
}
"""
OTHERS = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on ConnectedAccount { id stripeAccountId }
    ... on Refund { id }
    ... on StripeEvent { stripeEventId }
    ... on Merchant { payments(first: 1) { edges { node { externalId } } } }
  }
}
"""


@pytest.fixture
async def subgraph(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """The service as a subgraph with a prefix, without a worker."""
    changed = {"WORKER": "off", "FEDERATION": "on", "FEDERATION_PREFIX": "Connect"}
    async with running(database_url, simulator, tmp_path, **changed) as service:
        yield service


def order(merchant: str, external_id: str | None) -> dict[str, Any]:
    return {"__typename": "Payment", "externalId": external_id, "merchant": {"externalId": merchant}}


@pytest.mark.slow
async def test_entities_are_read_in_one_statement_for_each_type_and_key(subgraph: Service) -> None:
    built = [build_merchant(f"shop-{number}") for number in range(3)]
    await store(built)
    paid = await add_payment(built[0].merchant, "order-1")
    other = await add_payment(built[1].merchant, "order-1")
    await add_payment(built[1].merchant, None)
    merchants: list[dict[str, Any]] = [
        {"__typename": "Merchant", "externalId": "shop-1"},
        {"__typename": "Merchant", "id": built[0].id},
        {"__typename": "Merchant", "externalId": "shop-2", "more": 1},
        {"__typename": "Merchant", "externalId": "absent"},
        {"__typename": "Merchant", "externalId": None},
        {"__typename": "Merchant", "externalId": "a\0b"},
        {"__typename": "Merchant", "id": global_id("Payment", paid.id)},
        {"__typename": "Merchant", "externalId": "shop-1"},
    ]
    payments = [
        order("shop-1", "order-1"),
        {"__typename": "Payment", "id": global_id("Payment", paid.id)},
        order("shop-2", "order-1"),
        order("shop-1", None),
    ]
    representations = [*payments, *merchants]
    expected = [other, paid, None, None]
    shops = [built[1], built[0], built[2], None, None, None, None, built[1]]

    async def read(*, compiles: bool = True) -> tuple[list[Any], list[bool]]:
        """The entities, and for each statement whether it reads documents."""
        body: dict[str, Any] = {"query": ENTITIES, "variables": {"representations": representations}}
        if not compiles:
            body["extensions"] = {"cost": True}  # graphql-core executes an operation whose cost is requested
        with recorded() as statements:
            answer = await subgraph.http.post(
                "/graphql", json=body, headers={"Authorization": f"Bearer {subgraph.token()}"}
            )
        return answer.json()["data"]["_entities"], ["document" in text for text in statements.texts]

    entities, documents = await read()
    assert documents == [True] * 4
    assert [one and one["id"] for one in entities] == [
        *(one and global_id("Payment", one.id) for one in expected),
        *(one and one.id for one in shops),
    ]
    assert entities[4] == {
        "__typename": "Merchant",
        "id": built[1].id,
        "externalId": "shop-1",
        "name": "Shop shop-1",
        "account": {"livemode": False},
        "summary": json.loads(built[1].merchant.document)["summary"],
    }
    assert entities[0] == {
        "__typename": "Payment",
        "id": global_id("Payment", other.id),
        "order": "order-1",
        "state": "SUCCEEDED",
    }
    assert await read(compiles=False) == (entities, [True] * 4)
    assert await read() == (entities, [False] * 4)
    await rename("shop-1", "Renamed")
    again, documents = await read()
    renamed = [False, False, False, True, False]  # only the document of the renamed merchant is read
    assert (documents, again[4]["name"], again[5]) == (renamed, "Renamed", entities[5])

    account, event = built[0].account, build_event(1)
    assert account is not None
    await event.save(force_create=True)
    refunded = await add_payment(built[2].merchant, "order-2", "refunded")
    refund = await PaymentObject.get(payment_id=refunded.id, kind="refund")
    ids = {
        "ConnectedAccount": account.id,
        "Refund": refund.id,
        "StripeEvent": event.id,
        "Merchant": built[2].merchant.id,
    }
    nodes = {name: global_id(name, key) for name, key in ids.items()}
    data = await subgraph.graphql(
        OTHERS,
        {"representations": [{"__typename": name, "id": node_id} for name, node_id in nodes.items()]},
    )
    assert data["_entities"] == [
        {"id": nodes["ConnectedAccount"], "stripeAccountId": account.stripe_account_id},
        {"id": nodes["Refund"]},
        {"stripeEventId": "evt_1"},
        {"payments": {"edges": [{"node": {"externalId": "order-2"}}]}},
    ]


@pytest.mark.slow
async def test_a_merchant_gets_its_own_entities_and_null_for_all_others(subgraph: Service) -> None:
    own, foreign = build_merchant("shop-1", "rejected", code="rejected_fraud"), build_merchant("shop-2")
    await store([own, foreign])
    objects = [(one, await add_payment(one.merchant, "order-1", "refunded")) for one in (own, foreign)]
    representations: list[dict[str, Any]] = []
    for one, payment in objects:
        refund = await PaymentObject.get(payment_id=payment.id, kind="refund")
        account = one.account
        assert account is not None
        ids: dict[str, uuid.UUID] = {
            "Merchant": one.merchant.id,
            "Payment": payment.id,
            "ConnectedAccount": account.id,
            "Refund": refund.id,
        }
        representations += [{"__typename": name, "id": global_id(name, key)} for name, key in ids.items()]
        representations.append({"__typename": "Merchant", "externalId": one.merchant.external_id})
        representations.append(order(one.merchant.external_id, "order-1"))
    for some in (
        representations,
        [one for one in representations if one["__typename"] in {"Merchant", "Payment"}],
    ):
        variables = {"representations": some}
        # An operator's read fills the cache.
        operator = (await subgraph.graphql(ENTITIES, variables))["_entities"]
        assert None not in operator
        for _ in range(2):
            data = await subgraph.graphql(ENTITIES, variables, role="merchant", merchant="shop-1")
            entities, half = data["_entities"], len(some) // 2
            assert entities[half:] == [None] * half
            assert [one["id"] for one in entities[:half]] == [one["id"] for one in operator[:half]]
            # A merchant must not learn that fraud is suspected.
            document = (await Merchant.get(external_id="shop-1")).merchant_document
            assert entities[0]["summary"] == json.loads(document or "")["summary"] != operator[0]["summary"]


@pytest.mark.slow
@pytest.mark.one_database
async def test_invalid_representations_are_refused_and_names_of_the_subgraph_have_the_prefix(
    subgraph: Service,
) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"__typename": "Money"}, " must be an object with the `__typename` of an entity."),
        (
            order("shop-1", "order-1") | {"merchant": {}},
            " must have the fields of a key of Payment: `id` or `externalId merchant { externalId }`.",
        ),
        (
            {"__typename": "Merchant", "externalId": 1},
            ": the fields of the key `externalId` must be strings.",
        ),
    ]
    for one, message in wrong:
        variables = {"representations": [{"__typename": "Merchant", "externalId": "shop-1"}, one]}
        assert await subgraph.error(ENTITIES, variables) == (
            "BAD_USER_INPUT",
            f"`representations[1]`{message}",
        )
    many = [{"__typename": "Merchant", "externalId": str(number)} for number in range(1001)]
    query = "query ($some: [_Any!]!) { _entities(representations: $some) { __typename } }"
    assert await subgraph.error(query, {"some": many}) == (
        "BAD_USER_INPUT",
        "`representations` takes at most 1000, but has 1001.",
    )
    assert (await subgraph.graphql(query, {"some": many[:1000]}))["_entities"] == [None] * 1000

    await store([build_merchant("shop-1")])
    # A single value is accepted in place of a list. The second read of a compiled query needs no document.
    shop = '{__typename: "Merchant", externalId: "shop-1"}'
    alone = f"(representations: {shop}) {{ ... on Merchant {{ country }} }}"
    for is_first in (True, False):
        with recorded() as statements:
            entities = (await subgraph.graphql(f"{{ _entities{alone} }}"))["_entities"]
        assert entities == [{"country": "US"}]
        assert any("document" in text for text in statements.texts) is is_first
    data = await subgraph.graphql(
        "{ _service { sdl } connectViewer { __typename } merchants { pageInfo { __typename } "
        "edges { node { capabilities { __typename } account { __typename } } } } "
        'merchant(by: {externalId: "shop-1"}) { country createdAt } }'
    )
    assert data["connectViewer"] == {"__typename": "ConnectViewer"}
    assert data["merchants"]["pageInfo"] == {"__typename": "ConnectPageInfo"}
    assert data["merchant"]["country"] == "US"
    sdl = data["_service"]["sdl"]
    keys = '@key(fields: "id") @key(fields: "externalId")'
    assert f"type Merchant implements ConnectNode {keys} {{" in sdl
    assert "_Any" not in sdl
    parse(sdl)
    with pytest.raises(TypeError, match="Unknown directive '@key'"):
        build_schema(sdl.partition("\n")[2])
