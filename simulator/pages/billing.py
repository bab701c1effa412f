"""The hosted page of an invoice, and the billing portal of a connected account."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.billing import course, invoices, subscriptions
from simulator.control import audits
from simulator.money import currencies, methods, records
from simulator.pages.checkout import card_number
from simulator.pages.figures import day
from simulator.pages.rendering import message, render
from simulator.state import Json, State
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

_CARD = ("number", "expiry", "cvc")
_NUMBERS = (
    ("4242 4242 4242 4242", "is charged"),
    ("4000 0000 0000 0341", "is saved, and every charge is declined"),
    ("4000 0000 0000 9995", "is declined"),
)


async def invoice(request: Request) -> Response:
    """GET and POST /i/{secret}: show an invoice, and pay it with a card."""
    state: State = request.app.state.simulator
    found = invoices.of_page(state, request.path_params["secret"])
    if found is None or found["status"] == "draft":
        return message(request, "This page does not exist", "Ask the platform for the invoice.", 404)
    error = None
    if request.method == "POST" and found["status"] == "open":
        try:
            error = course.attempt(state, found, await _card(request, state))
            if error is not None:
                invoices.save(state, found, "payment_failed")
        except Refused as refused:
            error = refused
        finally:
            audits.check(state)
    shown = currencies.shown(found["total"], found["currency"])
    return render(
        request,
        "invoice.html",
        422 if error else 200,
        invoice=found,
        total=f"{shown} {found['currency'].upper()}",
        lines=[
            (line["description"], currencies.shown(line["amount"], found["currency"]))
            for line in found["lines"]["data"]
        ],
        numbers=_NUMBERS,
        error=error,
    )


async def _card(request: Request, state: State) -> Json:
    """Save the card of a form, and return it. Raises Refused for a number that is not a test card."""
    values = await request.form()
    texts = {name: str(values.get(name, "")).strip() for name in _CARD}
    return methods.new(state, PLATFORM, card_number(texts))


async def portal(request: Request) -> Response:
    """GET and POST /p/session/{secret}: change the card or price, or cancel or continue a subscription."""
    state: State = request.app.state.simulator
    secret = request.path_params["secret"]
    sessions = state.all("billing_portal.session").values()
    session = next((one for one in sessions if one["_secret"] == secret), None)
    if session is None or session["_expires_at"] < state.now():
        return message(request, "This link has expired", "Ask the platform for a new link.", 404)
    account = session["customer_account"]
    error = None
    if request.method == "POST":
        try:
            await _act(request, state, account)
            return RedirectResponse(request.url.path, 303)
        except Refused as refused:
            error = refused
        finally:
            audits.check(state)
    rows = [_row(state, one) for one in state.having("subscription", "customer_account", account)[::-1]]
    bills = [one for one in state.newest("invoice") if one["customer_account"] == account]
    return render(
        request,
        "portal.html",
        422 if error else 200,
        rows=rows,
        invoices=[
            (one["number"] or "draft", currencies.shown(one["total"], one["currency"]), one)
            for one in bills[:24]
        ],
        return_url=session["return_url"],
        numbers=_NUMBERS,
        error=error,
    )


def _row(state: State, subscription: Json) -> Json:
    method = state.all("payment_method").get(subscription["default_payment_method"] or "")
    latest = state.all("invoice").get(subscription["latest_invoice"] or "", {})
    retries = latest.get("next_payment_attempt")
    return {
        "id": subscription["id"],
        "retries": day(retries) if retries else None,
        "status": subscription["status"],
        "card": method["card"]["last4"] if method is not None else None,
        "ends": day(subscriptions.period_end(subscription)),
        "cancels": subscription["cancel_at_period_end"],
        "is_over": subscription["status"] in subscriptions.ENDED,
        "plan": _plan(state, subscription["items"]["data"][0]["price"]),
        "others": [(one["id"], _plan(state, one)) for one in _others(state, subscription)],
    }


def _others(state: State, subscription: Json) -> list[Json]:
    """Return the other prices to which the merchant can switch."""
    price = subscription["items"]["data"][0]["price"]
    same = [(one, one["active"] and one["recurring"] == price["recurring"]) for one in state.newest("price")]
    return [
        one
        for one, fits in same
        if fits and one["currency"] == price["currency"] and one["id"] != price["id"]
    ]


def _plan(state: State, price: Json) -> str:
    product = state.all("product")[price["product"]]["name"]
    shown = currencies.shown(price["unit_amount"], price["currency"])
    recurring = price["recurring"]
    count = "" if recurring["interval_count"] == 1 else f"{recurring['interval_count']} "
    return f"{product}, {shown} {price['currency'].upper()} per {count}{recurring['interval']}"


async def _act(request: Request, state: State, account: str) -> None:
    values = await request.form()
    chosen = state.all("subscription").get(str(values.get("subscription")))
    if chosen is None or chosen["customer_account"] != account:
        raise Refused(None, "There is no such subscription.")
    action = values.get("action")
    if action == "card":
        method = await _card(request, state)
        chosen["default_payment_method"] = method["id"]
        subscriptions.save(state, chosen, "updated", "default_payment_method_changed")
    elif action in {"cancel", "continue"} and chosen["status"] not in subscriptions.ENDED:
        kinds = subscriptions.cancel_later(state, chosen, cancels=action == "cancel")
        subscriptions.save(state, chosen, "updated", *kinds)
    elif action == "price" and chosen["status"] not in subscriptions.ENDED:
        price = next((one for one in _others(state, chosen) if one["id"] == values.get("price")), None)
        if price is None:
            raise Refused(None, "There is no such price.")
        subscriptions.switch(chosen, chosen["items"]["data"][0], price)
        subscriptions.save(state, chosen, "updated", "item_price_changed")
    records.save(state, chosen)


ROUTES = [
    Route("/i/{secret}", invoice, methods=["GET", "POST"]),
    Route("/p/session/{secret}", portal, methods=["GET", "POST"]),
]
