"""GraphQL over HTTP: the public audits, and rules that the audits do not cover."""

import gzip
from collections import Counter
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.graphql import content_negotiation
from api.graphql.content_negotiation import JSON, RESPONSE, STREAM
from api.graphql.requests import MAX_BODY_BYTES
from models import Merchant
from testing.merchants import build_merchant, store
from testing.service import CREATE, Service
from testing.subscribers import STATUS
from tests.api.graphql.audits import AUDITS


@pytest.mark.slow
@pytest.mark.one_database
async def test_every_public_audit_of_graphql_over_http_passes(idle: Service) -> None:
    levels = Counter(audit.name.split()[0] for audit in AUDITS)
    assert (len({audit.id for audit in AUDITS}), levels) == (61, {"MUST": 13, "SHOULD": 23, "MAY": 25})
    bearer = f"Bearer {idle.token()}"
    problems = [await audit.problem(idle.http, bearer) for audit in AUDITS]
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/html, */*;q=0.1", JSON),
        (RESPONSE, RESPONSE),
        ("Application/GraphQL-Response+JSON; charset=utf-8", RESPONSE),
        # The specification, Apollo Client and urql use these headers.
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{RESPONSE},application/json", RESPONSE),
        (f"{RESPONSE}, application/graphql+json, {JSON}, {STREAM}, multipart/mixed", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.5", JSON),
        (f"{JSON}, */*", JSON),
        (f"{JSON};q=0.2, */*;q=0.8", RESPONSE),
        (f"{JSON};q=0, */*", RESPONSE),
        (f"{RESPONSE};q=0, {JSON};q=0.001", JSON),
        (STREAM, STREAM),
        (f"{STREAM}, {JSON};q=0.9", STREAM),
        (f"{STREAM};q=0.9, {JSON}", JSON),
        ("text/html", None),
        ("text/*", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=2", None),
        (f"{JSON};q=", None),
        ("*/*;q=0", None),
        ("application/jsonx, application", None),
        (",;,", None),
    ],
)
def test_the_media_type_follows_the_accept_header(accept: str | None, media_type: str | None) -> None:
    assert content_negotiation.choose(accept) == media_type


@pytest.mark.one_database
async def test_an_unacceptable_media_type_prevents_execution(idle: Service) -> None:
    merchant = {"externalId": "a", "displayName": "A", "contactEmail": "a@shop.example", "country": "US"}
    body = {"query": CREATE, "variables": {"input": merchant}}
    headers = {"Authorization": f"Bearer {idle.token()}", "Accept": "text/html"}
    answer = await idle.http.post("/graphql", json=body, headers=headers)
    assert refused(answer) == (406, "NOT_ACCEPTABLE")
    assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert await Merchant.all().count() == 0


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Check the shape of a refusal, and return its status and error code."""
    (error,) = answer.json()["errors"]
    assert answer.json() in ({"errors": [error]}, {"data": None, "errors": [error]})
    assert error["message"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return answer.status_code, error["extensions"]["code"]


@pytest.mark.one_database
async def test_an_invalid_body_is_answered_with_400(idle: Service) -> None:
    good = b'{"query": "{ __typename }"}'
    for body, code in [
        (b"", "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b"true", "BAD_REQUEST"),
        (b"5", "BAD_REQUEST"),
        (b'"x"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b"[1]", "BATCHING_NOT_SUPPORTED"),
        (b"[]", "BATCHING_NOT_SUPPORTED"),
        (b"[" + good + b"]", "BATCHING_NOT_SUPPORTED"),
        (gzip.compress(good), "BAD_REQUEST"),
        (good.decode().encode("utf-16"), "BAD_REQUEST"),
        (b'{"query": "\xff"}', "BAD_REQUEST"),
        (
            b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 9000 + b"]" * 9000 + b"}}",
            "BAD_REQUEST",
        ),
        (b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}", "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', "BAD_REQUEST"),
        (rb'{"query": "{ __typename \ud800 }"}', "BAD_REQUEST"),
        (b'{"query": ""}', "BAD_REQUEST"),
    ]:
        for accept in (JSON, RESPONSE):
            answer = await post(idle, body, accept)
            assert refused(answer) == (400, code), body[:60]
            assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    # A surrogate pair is one character, so it is valid.
    answer = await post(idle, rb'{"query": "{ __type(name: \"\ud83d\ude00\") { name } }"}')
    assert answer.json() == {"data": {"__type": None}}


async def post(
    service: Service, body: bytes, accept: str = JSON, content_type: str | None = JSON
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {service.token()}", "Accept": accept}
    if content_type is not None:
        headers["Content-Type"] = content_type
    return await service.http.post("/graphql", content=body, headers=headers)


@pytest.mark.one_database
async def test_the_content_type_must_be_json_in_utf8(idle: Service) -> None:
    body = b'{"query": "{ __typename }"}'
    for content_type in (
        None,
        "",
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
    ):
        answer = await post(idle, body, content_type=content_type)
        assert refused(answer) == (415, "UNSUPPORTED_MEDIA_TYPE"), content_type
    for content_type in (
        "application/json",
        "Application/JSON;charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; other=1",
    ):
        assert (await post(idle, body, content_type=content_type)).status_code == 200, content_type


@pytest.mark.one_database
@pytest.mark.by_hand
async def test_the_status_depends_on_the_result(idle: Service) -> None:
    one = build_merchant("shop-1")
    await store([one])
    broken = one.merchant.document.replace('"summary"', '"other"')
    await Merchant.filter(id=one.merchant.id).update(document=broken)
    cases: list[tuple[dict[str, Any], str, int, str | None, bool]] = [
        # Request, role, status, code of the first error, presence of the key `data`.
        ({"query": "{ viewer { role } }"}, "operator", 200, None, True),
        (
            {"query": '{ merchant(by: {externalId: "shop-1"}) { summary } viewer { role } }'},
            "operator",
            200,
            "INTERNAL",
            True,
        ),
        ({"query": "{ merchants(first: -1) { edges { cursor } } }"}, "operator", 200, "BAD_USER_INPUT", True),
        ({"query": "{ "}, "operator", 400, "GRAPHQL_PARSE_FAILED", False),
        ({"query": "{ nothing }"}, "operator", 400, "GRAPHQL_VALIDATION_FAILED", False),
        ({"query": "query ($i: ID!) { node(id: $i) { id } }"}, "operator", 400, "BAD_USER_INPUT", False),
        (
            {"query": "query A { __typename } query B { __typename }"},
            "operator",
            400,
            "BAD_USER_INPUT",
            False,
        ),
        (
            {"query": "query A { __typename }", "operationName": "B"},
            "operator",
            400,
            "BAD_USER_INPUT",
            False,
        ),
        ({"query": "fragment A on Query { __typename }"}, "operator", 400, "BAD_USER_INPUT", False),
    ]
    for body, role, status, code, has_data in cases:
        for accept in (JSON, RESPONSE):
            headers = {"Authorization": f"Bearer {idle.token(role)}", "Accept": accept}
            answer = await idle.http.post("/graphql", json=body, headers=headers)
            body_json = answer.json()
            # With application/json, a well-formed request gets a 200 even if its document is invalid.
            assert answer.status_code == (status if accept == RESPONSE else 200), body
            assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
            assert ("data" in body_json) is has_data, body
            assert (
                body_json["errors"][0]["extensions"]["code"] if code else body_json.get("errors")
            ) == code, body


@pytest.mark.one_database
async def test_refusals_have_their_own_status_and_the_accepted_media_type(idle: Service) -> None:
    body = {"query": "{ __typename }"}
    for accept in (JSON, RESPONSE):
        answer = await idle.http.post("/graphql", json=body, headers={"Accept": accept})
        assert refused(answer) == (401, "UNAUTHENTICATED")
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        answer = await post(idle, b" " * (256 * 1024 + 1), accept)
        assert refused(answer) == (413, "BODY_TOO_LARGE")
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.one_database
async def test_only_get_and_post_are_allowed_and_get_runs_no_mutation(idle: Service) -> None:
    headers = {"Authorization": f"Bearer {idle.token()}"}
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = await idle.http.request(method, "/graphql", headers=headers)
        assert refused(answer) == (405, "METHOD_NOT_ALLOWED"), method
        assert answer.headers["allow"] == "GET, POST"
    two = "query A { __typename } mutation B { __typename }"
    for parameters in ({"query": "mutation { __typename }"}, {"query": two, "operationName": "B"}):
        answer = await idle.http.get("/graphql", params=parameters, headers=headers)
        assert refused(answer) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "POST"
    parameters = {"query": two, "operationName": "A", "variables": "", "extensions": ""}
    answer = await idle.http.get("/graphql", params=parameters, headers=headers)
    assert answer.json() == {"data": {"__typename": "Query"}}
    many = "{" + " ".join(f"a{number}: __typename" for number in range(1000)) + "}"
    answer = await idle.http.get("/graphql", params={"query": many}, headers={**headers, "Accept": RESPONSE})
    assert refused(answer) == (400, "GRAPHQL_PARSE_FAILED")


@pytest.mark.one_database
async def test_a_path_that_ends_with_a_slash_is_answered_without_a_redirect(idle: Service) -> None:
    headers = {"Authorization": f"Bearer {idle.token()}", "Host": "upstream"}
    query = {"query": "{ viewer { role } }"}
    read = await idle.http.get("/graphql/", params=query, headers=headers)
    sent = await idle.http.post("/graphql//", json=query, headers=headers)
    assert read.json() == sent.json() == {"data": {"viewer": {"role": "OPERATOR"}}}
    for path, status in (
        ("/healthz/", 200),
        ("/readyz/", 200),
        ("/onboarding/return/?link=x", 404),
        ("/webhooks/stripe/", 405),
        ("/nowhere/", 404),
        ("//", 307),
    ):
        answer = await idle.http.get(path, headers=headers)
        assert (answer.status_code, "upstream" in answer.headers.get("location", "")) == (status, False), path
    answer = await idle.http.get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (307, "/graphql")
    async with connect(
        idle.url.replace("http", "ws") + "/graphql/",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        proxy=None,
    ):
        pass


@pytest.mark.slow
@pytest.mark.one_database
async def test_compressed_bodies_are_read_within_the_limit(idle: Service) -> None:
    bearer = {"Authorization": f"Bearer {idle.token()}", "Content-Type": "application/json"}
    body = b'{"query": "{ __typename }"}'
    data = {"data": {"__typename": "Query"}}

    async def post(content: bytes, encoding: str) -> httpx.Response:
        headers = {**bearer, "Content-Encoding": encoding}
        return await idle.http.post("/graphql", content=content, headers=headers)

    for content, encoding in (
        (gzip.compress(body), "gzip"),
        (gzip.compress(body), "X-GZIP"),
        (gzip.compress(body.ljust(MAX_BODY_BYTES)), "gzip"),
        (body, "identity"),
        (body, ""),
        (b"\xef\xbb\xbf" + body, ""),
        (gzip.compress(b"\xef\xbb\xbf" + body), "gzip"),
        (gzip.compress(body[:9]) + gzip.compress(body[9:]), "gzip"),
        (gzip.compress(body) + gzip.compress(b"") * 99, "gzip"),
    ):
        assert (await post(content, encoding)).json() == data, encoding
    whole = gzip.compress(body)
    for content, encoding, expected in (
        (gzip.compress(body.ljust(MAX_BODY_BYTES + 1)), "gzip", (413, "BODY_TOO_LARGE")),
        (gzip.compress(bytes(100_000_000)), "gzip", (413, "BODY_TOO_LARGE")),
        (body, "gzip", (400, "BAD_REQUEST")),
        (b"", "gzip", (400, "BAD_REQUEST")),
        (whole[:-1], "gzip", (400, "BAD_REQUEST")),
        (whole + whole[:-1], "gzip", (400, "BAD_REQUEST")),
        (whole + b"x", "gzip", (400, "BAD_REQUEST")),
        (whole + gzip.compress(b"") * 100, "gzip", (400, "BAD_REQUEST")),
        (gzip.compress(body.ljust(MAX_BODY_BYTES)) + gzip.compress(b" "), "gzip", (413, "BODY_TOO_LARGE")),
        (whole, "", (400, "BAD_REQUEST")),
        *((whole, other, (415, "UNSUPPORTED_MEDIA_TYPE")) for other in ("br", "zstd", "gzip, gzip")),
    ):
        answer = await post(content, encoding)
        assert refused(answer) == expected, (encoding, content[:20])
        if expected[0] == 415:
            assert "Content-Encoding" in answer.json()["errors"][0]["message"]
            assert answer.headers["accept-encoding"] == "gzip"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "accept",
    [
        "application/json, text/event-stream",
        "text/event-stream, application/json",
        "application/json, text/event-stream;q=0.1",
        "text/event-stream;q=0.5, */*",
        "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
    ],
)
async def test_a_subscription_gets_a_stream_whenever_the_client_accepts_one(
    idle: Service, accept: str
) -> None:
    await idle.create("shop-1")
    headers = {"Authorization": f"Bearer {idle.token()}", "Accept": accept}
    body = {"query": f"query Q {{ __typename }} {STATUS.strip()}".replace("subscription", "subscription S")}
    watch = {**body, "operationName": "S", "variables": {"id": "shop-1"}}
    async with idle.http.stream("POST", "/graphql", json=watch, headers=headers) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        assert await anext(answer.aiter_lines()) == "event: next"
    query = await idle.http.post("/graphql", json={**body, "operationName": "Q"}, headers=headers)
    assert query.json() == {"data": {"__typename": "Query"}}
    for refusing in ("application/json", "*/*", "application/json, text/event-stream;q=0"):
        answer = await idle.http.post("/graphql", json=watch, headers={**headers, "Accept": refusing})
        assert refused(answer) == (200, "BAD_USER_INPUT")
