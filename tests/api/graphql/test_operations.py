"""Operations over WebSockets, event streams and plain HTTP."""

import pytest

from testing.service import Service
from testing.subscribers import (
    ALL_MERCHANTS,
    STATUS,
    socket,
    stream,
)


@pytest.mark.one_database
async def test_an_empty_operation_name_counts_as_missing_on_every_transport(idle: Service) -> None:
    query, expected = "{ viewer { role } }", {"viewer": {"role": "OPERATOR"}}
    async with socket(idle, token=idle.token()) as client:
        for name in ("", None):
            await client.send("subscribe", id="1", payload={"query": query, "operationName": name})
            assert await client.data() == expected
            assert await client.receive() == {"type": "complete", "id": "1"}
    async with stream(idle, query, token=idle.token(), operationName="") as events:
        assert await events.data() == expected
    bearer = {"Authorization": f"Bearer {idle.token()}"}
    parameters = {"query": query, "operationName": ""}
    for answer in (
        await idle.http.post("/graphql", json=parameters, headers=bearer),
        await idle.http.get("/graphql", params=parameters, headers=bearer),
    ):
        assert answer.json() == {"data": expected}


@pytest.mark.one_database
async def test_mutations_run_over_websockets_and_queries_over_event_streams(idle: Service) -> None:
    created = {
        "input": {"externalId": "s", "displayName": "S", "contactEmail": "s@s.example", "country": "US"}
    }
    create = "mutation ($input: CreateMerchantInput!) { createMerchant(input: $input) { __typename } }"
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(create, created)
        assert await client.data() == {"createMerchant": {"__typename": "CreateMerchantPayload"}}
        assert await client.receive() == {"id": "1", "type": "complete"}
    async with stream(idle, "{ viewer { role } }", token=idle.token("service")) as client:
        assert await client.data() == {"viewer": {"role": "SERVICE"}}
        assert [await client.receive(), await client.receive()] == [("complete", ""), ("end", None)]


@pytest.mark.one_database
async def test_refused_operations_get_an_error_code(idle: Service) -> None:
    for query, variables, code in [
        ("subscription {", None, "GRAPHQL_PARSE_FAILED"),
        ("", None, "BAD_USER_INPUT"),
        ("subscription { nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        (f"{STATUS} {ALL_MERCHANTS}", {"id": "shop-1"}, "GRAPHQL_VALIDATION_FAILED"),
        (STATUS, {"id": 4}, "BAD_USER_INPUT"),
        (STATUS, {}, "BAD_USER_INPUT"),
    ]:
        async with socket(idle, token=idle.token()) as client:
            await client.subscribe(query, variables)
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "1"), query
            assert {error["extensions"]["code"] for error in message["payload"]} == {code}
            await client.subscribe("{ viewer { role } }")  # the connection stays open
            assert await client.data() == {"viewer": {"role": "OPERATOR"}}
        async with stream(idle, query, variables, token=idle.token()) as events:
            event, payload = await events.receive()
            assert (event, payload["data"]) == ("next", None), query
            assert {error["extensions"]["code"] for error in payload["errors"]} == {code}
            assert await events.receive() == ("complete", "")


@pytest.mark.one_database
async def test_a_subscription_over_plain_http_gets_an_error_that_names_the_transports(idle: Service) -> None:
    answer = (await idle.post(STATUS, {"id": "shop-1"})).json()
    assert answer.keys() == {"errors"}
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "graphql-transport-ws" in answer["errors"][0]["message"]
    assert "text/event-stream" in answer["errors"][0]["message"]
