"""The list of accounts, and a small version of the full Dashboard."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from simulator.accounts import requirements
from simulator.accounts.rules import dig
from simulator.pages import figures
from simulator.platforms import files, saves
from simulator.state import Json, State, token
from simulator.wire.keys import PLATFORM

# The sections of the page, by the pages of Stripe's Dashboard to which Stripe's documentation links.
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
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


def render(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """Render a template."""
    return _templates.TemplateResponse(request, name, values, status_code=status)


def message(request: Request, title: str, text: str, status: int = 200) -> Response:
    """Return a page with a title and one sentence."""
    return render(request, "message.html", status, title=title, text=text)


def describe(item: str) -> str:
    """Return the text for a requirement."""
    words = {
        requirements.BANK: "Bank account for payouts",
        requirements.DOCUMENT: "Identity document",
        "configuration.merchant.mcc": "What you sell",
        "defaults.profile.business_url": "Website",
        "identity.entity_type": "Type of business",
    }
    if item in words:
        return words[item]
    if item.startswith("identity.attestations.terms_of_service"):
        return "Stripe's terms of service"
    owner = "Business" if "business_details" in item else "Representative"
    name = item.split(".")[2].replace("_", " ").replace("id numbers", "tax or ID number")
    return f"{owner}: {name}"


_templates.env.filters["describe"] = describe


async def index(request: Request) -> Response:
    """GET /: all accounts, and the latest deliveries."""
    state: State = request.app.state.simulator
    rows = [
        (account, dig(account, "view.configuration.merchant.capabilities"), _state(account))
        for account in state.newest("account")
    ]
    deliveries = [delivery for delivery, _ in zip(state.newest("delivery"), range(50), strict=False)]
    return render(
        request,
        "index.html",
        rows=rows[:200],
        total=len(rows),
        now=figures.moment(state.now()),
        deliveries=deliveries,
        destinations=len(state.all("destination")),
        balances=figures.balances(state, PLATFORM),
        files=files.names(),
        saves=saves.names(state, {})["data"],
    )


def open_from_link(state: State, account: str) -> Response:
    """Open the Dashboard for a visitor with a Dashboard link.

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
        state=_state(account),
        title=_title(account),
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
    """GET /dashboard/{account}/test/{page}: the addresses of Stripe's Dashboard, as sections of one page.

    The form of the addresses is in https://docs.stripe.com/stripe-apps/deep-links. All accounts here are in
    test mode.
    """
    state: State = request.app.state.simulator
    account, page = request.path_params["account"], request.path_params["page"]
    if account not in state.all("account"):
        return message(request, "No such account", "No account has this id.", 404)
    if page not in SECTIONS:
        return message(request, "No such page", "This small Dashboard does not have this page.", 404)
    return RedirectResponse(f"/dashboard/{account}{SECTIONS[page]}", 302)


async def platform(request: Request) -> Response:
    """GET /dashboard/test/connect/accounts/{account}: the account in the platform's own Dashboard."""
    state: State = request.app.state.simulator
    account = state.all("account").get(request.path_params["account"])
    if account is None:
        return message(request, "No such account", "The platform has no account with this id.", 404)
    events = [event for event in state.newest("event") if event.get("context") == account["id"]]
    return render(
        request,
        "platform.html",
        account=account,
        state=_state(account),
        title=_title(account),
        capabilities=_statuses(dig(account, "view.configuration.merchant.capabilities") or {}),
        entries=account["view"]["requirements"]["entries"],
        events=events[:20],
    )


def _title(account: Json) -> str:
    name = account["display_name"] or dig(account, "identity.business_details.registered_name")
    return str(name or account["id"])


def _statuses(capabilities: Json) -> dict[str, str]:
    """Return the status of each capability, by its name. Some capabilities have parts."""
    statuses: dict[str, str] = {}
    for name, value in capabilities.items():
        if value and "status" in value:
            statuses[name] = value["status"]
        elif value:
            statuses |= {f"{name}.{part}": one["status"] for part, one in value.items() if one}
    return statuses


def _state(account: Json) -> str:
    if account["closed"]:
        return "closed"
    if account["deauthorized"]:
        return "disconnected"
    status = dig(account, "view.configuration.merchant.capabilities.card_payments.status")
    return str(status or "no card payments")


def _once(entries: list[Json]) -> list[Json]:
    """Return one entry for each distinct description."""
    return list({describe(entry["description"]): entry for entry in entries}.values())


ROUTES = [
    Route("/", index),
    Route("/dashboard/test/connect/accounts/{account}", platform),
    Route("/dashboard/{account}", dashboard),
    Route("/dashboard/{account}/test/{page:path}", deep_link),
    Route("/dashboard/{account}/login", login, methods=["GET", "POST"]),
]
