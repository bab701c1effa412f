"""The page of the operator board. Its script and style are built from board/ into static/.

The page contains no data. Its script reads the data from the API with the user's token.
"""

import html
import json
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.configuration.board_settings import BoardSettings
from connect.inputs import web_address

STATIC = Path(__file__).parent / "static"
# The build writes this file. It contains the operations that the script sends.
MANIFEST = STATIC / "operations.json"

# The page has no inline script and no inline style, so the Content-Security-Policy allows none.
PAGE = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <meta name="color-scheme" content="light dark">
    <title>ConnectQL</title>
    <link rel="icon" href="data:image/svg+xml,\
%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
%3Crect width='32' height='32' rx='7' fill='%23304ffe'/%3E\
%3Cpath d='M11 16h10' stroke='%23fff' stroke-width='3'/%3E\
%3Ccircle cx='9' cy='16' r='4.5' fill='%23fff'/%3E\
%3Ccircle cx='23' cy='16' r='4.5' fill='%23fff'/%3E\
%3C/svg%3E">
    <link rel="stylesheet" href="STATIC/board.css">
  </head>
  <body>
    <div id="board"></div>
    <noscript>The board needs JavaScript.</noscript>
    <script type="application/json" id="settings">SETTINGS</script>
    <script type="module" src="STATIC/board.js"></script>
  </body>
</html>
"""


def routes(board: BoardSettings, path: str, find_token: Callable[[Scope], str | None]) -> list[BaseRoute]:
    """Return the routes of the page and its files. `find_token` returns a development token, or None."""

    def serve(request: Request) -> Response:
        token = find_token(request.scope) if board.client_id is None else None
        return HTMLResponse(page(board, path=path, token=token), headers=headers(board))

    return [
        Mount("/board/static", StaticFiles(directory=STATIC)),
        Route("/board", serve),
        # The script itself shows the pages below /board.
        Route("/board/{rest:path}", serve),
    ]


def page(board: BoardSettings, *, path: str = "", token: str | None) -> str:
    """Return the page.

    `path` is the part of the service's public address after the host, without a slash at its end. `token`
    is a development token, for a service without sign-in.
    """
    settings = {
        "base": f"{path}/board",
        "endpoint": f"{path}/graphql",
        "token": token,
        "provider": {
            "issuer": board.issuer,
            "clientId": board.client_id,
            "scopes": " ".join(board.scopes),
            "audience": board.audience,
            "resource": board.resource,
        }
        if board.client_id is not None
        else None,
    }
    # Escaping "<" keeps the settings from ending the script element.
    page = PAGE.replace("STATIC", html.escape(f"{path}/board/static"))
    return page.replace("SETTINGS", json.dumps(settings).replace("<", "\\u003c"))


def headers(board: BoardSettings) -> dict[str, str]:
    """Return the headers of the page. The script may call only this service and the identity provider."""
    callable_ = {"'self'", *board.provider_origins}
    if board.client_id is not None:
        callable_.add(web_address.origin(web_address.parse(board.issuer)))
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "data:",
        "connect-src": " ".join(sorted(callable_)),
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        # No text can become markup or a script.
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        # The page cannot be reached by the window that opened it.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
