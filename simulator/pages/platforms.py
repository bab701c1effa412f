"""The forms on the first page: they load scenario files, and save and load states."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.pages.rendering import message
from simulator.platforms import files, saves
from simulator.state import State
from simulator.wire.errors import Refused


async def platforms(request: Request) -> Response:
    """POST /platforms: load a scenario file, or save or load a state."""
    state: State = request.app.state.simulator
    values = await request.form()
    action, name = str(values.get("action")), str(values.get("name", "")).strip()
    if action == "platform" and name not in files.names():
        return message(request, "No such file", "The local Stripe has no such scenario file.", 404)
    try:
        if action == "platform":
            files.load(state, files.read(name))
        else:
            (saves.load if action == "load" else saves.save)(state, {"name": name})
    except Refused as refused:
        return message(request, "This is not possible", str(refused), 422)
    return RedirectResponse("/", 303)


ROUTES = [Route("/platforms", platforms, methods=["POST"])]
