"""A small version of the full Dashboard."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.accounts.rules import dig
from simulator.pages import figures
from simulator.pages.rendering import describe, message, name_of, render, state_of
from simulator.state import Json, State, token

# The pages of Stripe's Dashboard to which Stripe's documentation links, and the section for each of them.
SECTIONS = {
    "dashboard": "",
    "account/status": "#requirements",
    "balance/overview": "#balance",
    "disputes": "#disputes",
    "payouts": "#payouts",
    "settings/payouts": "#payouts",
}
# The cookie of a merchant who came with a Dashboard link. The page opens without the cookie, too.
COOKIE = "simulated_dashboard"


def open_from_link(state: State, account: str) -> Response:
    """Open the Dashboard for a visitor who followed a Dashboard link.

    Stripe's documentation does not say whether the merchant still has to log in, so the switch
    `dashboard_link_asks_to_log_in` decides. The login sends no event.
    """
    if state.control("switches")["dashboard_link_asks_to_log_in"]:
        return RedirectResponse(f"/dashboard/{account}/login", 302)
    return _sign_in(state, account, 302)


async def login(request: Request) -> Response:
    """GET and POST /dashboard/{account}/login: a login page without a password."""
    state: State = request.app.state.simulator
    account = request.path_params["account"]
    if account not in state.all("account"):
        return message(request, "No such account", "No account has this id.", 404)
    if request.method == "POST":
        return _sign_in(state, account, 303)
    return render(request, "login.html", account=account)


def _sign_in(state: State, account: str, status: int) -> Response:
    session: Json = {"id": token("dash_", 32), "account": account, "dashboard": True}
    state.save("session", session["id"], session)
    response = RedirectResponse(f"/dashboard/{account}", status)
    response.set_cookie(COOKIE, session["id"], httponly=True, samesite="lax")
    return response


def _is_signed_in(request: Request, account: str) -> bool:
    sessions = request.app.state.simulator.all("session")
    return bool(sessions.get(request.cookies.get(COOKIE, ""), {}).get("account") == account)


async def dashboard(request: Request) -> Response:
    """GET /dashboard/{account}: a small version of the full Dashboard."""
    state: State = request.app.state.simulator
    account = state.all("account").get(request.path_params["account"])
    if account is None:
        return message(request, "No such account", "No account has this id.", 404)
    capabilities = dig(account, "view.configuration.merchant.capabilities") or {}
    has_credentials = bool(dig(account, "identity.attestations.terms_of_service.account.date"))
    return render(
        request,
        "dashboard.html",
        account=account,
        state=state_of(account),
        title=name_of(account),
        has_credentials=has_credentials,
        signed_in=_is_signed_in(request, account["id"]),
        entries=_once(account["view"]["requirements"]["entries"]),
        future=account["view"]["future_requirements"],
        deadline=dig(account, "view.requirements.summary.minimum_deadline.time"),
        charges=dig(capabilities, "card_payments.status"),
        payouts=dig(capabilities, "stripe_balance.payouts.status"),
        money=figures.summary(state, account["id"]),
    )


async def deep_link(request: Request) -> Response:
    """GET /dashboard/{account}/test/{page}: redirect to the section for a page of Stripe's Dashboard.

    https://docs.stripe.com/stripe-apps/deep-links documents the format of these URLs. All accounts here are
    in test mode.
    """
    state: State = request.app.state.simulator
    account, page = request.path_params["account"], request.path_params["page"]
    if account not in state.all("account"):
        return message(request, "No such account", "No account has this id.", 404)
    if page not in SECTIONS:
        return message(request, "No such page", "This small Dashboard does not have this page.", 404)
    return RedirectResponse(f"/dashboard/{account}{SECTIONS[page]}", 302)


def _once(entries: list[Json]) -> list[Json]:
    """Return one entry for each distinct description."""
    return list({describe(entry["description"]): entry for entry in entries}.values())


ROUTES = [
    Route("/dashboard/{account}", dashboard),
    Route("/dashboard/{account}/test/{page:path}", deep_link),
    Route("/dashboard/{account}/login", login, methods=["GET", "POST"]),
]
