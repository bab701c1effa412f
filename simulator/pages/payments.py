"""A payment in the Dashboard: its course, and the forms that refund, capture, cancel or dispute it."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.control import audits
from simulator.control import payments as scenarios
from simulator.money import currencies
from simulator.money.disputes import disputes, warnings
from simulator.pages import figures
from simulator.pages.rendering import message, render
from simulator.state import Json, State
from simulator.wire.errors import Refused

_ACTIONS = {
    "cancel": scenarios.cancel,
    "capture": scenarios.capture,
    "dispute": scenarios.dispute,
    "refund": scenarios.refund,
    "warn": scenarios.warn,
}
# The buttons of a dispute and their scenarios.
_DISPUTED = {
    **dict.fromkeys(("accept", "end"), "lose"),
    **{name: name for name in ("answer", "escalate", "lose", "stage", "win")},
}


async def payment(request: Request) -> Response:
    """GET /dashboard/{account}/payments/{intent}."""
    return _show(request, None)


def _find(request: Request) -> Json | None:
    state: State = request.app.state.simulator
    intent = state.all("payment_intent").get(request.path_params["intent"])
    return intent if intent and intent["_account"] == request.path_params["account"] else None


def _show(request: Request, error: str | None) -> Response:
    state: State = request.app.state.simulator
    intent = _find(request)
    if intent is None:
        return message(request, "No such payment", "No payment of this account has this id.", 404)
    charge = state.all("charge").get(intent["latest_charge"] or "")
    is_paid = charge is not None and charge["captured"] and charge["status"] == "succeeded"
    left = charge["amount_captured"] - charge["amount_refunded"] if charge and is_paid else 0
    if charge is not None and disputes.charged_back(state, charge):
        left = 0
    facts = [("Payment", intent["id"]), ("Created", figures.day(intent["created"]))]
    if charge is not None:
        details = charge["payment_method_details"]
        facts += [
            ("Method", f"{details['type'].replace('_', ' ')} •••• {details[details['type']]['last4']}"),
        ]
        if charge["billing_details"]["email"]:
            facts.append(("Customer", charge["billing_details"]["email"]))
        transaction = state.all("balance_transaction").get(charge["balance_transaction"] or "")
        if transaction is not None:
            facts += [
                (name.capitalize(), currencies.shown(transaction[name], transaction["currency"]))
                for name in ("fee", "net")
            ]
        if charge["failure_message"]:
            facts.append(("Failure", charge["failure_message"]))
    return render(
        request,
        "payment.html",
        422 if error else 200,
        account=request.path_params["account"],
        intent=intent,
        row=figures.row(state, intent),
        facts=facts,
        disputes=[figures.dispute(one) for one in state.having("dispute", "payment_intent", intent["id"])],
        reasons=disputes.REASONS,
        warnings=[
            figures.warning(state, one)
            for one in state.having(warnings.OBJECT, "payment_intent", intent["id"])
        ],
        can_warn=charge is not None and left > 0 and charge["payment_method_details"]["type"] == "card",
        refunds=[figures.refund(one) for one in state.having("refund", "payment_intent", intent["id"])],
        left=currencies.decimal(left, intent["currency"]) if left > 0 else None,
        error=error,
    )


async def act(request: Request) -> Response:
    """POST /dashboard/{account}/payments/{intent}/{action}."""
    state: State = request.app.state.simulator
    intent, action = _find(request), _ACTIONS.get(request.path_params["action"])
    if intent is None or action is None:
        return message(request, "No such payment", "No payment of this account has this id.", 404)
    values = await request.form()
    try:
        order: Json = {"reason": str(values.get("reason", "")), "inquiry": values.get("inquiry")}
        if "amount" in values:
            order["amount"] = _minor(str(values["amount"]), intent["currency"])
        action(state, intent, order)
    except Refused as refused:
        return _show(request, str(refused))
    finally:
        audits.check(state)
    return RedirectResponse(f"/dashboard/{request.path_params['account']}/payments/{intent['id']}", 303)


async def decide(request: Request) -> Response:
    """POST /dashboard/{account}/disputes/{dispute}: a decision of the merchant or of the bank."""
    state: State = request.app.state.simulator
    account = request.path_params["account"]
    opened = state.all("dispute").get(request.path_params["dispute"])
    values = await request.form()
    scenario = _DISPUTED.get(str(values.get("action")))
    if opened is None or opened["_account"] != account or scenario is None:
        return message(request, "No such dispute", "No dispute of this account has this id.", 404)
    try:
        scenarios.play(state, {"id": opened["id"], "scenario": scenario, "text": values.get("text")})
    except Refused as refused:
        return message(request, "This dispute has ended", str(refused), 422)
    return RedirectResponse(f"/dashboard/{account}/payments/{opened['payment_intent']}#disputes", 303)


def _minor(text: str, currency: str) -> int:
    """Convert a text such as 4.50 to an amount in minor units."""
    digits = currencies.exponent(currency)
    match = re.fullmatch(r"(\d{1,12})(?:\.(\d*))?", text.strip())
    if match is None or len(match[2] or "") > digits:
        raise Refused(None, f"Enter an amount with at most {digits} decimals.")
    return int(match[1] + (match[2] or "").ljust(digits, "0"))


ROUTES = [
    Route("/dashboard/{account}/payments/{intent}", payment),
    Route("/dashboard/{account}/disputes/{dispute}", decide, methods=["POST"]),
    Route("/dashboard/{account}/payments/{intent}/{action}", act, methods=["POST"]),
]
