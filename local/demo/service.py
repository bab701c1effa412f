"""Runs the demo's API in this process, and a worker's tasks between the steps of the clock.

The loops of a worker would wait in real time, and would mistake the hours between two steps for an outage.
"""

import asyncio
import contextlib
import dataclasses
import gc
from collections.abc import AsyncIterator, Mapping
from functools import partial

from starlette.applications import Starlette
from tortoise.transactions import in_transaction

from api import resources
from api.app import create_app
from api.configuration import settings as settings_module
from api.configuration.settings import Settings
from api.server.server import create_server
from connect.events import handlers, inbox, reconcile
from connect.finances import mirror as finances
from connect.finances import payouts
from connect.merchants import erasure
from connect.payments.fees import fee_returns
from connect.payments.mirror import complete
from connect.platform import health
from connect.platform.last_check import LastCheck
from connect.platform.problems import ProblemCode
from connect.platform.records import problem_history
from connect.scope import Payer
from connect.services import mirror as services
from connect.stripe_api.gateway import Gateway
from local.demo.clock import Clock
from models import DismissedProblem, now

NAME = "demo"
# Events are due as soon as they arrive.
POLICY = dataclasses.replace(inbox.Policy(), debounce=0.0)
START_SECONDS = 30
# All events of one step of the clock are handled in fewer rounds than this.
MOST_ROUNDS = 200
# The demo does not record these problems, because they concern the regular checks of a worker, and no worker
# runs in the demo.
OF_WORKERS = {
    ProblemCode.NO_WORKER,
    ProblemCode.BACKFILL_STALLED,
    ProblemCode.SWEEP_STALLED,
    ProblemCode.PAYMENT_SWEEP_STALLED,
    ProblemCode.MIRRORS_STALE,
    ProblemCode.SERVICES_STALE,
}


class Work:
    """The tasks of a worker."""

    def __init__(self, app: Starlette, clock: Clock) -> None:
        settings: Settings = app.state.settings
        self._settings, self._clock = settings, clock
        self._gateway: Gateway = app.state.gateway
        self._handlers = handlers.with_grace(settings.service_grace)

    async def handle_events(self) -> bool:
        """Handle all events. If one is due later, advance the clock. Returns whether there were events."""
        for number in range(MOST_ROUNDS):
            if await inbox.work(self._gateway, NAME, POLICY, self._handlers, max_subjects=50):
                continue
            due_in = await inbox.next_due_in()
            if due_in is None:
                return number > 0
            self._clock.pass_until(self._clock.seconds + max(due_in, 0.0) + 0.001)
        raise RuntimeError("the API does not finish its work")

    async def do_chores(self) -> None:
        """Finish erasures, return fees, and fetch late bookings, balances and the contents of payouts."""
        await erasure.run()
        await complete.run(self._gateway, batch=100)
        await fee_returns.resume(self._gateway, self._settings.fee_on_refund)
        await finances.run(self._gateway, batch=100)
        await payouts.read_inside(self._gateway, batch=100)

    async def record_problems(self) -> None:
        """Record the current problems in the history of problems, as a worker does at each check."""
        at = await now()
        periods = {"stale_after": self._settings.stale_after, "backfill_after": self._settings.backfill_after}
        found = await health.problems(check=LastCheck(checked_at=at), **periods)
        present = [problem for problem in found if problem.code not in OF_WORKERS]
        async with in_transaction():
            dismissed = await DismissedProblem.all().values_list("code", flat=True)
            await problem_history.record(present, {str(code) for code in dismissed}, at)

    async def compare(self) -> None:
        """Compare all accounts and subscriptions with Stripe, so that no mirror is stale at the end."""
        sweep = partial(reconcile.sweep, self._gateway, NAME, every=self._settings.stale_after / 2)
        await sweep()  # plans the first comparison
        self._clock.pass_until(self._clock.seconds + reconcile.FIRST.total_seconds() + 1)
        while await sweep():
            pass
        while await services.sweep(self._gateway, NAME, grace=self._settings.service_grace):
            pass


@contextlib.asynccontextmanager
async def serving(environment: Mapping[str, str]) -> AsyncIterator[Starlette]:
    """Serve the API with these settings and without a worker, in the running event loop."""
    settings = dataclasses.replace(settings_module.read(environment), inbox=POLICY)
    await resources.migrate(settings)
    app = create_app(settings)
    server = create_server(app, settings, request_seconds=1)
    task = asyncio.create_task(server._serve())  # noqa: SLF001 -- `serve` would handle signals
    try:
        async with asyncio.timeout(START_SECONDS):
            while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn sets no event
                await asyncio.sleep(0.01)
        gateway: Gateway = app.state.gateway
        gateway.wait = _at_once
        # The garbage collector needs to run only rarely, because the history creates few reference cycles and
        # ends soon.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        yield app
    finally:
        server.should_exit = True
        await task


async def _at_once(_payer: Payer | None, _account: str | None, _operation: str | None) -> None:
    """Do not wait: calls to the local Stripe need no pacing."""
