"""The worker handles events, completes interrupted requests to Stripe, and finds missed events and drift. It
also sends outgoing events and deletes expired data.

It runs in the API's process or in a separate process (`python -m api worker`). Any number of workers may run
at once. A worker wakes up when an event is recorded or an outgoing event is written, and polls for all other
work.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog

from api import resources
from api.configuration.settings import Settings
from api.telemetry.telemetry import OFF, Telemetry
from api.version import VERSION
from connect.disputes import answers
from connect.events import handlers, inbox, reconcile
from connect.finances import manual_payouts, payouts
from connect.finances import mirror as finances
from connect.merchants import creations, erasure
from connect.merchants.mirror import documents
from connect.merchants.replacements import replacements
from connect.outgoing import mail, notices, positions
from connect.outgoing.deliveries import Deliveries
from connect.payments import creations as payment_creations
from connect.payments import refunds, wallet_domains
from connect.payments.fees import fee_returns
from connect.payments.mirror import complete
from connect.payments.mirror import documents as payment_documents
from connect.payments.mirror import reconcile as payment_reconcile
from connect.platform import health
from connect.platform.feed import Feed, Mailbox
from connect.platform.records import audit, retention, workers
from connect.platform.records.retention_rules import RULES
from connect.services import mirror as services
from connect.stripe_api.gateway import Gateway
from models import outage
from models.event import WAKE

POLL_SECONDS = 3.0
# The pause after the first failure, and the maximum pause. The pause doubles with each further failure.
FIRST_PAUSE, MAX_PAUSE = 0.5, 5.0
# The pause while another worker handles the object of the next due event.
BUSY_PAUSE = 0.25
REBUILD_SECONDS = 5.0
# Changes that arrive within this time are numbered together.
NUMBERING_PAUSE = 0.2
RETENTION_SECONDS = 60.0
# Cancelled steps have this number of seconds to release their leases.
RELEASE_SECONDS = 1.0

log = structlog.get_logger("worker")


class Worker:
    """Runs the steps in loops. After `halt`, no new step starts. `stop` also waits for the running steps."""

    def __init__(
        self,
        gateway: Gateway,
        settings: Settings,
        feed: Feed,
        telemetry: Telemetry = OFF,
        *,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._gateway = gateway.with_pacing(resources.worker_pace(settings))
        self._settings = settings
        self._feed = feed
        self._telemetry = telemetry
        self._poll_seconds = poll_seconds
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"[:64]
        self._stopping = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        # The mailbox for outgoing events, which tests do not count as a subscription of a client.
        self.mailboxes: set[Mailbox] = set()
        self._deliveries = Deliveries(
            self._name,
            settings.outgoing,
            stopping=self._stopping.is_set,
            on_attempt=telemetry.attempted,
        )

    def start(self) -> None:
        is_stopping = self._stopping.is_set
        backfill = partial(
            reconcile.backfill,
            self._gateway,
            self._name,
            after=self._settings.backfill_after,
            livemode=self._gateway.livemode,
            policy=self._settings.inbox,
            stopping=is_stopping,
        )
        # Two sweeps run within `stale_after`, so that no mirror becomes stale.
        every = self._settings.stale_after / 2
        sweep = partial(reconcile.sweep, self._gateway, self._name, every=every, stopping=is_stopping)
        payment_sweep = partial(payment_reconcile.sweep, self._gateway, self._name, stopping=is_stopping)
        grace = self._settings.service_grace
        service_sweep = partial(services.sweep, self._gateway, self._name, grace=grace, stopping=is_stopping)
        watch = partial(
            health.watch,
            self._gateway,
            self._name,
            webhook_url=self._settings.webhook_url,
            stale_after=self._settings.stale_after,
            backfill_after=self._settings.backfill_after,
        )
        register_domains = partial(
            wallet_domains.run,
            self._gateway,
            self._name,
            self._settings.wallet_domains,
            stopping=is_stopping,
        )
        expire = partial(
            retention.run,
            self._name,
            RULES,
            self._settings.retention,
            report=partial(audit.record_decision, retention.ACTION, None),
            stopping=is_stopping,
        )
        mailing = self._settings.mailing
        notify = partial(
            notices.run,
            self._name,
            per_day=self._settings.notices_per_day,
            mails=mailing is not None,
        )
        steps: dict[str, Callable[[], Awaitable[float]]] = {
            "events": self._handle_events,
            "creations": self._polled(partial(creations.resume, self._gateway, stopping=is_stopping)),
            "payments": self._polled(partial(payment_creations.resume, self._gateway, stopping=is_stopping)),
            "refunds": self._polled(partial(refunds.resume, self._gateway, stopping=is_stopping)),
            "disputes": self._polled(partial(answers.resume, self._gateway, stopping=is_stopping)),
            "payouts": self._polled(partial(manual_payouts.resume, self._gateway, stopping=is_stopping)),
            "erasures": self._polled(partial(erasure.run, stopping=is_stopping)),
            "replacements": self._polled(partial(replacements.resume, self._gateway, stopping=is_stopping)),
            "backfill": self._polled(backfill),
            "sweep": self._polled(sweep),
            "payment_sweep": self._polled(payment_sweep),
            "services": self._polled(service_sweep),
            "bookings": self._polled(self._complete_bookings),
            "wallet_domains": self._polled(register_domains),
            "finances": self._polled(self._fetch_finances),
            "outgoing": self._send_events,
            "notices": self._polled(notify),
            **({"mail": self._polled(partial(mail.run, mailing, stopping=is_stopping))} if mailing else {}),
            "health": self._polled(watch),
            "retention": self._polled(expire, RETENTION_SECONDS),
            "rebuild": _rebuild,
        }
        self._loops = [asyncio.create_task(self._repeat(name, step)) for name, step in steps.items()]
        self._loops.append(asyncio.create_task(self._report()))

    def halt(self) -> None:
        self._stopping.set()

    async def stop(self, grace_seconds: float = 10.0) -> None:
        """Stop all loops within `grace_seconds` plus RELEASE_SECONDS. Cancels the steps that are not finished
        after `grace_seconds`.
        """
        self.halt()
        if not self._loops:
            return
        self._loops.append(asyncio.create_task(self._deliveries.finish()))
        _, late = await asyncio.wait(self._loops, timeout=grace_seconds)
        if late:
            log.warning("worker_cut_off", loops=len(late))
            for loop in late:
                loop.cancel()
            await asyncio.wait(late, timeout=RELEASE_SECONDS)

    async def _repeat(self, name: str, step: Callable[[], Awaitable[float]]) -> None:
        """Run the step until the worker stops. The step returns the seconds until its next run."""
        failures = 0
        while not self._stopping.is_set():
            try:
                pause = await step()
                failures = 0
            except Exception as error:
                self._telemetry.step_failed(name)
                # All state is in the database, so the next run continues the work.
                reason = outage.reason(error)
                if reason is not None:
                    log.warning("database_unavailable", step=name, reason=reason)
                else:
                    log.exception("worker_step_failed", step=name)
                pause = min(FIRST_PAUSE * 2**failures, MAX_PAUSE)
                failures += 1
            if pause:
                await self._sleep(pause)

    async def _report(self) -> None:
        """Report regularly that this worker runs, and finally that it stops."""

        async def report() -> float:
            await workers.report(self._name, VERSION)
            return workers.REPORT_SECONDS

        await self._repeat("report", report)
        try:
            await workers.leave(self._name)
        except Exception as error:
            if (reason := outage.reason(error)) is None:
                raise
            log.warning("database_unavailable", step="report", reason=reason)

    def _polled(
        self, run: Callable[[], Awaitable[int | None]], seconds: float = 0
    ) -> Callable[[], Awaitable[float]]:
        """Make a step that runs again at once if `run` had work to do, and otherwise after `seconds`, which
        are the worker's `poll_seconds` by default.
        """

        async def step() -> float:
            return 0 if await run() else seconds or self._poll_seconds

        return step

    async def _complete_bookings(self) -> int:
        """Fetch payments whose booking is late, and return fees after refunds.

        Returns the number of payments and fees.
        """
        stopping = self._stopping.is_set
        fetched = await complete.run(self._gateway, stopping=stopping)
        on_refund = self._settings.fee_on_refund
        return fetched + await fee_returns.resume(self._gateway, on_refund, stopping=stopping)

    async def _fetch_finances(self) -> int:
        """Fetch balances after movements, and fetch the transactions inside payouts.

        Returns the number of accounts and payouts.
        """
        stopping = self._stopping.is_set
        fetched = await finances.run(self._gateway, stopping=stopping)
        return fetched + await payouts.read_inside(self._gateway, stopping=stopping)

    async def _handle_events(self) -> float:
        policy = self._settings.inbox
        known = self._telemetry.handlers(handlers.with_grace(self._settings.service_grace))
        # The mailbox opens before events are claimed, because an event that is recorded after the claim must
        # wake this loop.
        with self._feed.mailbox((WAKE, None)) as mailbox:
            # A step ends only after its slowest call, so it must handle enough objects at once to use all
            # allowed calls.
            subjects = max(8, self._settings.stripe_calls_per_second // 2)
            if await inbox.work(self._gateway, self._name, policy, known, max_subjects=subjects):
                return 0
            due_in = await inbox.next_due_in()
            if due_in is None or due_in > self._poll_seconds:
                due_in = self._poll_seconds
            await self._sleep(max(due_in, BUSY_PAUSE), mailbox)
        return 0

    async def _send_events(self) -> float:
        """Number the new events for the platform's own systems, and begin the due deliveries."""
        with self._feed.mailbox(*((kind, None) for kind in positions.KINDS)) as mailbox:
            self.mailboxes = {mailbox}
            while await positions.assign() == positions.BATCH:
                pass
            await self._deliveries.start()
            await self._sleep(self._poll_seconds, mailbox)
        return NUMBERING_PAUSE

    async def _sleep(self, seconds: float, mailbox: Mailbox | None = None) -> None:
        """Sleep until the time is over, the worker stops, or an event in the mailbox is due."""
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self._stopping.wait())]
        if mailbox is not None:
            waits.append(asyncio.create_task(self._await_events(mailbox)))
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _await_events(self, mailbox: Mailbox) -> None:
        await mailbox.take()
        # Recorded events become due only after the debounce time.
        await asyncio.sleep(self._settings.inbox.debounce)


async def _rebuild() -> float:
    # During a rolling deployment, replicas of the older release still write documents in the older version.
    await documents.rebuild()
    await payment_documents.rebuild()
    await payouts.rebuild()
    return REBUILD_SECONDS
