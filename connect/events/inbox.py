"""The inbox: each event notification is recorded once when it arrives and handled once later.

Handling never trusts a notification's content: it fetches the account. All notifications of one account that
wait are handled by one fetch. What fails is tried again with growing pauses, then kept as FAILED until an
operator replays it.
"""

import asyncio
import json
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from connect import faultpoints
from connect.errors import ConnectError, EventNotFound, StripeNotFound, StripeUnavailable, UnknownAccount
from connect.gateway import Gateway, is_signed
from connect.merchants import creations, mirror
from connect.merchants.snapshot import parse_time
from models import ConnectedAccount, StripeEvent, now, outage
from models.event import Arrival, insert, without_bodies

DEAUTHORIZED = "v1.account.application.deauthorized"
AUTHORIZED = "v1.account.application.authorized"
LINK_RETURNED = "v2.core.account_link.returned"
PING = "v2.core.event_destination.ping"

_ACCOUNT_ID = re.compile(r"acct_\w{1,250}", re.ASCII)

# What tells that an account may have changed. Everything else is kept, and ignored.
_OF_ACCOUNTS = ("v2.core.account", "v1.account.", "v1.capability.", "v1.person.")

# Stripe delivers an event for three days (https://docs.stripe.com/webhooks#retries).
LONGEST_OUTAGE = timedelta(days=3)

log = structlog.get_logger("inbox")


@dataclass(frozen=True, slots=True)
class Policy:
    """How events are handled. Times in seconds."""

    debounce: float = 0.25  # an onboarding emits several events at once; one fetch answers them all
    lease: float = 30.0
    first_pause: float = 1.0  # doubles with each attempt
    longest_pause: float = 900.0
    most_attempts: int = 16


def verify(
    body: bytes, header: str | None, secrets: Collection[str], tolerance: int, at: float
) -> dict[str, Any]:
    """The notification, when one of the secrets signed it within the tolerance. `at` is Unix time.

    Raises ValueError otherwise (https://docs.stripe.com/webhooks#verify-manually).
    """
    if header is None or len(header) > 2048 or not header.isascii():
        raise ValueError("The Stripe-Signature header is missing or malformed.")
    text = body.decode("utf-8")
    if not any(is_signed(text, header, secret, tolerance) for secret in secrets):
        raise ValueError("No signature fits, or the time stamp is too old.")
    # The SDK refuses only old time stamps; one from the future would never grow too old.
    stamp = next((part[2:] for part in header.split(",") if part.startswith("t=")), "")
    if int(stamp) > at + tolerance:
        raise ValueError("The time stamp lies in the future.")
    notification = json.loads(text)
    if not isinstance(notification, dict) or notification.get("object") != "v2.core.event":
        raise ValueError("This is not a thin event notification. Set the destination's payload to thin.")
    if not _is_text(notification.get("id")) or not _is_text(notification.get("type")):
        raise ValueError("The notification has no id or no type.")
    return notification


async def record(
    notification: dict[str, Any], body: bytes, *, livemode: bool, policy: Policy, delivered: bool = True
) -> bool:
    """Keep a notification, once by its id. False when it was there already.

    One that Stripe did not deliver was found in its list of events, and is handled like any other.
    """
    found = arrival(notification, body, livemode=livemode)
    return bool(await keep([found], policy=policy, delivered=delivered))


def arrival(notification: dict[str, Any], body: bytes, *, livemode: bool) -> Arrival:
    """What is kept of a notification, by a service of that mode."""
    event_type: str = notification["type"]
    event_id: str = notification["id"]
    account_id = _account_id(notification)
    state, reason = "PENDING", None
    if (notification.get("livemode") is True) is not livemode:
        mode = "live mode" if livemode else "a sandbox"
        state, reason = "IGNORED", f"The event is of another mode; this service works in {mode}."
    elif event_type == PING:
        state = "HANDLED"
    elif not event_type.startswith(_OF_ACCOUNTS):
        state = "IGNORED"
    return Arrival(
        stripe_event_id=event_id,
        type=event_type,
        stripe_account_id=account_id,
        subject_key=account_id or event_id,
        livemode=notification.get("livemode") is True,
        body=body.decode("utf-8"),
        stripe_created_at=parse_time(notification.get("created")),
        state=state,
        last_error=reason,
    )


async def keep(arrivals: Sequence[Arrival], *, policy: Policy, delivered: bool = True) -> set[str]:
    """Keep notifications of different events; the ids of those that were not there already."""
    new = await insert(arrivals, due_in=timedelta(seconds=policy.debounce), delivered=delivered)
    repeated = [one.stripe_event_id for one in arrivals if one.stripe_event_id not in new]
    if repeated and delivered:
        found = StripeEvent.filter(stripe_event_id__in=repeated, back_filled_at__isnull=False)
        for event_id in await found.values_list("stripe_event_id", flat=True):
            # Late, when the back-fill had found it already. One by one: nobody waits for two of them.
            await found.filter(stripe_event_id=event_id).update(back_filled_at=None, received_at=await now())
    return new


async def work(gateway: Gateway, worker: str, policy: Policy, *, most_accounts: int = 8) -> int:
    """Handle what is due. Returns how many events were taken up. Safe with many workers.

    When it is cancelled, or the database is away, the events that are not settled are due again at once, and
    this attempt does not count. Where even that cannot be written, their leases run out.
    """
    try:
        groups = await _claim(worker, policy, most_accounts)
        handled = [_handle(gateway, worker, policy, events) for events in groups]
        results = await asyncio.gather(*handled, return_exceptions=True)
    except asyncio.CancelledError:
        await _release(worker)
        raise
    failures = [result for result in results if isinstance(result, BaseException)]
    outages = [failure for failure in failures if outage.reason(failure) is not None]
    for failure in failures:
        if failure not in outages:
            log.error("events_left", exc_info=failure)
    if outages:
        await _release(worker)
        raise outages[0]
    return sum(map(len, groups))


async def replay(event_id: uuid.UUID) -> StripeEvent:
    """Make an event due again, whatever became of it. Raises EventNotFound."""
    at = await now()
    changed = await StripeEvent.filter(id=event_id).update(
        state="PENDING",
        attempts=0,
        run_at=at,
        leased_until=None,
        leased_by=None,  # whoever is at it now must not mark it handled
        last_error=None,
        handled_at=None,
    )
    if not changed:
        raise EventNotFound
    return await StripeEvent.get(id=event_id)


async def _claim(worker: str, policy: Policy, most_accounts: int) -> list[list[StripeEvent]]:
    """Lease everything that waits of the accounts that are due, grouped by account."""
    at = await now()
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    waiting = StripeEvent.filter(free, state="PENDING")
    # While an account is being fetched its later events wait, so that one more fetch answers them all.
    leased = StripeEvent.filter(state="PENDING", leased_until__gte=at)
    busy = await leased.distinct().values_list("subject_key", flat=True)
    due = waiting.filter(run_at__lte=at).exclude(subject_key__in=busy)
    # Of a long queue its beginning is enough.
    oldest = await due.order_by("run_at").limit(1000).values_list("subject_key", flat=True)
    keys = list(dict.fromkeys(oldest))[:most_accounts]
    if not keys:
        return []
    async with in_transaction():
        rows = await (
            without_bodies(waiting)
            .filter(Q(run_at__lte=at) | Q(attempts=0), subject_key__in=keys)
            .select_for_update(skip_locked=True)
            .order_by("id")
            .limit(1000)
        )
        await StripeEvent.filter(id__in=[row.id for row in rows]).update(
            leased_until=at + timedelta(seconds=policy.lease), leased_by=worker, attempts=F("attempts") + 1
        )
    faultpoints.reach("worker.claimed")
    groups: dict[str, list[StripeEvent]] = {}
    for row in rows:
        row.attempts += 1
        groups.setdefault(row.subject_key, []).append(row)
    return list(groups.values())


async def _handle(gateway: Gateway, worker: str, policy: Policy, events: list[StripeEvent]) -> None:
    """Bring the account of these events up to date, and say what became of them."""
    ids = [event.id for event in events]
    ours = StripeEvent.filter(id__in=ids, leased_by=worker, state="PENDING")
    try:
        account = await _look(gateway, events)
    except ConnectError as error:
        await _postpone(events, worker, policy, error.message, outage=isinstance(error, StripeUnavailable))
        return
    except Exception as error:
        if outage.reason(error) is not None:
            raise
        log.exception("event_not_handled", events=[event.stripe_event_id for event in events])
        await _postpone(events, worker, policy, "Unexpected error; the log has it.")
        return
    faultpoints.reach("worker.written")
    if account is None:
        reason = "The account was not created by this service."
        await ours.update(state="IGNORED", last_error=reason, handled_at=await now(), leased_until=None)
        return
    await ours.update(
        state="HANDLED",
        last_error=None,
        handled_at=await now(),
        leased_until=None,
        merchant_id=account.merchant_id,
        stripe_account_id=account.stripe_account_id,
    )


async def _release(worker: str) -> None:
    """Give back what this worker still holds, as if it had not been taken up."""
    held = StripeEvent.filter(leased_by=worker, leased_until__isnull=False, state="PENDING")
    try:
        await held.update(leased_until=None, leased_by=None, attempts=F("attempts") - 1)
    except Exception as error:  # noqa: BLE001 - the leases run out by themselves
        log.warning("leases_left", reason=outage.reason(error) or type(error).__name__)


async def _look(gateway: Gateway, events: list[StripeEvent]) -> ConnectedAccount | None:
    """The account of these events, brought up to date; None when it is not ours."""
    account_id = events[0].stripe_account_id or await _fetch_account_id(gateway, events[0])
    source = mirror.BACKFILL if all(event.back_filled_at for event in events) else "webhook"
    account = await ConnectedAccount.get_or_none(stripe_account_id=account_id)
    if account is not None and any(event.type in {DEAUTHORIZED, AUTHORIZED} for event in events):
        connected = await _is_connected(account_id)
        await mirror.set_connected(account, connected=connected)
        if not connected:
            return account
    elif account is not None and account.disconnected_at is not None:
        return account  # it cannot be fetched any more, and what it was when it left stays
    if account is not None:
        await mirror.refresh(gateway, account, source)
        return account
    try:
        answer = await gateway.retrieve_account(account_id)
    except StripeNotFound as error:
        raise UnknownAccount("Stripe does not know this account for this platform.") from error
    adopted = await creations.adopt(answer)
    if adopted is None:
        return None
    # The answer to its creation may have been written just before, and be older than this event.
    await mirror.refresh(gateway, adopted, source)
    return adopted


async def _fetch_account_id(gateway: Gateway, event: StripeEvent) -> str:
    """The account of an event whose notification does not name it."""
    data = (await gateway.retrieve_event(event.stripe_event_id)).get("data")
    account_id = data.get("account_id") if isinstance(data, dict) else None
    if not isinstance(account_id, str):
        raise UnknownAccount("Neither the notification nor the event names an account.")
    return account_id


async def _is_connected(account_id: str) -> bool:
    """What the latest of Stripe's words on this says, in whatever order they arrived."""
    latest = (
        await StripeEvent.filter(stripe_account_id=account_id, type__in=[DEAUTHORIZED, AUTHORIZED])
        .order_by("-stripe_created_at", "-id")
        .first()
    )
    return latest is None or latest.type == AUTHORIZED


async def _postpone(
    events: list[StripeEvent], worker: str, policy: Policy, reason: str, *, outage: bool = False
) -> None:
    """Try again later, or give up. An outage of Stripe's is waited for as long as Stripe itself retries."""
    at = await now()
    alike: dict[tuple[int, bool], list[StripeEvent]] = {}
    for event in events:
        failed = event.attempts >= policy.most_attempts and (
            not outage or at - event.received_at > LONGEST_OUTAGE
        )
        alike.setdefault((event.attempts, failed), []).append(event)
    for (attempts, failed), group in alike.items():
        pause = min(policy.first_pause * 2 ** min(attempts - 1, 30), policy.longest_pause)
        ours = StripeEvent.filter(id__in=[event.id for event in group], leased_by=worker, state="PENDING")
        await ours.update(
            state="FAILED" if failed else "PENDING",
            run_at=at + timedelta(seconds=pause),
            leased_until=None,
            last_error=reason,
        )
        for event in group if failed else ():
            log.error("event_failed", stripe_event=event.stripe_event_id, type=event.type, reason=reason)


def _account_id(notification: dict[str, Any]) -> str | None:
    """The account that a notification names: its related object, that object's address, or its context."""
    related = notification.get("related_object")
    if isinstance(related, dict):
        if related.get("type") == "v2.core.account" and _ACCOUNT_ID.fullmatch(str(related.get("id"))):
            return str(related["id"])
        for part in str(related.get("url") or "").split("/"):
            if _ACCOUNT_ID.fullmatch(part):
                return part
    context = notification.get("context")
    # A path of organisation, platform and account; the account is its end.
    last = context.rsplit("/", 1)[-1] if isinstance(context, str) else ""
    return last if _ACCOUNT_ID.fullmatch(last) else None


def _is_text(value: object) -> bool:
    """Whether it can stand in a column: neither U+0000 nor half a character can."""
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()
