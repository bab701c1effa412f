"""/graphql: authenticates the request, gives it its context, serves GraphiQL to browsers."""

import contextlib
import json
from collections.abc import Callable
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from api.auth import Authenticator, Unauthenticated
from api.jwks import KeysUnavailable
from api.middleware import refusal
from api.settings import Settings
from connect import faultpoints
from connect.gateway import Gateway
from connect.links import LIFETIME
from resolvers.context import Context
from resolvers.schema import schema

# GraphiQL's page, for the host name that the browser asked for.
Page = Callable[[str], str]

_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

log = structlog.get_logger("graphql")


class Endpoint(GraphQL[Context, None]):
    """Strawberry's view with our authentication in front. POST and GET; mutations by POST alone."""

    def __init__(
        self, settings: Settings, gateway: Gateway, authenticator: Authenticator, page: Page | None
    ) -> None:
        # Subscriptions will name their protocols here; an empty list turns WebSockets off.
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self._settings = settings
        self._gateway = gateway
        self._authenticator = authenticator
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocket(scope, receive, send).close(1008)
            return
        request = Request(scope, receive)
        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if self._page is not None and wants_page:
            # The name that the browser used: a foreign one may be a trap that leads to this machine.
            host = ""
            with contextlib.suppress(ValueError):  # brackets that hold no address
                host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            await HTMLResponse(self._page(host), headers=_PAGE_HEADERS)(scope, receive, send)
            return
        try:
            principal = await self._authenticator.principal(request.headers.get("authorization"))
        except Unauthenticated as error:
            headers = {"WWW-Authenticate": "Bearer"}
            answer = refusal(401, "UNAUTHENTICATED", str(error), scope["connectql.request_id"], headers)
            await answer(scope, receive, send)
            return
        except KeysUnavailable as error:
            headers = {"Retry-After": "5"}
            code = "AUTHENTICATION_UNAVAILABLE"
            answer = refusal(503, code, str(error), scope["connectql.request_id"], headers)
            await answer(scope, receive, send)
            return
        scope["connectql.principal"] = principal

        async def sending(message: Message) -> None:
            await send(message)
            started = message["type"] == "http.response.start"
            faultpoints.reach("response.started" if started else "response.ended")

        await super().__call__(scope, receive, sending)

    def decode_json(self, data: str | bytes) -> object:
        """An object, or else a 400: the stock one lets through what then fails as a fault of ours."""
        with contextlib.suppress(ValueError, RecursionError):  # nested too deeply, no UTF-8, endless digits
            found = json.loads(data)
            if found is None or isinstance(found, dict | list):
                return found or {}
        raise json.JSONDecodeError("no object", "", 0)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        def give_cookie(name: str, value: str) -> None:
            MutableHeaders(raw=response.headers.raw).append(
                "Set-Cookie", cookie(name, value, self._settings.public_url)
            )

        return Context(
            principal=request.scope["connectql.principal"],
            request_id=request.scope["connectql.request_id"],
            gateway=self._gateway,
            public_url=self._settings.public_url,
            return_origins=self._settings.return_origins,
            stale_after=self._settings.stale_after,
            backfill_after=self._settings.backfill_after,
            give_cookie=give_cookie,
        )


def cookie(name: str, value: str, public_url: str) -> str:
    """The cookie that lets a browser renew its onboarding link: for our onboarding addresses alone."""
    made: SimpleCookie = SimpleCookie({name: value})
    morsel = made[name]
    morsel["path"] = f"{urlsplit(public_url).path}/onboarding"  # as browsers see it
    morsel["max-age"] = int(LIFETIME.total_seconds())
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["secure"] = public_url.startswith("https://")
    return morsel.OutputString()
