"""The application: the API, the hosted pages and the control plane over one state."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from simulator import routes
from simulator.accounts import records
from simulator.control import clock, control, later
from simulator.events import deliveries
from simulator.pages import (
    actions,
    billing,
    checkout,
    dashboard,
    faults,
    onboarding,
    overview,
    payments,
    payouts,
    platforms,
)
from simulator.pages import clock as clock_form
from simulator.pages.rendering import message
from simulator.settings import Settings
from simulator.state import State
from simulator.wire.routes import unrouted

TICK = 0.05


def create_app(settings: Settings) -> Starlette:
    """Build the application. Its lifespan loads the state."""
    static = Mount("/static", StaticFiles(directory=Path(__file__).parent / "pages" / "static"))
    app = Starlette(
        routes=[
            *routes.ROUTES,
            *control.ROUTES,
            *onboarding.ROUTES,
            *overview.ROUTES,
            *dashboard.ROUTES,
            *actions.ROUTES,
            *faults.ROUTES,
            *clock_form.ROUTES,
            *checkout.ROUTES,
            *billing.ROUTES,
            *payments.ROUTES,
            *payouts.ROUTES,
            *platforms.ROUTES,
            static,
        ],
        exception_handlers={404: _unrouted, 405: _unrouted},
        lifespan=_lifespan,
    )
    app.state.settings = settings
    return app


async def _unrouted(request: Request, error: Exception) -> Response:
    """Answer a request that no route accepts: with a page, an error of the API, or plain text."""
    if request.method == "GET" and not request.url.path.startswith(("/v1/", "/v2/", "/simulator/")):
        text = "The local Stripe has no page at this address."
        return message(request, "There is no such page", text, 404)
    return await unrouted(request, error)


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    state = app.state.simulator = State(app.state.settings)
    records.load(state)
    later.load(state)
    tasks = [asyncio.create_task(_always(work, state)) for work in (deliveries.run, _tick)]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    state.close()


async def _always(work: Callable[[State], Awaitable[None]], state: State) -> None:
    while True:
        try:
            await work(state)
        except Exception:  # noqa: BLE001 - print the defect and keep the clock running
            traceback.print_exc()
            await asyncio.sleep(1)


async def _tick(state: State) -> None:
    """Every TICK seconds, do the work that is due."""
    while True:
        clock.pass_time(state)
        await asyncio.sleep(TICK)
