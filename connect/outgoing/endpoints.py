"""The endpoints of the platform's own systems: their addresses, types, secrets and states."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import SplitResult

import structlog
from cryptography.fernet import MultiFernet
from tortoise.transactions import in_transaction

from connect.errors import EndpointNotFound, FieldCode, InvalidField, InvalidInput
from connect.inputs import web_address
from connect.merchants.inputs.texts import check_text
from connect.outgoing import secrets, sending
from connect.outgoing.rules import endpoint_types
from connect.outgoing.rules.addresses import PrivateHosts, is_allowed, is_allowed_port
from connect.outgoing.rules.endpoint_states import EndpointState
from connect.outgoing.rules.types import NAMES, EventType
from connect.platform.records import audit
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, changes, now, table_lock, uuid7
from models.changes import Change
from models.outgoing import events_between, queue_again
from models.transactions import repeatable

# More endpoints would slow down the step that numbers events. A platform needs one endpoint per system.
MAX_ENDPOINTS = 20
MAX_URL, MAX_DESCRIPTION = 2000, 255
# The hours for which the previous secret also signs after a rotation: the default and the maximum.
ROTATION_HOURS, MAX_ROTATION_HOURS = 24, 168
# The maximum number of events of one replay.
MAX_REPLAYED = 10_000
# The maximum number of deliveries that one statement deletes or reschedules.
AT_ONCE = 5_000
ENABLED, PAUSED = EndpointState.ENABLED.value, EndpointState.PAUSED.value

# The kind of the change that tells workers about planned deliveries.
PLANNED = "delivery"

log = structlog.get_logger("outgoing")


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of outgoing events. `keys` encrypt the secrets of endpoints."""

    keys: MultiFernet = field(repr=False)
    private: PrivateHosts = field(default_factory=PrivateHosts)
    disable_after: timedelta = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Changes:
    """The new values of an endpoint. None leaves a value unchanged. Empty types mean all types."""

    url: str | None = None
    description: str | None = None
    types: tuple[str, ...] | None = None
    is_enabled: bool | None = None


async def create(new: Changes, policy: Policy) -> tuple[EventEndpoint, str]:
    """Store an enabled endpoint. Returns it with its secret, which is not shown again.

    Raises InvalidInput.
    """
    await _check(new, policy)
    secret, at = secrets.create(), await now()
    endpoint = EventEndpoint(
        id=uuid7(at),
        url=web_address.convert(new.url or ""),
        description=new.description or "",
        types=endpoint_types.encode(new.types or None),
        secret=secrets.encrypt(secret, policy.keys),
        state=ENABLED,
        state_since=at,
        created_at=at,
        updated_at=at,
    )
    await _store(endpoint)
    log.info("endpoint_created", endpoint=str(endpoint.id))
    return endpoint, secret


@repeatable
async def _store(endpoint: EventEndpoint) -> None:
    async with in_transaction():
        await table_lock.lock("event_endpoint")
        if await EventEndpoint.all().count() >= MAX_ENDPOINTS:
            message = f"There are {MAX_ENDPOINTS} endpoints already. Delete one that is not needed any more."
            raise _invalid("input", FieldCode.TOO_MANY, message)
        await endpoint.save(force_create=True)


async def update(key: uuid.UUID | None, new: Changes, policy: Policy) -> EventEndpoint:
    """Change an endpoint. If it becomes enabled, its pending deliveries are due immediately.

    Raises EndpointNotFound and InvalidInput.
    """
    endpoint = await find(key)
    if new == Changes():
        raise _invalid("input", FieldCode.NO_CHANGES, "Give at least one value to change.")
    await _check(new, policy)
    while True:
        if new.is_enabled and endpoint.state != ENABLED:
            await _plan_again(endpoint)
        updated = await _update(endpoint, new)
        if updated is not None:
            return updated
        endpoint = await find(key)


async def _plan_again(endpoint: EventEndpoint) -> None:
    """Make all pending deliveries due now, with the full number of attempts. Failed attempts may have
    postponed them by hours.

    The endpoint is enabled only afterwards, so no delivery is attempted during this change. All deliveries
    become due at the same time, which is the time at which the endpoint was paused or disabled. So if this
    function is interrupted and called again, it changes only the remaining deliveries.
    """
    at = endpoint.state_since
    pending = OutgoingDelivery.filter(endpoint_id=endpoint.id, state="PENDING")
    # Both queries read a range of the index. A row leaves its range when it gets the time `at`.
    for rest in (pending.filter(run_at__lt=at), pending.filter(run_at__gt=at)):
        while ids := await rest.order_by("run_at").limit(AT_ONCE).values_list("id", flat=True):
            await OutgoingDelivery.filter(id__in=list(ids)).update(run_at=at, attempts=0)


@repeatable
async def _update(known: EventEndpoint, new: Changes) -> EventEndpoint | None:
    """Change the endpoint.

    If the endpoint is to be enabled, but was paused or disabled again after `known` was read, this function
    changes nothing and returns None. The caller must then reschedule the endpoint's deliveries. Raises
    EndpointNotFound.
    """
    async with in_transaction():
        endpoint = await EventEndpoint.select_for_update().get_or_none(id=known.id)
        if endpoint is None:
            raise EndpointNotFound
        if new.is_enabled and endpoint.state != ENABLED and endpoint.state_since != known.state_since:
            return None
        at = await now()
        if new.url is not None:
            endpoint.url = web_address.convert(new.url)
        if new.description is not None:
            endpoint.description = new.description
        if new.types is not None:
            endpoint.types = endpoint_types.encode(new.types or None)  # type: ignore[assignment]
        if new.is_enabled is not None and new.is_enabled != (endpoint.state == ENABLED):
            endpoint.state, endpoint.state_since = ENABLED if new.is_enabled else PAUSED, at
            endpoint.failing_since = None
            if new.is_enabled:
                await changes.publish(Change(PLANNED))
        endpoint.updated_at = at
        await endpoint.save()
    return endpoint


async def delete(key: uuid.UUID | None) -> uuid.UUID:
    """Delete an endpoint with its deliveries. If the deletion is interrupted, the endpoint stays paused, and
    the next call continues the deletion. Raises EndpointNotFound.
    """
    endpoint = await find(key)
    # The step that numbers events plans no deliveries to a paused endpoint. The deliveries are deleted in
    # parts, before the endpoint. Otherwise the database would delete them all in one statement, which could
    # take too long.
    unpaused = EventEndpoint.filter(id=endpoint.id).exclude(state=PAUSED)
    await unpaused.update(state=PAUSED, state_since=await now())
    own = OutgoingDelivery.filter(endpoint_id=endpoint.id).limit(AT_ONCE)
    while ids := await own.values_list("id", flat=True):
        await OutgoingDelivery.filter(id__in=list(ids)).delete()
    await endpoint.delete()
    log.info("endpoint_deleted", endpoint=str(endpoint.id))
    return endpoint.id


async def rotate(key: uuid.UUID | None, keep_hours: int, policy: Policy) -> tuple[EventEndpoint, str]:
    """Replace the secret. Returns the endpoint with its new secret, which is not shown again. Events are also
    signed with the previous secret for `keep_hours`, but not with earlier secrets.

    Raises EndpointNotFound and InvalidInput.
    """
    endpoint = await find(key)
    if not 0 <= keep_hours <= MAX_ROTATION_HOURS:
        message = f"Keep the previous secret for 0 to {MAX_ROTATION_HOURS} hours."
        raise _invalid("keepPreviousHours", FieldCode.OUT_OF_RANGE, message)
    secret = secrets.create()
    endpoint = await _rotate(endpoint.id, keep_hours, secrets.encrypt(secret, policy.keys))
    log.info("endpoint_secret_rotated", endpoint=str(endpoint.id))
    return endpoint, secret


@repeatable
async def _rotate(key: uuid.UUID, keep_hours: int, encrypted: str) -> EventEndpoint:
    async with in_transaction():
        endpoint = await EventEndpoint.select_for_update().get_or_none(id=key)
        if endpoint is None:
            raise EndpointNotFound
        at = await now()
        endpoint.previous_secret = endpoint.secret if keep_hours else None  # type: ignore[assignment]
        endpoint.previous_until = at + timedelta(hours=keep_hours) if keep_hours else None
        endpoint.secret, endpoint.updated_at = encrypted, at
        await endpoint.save()
    return endpoint


@repeatable
async def send_test(key: uuid.UUID | None) -> OutgoingEvent:
    """Write an event of the type `endpoint.test` for this endpoint alone. Raises EndpointNotFound."""
    async with in_transaction():
        endpoint = await find(key)
        at = await now()
        event = await OutgoingEvent.create(
            id=uuid7(at), type=EventType.TEST.value, sequence=0, data="{}", created_at=at
        )
        await OutgoingDelivery.create(id=uuid7(at), endpoint_id=endpoint.id, event_id=event.id, run_at=at)
        await changes.publish(Change(PLANNED))
    return event


@repeatable
async def replay(key: uuid.UUID | None, event_ids: Sequence[uuid.UUID]) -> int:
    """Deliver these events to the endpoint again, even if it does not want their types.

    Returns how many of the ids belong to stored events. Raises EndpointNotFound.
    """
    async with in_transaction():
        endpoint = await find(key)
        known = [row.id for row in await OutgoingEvent.filter(id__in=list(event_ids))]
        await queue_again(endpoint.id, known, await now())
        await changes.publish(Change(PLANNED))
    return len(known)


@repeatable
async def replay_between(key: uuid.UUID | None, since: datetime, until: datetime) -> int:
    """Deliver the events of a period to the endpoint again, if it wants their types. Returns their number.

    Raises EndpointNotFound. Raises InvalidInput if the period has more than MAX_REPLAYED events.
    """
    async with in_transaction():
        endpoint = await find(key)
        types = endpoint_types.decode(endpoint.types)
        chosen = sorted(types if types is not None else NAMES - {EventType.TEST.value})
        ids = await events_between(since, until, chosen, MAX_REPLAYED + 1)
        if len(ids) > MAX_REPLAYED:
            message = f"The period has more than {MAX_REPLAYED} events. Replay shorter periods."
            raise _invalid("events.period.until", FieldCode.OUT_OF_RANGE, message)
        await queue_again(endpoint.id, ids, await now())
        await changes.publish(Change(PLANNED))
    return len(ids)


async def find(key: uuid.UUID | None) -> EventEndpoint:
    """The endpoint. Raises EndpointNotFound."""
    endpoint = await EventEndpoint.get_or_none(id=key) if key is not None else None
    if endpoint is None:
        raise EndpointNotFound
    audit.about("EventEndpoint", endpoint.id)
    return endpoint


async def _check(new: Changes, policy: Policy) -> None:
    """Check the values. Raises InvalidInput with all invalid fields."""
    found = list(check_text("description", new.description, MAX_DESCRIPTION)) if new.description else []
    for place, _ in endpoint_types.unknown(new.types or ()):
        message = f"There is no such type of event. The types are {', '.join(sorted(NAMES))}."
        found.append(_field(f"types[{place}]", FieldCode.NOT_AVAILABLE, message))
    if new.url is not None and (problem := await _address_problem(new.url, policy.private)):
        found.append(_field("url", *problem))
    if found:
        raise InvalidInput(found)


async def _address_problem(url: str, private: PrivateHosts) -> tuple[FieldCode, str] | None:
    if len(url) > MAX_URL:
        return FieldCode.TOO_LONG, f"The address has more than {MAX_URL} characters."
    try:
        parts = web_address.parse(url)
    except web_address.InvalidAddress as error:
        remedy = f" {error}" if str(error) else ""
        return FieldCode.URL_INVALID, f"This is not an absolute https address.{remedy}"
    if parts.fragment:
        return FieldCode.URL_INVALID, "Remove the fragment (#…)."
    return await _host_problem(parts, private)


async def _host_problem(parts: SplitResult, private: PrivateHosts) -> tuple[FieldCode, str] | None:
    host, is_https = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_https else 80)
    addresses = await sending.resolve(host, port)
    if not addresses:
        return FieldCode.URL_INVALID, "The host name cannot be resolved to an address at present."
    if private.allows(host, addresses):
        return None
    setting = "An operator can allow it with CONNECTQL_EVENT_PRIVATE_HOSTS."
    if not is_allowed(host, addresses, private):
        return FieldCode.URL_NOT_ALLOWED, f"The host is in a private network. {setting}"
    if not is_https:
        return FieldCode.URL_NOT_ALLOWED, "The address must begin with https://."
    if not is_allowed_port(port):
        return FieldCode.URL_NOT_ALLOWED, "The port must be 443, or at least 1024."
    return None


def _field(name: str, code: FieldCode, message: str) -> InvalidField:
    return InvalidField(name, code, message, message)


def _invalid(name: str, code: FieldCode, message: str) -> InvalidInput:
    return InvalidInput([_field(name, code, message)])
