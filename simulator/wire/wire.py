"""Stripe's wire protocol: authentication, bodies, queries, errors, idempotency and paging."""

import asyncio
import hashlib
import json
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control import faults
from simulator.state import Json, State, token

API_VERSION = "2026-10-28.endive"
KEY_LIFETIME = 30 * 86400


class Refused(Exception):
    """A request that Stripe answers with an error."""

    def __init__(self, code: str, message: str, status: int = 400, type: str | None = None) -> None:  # noqa: A002
        """Keep what the answer needs."""
        super().__init__(message)
        self.status = status
        self.body: Json = {"error": {"code": code, "message": message} | ({"type": type} if type else {})}


def missing(identifier: str) -> Refused:
    """Return the answer about an id that nobody knows."""
    return Refused("not_found", f"No such object: {identifier!r}", 404)


@dataclass
class Call:
    """One request, parsed."""

    state: State
    id: str
    path: dict[str, str]
    query: Json
    body: Json
    key: str | None
    base_url: str

    @property
    def reason(self) -> Json:
        """Return the reason that events caused by this request carry."""
        return {"type": "request", "request": {"id": self.id, "idempotency_key": self.key or ""}}

    @property
    def include(self) -> list[str]:
        """Return the sections that were asked for, in the body or in the query."""
        named = self.body.get("include") or self.query.get("include") or []
        return [named] if isinstance(named, str) else list(named)


Read = Callable[[Call], Json]
Write = Callable[[Call], str]  # returns the id of what it made; `show` renders it


def read(path: str, handler: Read, query: Iterable[str] = ()) -> Route:
    """Return the route of a GET that understands these query parameters."""
    allowed = {*query, "usage"}  # some SDK versions leak `usage` into the query; the real API lives with it

    def perform(call: Call) -> Json:
        for name in call.query:
            if name not in allowed:
                raise Refused("parameter_unknown", f"{name}: unknown field")
        return handler(call)

    return _route("GET", path, perform)


def write(
    path: str, handler: Write, show: Read, check: Callable[[Json], None], method: str = "POST"
) -> Route:
    """Return the route of a change. Its answer is rendered by `show`, now and on every replay."""

    def perform(call: Call) -> Json:
        check(call.body)
        call.path["id"] = handler(call)
        return show(call)

    return _route(method, path, perform, show)


def _route(method: str, path: str, perform: Read, replay: Read | None = None) -> Route:
    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.simulator
        state.calls.count(method, path, request.url.path)
        key = request.headers.get("idempotency-key") if replay else None
        identifier = token("req_")
        fault = faults.take(state.faults, method, path, request.url.path)
        if fault and fault["kind"] == "reset_before":
            return await faults.reset(request)
        if fault and fault["kind"] == "status":
            response = faults.answer(fault)
        else:
            try:
                call = await _parse(request, state, identifier, key)
                scope = request.headers.get("stripe-context") or request.headers.get("stripe-account", "")
                place = f"{method} {request.url.path} {scope}"
                run = _once(call, place, perform, replay) if replay else None
                pause = float(fault["seconds"]) if fault and fault["kind"] == "delay" else 0
                if run:
                    body = await run(pause)
                else:
                    await asyncio.sleep(pause)
                    body = perform(call)
                response = JSONResponse(body)
            except Refused as refused:
                response = JSONResponse(refused.body, refused.status)
            except Exception:  # noqa: BLE001 - a stand-in answers 500 and shows why
                traceback.print_exc()
                error = {"code": "api_error", "message": "The simulator failed; its log says why."}
                response = JSONResponse({"error": error}, 500)
        if fault and fault["kind"] == "reset_after":
            return await faults.reset(request)
        if fault and fault["kind"] == "delay_after":
            await asyncio.sleep(float(fault["seconds"]))
        if fault and fault["kind"] == "malformed":
            response = Response(bytes(response.body)[:-1], media_type="application/json")
        response.headers["Request-Id"] = identifier
        response.headers["Stripe-Version"] = request.headers.get("stripe-version", API_VERSION)
        if key:
            response.headers["Idempotency-Key"] = key
        return response

    return Route(path, endpoint, methods=[method])


async def _parse(request: Request, state: State, identifier: str, key: str | None) -> Call:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith("sk_test_"):
        live = secret.startswith("sk_live_")
        hint = "live keys do not belong here" if live else "send `Authorization: Bearer sk_test_…`"
        message = f"Invalid API Key provided. This is a simulated Stripe: {hint}."
        raise Refused("api_key_invalid", message, 401, "invalid_request_error")
    if key and len(key) > 255:
        raise Refused("idempotency_key_invalid", "Idempotency-Key: longer than 255 characters")
    for header in ("stripe-context", "stripe-account"):
        account = request.headers.get(header, "").rpartition("/")[2]
        if account and account not in state.all("account"):
            if request.url.path.startswith("/v1/"):
                message = f"The provided key does not have access to account '{account}'."
                raise Refused("account_invalid", message, 403, "invalid_request_error")
            raise missing(account)
    content = await request.body()
    body: Any = {}
    if content and not request.url.path.startswith("/v1/"):
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused("invalid_json", "The body is not a JSON object")
    query = bracketed(request.query_params.multi_items())
    base_url = str(request.base_url).rstrip("/")
    return Call(state, identifier, dict(request.path_params), query, body, key, base_url)


def _once(call: Call, place: str, perform: Read, replay: Read) -> Callable[[float], Any]:
    """Apply v2's idempotency: done work is not done again, failed work is."""
    content = json.dumps(call.body, sort_keys=True)
    fingerprint = hashlib.sha256(content.encode()).hexdigest()
    name = f"{place} {call.key}"

    async def run(pause: float) -> Json:
        if not call.key:
            await asyncio.sleep(pause)
            return perform(call)
        now = call.state.now()
        known = call.state.all("key").get(name)
        if known and now - known["at"] > KEY_LIFETIME:
            known = None
        if known and known["fingerprint"] != fingerprint:
            message = "Keys for idempotent requests can only be used with the parameters of the first use."
            raise Refused("idempotency_error", message, 409)
        if known and known["state"] == "running":
            raise Refused("idempotency_error", "A request with this key is still being worked on.", 409)
        if known and known["state"] == "done":
            call.path["id"] = known["made"]
            return replay(call)
        record = {"fingerprint": fingerprint, "state": "running", "made": None, "at": now}
        # The key is written down only with its outcome: a crash in between must not leave it running.
        call.state.all("key")[name] = record
        try:
            await asyncio.sleep(pause)
            body = perform(call)
        except BaseException:
            record["state"] = "failed"
            call.state.save("key", name, record)
            raise
        call.state.save("key", name, record | {"state": "done", "made": call.path["id"]})
        return body

    return run


def bracketed(pairs: Iterable[tuple[str, str]]) -> Json:
    """Parse a query: `a=1`, `a[]=1`, `a[0]=1` and `a[gte]=1`; a name given twice is an array."""
    parsed: Json = {}
    for name, value in pairs:
        match = re.fullmatch(r"([^\[\]]+)(?:\[([^\[\]]*)\])?", name)
        if not match:
            raise Refused("parameter_unknown", f"{name}: unknown field")
        base, inner = match.groups()
        if inner is None and base not in parsed:
            parsed[base] = value
        elif inner is None or inner == "" or inner.isdigit():
            before = parsed.get(base, [])
            parsed[base] = [*(before if isinstance(before, list) else [before]), value]
        else:
            parsed.setdefault(base, {})[inner] = value
    return parsed


def listed(query: Json, name: str) -> list[str]:
    """Return a query parameter that is an array, however it was written."""
    value = query.get(name, [])
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def page(path: str, query: Json, items: Sequence[Json], show: Callable[[Json], Json]) -> Json:
    """Return one page. The token names the last item before the page, so new items do not move it."""
    limit = str(query.get("limit", "20"))
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise Refused("parameter_invalid", "limit: must be between 1 and 100")
    size, start = int(limit), 0
    if "page" in query:
        anchor = _page_anchor(query["page"])
        place = next((index for index, item in enumerate(items) if item["id"] == anchor), None)
        if place is None:
            raise Refused("parameter_invalid", "page: this token is not valid")
        start = place + 1
    chosen = items[start : start + size]
    following = _page_token(chosen[-1]["id"]) if start + size < len(items) else None
    previous = _page_token(items[start - size - 1]["id"]) if start > size else ""
    return {
        "data": [show(item) for item in chosen],
        "next_page_url": _page_url(path, query, following) if following else None,
        "previous_page_url": _page_url(path, query, previous) if start else None,
    }


def _page_token(identifier: str) -> str:
    return "page_" + identifier.encode().hex()


def _page_anchor(page_token: object) -> str | None:
    """Return the id that a token names, None when it is no token of ours."""
    match = re.fullmatch(r"page_((?:[0-9a-f]{2})+)", str(page_token))
    return bytes.fromhex(match[1]).decode(errors="replace") if match else None


def _page_url(path: str, query: Json, page_token: str) -> str:
    parts = [f"page={page_token}"] if page_token else []
    for name, value in query.items():
        if name in {"page", "usage"}:
            continue
        if isinstance(value, list):
            parts += [f"{name}[{index}]={quote(part)}" for index, part in enumerate(value)]
        elif isinstance(value, dict):
            parts += [f"{name}[{inner}]={quote(part)}" for inner, part in value.items()]
        else:
            parts.append(f"{name}={quote(value)}")
    return f"{path}?{'&'.join(parts)}" if parts else path
