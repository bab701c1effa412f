"""The worker: handles the inbox, completes creations that were cut off, finds what never arrived.

It runs in the API's process, or as a process of its own (`python -m api worker`); any number may run at once.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from api.settings import Settings
from connect import accounts, inbox, mirror, periodic, reconcile
from connect.gateway import Gateway

IDLE_SECONDS = 0.25
PERIODIC_SECONDS = 1.0
REBUILD_SECONDS = 60.0

log = structlog.get_logger("worker")


class Worker:
    """Holds the loops. `stop` lets what is under way finish."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        # Nobody waits for what a worker asks of Stripe: clients' own calls go first.
        self._gateway = gateway.in_turn(partial(_turn, settings.stripe_calls_per_second))
        self._settings = settings
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"[:64]
        self._stopping = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        steps = (
            (self._handle_events, IDLE_SECONDS),
            (self._complete_creations, 1.0),
            (self._backfill, PERIODIC_SECONDS),
            (self._sweep, PERIODIC_SECONDS),
            (self._rebuild, REBUILD_SECONDS),
        )
        self._loops = [asyncio.create_task(self._repeat(step, pause)) for step, pause in steps]

    async def stop(self, grace_seconds: float = 10.0) -> None:
        self._stopping.set()
        if not self._loops:
            return
        _, late = await asyncio.wait(self._loops, timeout=grace_seconds)
        for loop in late:
            loop.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _repeat(self, step: Callable[[], Awaitable[int]], pause: float) -> None:
        while not self._stopping.is_set():
            try:
                done = await step()
            except Exception:
                # The database may be away; the rows keep everything, so the next round takes it up.
                log.exception("worker_step_failed", step=step.__name__)
                done = 0
            if not done:
                try:
                    await asyncio.wait_for(self._stopping.wait(), pause)
                except TimeoutError:
                    continue

    async def _handle_events(self) -> int:
        return await inbox.work(self._gateway, self._name, self._settings.inbox)

    async def _complete_creations(self) -> int:
        return await accounts.resume(self._gateway)

    async def _backfill(self) -> int:
        return await reconcile.backfill(
            self._gateway,
            self._name,
            after=self._settings.backfill_after,
            livemode=self._gateway.livemode,
            policy=self._settings.inbox,
        )

    async def _sweep(self) -> int:
        # Twice in that time, so that no mirror ever gets so old.
        return await reconcile.sweep(self._gateway, self._name, every=self._settings.stale_after / 2)

    async def _rebuild(self) -> int:
        # During a rolling deployment an older replica still writes documents of its version.
        await mirror.rebuild()
        return 0


async def _turn(per_second: float) -> None:
    await asyncio.sleep(await periodic.turn(per_second))
