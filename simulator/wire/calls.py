"""Authenticates a request, checks its account, and parses its query and body."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from simulator.state import Json, State
from simulator.wire.bodies import parse_brackets, parse_form, parse_json
from simulator.wire.errors import Refused, missing

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

    @property
    def reason(self) -> Json:
        """Return the `reason` of the events that this request causes."""
        return {"type": "request", "request": {"id": self.id, "idempotency_key": self.key or ""}}

    @property
    def include(self) -> list[str]:
        """Return the sections to include, from the body or the query."""
        names = self.body.get("include") or self.query.get("include") or []
        return [names] if isinstance(names, str) else list(names)


Read = Callable[[Call], Json]
# Returns the id of the created or changed object. A `Read` renders the object.
Write = Callable[[Call], str]


def is_v1(path: str) -> bool:
    """Whether a path belongs to v1, which has form bodies and other errors."""
    return path.startswith("/v1/")


async def parse(request: Request, state: State, identifier: str, key: str | None) -> Call:
    """Parse a request. Raises Refused for a bad key, a foreign account or a malformed body."""
    _authenticate(request)
    _check_account(request, state)
    if key and len(key) > MAX_KEY_LENGTH:
        message = f"Idempotency-Key: longer than {MAX_KEY_LENGTH} characters"
        raise Refused("idempotency_key_invalid", message)
    content = await request.body()
    body = parse_form(content) if is_v1(request.url.path) else parse_json(content)
    query = parse_brackets(request.query_params.multi_items())
    base_url = str(request.base_url).rstrip("/")
    return Call(state, identifier, dict(request.path_params), query, body, key, base_url)


def scope(request: Request) -> str:
    """Return the account that a request acts on, or an empty text for the platform."""
    return request.headers.get("stripe-context") or request.headers.get("stripe-account", "")


def _authenticate(request: Request) -> None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret.startswith("sk_test_"):
        return
    live = secret.startswith("sk_live_")
    hint = "do not use live keys" if live else "send `Authorization: Bearer sk_test_…`"
    message = f"Invalid API Key provided. This is a simulated Stripe: {hint}."
    raise Refused("api_key_invalid", message, 401, "invalid_request_error")


def _check_account(request: Request, state: State) -> None:
    for header in ("stripe-context", "stripe-account"):
        account = request.headers.get(header, "").rpartition("/")[2]
        if account and account not in state.all("account"):
            if is_v1(request.url.path):
                message = f"The provided key does not have access to account '{account}'."
                raise Refused("account_invalid", message, 403)
            raise missing(account)
