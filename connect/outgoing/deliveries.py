"""Delivers events to endpoints at least once, with pauses between the attempts.

A worker leases a few due deliveries of one endpoint and sends them at the same time. Each endpoint is served
independently, so a slow endpoint delays only its own deliveries. If a worker dies after an endpoint has
answered and before the outcome is stored, the event is sent again, with the same id.
"""

import asyncio
import random
import ssl
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog

from connect.merchants.rules.wire import wire_time
from connect.outgoing import secrets, sending
from connect.outgoing.endpoints import Policy
from connect.outgoing.rules import attempts, payloads
from connect.outgoing.rules.attempts import Attempt, DeliveryError, DeliveryState, Result
from connect.outgoing.rules.endpoint_states import EndpointState
from connect.platform import faultpoints
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, changes, lease, now, outage
from models.changes import Change
from models.sql import Select

ENABLED, DISABLED = EndpointState.ENABLED.value, EndpointState.DISABLED.value
# A lease lasts longer than an attempt and its database statements.
LEASE = timedelta(seconds=60)
# The maximum number of deliveries that one worker sends to an endpoint at the same time.
BATCH = sending.CONNECTIONS

log = structlog.get_logger("outgoing")


class Deliveries:
    """The running deliveries of this worker, by endpoint."""

    def __init__(
        self,
        worker: str,
        policy: Policy,
        *,
        stopping: Callable[[], bool] = lambda: False,
        on_attempt: Callable[[Result], None] = lambda _: None,
    ) -> None:
        self._worker, self._policy, self._stopping, self._on_attempt = worker, policy, stopping, on_attempt
        # Loaded for the first delivery: loading takes 17 ms of CPU, and many platforms have no endpoint.
        self._context: ssl.SSLContext | None = None
        self._running: dict[uuid.UUID, asyncio.Task[None]] = {}
        self._random = random.Random()  # noqa: S311 - spreads attempts

    async def start(self) -> int:
        """Start to deliver to the enabled endpoints that have due deliveries, except endpoints to which this
        worker already delivers. Returns the number of endpoints to which it started to deliver.

        Sends one statement to the database, and does not wait for the deliveries.
        """
        begun, due = 0, await due_endpoints()
        if due and self._context is None:
            self._context = sending.trusted()
        for key in due:
            if key not in self._running and not self._stopping():
                task = self._running[key] = asyncio.create_task(self._serve(key))
                task.add_done_callback(lambda _, key=key: self._running.pop(key, None))  # type: ignore[misc]
                begun += 1
        return begun

    async def finish(self) -> None:
        """Wait for the running deliveries. If the caller is cancelled, they are cancelled, too."""
        if running := list(self._running.values()):
            try:
                await asyncio.gather(*running, return_exceptions=True)
            except asyncio.CancelledError:
                for task in running:
                    task.cancel()
                raise

    async def _serve(self, endpoint_id: uuid.UUID) -> None:
        """Deliver until nothing is due for this endpoint, or the worker stops."""
        try:
            endpoint = await EventEndpoint.get_or_none(id=endpoint_id)
            if endpoint is None:
                return
            async with sending.open_client(self._context or sending.trusted()) as client:
                while not self._stopping() and await self._deliver_batch(client, endpoint_id, endpoint.url):
                    pass
        except Exception as error:
            # All state is in the database, so a later step continues when the leases have expired.
            if (reason := outage.reason(error)) is None:
                log.exception("delivery_failed", endpoint=str(endpoint_id))
            else:
                log.warning("database_unavailable", step="deliveries", reason=reason)

    async def _deliver_batch(self, client: httpx.AsyncClient, endpoint_id: uuid.UUID, url: str) -> int:
        """Deliver a few due events. Returns their number, or 0 if the endpoint has changed."""

        def due(statement: Select) -> list[str]:
            return [
                f"endpoint_id = {statement.value(endpoint_id)}",
                "state = 'PENDING'",
                f"run_at <= {statement.moment()}",
            ]

        # An attempt counts only when its outcome is known, so no attempt is lost if the worker dies.
        keys = await lease.claim(
            OutgoingDelivery, due, LEASE, by=self._worker, order="run_at", limit=BATCH, counted=False
        )
        if not keys:
            return 0
        faultpoints.reach("outgoing.claimed")
        # The endpoint must still have the address `url`, because the client's open connections were verified
        # for its host.
        endpoint = await EventEndpoint.get_or_none(id=endpoint_id, state=ENABLED, url=url)
        claimed = OutgoingDelivery.filter(id__in=keys, leased_by=self._worker)
        if endpoint is None:
            await claimed.update(leased_until=None)
            return 0
        rows = await claimed
        events = {one.id: one for one in await OutgoingEvent.filter(id__in=[row.event_id for row in rows])}
        results = await asyncio.gather(
            *(self._attempt(client, endpoint, row, events.get(row.event_id)) for row in rows)
        )
        await self._note(endpoint, results)
        return len(keys)

    async def _attempt(
        self,
        client: httpx.AsyncClient,
        endpoint: EventEndpoint,
        row: OutgoingDelivery,
        event: OutgoingEvent | None,
    ) -> Result | None:
        """Send one delivery, and write the outcome. Returns None if its event was deleted."""
        if event is None:
            await OutgoingDelivery.filter(id=row.id).delete()
            return None
        at, began = await now(), time.monotonic()
        signing = signing_secrets(endpoint, self._policy, at)
        if signing:
            body = payload_of(event)
            headers = payloads.headers(payloads.event_id(event.id), body, signing, at)
            result = await sending.send(client, endpoint.url, headers, body, self._policy.private)
        else:
            result = Result(error=DeliveryError.SECRET_UNREADABLE)
        faultpoints.reach("outgoing.sent")
        duration = round((time.monotonic() - began) * 1000)
        attempt = Attempt(wire_time(at) or "", duration, result.status, result.error)
        await self._settle(row, attempt, result)
        self._on_attempt(result)
        return result

    async def _settle(self, row: OutgoingDelivery, attempt: Attempt, result: Result) -> None:
        at = await now()
        held = OutgoingDelivery.filter(id=row.id, leased_by=self._worker, state="PENDING")
        known: OutgoingDelivery | None = row
        while known is not None:
            outcome = self._outcome(known, attempt, result, at)
            if await held.filter(attempts=known.attempts).update(**outcome):
                return
            # If the row is still leased, the event was replayed or the endpoint was enabled during the
            # attempt. Both reset the number of attempts.
            known = await held.get_or_none()

    def _outcome(
        self, row: OutgoingDelivery, attempt: Attempt, result: Result, at: datetime
    ) -> dict[str, Any]:
        """The columns of a delivery after this attempt."""
        pause = None if result.is_success else attempts.pause_after(row.attempts + 1, self._random)
        is_last = result.is_success or pause is None
        ended = DeliveryState.DELIVERED if result.is_success else DeliveryState.FAILED
        state = ended if is_last else DeliveryState.PENDING
        return {
            "state": state.value,
            "attempts": row.attempts + 1,
            "run_at": at + pause if pause is not None else row.run_at,
            "finished_at": at if is_last else None,
            "leased_until": None,
            "log": attempts.add_to_log(row.log, attempt),
        }

    async def _note(self, endpoint: EventEndpoint, results: list[Result | None]) -> None:
        """Note whether the endpoint works. Disable it if its attempts have failed for a long time, or if it
        answers 410 Gone.
        """
        given = [one for one in results if one is not None]
        own = EventEndpoint.filter(id=endpoint.id, state=ENABLED)
        if any(one.is_success for one in given):
            if endpoint.failing_since is not None:
                await own.update(failing_since=None)
            return
        if not given:
            return
        at = await now()
        since = endpoint.failing_since or at
        is_gone = any(one.status == attempts.GONE for one in given)
        if is_gone or at - since > self._policy.disable_after:
            if await own.update(state=DISABLED, state_since=at, failing_since=since):
                log.warning("endpoint_disabled", endpoint=str(endpoint.id), gone=is_gone)
                await changes.publish(Change(changes.PLATFORM))
        elif endpoint.failing_since is None:
            await own.update(failing_since=at)


async def due_endpoints() -> list[uuid.UUID]:
    """The ids of the enabled endpoints with due deliveries. Sends one statement."""
    statement = Select()
    due = (
        "SELECT 1 FROM outgoing_delivery WHERE endpoint_id = event_endpoint.id AND state = 'PENDING' "  # noqa: S608
        f"AND run_at <= {statement.moment()}"
    )
    rows = await statement.execute(
        f"SELECT id FROM event_endpoint WHERE state = 'ENABLED' AND EXISTS ({due})"  # noqa: S608 - our own text
    )
    return [uuid.UUID(str(row["id"])) for row in rows]


def payload_of(event: OutgoingEvent) -> bytes:
    """The body of each delivery of this event."""
    return payloads.payload(
        event.id,
        event.type,
        event.created_at,
        event.sequence,
        event.subject_type,
        event.subject_id,
        event.data,
    )


def signing_secrets(endpoint: EventEndpoint, policy: Policy, at: datetime) -> list[str]:
    """The secrets that sign at this time, the current one first. Empty if that one cannot be decrypted."""
    current = secrets.decrypt(endpoint.secret, policy.keys)
    if current is None:
        return []
    previous = None
    until = endpoint.previous_until
    if endpoint.previous_secret is not None and until is not None and until > at:
        previous = secrets.decrypt(endpoint.previous_secret, policy.keys)
    return [current, previous] if previous is not None else [current]
