"""The form of the first page that passes time."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.control import clock
from simulator.pages.dashboard import message
from simulator.state import State

MOST_DAYS = 31


async def advance(request: Request) -> Response:
    """POST /clock: pass some seconds, and do everything that falls due in them."""
    state: State = request.app.state.simulator
    seconds = str((await request.form()).get("seconds", ""))
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 8) or int(seconds) > MOST_DAYS * 86400:
        return message(request, "No such period", f"The clock advances by at most {MOST_DAYS} days.", 422)
    clock.advance(state, int(seconds))
    return RedirectResponse("/#clock", 303)


ROUTES = [Route("/clock", advance, methods=["POST"])]
