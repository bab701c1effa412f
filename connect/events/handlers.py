"""The handlers of all event types. A new noun adds its own here."""

from connect.merchants import events as merchant_events

HANDLERS = (merchant_events.HANDLER,)

# The types that the event destination subscribes to and the back-fill lists.
ENABLED_EVENTS = tuple(event_type for handler in HANDLERS for event_type in handler.types)
