"""Events of services: the platform's own subscriptions and invoices. Each event causes a fetch of the
service.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from connect.errors import StripeNotFound
from connect.events.inbox import FOREIGN, Handler, Outcome
from connect.services import calls, mirror
from connect.services.rules import access
from connect.stripe_api.gateway import Answer, Gateway
from models import Service, StripeEvent

SUBSCRIPTION, INVOICE = "v1.customer.subscription.", "v1.invoice."

TYPES = (
    # The subscription began, changed its state or its prices, or ended.
    "v1.customer.subscription.created",
    "v1.customer.subscription.deleted",
    "v1.customer.subscription.paused",
    "v1.customer.subscription.resumed",
    "v1.customer.subscription.updated",
    # An invoice was finalized, paid, voided or marked as uncollectible, or its payment failed or needs an
    # action of the customer.
    "v1.invoice.finalized",
    "v1.invoice.marked_uncollectible",
    "v1.invoice.paid",
    "v1.invoice.payment_action_required",
    "v1.invoice.payment_failed",
    "v1.invoice.voided",
)


async def handle(
    gateway: Gateway, events: Sequence[StripeEvent], *, grace: timedelta = access.GRACE
) -> Outcome:
    """Fetch the service to which the subscription or invoice of these events belongs."""
    service = await _find(gateway, events[0])
    if service is None:
        return Outcome(ignored=FOREIGN)
    received_at = max(event.received_at for event in events)
    if service.synced_at is None or service.synced_at <= received_at:
        await mirror.refresh(gateway, service, grace=grace)
    return Outcome(service.merchant_id, service.stripe_account_id)


async def _find(gateway: Gateway, event: StripeEvent) -> Service | None:
    """Return the service to which an event's subscription or invoice belongs. The subscription or invoice
    names the merchant's account. An event about a merchant's own customers has that merchant's account. An
    event of the platform itself has an account only if the event was handled before. Returns None if the
    event's account has no service, or if the subscription or invoice belongs to no merchant or no longer
    exists at Stripe.
    """
    key, account = event.subject_key, event.stripe_account_id
    if event.type.startswith(SUBSCRIPTION):
        known = await Service.get_or_none(stripe_subscription_id=key)
        if known is not None:
            return known
    if account is not None and not await Service.exists(stripe_account_id=account):
        return None
    try:
        answer = await _fetch(gateway, event)
    except StripeNotFound:
        return None
    customer = answer.get("customer_account")
    return await mirror.find(customer) if isinstance(customer, str) else None


async def _fetch(gateway: Gateway, event: StripeEvent) -> Answer:
    if event.type.startswith(SUBSCRIPTION):
        return await calls.retrieve_subscription(gateway, event.subject_key)
    return await calls.retrieve_invoice(gateway, event.subject_key)


def object_id(notification: dict[str, Any]) -> str | None:
    """The id of the notification's object; None if it is missing or malformed."""
    related = notification.get("related_object")
    identifier = related.get("id") if isinstance(related, dict) else None
    is_id = isinstance(identifier, str) and identifier.isascii() and identifier.isidentifier()
    return identifier if is_id and len(identifier) <= 255 else None  # type: ignore[arg-type]


HANDLER = Handler(types=TYPES, prefixes=(SUBSCRIPTION, INVOICE), key=object_id, handle=handle)
