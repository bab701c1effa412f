"""The promises that every answer must keep, whatever the request was."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fuzz.client import Answer
from fuzz.requests import Shot, Talk
from fuzz.world import World

MAX_SECONDS = 5.0
# For operations that call Stripe: up to five calls, each up to three attempts of one second.
MAX_SECONDS_WITH_STRIPE = 15.0
# The codes that may occur here. Database and Stripe are up, no caller has many connections, and a slow
# operation is a finding.
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
# Normal end, protocol error, no text, too large, and the codes of graphql-transport-ws.
CLOSED = frozenset({1000, 1002, 1003, 1007, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4429})
_REQUEST_ID = re.compile("[0-9a-f]{32}")
# graphql-core repeats the client's field in one such question, and suggests double quotes in another.
_LEAK = re.compile(
    r"Did you mean (?!'\w+ \{ \.\.\. \}'\?)|Traceback|File \\?\"|site-packages|\.py\b|/home/|/usr/"
    r"|SELECT \\?\"|INSERT INTO|UPDATE \\?\"|sqlite|asyncpg|postgres|tortoise|starlette|uvicorn"
    r"|object at 0x|NoneType|[rs]k_(?:test|live)_|whsec_"
)


def of_an_answer(shot: Shot, answer: Answer, world: World) -> Iterator[str]:
    """The broken promises of the answer to an HTTP request."""
    if answer.seconds > (most := most_seconds(shot)):
        yield f"took longer than {most:.0f} s"
    if not answer.status:
        if shot.whole:
            yield "no answer"
        return
    if answer.status >= 500:
        yield f"status {answer.status}"
    body = answer.body.decode(errors="replace")
    yield from _leaks(shot, body + json.dumps(answer.headers, ensure_ascii=False), world)
    method, path = shot.wire.split(b" ", 2)[:2] if shot.whole else (b"", b"")
    if path != b"/graphql":
        return
    if shot.role == "nobody" and answer.status < 400 and method != b"OPTIONS":  # a browser's preflight
        yield f"status {answer.status} without a token"
    if method == b"HEAD":
        return
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        for payload in re.findall("^data: (.+)$", body, re.MULTILINE):
            yield from _of_a_result(json.loads(payload), answer.headers.get("x-request-id"))
    elif "x-request-id" in answer.headers:  # other answers are the server's own, or those to a preflight
        yield from _of_a_result(_json(body), answer.headers.get("x-request-id"))
    elif answer.status < 400 and method != b"OPTIONS":
        yield "an answer without a request's id"


def most_seconds(sent: Shot | Talk) -> float:
    asks_stripe = sent.kind == "onboarding" or "mutation" in sent.texts
    return MAX_SECONDS_WITH_STRIPE if asks_stripe else MAX_SECONDS


def of_a_message(talk: Talk, message: str, world: World) -> Iterator[str]:
    """The broken promises of a message over a WebSocket."""
    yield from _leaks(talk, message, world)
    found = _json(message)
    match found:
        case {"type": "next", "payload": payload}:
            yield from _of_a_result(payload, None)
        case {"type": "error", "payload": payload}:
            yield from _of_a_result({"errors": payload}, None)
        case {"type": "connection_ack" | "pong" | "complete" | "ping"}:
            pass
        case _:
            yield "no message of the protocol"


def codes(found: Any) -> list[str]:
    """The codes of an answer's errors."""
    errors = found.get("errors") if isinstance(found, dict) else None
    return [_code(error) for error in errors] if isinstance(errors, list) else []


def _code(error: Any) -> str:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return str(extensions.get("code")) if isinstance(extensions, dict) else "none"


def _of_a_result(found: Any, request_id: str | None) -> Iterator[str]:
    if not isinstance(found, dict) or not found.keys() & {"data", "errors"}:
        yield "no GraphQL response"
        return
    for error in found.get("errors") or ():
        if _code(error) not in CODES:
            yield f"code {_code(error)}"
        else:
            told = error["extensions"].get("requestId")
            if not _REQUEST_ID.fullmatch(str(told)) or request_id not in (None, told):
                yield "an error without the request's id"


def _leaks(sent: Shot | Talk, text: str, world: World) -> Iterator[str]:
    # An error message may repeat the client's own text.
    for leak in {found.group() for found in _LEAK.finditer(text)}:
        if leak not in sent.texts:
            yield f"leak of {leak!r}"
    for secret in world.secrets:
        if secret in text:
            yield "leak of a secret"
    for mark in world.foreign(sent.role):
        if mark in text:
            yield "leak of somebody else's mark"
    for handle in world.foreign_handles(sent.role):
        if handle in text and handle not in sent.texts:
            yield "leak of somebody else's id"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
