"""Common GraphQL clients, with their caches and types, work with the schema and the answers."""

from typing import Any

import pytest
from gql import Client as Gql
from gql import GraphQLRequest
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from testing.processes import ROOT
from testing.service import Service
from tests.clients.conftest import HERE, Client, Run

# Clients cannot see which database is used.
pytestmark = pytest.mark.one_database

CREATE = {"method": "POST", "path": "/v2/core/accounts"}
REFUSAL = {"error": {"code": "connect_profile_not_submitted", "message": "Complete your profile."}}
SCHEMA = (ROOT / "schema.graphql").read_text(encoding="utf-8")
SHOP_1 = {
    "__typename": "Merchant",
    "externalId": "shop-1",
    "displayName": "Shop shop-1",
    "status": "ONBOARDING",
    "account": {"livemode": False},
    "nextAction": {"kind": "START_ONBOARDING"},
    "requirements": {"dueCount": 12},
}
SHOPS = ["shop-1", "shop-2", "shop-3", "shop-4", "shop-5"]
CREATED = [
    ("CreateMerchantPayload", {"created": True}),
    ("ExternalIdTakenError", {"externalId": "new-1"}),
    ("InvalidInputError", {"field": "contactEmail"}),
    ("CountryNotSupportedError", {"country": "AQ"}),
    ("StripeRefusedError", {"code": "connect_profile_not_submitted"}),
    ("StripeUnavailableError", {"retryAfterSeconds": 2}),
]


@pytest.fixture
async def shops(service: Service) -> None:
    for external_id in SHOPS:
        await service.create(external_id)


def plain(merchant: dict[str, Any]) -> dict[str, Any]:
    """Return the merchant without ids, which differ in each run, and without the type names of its parts."""
    account = {"livemode": merchant["account"]["livemode"]}
    parts = {name: dict(merchant[name]) for name in ("nextAction", "requirements")}
    for part in parts.values():
        part.pop("__typename", None)
    assert merchant.keys() == {*SHOP_1, "id"}
    return {**{name: merchant[name] for name in SHOP_1}, **parts, "account": account}


def members(results: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Check the first result of createMerchant, and return the type and the fields of each result."""
    merchant = results[0].pop("merchant")
    assert (merchant["externalId"], merchant["status"]) == ("new-1", "ONBOARDING")
    assert all(result.pop("message") for result in results[1:])
    return [(result.pop("__typename"), result) for result in results]


@pytest.mark.usefixtures("shops")
async def test_relay_compiles_reads_creates_and_updates_its_store(node: Run, client: Client) -> None:
    compiled = await node("node_modules/relay-compiler/cli.js", "relay.config.json")
    assert "Compilation completed" in compiled
    result = await client("relay.js")
    assert plain(result["merchant"]) == SHOP_1
    assert (result["pages"], result["gathered"]) == ([2, 4, 5], SHOPS)
    assert (result["refetched"], result["renamed"]) == (True, "Renamed")
    assert members(result["created"]) == CREATED
    assert result["complaints"] == []


def request(name: str, **variables: Any) -> GraphQLRequest:
    return GraphQLRequest((HERE / f"{name}.graphql").read_text(encoding="utf-8"), variable_values=variables)


@pytest.mark.usefixtures("shops")
async def test_gql_for_python_reads_creates_and_subscribes(service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.token()}"}
    url = f"{service.url}/graphql"
    results = []
    # A client that has the schema validates each operation before sending it.
    async with Gql(transport=HTTPXAsyncTransport(url, headers=headers), schema=SCHEMA) as session:
        result = await session.execute(request("merchant", externalId="shop-1"))
        assert plain(result["merchant"]) == SHOP_1
        gathered: list[str] = []
        info: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while info["hasNextPage"]:
            page = await session.execute(request("merchants", first=2, after=info["endCursor"]))
            gathered += [edge["node"]["externalId"] for edge in page["merchants"]["edges"]]
            info = page["merchants"]["pageInfo"]
        assert gathered == SHOPS
        shop = {"displayName": "Shop", "contactEmail": "owner@shop.example", "country": "US"}
        for fault, changed in (
            (None, {"externalId": "new-1"}),
            (None, {"externalId": "new-1", "displayName": "Other"}),
            (None, {"externalId": "new-2", "contactEmail": "nobody"}),
            (None, {"externalId": "new-2", "country": "AQ"}),
            ({"status": 400, "body": REFUSAL}, {"externalId": "new-2"}),
            ({"status": 503, "times": 99}, {"externalId": "new-3"}),
        ):
            if fault is not None:
                service.simulator.control("faults", {**CREATE, **fault})
            data = await session.execute(request("create", input={**shop, **changed}))
            results.append(data["createMerchant"])
        service.simulator.control("faults", method="DELETE")
    assert members(results) == CREATED

    socket = WebsocketsTransport(
        url=url.replace("http:", "ws:"),
        init_payload=headers,
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    names = []
    async with Gql(transport=socket, schema=SCHEMA) as session:
        async for message in session.subscribe(request("changed", externalId="shop-1")):
            names.append(message["merchantChanged"]["displayName"])
            if len(names) == 2:
                break
            await service.graphql(
                request("rename").payload["query"], {"externalId": "shop-1", "displayName": "Renamed"}
            )
    assert names == ["Shop shop-1", "Renamed"]
