"""Events of connected accounts. One fetch of a merchant's account handles all its waiting events."""

from collections.abc import Sequence

from connect.errors import StripeNotFound, UnknownAccount
from connect.events.inbox import FOREIGN, Handler, Outcome
from connect.events.notifications import account_id
from connect.merchants import creations
from connect.merchants.mirror import mirror
from connect.merchants.replacements import replacements
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, AccountReplacement, ConnectedAccount, StripeEvent

AUTHORIZED = "v1.account.application.authorized"
DEAUTHORIZED = "v1.account.application.deauthorized"
LINK_RETURNED = "v2.core.account_link.returned"

TYPES = (
    # An account was created, or its own fields changed.
    "v2.core.account.created",
    "v2.core.account.updated",
    # An account was closed by this service or at Stripe.
    "v2.core.account.closed",
    # Stripe granted, restricted or withdrew a capability.
    "v2.core.account[configuration.merchant].capability_status_updated",
    # The merchant configuration, defaults or identity changed.
    "v2.core.account[configuration.merchant].updated",
    "v2.core.account[defaults].updated",
    "v2.core.account[identity].updated",
    # Stripe added or removed a requirement, or moved a deadline.
    "v2.core.account[requirements].updated",
    "v2.core.account[future_requirements].updated",
    # A person of the company was added, changed or removed. Requirements depend on persons.
    "v2.core.account_person.created",
    "v2.core.account_person.updated",
    "v2.core.account_person.deleted",
    # A merchant left Stripe's onboarding form.
    LINK_RETURNED,
    # A merchant reconnected its account to the platform, or disconnected it.
    AUTHORIZED,
    DEAUTHORIZED,
)


async def handle(gateway: Gateway, events: Sequence[StripeEvent]) -> Outcome:
    """Bring the mirror of the events' account up to date."""
    key = events[0].stripe_account_id or await _fetch_account_id(gateway, events[0])
    account = await mirror.find(key)
    source = mirror.BACKFILL if all(event.back_filled_at for event in events) else "webhook"
    if account is not None and any(event.type in {DEAUTHORIZED, AUTHORIZED} for event in events):
        connected = await _is_connected(key)
        await mirror.set_connected(account, connected=connected)
        if not connected:
            return Outcome(account.merchant_id, key)
    elif account is not None and account.disconnected_at is not None:
        return Outcome(account.merchant_id, key)  # Stripe no longer shows the account; keep its last state
    if account is None:
        if await _may_be_ours(key):
            account = await _attach(gateway, key)
            # The answer to the creation may have been written meanwhile, and may be older than the event. So
            # fetch the account again.
        else:
            # A creation or an adoption may have stored the mirror between the two reads.
            account = await mirror.find(key)
        if account is None:
            return Outcome(ignored=FOREIGN)
    await mirror.refresh(gateway, account, source)
    return Outcome(account.merchant_id, key)


async def _may_be_ours(key: str) -> bool:
    """Whether a request without an answer may have created the unknown account.

    A request is stored before its account exists, so only a pending request can have created the account. If
    an earlier event of the account was ignored, the account existed while no request was pending. In this
    case, none of the requests that are pending now created the account.
    """
    is_pending = await AccountCreation.exists(state="PENDING")
    if not is_pending and not await AccountReplacement.exists(state="PENDING"):
        return False
    return not await StripeEvent.exists(stripe_account_id=key, state="IGNORED", last_error=FOREIGN)


async def _attach(gateway: Gateway, key: str) -> ConnectedAccount | None:
    try:
        answer = await gateway.retrieve_account(key)
    except StripeNotFound as error:
        raise UnknownAccount("Stripe does not know this account for this platform.") from error
    return await replacements.attach_by_event(gateway, answer) or await creations.attach_by_event(answer)


async def _fetch_account_id(gateway: Gateway, event: StripeEvent) -> str:
    """Fetch an event whose notification has no account id, and return the account id that the event contains.
    Raises UnknownAccount if it contains none.
    """
    data = (await gateway.retrieve_event(event.stripe_event_id)).get("data")
    key = data.get("account_id") if isinstance(data, dict) else None
    if not isinstance(key, str):
        raise UnknownAccount("Neither the notification nor the event names an account.")
    return key


async def _is_connected(key: str) -> bool:
    """Whether the latest event of the types AUTHORIZED and DEAUTHORIZED, ordered by Stripe's time, connected
    the account. Also true if there is no such event. Events arrive in any order.
    """
    events = StripeEvent.filter(stripe_account_id=key, type__in=[DEAUTHORIZED, AUTHORIZED])
    latest = await events.order_by("-stripe_created_at", "-id").first()
    return latest is None or latest.type == AUTHORIZED


HANDLER = Handler(
    types=TYPES,
    prefixes=("v2.core.account", "v1.account.", "v1.capability.", "v1.person."),
    key=account_id,
    handle=handle,
)
