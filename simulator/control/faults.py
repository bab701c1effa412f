"""Faults that the control plane sets, applied to the next matching calls."""

import json
import math

from starlette.requests import Request
from starlette.responses import Response

from simulator.state import Json, State
from simulator.wire import connections
from simulator.wire.bodies import parse_form, parse_json
from simulator.wire.errors import Refused, is_v1

KINDS = ("status", "reset_before", "reset_after", "delay", "delay_after", "malformed")
# Stripe's error bodies. In v1, every error has a type (https://docs.stripe.com/error-codes).
_ERRORS = {
    409: {"code": "lock_timeout", "message": "The object is locked by another request."},
    429: {"code": "account_rate_limit_exceeded", "type": "rate_limit", "message": "Too many requests."},
}

_V1_ERRORS = {
    409: {**_ERRORS[409], "type": "invalid_request_error"},
    429: {"code": "rate_limit", "type": "invalid_request_error", "message": "Too many requests."},
}


# The fields of a fault, with their defaults.
_FAULT: Json = {
    "method": "POST",
    "path": "*",
    "metadata": {},
    "kind": "status",
    "status": 503,
    "body": None,
    "headers": {},
    "encoding": "utf-8",
    "seconds": 1.0,
    "times": 1,
}


def add(state: State, order: Json) -> Json:
    """Set a fault. Raises Refused for unknown fields and kinds, and for a wrong number of seconds."""
    if set(order) - set(_FAULT) or order.get("kind", "status") not in KINDS:
        names = f"{', '.join(_FAULT)}; kind is one of {', '.join(KINDS)}"
        raise Refused("parameter_invalid", f"the fields of a fault are {names}")
    fault = _FAULT | order
    if not 0 <= fault["seconds"] < math.inf:
        raise Refused("parameter_invalid", "seconds: must be a finite number, at least 0")
    state.faults.append(fault)
    return fault


async def take(waiting: list[Json], method: str, template: str, request: Request) -> Json | None:
    """Return the first fault that matches this call, and count this use of it."""
    places = {template, request.url.path, "*"}
    chosen = [fault for fault in waiting if fault["method"] in {method, "*"} and fault["path"] in places]
    if any(fault["metadata"] for fault in chosen):
        metadata = await _metadata(request)
        chosen = [fault for fault in chosen if fault["metadata"].items() <= metadata.items()]
    if not chosen:
        return None
    fault = chosen[0]
    fault["times"] -= 1
    if fault["times"] <= 0:
        waiting.remove(fault)
    return fault


async def _metadata(request: Request) -> Json:
    content = await request.body()
    try:
        body = parse_form(content) if is_v1(request.url.path) else parse_json(content)
    except Refused:
        return {}
    metadata = body.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def answer(fault: Json, path: str) -> Response:
    """Return the answer of a `status` fault: its own body, or Stripe's body for that status and path."""
    status = int(fault["status"])
    body = fault["body"]
    if body is None:
        other = {"code": "api_error", "message": "Something went wrong."}
        if is_v1(path):
            other = {"type": "api_error", "message": other["message"]}
        body = {"error": (_V1_ERRORS if is_v1(path) else _ERRORS).get(status, other)}
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    # If the encoding is latin-1, the text can describe any bytes.
    content = text.encode(fault["encoding"])
    return Response(content, status, media_type=kind, headers=fault["headers"])


async def reset(request: Request) -> Response:
    """Drop the connection without an answer, as a network failure does."""
    connections.transport(request).abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=500)  # the client is gone
