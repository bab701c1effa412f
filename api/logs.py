"""Structured logs: one line an event, with the request id, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Whatever looks like a credential: Stripe's keys and signing secrets, bearer tokens and JWTs, the tokens in
# onboarding links (theirs and ours) and in the cookies beside them, passwords in addresses.
_SECRETS = re.compile(
    r"(?:sk|rk)_(?:test|live)_\w+"
    r"|whsec_\w+"
    r"|(?i:bearer)\s+[\w.~+/=-]+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?<=/r/acct_)[^\s\"']+"
    r"|(?<=[?&]link=)[\w-]+"
    r"|(?<=connectql_link_\w{16}=)[\w-]+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)

# At debug these write bodies, links among them, whatever our own level is.
QUIET = ("stripe", "httpx", "httpcore", "tortoise", "asyncpg", "aiosqlite")


def configure(*, json: bool, level: str) -> None:
    """Send every log of this process, the libraries' too, through one pipeline to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
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
        # What is below the level is not even put together.
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:3], structlog.stdlib.ExtraAdder(), *shared[3:]],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Once more behind everything: a foreign logger's message is complete only here.
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
    # The pool's stack traces while the server is away; whoever asks the pool reports it in one line.
    logging.getLogger("asyncpg.pool").setLevel("ERROR")
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    logging.getLogger("uvicorn").setLevel("WARNING")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what looks like a credential in every value."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's own, not yet part of the line
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
    return _redacted(str(value))  # as the renderer would write it: an exception, a UUID
