"""Authenticates a request, checks its version and account, and parses its query and body."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from simulator.state import Json, State
from simulator.wire import keys, versions
from simulator.wire.bodies import parse_brackets, parse_form, parse_json, parse_multipart
from simulator.wire.errors import Refused, gone, inaccessible, is_v1, log_url

MAX_KEY_LENGTH = 255


@dataclass
class Call:
    """A parsed request. After a change, `path["id"]` is the id of the created or changed object."""

    state: State
    id: str
    path: dict[str, str]
    query: Json
    body: Json
    key: str | None
    base_url: str
    version: str = versions.DEFAULT
    api_key: str = ""
    # The connected account that the headers name, or an empty text for the platform.
    account: str = ""

    @property
    def reason(self) -> Json:
        """Return the `reason` of the events that this request causes."""
        return {"type": "request", "request": {"id": self.id, "idempotency_key": self.key or ""}}

    @property
    def log_url(self) -> str:
        """Return the URL of the request's log. The errors of v1 contain it."""
        return log_url(self.account, self.id, self.state.now())

    @property
    def include(self) -> list[str]:
        """Return the sections to include, from the body or the query."""
        names = self.body.get("include") or self.query.get("include") or []
        return [names] if isinstance(names, str) else list(names)


Read = Callable[[Call], Json]
# Returns the id of the created or changed object. A `Read` renders the object.
Write = Callable[[Call], str]


async def parse(request: Request, state: State, identifier: str, key: str | None) -> Call:
    """Parse a request.

    Raises Refused for an invalid API key, version, account or idempotency key, and for a malformed query or
    body.
    """
    api_key = keys.authenticate(request, state)
    version = versions.check(request.headers.get("stripe-version"))
    account = _check_account(request, state, api_key)
    if key and len(key) > MAX_KEY_LENGTH:
        message = f"Idempotency-Key: longer than {MAX_KEY_LENGTH} characters"
        raise Refused("idempotency_key_invalid", message)
    body = await _body(request)
    query = parse_brackets(request.query_params.multi_items())
    base_url = str(request.base_url).rstrip("/")
    return Call(
        state,
        identifier,
        dict(request.path_params),
        query,
        body,
        key,
        base_url,
        version=version,
        api_key=api_key,
        account=account,
    )


async def _body(request: Request) -> Json:
    if not is_v1(request.url.path):
        return parse_json(await request.body())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await parse_multipart(request)
    return parse_form(await request.body())


def scope(request: Request) -> str:
    """Return the account that the headers name, or an empty text for the platform, without checking it."""
    context = request.headers.get("stripe-context") or request.headers.get("stripe-account", "")
    identifier = context.rpartition("/")[2]
    return "" if identifier == keys.PLATFORM else identifier


def _check_account(request: Request, state: State, api_key: str) -> str:
    """Return the account that the headers name, or an empty text.

    Raises Refused if the platform has no such account.
    """
    context = request.headers.get("stripe-context", "")
    if api_key.startswith(keys.ORGANIZATION):
        context = _in_platform(context, api_key)
    chosen = ""
    for header in (request.headers.get("stripe-account", ""), context):
        identifier = header.rpartition("/")[2]
        if identifier in {"", keys.PLATFORM}:
            continue
        account = state.all("account").get(identifier)
        if account is None or account["deauthorized"]:
            if is_v1(request.url.path):
                raise inaccessible(api_key, identifier)
            raise gone(account)
        chosen = identifier
    return chosen


def _in_platform(context: str, api_key: str) -> str:
    """Return the part of an organization's context that follows the platform.

    This part is a connected account, or empty.

    Integrators report a 400 for a call without Stripe-Context. The text and code of this error are unknown.
    Stripe's answer for an account outside the organization is unknown, too.
    """
    platform, _, rest = context.partition("/")
    if not platform:
        message = "Stripe-Context: the key of an organization must name the account of the request."
        raise Refused("stripe_context_missing", message, type="invalid_request_error")
    if platform != keys.PLATFORM:
        raise inaccessible(api_key, platform)
    return rest
