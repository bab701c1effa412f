"""The buttons that advance the clock."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.control import clock
from simulator.pages.rendering import message
from simulator.state import State

MOST_DAYS = 31


async def advance(request: Request) -> Response:
    """POST /clock: advance the clock by some seconds, and do all work that falls due in this time."""
    state: State = request.app.state.simulator
    values = await request.form()
    seconds = str(values.get("seconds", ""))
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 8) or int(seconds) > MOST_DAYS * 86400:
        return message(request, "No such period", f"The clock advances by at most {MOST_DAYS} days.", 422)
    clock.advance(state, int(seconds))
    account = str(values.get("account", ""))
    if account in state.all("account"):
        return RedirectResponse(f"/dashboard/test/connect/accounts/{account}#scenarios", 303)
    return RedirectResponse("/#clock", 303)


ROUTES = [Route("/clock", advance, methods=["POST"])]
