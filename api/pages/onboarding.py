"""The addresses to which Stripe's pages send the browser: refresh and return.

Each address carries a token that names an issued link. A visitor who knows only the address is redirected to
the app and learns nothing. This service's own pages set no cookie. They have no merchant data, except the
`merchant` and `status` in the address of an app.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from http.cookies import SimpleCookie
from urllib.parse import unquote_plus, urlencode, urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.configuration.settings import Settings
from api.pages import pages, web_views
from connect.errors import ConnectError, MerchantNotReady, StripeUnavailable
from connect.inputs import app_address
from connect.merchants import links
from connect.stripe_api.gateway import Gateway
from models import outage

Handler = Callable[[Request], Awaitable[Response]]

# The parameters that this service adds to `returnTo`. Parameters of an earlier return are removed first.
OURS = frozenset({"dashboard", "merchant", "onboarding", "status"})

log = structlog.get_logger("onboarding")


def for_people(handler: Handler) -> Handler:
    """Answer HEAD requests without calling the handler, and show errors of the handler as a page instead of
    GraphQL's JSON.

    Link previews and scanners send HEAD requests, which must neither issue a link nor fetch an account.
    """

    @wraps(handler)
    async def answer(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(headers=pages.HEADERS)
        try:
            return await handler(request)
        except Exception as error:
            reason = outage.reason(error)
            if reason is None:
                log.exception("request_failed", path=request.url.path)
                return pages.message(500, "Something went wrong", "Go back to the app and start again.")
            log.warning("database_unavailable", reason=reason, path=request.url.path)
            page = pages.message(503, "Not available at the moment", "Reload this page in a few seconds.")
            page.headers["Retry-After"] = str(outage.RETRY_AFTER_SECONDS)
            return page

    return answer


@for_people
async def refresh(request: Request) -> Response:
    """GET /onboarding/refresh and /dashboard/refresh: the link was used or has expired.

    The browser that received the first link gets a new one, a few times within a day (see `links.refresh`).
    Otherwise, the browser is redirected to the app with `onboarding=expired` or `dashboard=expired`, and the
    merchant can start again there. This handler never redirects to itself, and gives no link to a recognized
    web view.
    """
    settings: Settings = request.app.state.settings
    gateway: Gateway = request.app.state.gateway
    address, browser = _tokens(request)
    if web_views.is_web_view(request.headers.get("user-agent", "")):
        return await _refuse_web_view(request, address)
    try:
        url = await links.refresh(gateway, address, browser, settings.public_url)
    except MerchantNotReady as error:
        log.info("link_not_replaced", reason=error.message)
        return pages.message(409, "There is no further link", "Go back to the app to see the current status.")
    except ConnectError as error:
        log.warning("link_not_replaced", reason=error.message)
        page = pages.message(
            503, "No new link is available", "Go back to the app and start again in a few minutes."
        )
        if isinstance(error, StripeUnavailable):
            page.headers["Retry-After"] = str(error.retry_after_seconds)
        return page
    if url is not None:
        return RedirectResponse(url, 302, headers=pages.HEADERS)
    return await _redirect_to_app(request, address, browser, "expired")


@for_people
async def come_back(request: Request) -> Response:
    """GET /onboarding/return: the merchant finished or left the form.

    Record the return, fetch the account and redirect.
    """
    address, browser = _tokens(request)
    await links.record_return(request.app.state.gateway, address, browser)
    return await _redirect_to_app(request, address, browser, "returned")


async def _redirect_to_app(request: Request, address: str, browser: str | None, outcome: str) -> Response:
    """Redirect to `returnTo` with `onboarding` (returned or expired) or `dashboard` (expired).

    For the browser that received the link, `merchant` and `status` are added. If `returnTo` is the address of
    an app, a page opens it instead of a redirect. If the link is unknown, or its target is no longer allowed,
    the response is a page with the status 404.
    """
    settings: Settings = request.app.state.settings
    target = await links.destination(address, browser, settings.returns)
    if target is None:
        return pages.message(404, "This address is not known", "Go back to the app and start again.")
    parameters = {target.parameter: outcome}
    if target.status is not None:
        parameters |= {"merchant": target.external_id, "status": target.status}
    url = _with_query(target.return_to, parameters)
    if app_address.scheme(url) in settings.return_schemes:
        return pages.open_app(url)
    return RedirectResponse(url, 302, headers=pages.HEADERS)


async def _refuse_web_view(request: Request, address: str) -> Response:
    """Explain that Stripe's pages do not work in web views. The button goes back to the app with the outcome
    `web_view`.
    """
    settings: Settings = request.app.state.settings
    target = await links.destination(address, None, settings.returns)
    if target is None:
        return pages.message(404, "This address is not known", "Go back to the app and start again.")
    log.info("web_view_refused")
    return pages.message(
        403,
        "Open this in your browser",
        "Stripe's pages do not work inside an app. Go back, and open them in your browser.",
        back=_with_query(target.return_to, {target.parameter: "web_view"}),
    )


def _tokens(request: Request) -> tuple[str, str | None]:
    address = request.query_params.get("link", "")[:128]
    return address, request.cookies.get(links.cookie_name(address))


def _with_query(url: str, parameters: dict[str, str]) -> str:
    # Parsing and rebuilding the address would change its spelling and lose the empty host of app:///path.
    address, *fragment = url.split("#", 1)
    address, _, query = address.partition("?")
    others = [part for part in query.split("&") if part and unquote_plus(part.split("=")[0]) not in OURS]
    return "#".join([f"{address}?{'&'.join([*others, urlencode(parameters)])}", *fragment])


def cookie(name: str, value: str, path: str, public_url: str) -> str:
    """Return a Set-Cookie header. The cookie lets a browser renew its link. The browser sends the cookie only
    to `path`.
    """
    cookies: SimpleCookie = SimpleCookie({name: value})
    morsel = cookies[name]
    morsel["path"] = f"{urlsplit(public_url).path}{path}"  # browsers see the public path
    morsel["max-age"] = int(links.LIFETIME.total_seconds())
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["secure"] = public_url.startswith("https://")
    return morsel.OutputString()
