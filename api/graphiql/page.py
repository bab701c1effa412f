"""The page of GraphiQL, a GraphQL editor for the browser. It loads no file from other hosts."""

import html
import json
from collections.abc import Sequence
from pathlib import Path

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

STATIC = Path(__file__).parent / "static" / "graphiql"

# The page has no inline script, so the Content-Security-Policy allows none.
PAGE = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>ConnectQL</title>
    <link rel="icon" href="data:image/svg+xml,\
%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
%3Crect width='32' height='32' rx='7' fill='%23304ffe'/%3E\
%3Cpath d='M11 16h10' stroke='%23fff' stroke-width='3'/%3E\
%3Ccircle cx='9' cy='16' r='4.5' fill='%23fff'/%3E\
%3Ccircle cx='23' cy='16' r='4.5' fill='%23fff'/%3E\
%3C/svg%3E">
    <link rel="stylesheet" href="STATIC/graphiql-3.8.3/graphiql.min.css">
    <link rel="stylesheet" href="STATIC/plugin-explorer-1.0.2/style.css">
    <link rel="stylesheet" href="STATIC/connectql.css">
  </head>
  <body>
    <div id="bar" role="status" hidden></div>
    <div id="graphiql"><p class="loading">Loading …</p></div>
    <script type="application/json" id="settings">SETTINGS</script>
    <script src="STATIC/react-18.2.0/react.production.min.js"></script>
    <script src="STATIC/react-dom-18.2.0/react-dom.production.min.js"></script>
    <script src="STATIC/graphiql-3.8.3/graphiql.min.js"></script>
    <script src="STATIC/plugin-explorer-1.0.2/index.umd.js"></script>
    <script src="STATIC/graphql-ws-6.4.2/graphql-ws.min.js"></script>
    <script src="STATIC/graphql-sse-2.6.1/graphql-sse.min.js"></script>
    <script src="STATIC/connectql.js"></script>
  </body>
</html>
"""


def page(*, path: str = "", token: str | None, examples: Sequence[tuple[str, str]]) -> str:
    """Return the page with one tab for each example (title, operation). Each tab sends the token, if any.

    `path` is the part of the service's public address after the host, without a slash at its end.
    """
    headers = json.dumps({"Authorization": f"Bearer {token}"}, indent=2) if token else None
    settings = {
        "endpoint": f"{path}/graphql",
        "headers": headers or "",
        # GraphiQL names a tab after its operation, so the title is a comment above the operation.
        "operations": [f"# {title}\n{operation}" for title, operation in examples],
    }
    # Escaping "<" keeps the settings from ending the script element.
    page = PAGE.replace("STATIC", html.escape(f"{path}/static/graphiql"))
    return page.replace("SETTINGS", json.dumps(settings).replace("<", "\\u003c"))
