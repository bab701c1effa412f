"""Errors in responses: authentication, invalid requests, unexpected failures, errors of createMerchant."""

from typing import Any

import pytest
from tortoise import connections

from api.auth import development
from connect.scope import Role
from models import AccountCreation, Merchant
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import CREATE, RETURN_TO, Service
from testing.state import read_state, read_tables

pytestmark = [pytest.mark.one_database, pytest.mark.without_worker]

MASKED = "An unexpected error occurred. Give the operator the request id."


async def test_a_request_without_a_valid_token_is_refused(service: Service) -> None:
    drop_deliveries(service)
    await store([build_merchant("shop-1")])
    before = await read_state(service)
    auth = service.settings.auth
    assert auth.development_key_file is not None
    expired = development.token(
        auth.development_key_file,
        issuer=auth.issuer,
        audience=auth.audience,
        role=Role.OPERATOR,
        merchant=None,
        lifetime_seconds=-60,
    )
    good = service.token()
    for header, remedy in [
        (None, "There is no bearer token. Send the header Authorization: Bearer <token>."),
        ("", "There is no bearer token. Send the header Authorization: Bearer <token>."),
        (f"Basic {good}", "There is no bearer token. Send the header Authorization: Bearer <token>."),
        (
            "Bearer garbage",
            "The token is opaque or encrypted, not a signed JWT. Ask for one with the audience 'connectql'.",
        ),
        (f"Bearer {expired}", "The token has expired. Ask the identity provider for a new one."),
        (f"Bearer {good[:-6]}AAAAAA", "The token's signature is wrong. Send the token exactly as issued."),
    ]:
        headers = {"Authorization": header} if header is not None else {}
        for query in (
            "{ merchants { edges { node { id } } } }",
            "{ __schema { queryType { name } } }",
            'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }',
            "{ syntax",
        ):
            answer = await service.http.post("/graphql", json={"query": query}, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.json() == {
                "errors": [
                    {
                        "message": remedy,
                        "extensions": {
                            "code": "UNAUTHENTICATED",
                            "requestId": answer.headers["X-Request-Id"],
                        },
                    }
                ]
            }
    assert await read_state(service) == before


async def test_an_invalid_document_gets_an_error_with_a_code_and_the_cause(service: Service) -> None:
    for query, code, message in [
        ("{ viewer { ", "GRAPHQL_PARSE_FAILED", "Syntax Error: Expected Name, found <EOF>."),
        ("nonsense", "GRAPHQL_PARSE_FAILED", "Syntax Error: Unexpected Name 'nonsense'."),
        (
            "{" + " ".join(f"a{number}: viewer {{ role }}" for number in range(400)) + "}",
            "GRAPHQL_PARSE_FAILED",
            "Syntax Error: Document contains more than 2000 tokens. Parsing aborted.",
        ),
        (
            "{ a" * 600,
            "GRAPHQL_PARSE_FAILED",
            "Syntax Error: Document is nested too deeply. Parsing aborted.",
        ),
        # Errors suggest no field names.
        (
            "{ merchantz { id } }",
            "GRAPHQL_VALIDATION_FAILED",
            "Cannot query field 'merchantz' on type 'Query'.",
        ),
        (
            "{ viewer { subjekt } }",
            "GRAPHQL_VALIDATION_FAILED",
            "Cannot query field 'subjekt' on type 'Viewer'.",
        ),
        ("query ($x: Int) { viewer { role } }", "GRAPHQL_VALIDATION_FAILED", "Variable '$x' is never used."),
        (
            "{ merchants(first: $x) { edges { cursor } } }",
            "GRAPHQL_VALIDATION_FAILED",
            "Variable '$x' is not defined.",
        ),
        (
            "query ($x: String) { merchants(first: $x) { edges { cursor } } }",
            "GRAPHQL_VALIDATION_FAILED",
            "Variable '$x' of type 'String' used in position expecting type 'Int'.",
        ),
        (
            '{ merchant(by: {id: "a", externalId: "b"}) { id } }',
            "GRAPHQL_VALIDATION_FAILED",
            "OneOf Input Object 'MerchantRef' must specify exactly one key.",
        ),
        (
            "{ merchants(filter: {country: [DE, 49]}) { totalCount } }",
            "GRAPHQL_VALIDATION_FAILED",
            "It must be a string, found: 49.",
        ),
        ("{ merchants }", "GRAPHQL_VALIDATION_FAILED", None),
        (
            "subscription { x }",
            "GRAPHQL_VALIDATION_FAILED",
            "Cannot query field 'x' on type 'Subscription'.",
        ),
    ]:
        # Parsed documents and their errors are cached, so ask twice. Each response has its own request id.
        for _ in range(2):
            result = await service.error(query)
            assert result[0] == code, query
            assert message is None or result[1] == message


async def test_an_invalid_variable_is_bad_user_input(service: Service) -> None:
    drop_deliveries(service)
    await store([build_merchant("shop-1")])
    before = await read_state(service)
    merchant = "query ($by: MerchantRef!) { merchant(by: $by) { id } }"
    merchants = (
        "query ($first: Int, $filter: MerchantFilter, $orderBy: MerchantOrder! = CREATED_AT_ASC) {"
        " merchants(first: $first, filter: $filter, orderBy: $orderBy) { edges { cursor } } }"
    )
    link = (
        "mutation ($input: CreateOnboardingLinkInput!) { createOnboardingLink(input: $input) { __typename } }"
    )
    good = {
        "externalId": "a",
        "displayName": "A",
        "contactEmail": "a@shop.example",
        "country": "US",
    }
    cases: list[tuple[str, dict[str, Any], str]] = [
        (merchant, {}, "to be provided"),
        (merchant, {"by": None}, "not to be None"),
        (merchant, {"by": "shop-1"}, "to be an object"),
        (merchant, {"by": {}}, "must specify exactly one key"),
        (merchant, {"by": {"id": "a", "externalId": "b"}}, "must specify exactly one key"),
        (merchant, {"by": {"id": None}}, "must be non-null"),
        (merchant, {"by": {"externalId": 1}}, "String cannot represent a non string value: 1"),
        (merchant, {"by": {"name": "x"}}, "unknown field 'name'"),
        (merchants, {"first": "1"}, "Int cannot represent non-integer value: '1'"),
        (merchants, {"first": 1.5}, "Int cannot represent non-integer value: 1.5"),
        (merchants, {"first": 2**31}, "Int cannot represent non 32-bit signed integer value"),
        (merchants, {"first": True}, "Int cannot represent non-integer value"),
        (merchants, {"orderBy": "NAME"}, "'NAME' does not exist in 'MerchantOrder' enum"),
        (merchants, {"orderBy": 1}, "Enum 'MerchantOrder' cannot represent non-string value: 1"),
        (merchants, {"orderBy": None}, "not to be None"),
        (merchants, {"filter": {"status": ["active"]}}, "'active' does not exist in 'MerchantStatus' enum"),
        (merchants, {"filter": {"status": [None]}}, "not to be None"),
        (merchants, {"filter": {"dueWithinDays": "3"}}, "at .dueWithinDays: Int cannot represent"),
        (merchants, {"filter": {"unknown": 1}}, "unknown field 'unknown'"),
        ("query ($id: ID!) { node(id: $id) { id } }", {"id": 1.5}, "ID cannot represent value: 1.5"),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [None]}, "not to be None"),
        (CREATE, {"input": {**good, "country": 1}}, "at .country: It must be a string."),
        (CREATE, {"input": {**good, "businessUrl": ["x"]}}, "at .businessUrl: It must be a string."),
        (CREATE, {"input": {**good, "entityType": "PERSON"}}, "'PERSON' does not exist in 'EntityType' enum"),
        (CREATE, {"input": {**good, "capabilities": [1]}}, "String cannot represent a non string value: 1"),
        (CREATE, {"input": {**good, "displayName": None}}, "not to be None"),
        (CREATE, {"input": {k: good[k] for k in good if k != "country"}}, "required field 'country'"),
        (link, {"input": {"merchant": {}, "returnTo": RETURN_TO}}, "must specify exactly one key"),
        (link, {"input": {"merchant": {"externalId": "shop-1"}, "returnTo": 1}}, "at .returnTo: It must be"),
        (
            link,
            {"input": {"merchant": {"externalId": "shop-1"}, "returnTo": RETURN_TO, "collect": "ALL"}},
            "'ALL' does not exist in 'CollectRequirements' enum",
        ),
    ]
    for query, variables, message in cases:
        code, text = await service.error(query, variables)
        assert (code, message in text) == ("BAD_USER_INPUT", True), (variables, text)
    assert await read_state(service) == before


async def test_an_invalid_graphql_request_gets_a_400(service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.token()}", "Content-Type": "application/json"}
    for content in (
        "",
        "{}",
        "[]",
        "null",
        "1",
        "nonsense",
        '{"query": 1}',
        '{"query": "{ a }", "variables": 1}',
    ):
        answer = await service.http.post("/graphql", content=content, headers=headers)
        assert answer.status_code == 400, content
        assert "Traceback" not in answer.text
    # A GET request never changes anything.
    query = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
    answer = await service.http.get("/graphql", params={"query": query}, headers=headers)
    assert answer.status_code == 405
    answer = await service.http.get("/graphql", params={"query": "{ viewer { role } }"}, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"data": {"viewer": {"role": "OPERATOR"}}})


@pytest.mark.by_hand
async def test_an_unexpected_error_is_masked_and_has_the_request_id(service: Service) -> None:
    one = build_merchant("shop-1")
    await store([one])
    await service.create("shop-2")
    # The stored document does not match the schema.
    valid = one.merchant.document
    for invalid in (valid.replace('"ACTIVE"', '"NONSENSE"', 1), valid.replace('"summary"', '"other"')):
        assert invalid != valid
        await Merchant.filter(id=one.merchant.id).update(document=invalid)
        query = '{ merchant(by: {externalId: "shop-1"}) { status summary } viewer { role } }'
        answer = await service.post(query)
        # The other fields of the operation still have values.
        assert answer.json()["data"] == {"merchant": None, "viewer": {"role": "OPERATOR"}}
        (error,) = answer.json()["errors"]
        assert (error["message"], error["extensions"]) == (
            MASKED,
            {"code": "INTERNAL", "requestId": answer.headers["X-Request-Id"]},
        )
    # A table is missing.
    await connections.get("default").execute_script("DROP TABLE timeline_entry")
    query = 'mutation { refreshMerchant(input: {merchant: {externalId: "shop-2"}}) { __typename } }'
    assert await service.error(query) == ("INTERNAL", MASKED)
    answer = await service.post("{ merchants { edges { node { timeline { edges { cursor } } } } } }")
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "message": MASKED,
                "path": ["merchants", "edges", 0, "node", "timeline"],
                "locations": [{"line": 1, "column": 30}],
                "extensions": {"code": "INTERNAL", "requestId": answer.headers["X-Request-Id"]},
            }
        ],
    }
    # Fields that do not need the table still work.
    assert (await service.graphql("{ viewer { role } }"))["viewer"] == {"role": "OPERATOR"}


async def test_each_cause_of_a_failed_create_merchant_has_its_error(service: Service) -> None:
    drop_deliveries(service)
    before = await read_state(service)
    refused = await service.error(
        CREATE,
        {
            "input": {
                "externalId": "shop-1",
                "displayName": "Shop",
                "contactEmail": "a@shop.example",
                "country": "US",
            }
        },
        role="merchant",
        merchant="shop-1",
    )
    assert refused == ("FORBIDDEN", "This operation requires a token with the role operator or service.")
    assert await read_state(service) == before

    prefix = "mutation ($input: CreateMerchantInput!) { createMerchant(input: $input) { __typename"
    fields = "fields { name code message userMessage }"
    query = (
        f"{prefix} ... on CountryNotSupportedError {{ message country requestId {fields} }} "
        f"... on StripeRefusedError {{ message code remedy requestId {fields} }} }} }}"
    )
    shop = {
        "externalId": "shop-1",
        "displayName": "Shop",
        "contactEmail": "a@shop.example",
        "country": "US",
    }
    result = (await service.graphql(query, {"input": {**shop, "country": "AQ"}}))["createMerchant"]
    assert result.pop("requestId").startswith("req_")
    answer = "identity.country: 'AQ' is not supported for connected accounts."
    remedy = (
        "Leave out the entry of `capabilities` that the message names: it is not available in this country."
    )
    assert result == {
        "__typename": "CountryNotSupportedError",
        "message": f"Stripe opens no account with card payments in AQ. Its answer: {answer}",
        "country": "AQ",
        "fields": [
            {
                "name": "country",
                "code": "NOT_AVAILABLE",
                "message": answer,
                "userMessage": "This choice is not available.",
            }
        ],
    }
    konbini = {**shop, "capabilities": ["card_payments", "konbini_payments"]}
    result = (await service.graphql(query, {"input": konbini}))["createMerchant"]
    assert result.pop("requestId").startswith("req_")
    answer = "configuration.merchant.capabilities.konbini_payments: not available in US."
    assert result == {
        "__typename": "StripeRefusedError",
        "message": answer,
        "code": "capability_not_available_in_country",
        "remedy": remedy,
        "fields": [
            {
                "name": "capabilities[1]",
                "code": "NOT_AVAILABLE",
                "message": f"{answer} {remedy}",
                "userMessage": "This choice is not available.",
            }
        ],
    }
    unknown = {**shop, "capabilities": ["konbinii_payments"]}
    result = (await service.graphql(query, {"input": unknown}))["createMerchant"]
    assert (result["__typename"], result["code"]) == ("StripeRefusedError", "parameter_unknown")
    assert [(field["name"], field["code"]) for field in result["fields"]] == [
        ("capabilities[0]", "CAPABILITY_INVALID")
    ]
    inject_fault(service, "/v2/core/accounts", REFUSED)
    result = await service.create("shop-1")
    assert result.pop("requestId").startswith("req_")
    assert result == {"__typename": "StripeRefusedError", "message": "Stripe says no.", "code": "not_today"}
    clear_faults(service)
    # A refused merchant exists neither in ConnectQL nor at Stripe. Only the refusal is recorded.
    tables = await read_tables()
    assert {name for name in tables if tables[name] != before[0][name]} == {"account_creation"}
    assert service.simulator.control("accounts") == before[1]

    inject_fault(service, "/v2/core/accounts", UNAVAILABLE)
    assert await service.create("shop-1") == {
        "__typename": "StripeUnavailableError",
        "message": "Stripe gave no definite answer. Repeat the same request; repeats are safe.",
        "retryAfterSeconds": 2,
        "merchant": {"externalId": "shop-1", "status": "CREATING"},
    }
    assert await service.merchant("shop-1", "status account { id } nextAction { kind }") == {
        "status": "CREATING",
        "account": None,
        "nextAction": {"kind": "WAIT_FOR_STRIPE"},
    }
    clear_faults(service)
    conflict = await service.create("shop-1", displayName="Other")
    assert conflict["__typename"] == "ExternalIdTakenError"
    again = await service.create("shop-1")
    assert (again["__typename"], again["created"]) == ("CreateMerchantPayload", False)
    assert again["merchant"]["status"] == "ONBOARDING"
    assert len(service.simulator.control("accounts")["data"]) == 1
    assert await AccountCreation.filter(state="SUCCEEDED").count() == 1
