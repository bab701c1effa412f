"""The promises that the answer to any request must keep."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fuzz.client import Answer
from fuzz.requests import HttpRequest, WebSocketSession
from fuzz.world import World
from testing.waits import PATIENCE

# The time limit for most requests. On a slow machine, TEST_PATIENCE multiplies this limit and the next one.
MAX_SECONDS = 5.0 * PATIENCE
# The time limit for operations that call Stripe. They make up to five calls, each with up to three attempts
# of one second.
MAX_SECONDS_WITH_STRIPE = 15.0 * PATIENCE
# The error codes that a run may cause. Any other code is a finding, such as INTERNAL, or TIMEOUT for a slow
# operation. Codes for outages and for too many connections are findings, too, because the run causes no
# outage and opens few connections.
CODES = frozenset(
    {
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "BAD_USER_INPUT",
        "NOT_FOUND",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COMPLEX",
        "BODY_TOO_LARGE",
        "BODY_TOO_SLOW",
        "TOO_MANY_SUBSCRIPTIONS",
        "BAD_REQUEST",
        "BATCHING_NOT_SUPPORTED",
        "METHOD_NOT_ALLOWED",
        "NOT_ACCEPTABLE",
        "UNSUPPORTED_MEDIA_TYPE",
        "DOCUMENT_NOT_FOUND",
        "PERSISTED_QUERY_MISMATCH",
        "PERSISTED_QUERY_NOT_FOUND",
    }
)
# The close codes that a WebSocket may have: normal end, protocol error, binary data, invalid text, too large,
# and the codes of graphql-transport-ws.
CLOSED = frozenset({1000, 1002, 1003, 1007, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4429})
_REQUEST_ID = re.compile("[0-9a-f]{32}")
# graphql-core's suggestion `Did you mean 'field { ... }'?` repeats only the client's own field, so it is not
# a leak. The service's own hints, such as `Did you mean USD?`, have no quotes and are allowed.
_LEAK = re.compile(
    r"Did you mean (?=to |the |')(?!'\w+ \{ \.\.\. \}'\?)|Traceback|File \\?\"|site-packages|\.py\b|/home/"
    r"|/usr/|SELECT \\?\"|INSERT INTO|UPDATE \\?\"|sqlite|asyncpg|postgres|tortoise|starlette|uvicorn"
    r"|object at 0x|NoneType|[rs]k_(?:test|live)_|whsec_"
)


def check_answer(request: HttpRequest, answer: Answer, world: World) -> Iterator[str]:
    """Yield the promises that the answer to an HTTP request breaks."""
    if answer.seconds > (limit := max_seconds(request)):
        yield f"took longer than {limit:.0f} s"
    if not answer.status:
        if request.complete:
            yield "no answer"
        return
    if answer.status >= 500:
        yield f"status {answer.status}"
    body = answer.body.decode(errors="replace")
    yield from _leaks(request, body + json.dumps(answer.headers, ensure_ascii=False), world)
    method, path = request.wire.split(b" ", 2)[:2] if request.complete else (b"", b"")
    if path != b"/graphql":
        return
    if request.role == "anonymous" and answer.status < 400 and method != b"OPTIONS":  # a browser's preflight
        yield f"status {answer.status} without a token"
    if method == b"HEAD":
        return
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        for payload in re.findall("^data: (.+)$", body, re.MULTILINE):
            yield from _check_result(json.loads(payload), answer.headers.get("x-request-id"))
    elif "x-request-id" in answer.headers:  # uvicorn's own answers and answers to a preflight have no id
        yield from _check_result(_json(body), answer.headers.get("x-request-id"))
    elif answer.status < 400 and method != b"OPTIONS":
        yield "an answer without a request id"


def max_seconds(sent: HttpRequest | WebSocketSession) -> float:
    calls_stripe = sent.kind == "onboarding" or "mutation" in sent.texts
    return MAX_SECONDS_WITH_STRIPE if calls_stripe else MAX_SECONDS


def check_message(session: WebSocketSession, message: str, world: World) -> Iterator[str]:
    """Yield the promises that a WebSocket message breaks."""
    yield from _leaks(session, message, world)
    match _json(message):
        case {"type": "next", "payload": payload}:
            yield from _check_result(payload, None)
        case {"type": "error", "payload": payload}:
            yield from _check_result({"errors": payload}, None)
        case {"type": "connection_ack" | "pong" | "complete" | "ping"}:
            pass
        case _:
            yield "not a protocol message"


def codes(response: Any) -> list[str]:
    """The error codes of a GraphQL response."""
    errors = response.get("errors") if isinstance(response, dict) else None
    return [_code(error) for error in errors] if isinstance(errors, list) else []


def _code(error: Any) -> str:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return str(extensions.get("code")) if isinstance(extensions, dict) else "none"


def _check_result(result: Any, request_id: str | None) -> Iterator[str]:
    if not isinstance(result, dict) or not result.keys() & {"data", "errors"}:
        yield "not a GraphQL response"
        return
    for error in result.get("errors") or ():
        if _code(error) not in CODES:
            yield f"code {_code(error)}"
        else:
            error_id = error["extensions"].get("requestId")
            if not _REQUEST_ID.fullmatch(str(error_id)) or request_id not in (None, error_id):
                yield "an error without the request id"


def _leaks(sent: HttpRequest | WebSocketSession, text: str, world: World) -> Iterator[str]:
    # An error message may repeat the client's own text.
    for leak in {match.group() for match in _LEAK.finditer(text)}:
        if leak not in sent.texts:
            yield f"leak of {leak!r}"
    for secret in world.secrets:
        if secret in text:
            yield "leak of a secret"
    # Data may not contain the mark of another caller, even if the client searched for the mark.
    has_data = '"data"' in text and '"data":null' not in text
    for mark in world.foreign(sent.role):
        if mark in text and (has_data or mark not in sent.texts):
            yield "leak of another caller's mark"
    for identifier in world.foreign_identifiers(sent.role):
        if identifier in text and identifier not in sent.texts:
            yield "leak of another caller's id"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
