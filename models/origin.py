"""The trace of the current work. It is stored with events and sent with changes.

The trace is a `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header). It is None if
`api.telemetry.tracing` does not record the work.
"""

from contextvars import ContextVar

MAX_LENGTH = 64

origin: ContextVar[str | None] = ContextVar("origin", default=None)
