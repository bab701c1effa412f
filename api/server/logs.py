"""Structured logs: one line per event, with the request id and without secrets."""

import importlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Matches Stripe's keys and signing secrets, bearer tokens, JWTs, tokens in onboarding links of Stripe and of
# this service, values of this service's cookies, and passwords in URLs.
_SECRETS = re.compile(
    r"(?:sk|rk)_(?:org_)?(?:test|live)_\w+"
    r"|whsec_\w+"
    r"|(?i:bearer)\s+[\w.~+/=-]+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?<=/r/acct_)[^\s\"']+"
    r"|(?<=[?&]link=)[\w-]+"
    r"|(?<=connectql_link_\w{16}=)[\w-]+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)

# At debug level these loggers write bodies, and bodies contain onboarding links.
QUIET = ("stripe", "httpx", "httpcore", "tortoise", "asyncpg", "aiosqlite")


def configure(*, json: bool, level: str, traced: bool = False) -> None:
    """Send all logs of this process, including the libraries', through one pipeline to standard error.

    If this process makes traces (`traced`), each line contains the ids of the current span.
    """
    ids = [importlib.import_module("api.telemetry.spans").add_ids] if traced else []
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        *ids,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # This wrapper drops events below the level before it formats them.
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-3], structlog.stdlib.ExtraAdder(), *shared[-3:]],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Redact again, because messages from the loggers of libraries are complete only at this
                # point.
                redact,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel("WARNING")
    # The pool logs stack traces while the database is unavailable; our code logs one line instead.
    logging.getLogger("asyncpg.pool").setLevel("ERROR")
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    logging.getLogger("uvicorn").setLevel("WARNING")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace credentials in every value."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's internal values
            event[name] = _redacted(value)
    return event


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRETS.sub("[redacted]", value)
    if isinstance(value, dict):
        return {key: _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    # Other values, such as exceptions and UUIDs, are redacted in the form in which they are logged.
    return _redacted(str(value))
