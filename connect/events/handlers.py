"""The handlers of all event types. Add the handler for a new kind of object here."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from connect.events.inbox import Handler
from connect.finances import events as finance_events
from connect.merchants.mirror import events as merchant_events
from connect.payments.mirror import events as payment_events
from connect.services import events as service_events

HANDLERS = (
    merchant_events.HANDLER,
    payment_events.HANDLER,
    payment_events.FEES,
    finance_events.BALANCES,
    finance_events.PAYOUTS,
    service_events.HANDLER,
)


def with_grace(grace: timedelta) -> tuple[Handler, ...]:
    """The handlers of all event types, with this grace period: if the payment of a merchant's subscription
    fails, the merchant keeps the platform's product for this time.
    """
    services = replace(service_events.HANDLER, handle=partial(service_events.handle, grace=grace))
    return tuple(services if one is service_events.HANDLER else one for one in HANDLERS)


# The event types that the event destination sends and that the back-fill lists.
ENABLED_EVENTS = tuple(event_type for handler in HANDLERS for event_type in handler.types)
