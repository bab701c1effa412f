"""Builds the routes of the API: they parse a request, apply faults, perform the request once and answer."""

import asyncio
import traceback
from collections.abc import Callable, Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control import faults
from simulator.state import Json, State, token
from simulator.wire import calls, connections, forms, idempotency, keys, versions
from simulator.wire.calls import Call, Read, Write
from simulator.wire.errors import Refused, is_v1, log_url, unknown


def read(path: str, handler: Read, query: Iterable[str] = ()) -> Route:
    """Return the route for a GET request with these query parameters."""
    allowed = {*query, "usage"}  # some SDK versions send `usage` by mistake, and Stripe accepts it

    def perform(call: Call) -> Json:
        for name in call.query:
            if name not in allowed:
                raise unknown(name)
        return handler(call)

    return _route("GET", path, perform)


def read_form(path: str, handler: Read, query: dict[str, forms.Table]) -> Route:
    """Return the route for a GET request of v1. `query` has the types of its parameters."""

    def perform(call: Call) -> Json:
        call.query.pop("usage", None)  # some SDK versions send `usage` by mistake
        call.query = forms.read(call.query, query)
        return handler(call)

    return _route("GET", path, perform)


def write(
    path: str, handler: Write, show: Read, check: Callable[[Call], None], method: str = "POST"
) -> Route:
    """Return the route for a change. `show` renders the answer, and in v2 also each replay."""

    def perform(call: Call) -> Json:
        if not is_v1(path):
            check(call)
        call.state.reason = call.reason
        try:
            call.path["id"] = handler(call)
        finally:
            call.state.reason = None
        return show(call)

    return _route(method, path, perform, show, check)


async def unrouted(request: Request, error: Exception) -> Response:
    """Answer a request that no route accepts. Under /v1 and /v2, the answer has Stripe's error format."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    path = request.url.path
    if not path.startswith(("/v1/", "/v2/")):
        return Response(
            "Not found." if status == 404 else "Method not allowed.", status, media_type="text/plain"
        )
    message = f"Unrecognized request URL ({request.method}: {path})."
    # If only the method is wrong, v1 answers 404, too. v2's answer is unknown.
    code, status = ("url_unknown", 404) if status == 404 or is_v1(path) else ("method_not_allowed", status)
    refused = Refused(code, message, status, "invalid_request_error" if is_v1(path) else None)
    try:
        keys.authenticate(request, request.app.state.simulator)
    except Refused as stranger:
        refused = stranger
    identifier = token("req_")
    log = log_url(calls.scope(request), identifier, request.app.state.simulator.now())
    return _finish(request, JSONResponse(refused.body(path, log), refused.status), identifier)


def _route(
    method: str,
    path: str,
    perform: Read,
    replay: Read | None = None,
    check: idempotency.Check = lambda _: None,
) -> Route:
    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.simulator
        state.calls.count(method, path, request.url.path, connections.arrived_at(request))
        key = request.headers.get("idempotency-key") if replay else None
        identifier = token("req_")
        fault = await faults.take(state.faults, method, path, request)
        kind = fault["kind"] if fault else None
        if kind == "reset_before":
            return await faults.reset(request)
        if fault and kind == "status":
            response = faults.answer(fault, request.url.path)
        else:
            pause = float(fault["seconds"]) if fault and kind == "delay" else 0.0
            response = await _answer(request, state, identifier, key, perform, replay, check, pause)
        if kind == "reset_after":
            return await faults.reset(request)
        if fault and kind == "delay_after":
            await asyncio.sleep(float(fault["seconds"]))
        if kind == "malformed":
            response = Response(bytes(response.body)[:-1], media_type="application/json")
        if key:
            response.headers["Idempotency-Key"] = key
        return _finish(request, response, identifier)

    return Route(path, endpoint, methods=[method])


def _finish(request: Request, response: Response, identifier: str) -> Response:
    response.headers["Request-Id"] = identifier
    response.headers["Stripe-Version"] = request.headers.get("stripe-version", versions.DEFAULT)
    return response


async def _answer(
    request: Request,
    state: State,
    identifier: str,
    key: str | None,
    perform: Read,
    replay: Read | None,
    check: idempotency.Check,
    pause: float,
) -> Response:
    path = request.url.path
    log = log_url(calls.scope(request), identifier, state.now())
    try:
        call = await calls.parse(request, state, identifier, key)
        place = f"{request.method} {path} {call.account}"
        if replay is None:
            await asyncio.sleep(pause)
            return JSONResponse(perform(call))
        if is_v1(path):
            status, text, first = await idempotency.run_v1(call, place, check, perform, pause)
            headers = {"Original-Request": first or identifier} if key else {}
            if first:
                headers["Idempotent-Replayed"] = "true"
            return Response(text, status, headers, "application/json")
        return JSONResponse(await idempotency.run_v2(call, place, perform, replay, pause))
    except Refused as refused:
        return JSONResponse(refused.body(path, log), refused.status)
    except Exception:  # noqa: BLE001 - the log has the traceback
        traceback.print_exc()
        error = Refused("api_error", "The simulator failed; its log has the traceback.", 500, "api_error")
        return JSONResponse(error.body(path, log), error.status)
