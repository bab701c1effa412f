"""Where Stripe's form sends the browser: for a new link, and back to the app.

Both addresses carry a token that names a link we issued. A visitor who merely knows the address gets back to
the app and learns nothing; pages here set no cookie and hold nothing of the merchant.
"""

from html import escape
from urllib.parse import unquote_plus, urlencode, urlsplit, urlunsplit

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.settings import Settings
from connect.errors import ConnectError, MerchantNotReady
from connect.gateway import Gateway
from connect.merchants import links

log = structlog.get_logger("onboarding")

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


async def refresh(request: Request) -> Response:
    """GET /onboarding/refresh: the link was used or has expired.

    The browser that was given the first link gets a new one; anybody else goes back to the app, marked
    `onboarding=expired`, where the logged-in merchant asks again. Never redirects here.
    """
    if request.method == "HEAD":
        return _nothing()
    settings: Settings = request.app.state.settings
    gateway: Gateway = request.app.state.gateway
    address, browser = _tokens(request)
    try:
        url = await links.refresh(gateway, address, browser, settings.public_url)
    except MerchantNotReady as error:
        log.info("link_not_replaced", reason=error.message)
        return _page(409, "There is nothing to fill in", "Go back to the app: it says how things stand.")
    except ConnectError as error:
        log.warning("link_not_replaced", reason=error.message)
        return _page(
            503, "A new link could not be made", "Go back to the app and start again in a few minutes."
        )
    if url is not None:
        return RedirectResponse(url, 302, headers=_HEADERS)
    return await _back(request, address, browser, "expired")


async def come_back(request: Request) -> Response:
    """GET /onboarding/return: the merchant is done, or left. Look at the account, then go on to the app."""
    if request.method == "HEAD":
        return _nothing()
    address, browser = _tokens(request)
    await links.returned(request.app.state.gateway, address, browser)
    return await _back(request, address, browser, "returned")


async def _back(request: Request, address: str, browser: str | None, outcome: str) -> Response:
    """On to `returnTo` with `onboarding` (returned or expired), `merchant`, and for the link's own browser
    the `status`."""
    settings: Settings = request.app.state.settings
    target = await links.destination(address, browser, settings.return_origins)
    if target is None:
        return _page(404, "This address is not known", "Go back to the app and start again.")
    marks = {"onboarding": outcome}
    if target.status is not None:
        marks |= {"merchant": target.external_id, "status": target.status}
    return RedirectResponse(_with_query(target.return_to, marks), 302, headers=_HEADERS)


def _nothing() -> Response:
    """For HEAD, which previews and scanners send: it must neither make a link nor fetch an account."""
    return Response(headers=_HEADERS)


def _tokens(request: Request) -> tuple[str, str | None]:
    address = request.query_params.get("link", "")[:128]
    return address, request.cookies.get(links.cookie_name(address))


def _with_query(url: str, marks: dict[str, str]) -> str:
    parts = urlsplit(url)
    # The app's own query stays as it wrote it.
    kept = [part for part in parts.query.split("&") if part and unquote_plus(part.split("=")[0]) not in marks]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode(marks)])))


def _page(status: int, title: str, text: str) -> Response:
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title>"
        "<style>body{font:1rem/1.5 system-ui;margin:4rem auto;max-width:32rem;padding:0 1rem}</style>"
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></html>"
    )
    return HTMLResponse(html, status, headers=_HEADERS)
