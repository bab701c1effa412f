"""The hosted onboarding form. An account link opens it once, and each step saves its answers."""

import math

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.accounts import links, records, requirements, rules
from simulator.accounts.requirements import BANK, DOCUMENT
from simulator.accounts.rules import dig
from simulator.control import scenarios
from simulator.pages import dashboard, form
from simulator.pages.rendering import message, render
from simulator.state import Json, State, token
from simulator.wire.errors import Refused

STEPS = {
    "business": "Your business",
    "person": "You",
    "bank": "Bank account",
    "terms": "Review and submit",
}


async def enter(request: Request) -> Response:
    """GET /r/{account}/{token}: use up the link and open its page, or redirect to refresh_url."""
    state: State = request.app.state.simulator
    link = state.all("link").get(request.path_params["token"])
    if request.path_params["account"] not in state.all("account"):
        return message(request, "This link does not work", "This account does not exist.", 404)
    if link is None or link["account"] != request.path_params["account"]:
        # The token may be mistyped, so the visitor goes to the refresh_url of the account's newest link.
        newest = (one for one in state.newest("link") if one["account"] == request.path_params["account"])
        link = next(newest, None)
        if link is None:
            return message(request, "This link does not work", "Ask the platform for a new link.", 404)
        return RedirectResponse(link["flow"]["refresh_url"], 302)
    if not links.is_usable(state, link):
        return RedirectResponse(link["flow"]["refresh_url"], 302)
    state.save("link", link["token"], link | {"used": True})
    if link["type"] == links.DASHBOARD:
        return dashboard.open_from_link(state, link["account"])
    return RedirectResponse(_start(state, link["account"], link["flow"], link["token"]), 302)


async def enter_from_dashboard(request: Request) -> Response:
    """POST /dashboard/{account}/onboarding: open the form from the Dashboard, without an account link."""
    state: State = request.app.state.simulator
    account = records.find(state, request.path_params["account"])
    url = f"/dashboard/{account['id']}"
    flow = {"refresh_url": url, "return_url": url}
    return RedirectResponse(_start(state, account["id"], flow, None), 303)


def _start(state: State, account: str, flow: Json, link: str | None) -> str:
    options = flow.get("collection_options") or {}
    until = math.inf if options.get("future_requirements") == "include" else state.now()
    items = requirements.waiting(state.all("account")[account], until)
    steps = {step_of(item) for item in items}
    session: Json = {
        "id": token("onb_", 32),
        "account": account,
        "link": link,
        "flow": flow,
        "until": None if until == math.inf else until,
        "steps": [step for step in STEPS if step in steps],
        # The fields that the visitor has answered in this visit, by step.
        "asked": {},
        "done": False,
    }
    state.save("session", session["id"], session)
    return f"/onboarding/{session['id']}/{(session['steps'] or ['nothing'])[0]}"


def step_of(item: str) -> str:
    """Return the step that asks for an item."""
    if item == BANK:
        return "bank"
    if item.startswith("identity.attestations."):
        return "terms"
    return "person" if item.startswith("identity.individual.") else "business"


async def step(request: Request) -> Response:
    """GET and POST /onboarding/{session}/{step}."""
    state: State = request.app.state.simulator
    session = state.all("session").get(request.path_params["session"])
    name = request.path_params["step"]
    if session is None:
        return message(request, "This form no longer exists", "Open onboarding again from the platform.", 404)
    account = state.all("account")[session["account"]]
    if session["done"] or account["closed"] or account["deauthorized"]:
        return RedirectResponse(session["flow"]["refresh_url"], 303)
    if name == "leave":
        return _return(request, session)
    if name not in session["steps"]:
        return render(request, "nothing.html", session=session, account=account)
    if request.method == "GET":
        return _show(request, session, account, name, {}, {})
    values = await request.form()
    changed = records.edit(state, account["id"])
    asked = _asked(session, name)
    shown = form.names(account, name, requirements.waiting(account, _until(session)), asked)
    if name == "person" and _asks_document(account, session):
        shown.append("document")
    try:
        _save(state, changed, name, values, request, session)
        rules.check(changed, None, {}, state.today())
    except form.Invalid as invalid:
        return _show(request, session, account, name, values, invalid.errors)
    except Refused as refused:
        path, _, text = str(refused).partition(": ")
        return _show(request, session, account, name, values, {form.name_of(path): text})
    records.publish(state, changed)
    session = session | {"asked": session.get("asked", {}) | {name: sorted({*asked, *shown})}}
    state.save("session", session["id"], session)
    following = session["steps"][session["steps"].index(name) + 1 :]
    if following:
        return RedirectResponse(f"/onboarding/{session['id']}/{following[0]}", 303)
    return _return(request, session)


def _asked(session: Json, step: str) -> list[str]:
    """Return the fields of a step that the visitor has answered in this visit."""
    asked: list[str] = session.get("asked", {}).get(step, [])
    return asked


def _until(session: Json) -> float:
    return math.inf if session["until"] is None else float(session["until"])


def _return(request: Request, session: Json) -> Response:
    state: State = request.app.state.simulator
    state.save("session", session["id"], session | {"done": True})
    if session["link"]:
        links.emit_return(state, state.all("link")[session["link"]])
    url = session["flow"].get("return_url")
    if url is None:
        return message(request, "All done here", "You can close this page.")
    return RedirectResponse(url, 303)


def _asks_document(account: Json, session: Json) -> bool:
    items = requirements.waiting(account, _until(session))
    is_new = not account["verified"] and not dig(account, DOCUMENT)
    return DOCUMENT in items or is_new or "document" in _asked(session, "person")


def _show(
    request: Request,
    session: Json,
    account: Json,
    name: str,
    values: FormData | Json,
    wrong: dict[str, str],
) -> Response:
    """Show a step. `wrong` has the errors in the submitted answers, by field."""
    items, asked = requirements.waiting(account, _until(session)), _asked(session, name)
    errors = wrong or _stripes_errors(account, name)
    inputs = form.fields(account, name, items, asked, values)
    fields = {field.name: label for field, label, _ in inputs} | {
        "document": "Identity document",
        "accept": "Agreement",
    }
    position = session["steps"].index(name)
    return render(
        request,
        "onboarding.html",
        422 if wrong else 200,
        account=account,
        session=session,
        steps=[
            (key, STEPS[key], number < position or bool(_asked(session, key)))
            for number, key in enumerate(session["steps"])
        ],
        step=name,
        title=STEPS[name],
        is_last=name == session["steps"][-1],
        previous=session["steps"][position - 1] if position else None,
        fields=inputs,
        known=form.known(account, name, items, asked),
        asks_document=name == "person" and _asks_document(account, session),
        document=values.get("document", "good"),
        errors={field: text for field, text in errors.items() if field in fields},
        labels=fields,
        general=[text for field, text in errors.items() if field not in fields],
    )


def _stripes_errors(account: Json, step: str) -> dict[str, str]:
    """Return the errors that Stripe has found in earlier answers to a step, by field."""
    return {
        "document" if entry["description"] == DOCUMENT else form.name_of(entry["description"]): " ".join(
            problem["description"] for problem in entry["errors"]
        )
        for entry in account["view"]["requirements"]["entries"]
        if entry["errors"] and step_of(entry["description"]) == step
    }


def _save(state: State, account: Json, name: str, values: FormData, request: Request, session: Json) -> None:
    items, asked = requirements.waiting(account, _until(session)), _asked(session, name)
    if name == "bank" and values.get("later"):
        return
    asks_document = name == "person" and _asks_document(account, session)
    form.save(account, name, items, asked, values)
    if name == "bank":
        requirements.resubmit(account, BANK)
    if asks_document:
        scenarios.upload_document(account, good=values.get("document", "good") == "good")
    if name == "terms":
        if values.get("accept") != "yes":
            raise form.Invalid({"accept": "Accept the agreement to continue."})
        ip = request.client.host if request.client else "127.0.0.1"
        agent = request.headers.get("user-agent", "")
        scenarios.accept_terms(account, state.now(), ip, agent)


ROUTES = [
    Route("/r/{account}/{token}", enter),
    Route("/dashboard/{account}/onboarding", enter_from_dashboard, methods=["POST"]),
    Route("/onboarding/{session}/{step}", step, methods=["GET", "POST"]),
]
