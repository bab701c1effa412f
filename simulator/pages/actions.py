"""The buttons of the pages: they play scenarios of an account, and lose, repeat or hold notifications."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.control import scenarios
from simulator.events import events, losses
from simulator.pages.rendering import message
from simulator.state import State
from simulator.wire.errors import Refused

# The scenarios with a button, in groups. Each has a name, a label and a description of its effect.
GROUPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Onboarding": (
        ("complete", "Fill in the form", "All details are provided. The review begins."),
        ("activate", "Activate", "All details are provided and verified."),
        ("review", "Keep in review", "The review lasts for years."),
        ("fail_document", "Refuse the document", "The identity document is asked for again."),
    ),
    "Later requirements": (
        ("due_soon", "Ask for a document", "The document is due in seven days."),
        ("future_requirements", "Announce a requirement", "The requirement applies in thirty days."),
        ("past_due", "Let a document be past due", "Capabilities are restricted."),
        ("owner_document", "Ask an owner for an ID", "The owner is another person."),
        ("payouts_blocked", "Refuse the bank account", "Charges work, and payouts do not."),
    ),
    "Decisions of Stripe": (
        ("restricted_other", "Restrict", "Only Stripe support can help."),
        ("reject", "Reject", "Stripe rejects the account."),
        ("unsupported", "Do not support", "Stripe does not support the business."),
    ),
    "The end": (
        ("deauthorize", "Disconnect", "The account leaves the platform."),
        ("close", "Close", "The account is closed."),
    ),
}
LABELS = {name: label for group in GROUPS.values() for name, label, _ in group}


async def scenario(request: Request) -> Response:
    """POST /accounts/{account}/scenario: play a scenario."""
    state: State = request.app.state.simulator
    account = request.path_params["account"]
    values = await request.form()
    try:
        scenarios.play(state, account, {"scenario": str(values.get("scenario"))})
    except Refused as refused:
        return message(request, "This is not possible", str(refused), 422)
    return _back(str(values.get("from")), account, "scenarios")


async def lose(request: Request) -> Response:
    """POST /losses: lose the next notification about the given account.

    If no account is given, the next notification about any account is lost. The action `stop` ends this loss.
    """
    state: State = request.app.state.simulator
    values = await request.form()
    account = str(values.get("account", ""))
    try:
        losses.add(state, account or None, 0 if values.get("action") == "stop" else 1)
    except Refused as refused:
        return message(request, "This is not possible", str(refused), 422)
    return _back(str(values.get("from")), account, "deliveries")


async def redeliver(request: Request) -> Response:
    """POST /events/{event}/redeliver: send a notification again."""
    state: State = request.app.state.simulator
    values = await request.form()
    try:
        events.redeliver(state, request.path_params["event"])
    except Refused as refused:
        return message(request, "This is not possible", str(refused), 404)
    return _back(str(values.get("from")), str(values.get("account", "")), "deliveries")


async def hold(request: Request) -> Response:
    """POST /deliveries: hold all notifications, or send the held ones."""
    state: State = request.app.state.simulator
    mode = "hold" if (await request.form()).get("action") == "hold" else "live"
    state.steer("deliveries", {"mode": mode})
    if mode == "live":
        events.release(state)
    return RedirectResponse("/#deliveries", 303)


async def changes(request: Request) -> Response:
    """GET /changes: a text that is different after each change. Pages read it to notice changes."""
    state: State = request.app.state.simulator
    return PlainTextResponse(f"{id(state)}-{state.changes}-{len(state.faults)}")


def _back(page: str, account: str, section: str) -> Response:
    """Redirect to the page that has the button."""
    if page == "account" and account:
        return RedirectResponse(f"/dashboard/test/connect/accounts/{account}#{section}", 303)
    return RedirectResponse(f"/#{f'account-{account}' if section == 'scenarios' else section}", 303)


ROUTES = [
    Route("/accounts/{account}/scenario", scenario, methods=["POST"]),
    Route("/losses", lose, methods=["POST"]),
    Route("/events/{event}/redeliver", redeliver, methods=["POST"]),
    Route("/deliveries", hold, methods=["POST"]),
    Route("/changes", changes),
]
