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
from connect.events import inbox, reconcile
from connect.gateway import Gateway
from connect.merchants import creations, mirror
from connect.platform import health, periodic
from models import outage

IDLE_SECONDS = 0.25
PERIODIC_SECONDS = 1.0
REBUILD_SECONDS = 60.0
# The pause between rounds that fail grows up to this.
LONGEST_PAUSE = 5.0
# What is cut off gives back its leases in this time, or they run out.
RELEASE_SECONDS = 1.0

log = structlog.get_logger("worker")


class Worker:
    """Holds the loops. After `halt` they take up nothing new; `stop` waits for what is under way."""

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
            (self._watch, PERIODIC_SECONDS),
            (self._rebuild, REBUILD_SECONDS),
        )
        self._loops = [asyncio.create_task(self._repeat(step, pause)) for step, pause in steps]

    def halt(self) -> None:
        self._stopping.set()

    async def stop(self, grace_seconds: float = 10.0) -> None:
        """Ends within the grace and RELEASE_SECONDS, whatever the loops are at."""
        self.halt()
        if not self._loops:
            return
        _, late = await asyncio.wait(self._loops, timeout=grace_seconds)
        if late:
            log.warning("worker_cut_off", loops=len(late))
            for loop in late:
                loop.cancel()
            await asyncio.wait(late, timeout=RELEASE_SECONDS)

    async def _repeat(self, step: Callable[[], Awaitable[int]], pause: float) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                done = await step()
                failures = 0
            except Exception as error:
                # The rows keep everything, so a later round takes it up.
                reason = outage.reason(error)
                if reason is not None:
                    log.warning("database_unavailable", step=step.__name__, reason=reason)
                else:
                    log.exception("worker_step_failed", step=step.__name__)
                done = 0
                failures += 1
            if not done:
                # Doubled with each failure; a step that pauses longer anyway keeps its pause.
                seconds = min(pause * 2 ** min(failures, 10), max(pause, LONGEST_PAUSE))
                try:
                    await asyncio.wait_for(self._stopping.wait(), seconds)
                except TimeoutError:
                    continue

    async def _handle_events(self) -> int:
        return await inbox.work(self._gateway, self._name, self._settings.inbox)

    async def _complete_creations(self) -> int:
        return await creations.resume(self._gateway, stopping=self._stopping.is_set)

    async def _backfill(self) -> int:
        return await reconcile.backfill(
            self._gateway,
            self._name,
            after=self._settings.backfill_after,
            livemode=self._gateway.livemode,
            policy=self._settings.inbox,
            stopping=self._stopping.is_set,
        )

    async def _sweep(self) -> int:
        # Twice in that time, so that no mirror ever gets so old.
        return await reconcile.sweep(
            self._gateway,
            self._name,
            every=self._settings.stale_after / 2,
            stopping=self._stopping.is_set,
        )

    async def _watch(self) -> int:
        return await health.watch(
            self._gateway,
            self._name,
            webhook_url=self._settings.webhook_url,
            stale_after=self._settings.stale_after,
            backfill_after=self._settings.backfill_after,
        )

    async def _rebuild(self) -> int:
        # During a rolling deployment an older replica still writes documents of its version.
        await mirror.rebuild()
        return 0


async def _turn(per_second: float) -> None:
    await asyncio.sleep(await periodic.turn(per_second))
