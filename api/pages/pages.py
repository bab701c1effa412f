"""The pages that this service shows to people, except GraphiQL and the board.

They contain no script. They contain no merchant data, except in the address that `open_app` opens.
"""

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

STYLE = (
    "body{font:1rem/1.5 system-ui;margin:4rem auto;max-width:32rem;padding:0 1rem}"
    "a{display:block;padding:.9rem 1rem;border-radius:.5rem;background:#304ffe;color:#fff;font-weight:600;"
    "text-align:center;text-decoration:none}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


def message(status: int, title: str, text: str, *, back: str | None = None) -> HTMLResponse:
    """A page with a title, a sentence and, if `back` is given, a button that opens the address `back`."""
    return _page(status, title, f"<p>{escape(text)}</p>", _button("Back to the app", back) if back else "")


def open_app(url: str) -> HTMLResponse:
    """A page that opens an address with an app's scheme.

    Some browsers open an app only after a tap, so the page has a button. After a redirect, these browsers
    would show nothing.
    """
    return _page(
        200,
        "Back to the app",
        "<p>If the app does not open automatically, press the button.</p>",
        _button("Open the app", url),
        head=f'<meta http-equiv="refresh" content="0;url={escape(url)}">',
    )


def _button(label: str, url: str) -> str:
    return f'<a id="open" href="{escape(url)}" rel="noreferrer">{escape(label)}</a>'


def _page(status: int, title: str, *parts: str, head: str = "") -> HTMLResponse:
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"{head}<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1>{''.join(parts)}</html>"
    )
    return HTMLResponse(html, status, headers=HEADERS)
