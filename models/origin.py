"""The trace of the current work. It is stored with events and sent with changes.

The trace is a `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header), or None unless
`api.telemetry.tracing` records it.
"""

from contextvars import ContextVar

MAX_LENGTH = 64

origin: ContextVar[str | None] = ContextVar("origin", default=None)
