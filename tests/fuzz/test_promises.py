"""The checks of the fuzzer report each kind of broken promise."""

import json
from typing import Any

import pytest

from fuzz import promises
from fuzz.client import Answer
from fuzz.requests import HttpRequest, WebSocketSession
from fuzz.world import Link, MerchantData, World
from testing.waits import PATIENCE

ID = "0123456789abcdef" * 2
WORLD = World(
    host="127.0.0.1:1",
    tokens={},
    merchants={
        "alpha": MerchantData({"externalId": "shop-alpha"}, ["mark-of-alpha"]),
        "beta": MerchantData({"externalId": "shop-beta"}, ["mark-of-beta"]),
    },
    cursors=[],
    events=[],
    links=[Link("alpha", "address", "cookie=1")],
    signing_secret="whsec_1",
    secrets=["whsec_1"],
)


def _error(code: str | None = "BAD_USER_INPUT", message: str = "No.", request_id: str = ID) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code, "requestId": request_id}}]}


def _problems(
    body: Any,
    *,
    status: int = 200,
    role: str = "alpha",
    sent: str = "{}",
    seconds: float = 0.1,
    **headers: str,
) -> list[str]:
    request = HttpRequest("query", role, f"POST /graphql HTTP/1.1\r\n\r\n{sent}".encode())
    text = body if isinstance(body, str) else json.dumps(body)
    answer_headers = {"content-type": "application/json", "x-request-id": ID, **headers}
    return sorted(
        promises.check_answer(request, Answer(status, answer_headers, text.encode(), seconds), WORLD)
    )


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ({"data": {"viewer": {"subject": "mark-of-alpha"}}}, {}),
        ({"data": {"merchant": {"displayName": "mark-of-beta"}}}, {"role": "operator"}),
        (_error(), {}),
        (_error(message="There is no shop-beta."), {"sent": "shop-beta"}),
        (_error("UNAUTHENTICATED"), {"role": "anonymous", "status": 401}),
        (_error(message="Must have a selection. Did you mean 'merchant { ... }'?"), {}),
        (_error(message="Did you mean USD?"), {}),
        ({"data": {}}, {"seconds": 5.1, "sent": "mutation"}),
        (_error(message="mark-of-beta is no amount"), {"sent": "mark-of-beta"}),
    ],
)
def test_a_correct_answer_has_no_problems(body: Any, more: dict[str, Any]) -> None:
    assert _problems(body, **more) == []


@pytest.mark.parametrize(
    ("body", "more", "problems"),
    [
        (_error("INTERNAL"), {}, ["code INTERNAL"]),
        (_error("UNAVAILABLE"), {"status": 503}, ["code UNAVAILABLE", "status 503"]),
        (_error(None), {}, ["code None"]),
        ({"errors": [{"message": "No."}]}, {}, ["code none"]),
        (_error(request_id="f" * 32), {}, ["an error without the request id"]),
        ([1], {}, ["not a GraphQL response"]),
        ("<html>", {}, ["not a GraphQL response"]),
        ("Unable to parse", {"status": 400, "content-type": "text/plain"}, ["not a GraphQL response"]),
        (_error(message="Did you mean 'merchants'?"), {}, ["leak of 'Did you mean '"]),
        (_error(message="Did you mean to use a list?"), {}, ["leak of 'Did you mean '"]),
        (_error(message='near SELECT "id"'), {}, ["leak of 'SELECT \\\\\"'"]),
        (_error(message="in api/app.py"), {}, ["leak of '.py'"]),
        (_error(message="whsec_1"), {}, ["leak of 'whsec_'", "leak of a secret"]),
        ({"data": {"a": "mark-of-beta"}}, {}, ["leak of another caller's mark"]),
        ({"data": {"a": "mark-of-beta"}}, {"sent": "mark-of-beta"}, ["leak of another caller's mark"]),
        (_error(message="mark-of-beta"), {}, ["leak of another caller's mark"]),
        ({"data": {"a": "shop-beta"}}, {}, ["leak of another caller's id"]),
        ({"data": {"actor": "subject-of-the-operator"}}, {}, ["leak of another caller's mark"]),
        ({"data": {}}, {"seconds": 5.1 * PATIENCE}, [f"took longer than {5 * PATIENCE:.0f} s"]),
        (
            {"data": {}},
            {"seconds": 15.1 * PATIENCE, "sent": "mutation"},
            [f"took longer than {15 * PATIENCE:.0f} s"],
        ),
        ({"data": {}}, {"role": "anonymous"}, ["status 200 without a token"]),
        ("", {"status": 0}, ["no answer"]),
    ],
)
def test_each_broken_promise_of_an_answer_is_reported(
    body: Any, more: dict[str, Any], problems: list[str]
) -> None:
    assert _problems(body, **more) == problems


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        ({"type": "pong"}, []),
        ({"type": "next", "id": "1", "payload": {"data": {}}}, []),
        ({"type": "next", "id": "1", "payload": _error("INTERNAL")}, ["code INTERNAL"]),
        ({"type": "error", "id": "1", "payload": _error("TIMEOUT")["errors"]}, ["code TIMEOUT"]),
        (
            {"type": "next", "id": "1", "payload": {"data": "mark-of-beta"}},
            ["leak of another caller's mark"],
        ),
        ({"type": "unknown"}, ["not a protocol message"]),
        ([1], ["not a protocol message"]),
    ],
)
def test_websocket_messages_get_the_same_checks_as_answers(message: Any, problems: list[str]) -> None:
    session = WebSocketSession("websocket", "alpha", "", True, [])
    assert list(promises.check_message(session, json.dumps(message), WORLD)) == problems
