"""The trace of the current work. It is stored with events and sent with changes.

A `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header). It is None unless
`api.telemetry.tracing` records the trace.
"""

from contextvars import ContextVar

MAX_LENGTH = 64

origin: ContextVar[str | None] = ContextVar("origin", default=None)
