"""Payouts in the Dashboard: their transactions, and the forms of the merchant and of the bank."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.control import payouts as scenarios
from simulator.money import currencies
from simulator.money.payouts import payouts
from simulator.pages import figures
from simulator.pages.rendering import message, render
from simulator.state import Json, State
from simulator.wire.errors import Refused

# The days of each interval. The page does not ask for them, so it uses Mondays, or the first of each month.
_SCHEDULES: dict[str, Json] = {
    "daily": {},
    "weekly": {"weekly_payout_days": ["monday"]},
    "monthly": {"monthly_payout_days": [1]},
    "manual": {},
}


async def payout(request: Request) -> Response:
    """GET and POST /dashboard/{account}/payouts/{payout}: show the payout, or let the bank refuse it."""
    state: State = request.app.state.simulator
    account = request.path_params["account"]
    made = state.all("payout").get(request.path_params["payout"])
    if made is None or made["_account"] != account:
        return message(request, "No such payout", "No payout of this account has this id.", 404)
    if request.method == "POST":
        code = str((await request.form()).get("code", ""))
        try:
            scenarios.play(state, {"id": made["id"], "scenario": "fail", "code": code})
        except Refused as refused:
            return message(request, "This payout has ended", str(refused), 422)
        return RedirectResponse(f"/dashboard/{account}/payouts/{made['id']}", 303)
    rows = [
        (row["type"].replace("_", " "), row["source"], currencies.shown(row["net"], row["currency"]))
        for row in state.having("balance_transaction", "_payout", made["id"])
    ]
    return render(
        request,
        "payout.html",
        account=account,
        codes=list(payouts.MESSAGES),
        row=figures.payout(state, made),
        rows=rows,
        trace=made["trace_id"]["value"],
    )


async def act(request: Request) -> Response:
    """POST /dashboard/{account}/payouts: pay out now, or change the schedule or the bank account."""
    state: State = request.app.state.simulator
    account = request.path_params["account"]
    values = await request.form()
    order: Json = {"id": account, "scenario": str(values.get("action", ""))}
    if "interval" in values:
        interval = str(values["interval"])
        order |= {"interval": interval, **_SCHEDULES.get(interval, {})}
    if "number" in values:
        order["number"] = str(values["number"])
    try:
        scenarios.play_balance(state, order)
    except Refused as refused:
        return message(request, "The change was refused", str(refused), 422)
    return RedirectResponse(f"/dashboard/{account}#payouts", 303)


ROUTES = [
    Route("/dashboard/{account}/payouts", act, methods=["POST"]),
    Route("/dashboard/{account}/payouts/{payout}", payout, methods=["GET", "POST"]),
]
