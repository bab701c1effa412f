"""Searches the logs of a test for the test's secrets when the test ends.

Code that creates a secret registers it with `keep`. Logs of this process and of its child processes are
captured after redaction. Lines of libraries are not captured if the service's log levels suppress them.
"""

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import structlog

from api.server import logs

# The kind of each secret, by its text.
_secrets: dict[str, str] = {}
# The logger and the text of each captured line.
_lines: list[tuple[str, str]] = []


def keep(kind: str, text: str) -> str:
    """Remember a secret until the test ends, and return it."""
    assert len(text) > 8, "a short secret could be in a log by chance"
    _secrets[text] = kind
    return text


async def keep_of(answer: httpx.Response) -> None:
    """Remember the cookies, links and client secrets in an answer. This is an event hook for httpx."""
    text = answer.headers.get("location", "")
    if answer.headers.get("content-type", "").startswith("application/json"):
        text += (await answer.aread()).decode()
    keep_in(answer.headers.get_list("set-cookie"), text)


def keep_in(cookies: Iterable[str], text: str) -> None:
    """Remember these cookies, and the links and secrets that the text contains."""
    for cookie in cookies:
        keep("cookie", cookie.partition("=")[2].partition(";")[0])
    for link in re.findall(r"/(?:r/acct_\w+|p/session)/(\w+)", text):
        keep("link", link)
    for secret in re.findall(r"(?:pi_\w+_secret_|cuss_secret_|accs_secret_|whsec_)[\w+/=]+", text):
        keep("client secret", secret)


def add_output(logger: str, output: str) -> None:
    """Capture the output of a process as its log."""
    _lines.extend((logger, line) for line in output.splitlines())


def secrets() -> list[tuple[str, str]]:
    """The secrets of the test, with their kinds."""
    return list(_secrets.items())


def forget() -> None:
    """Forget all secrets and lines."""
    _secrets.clear()
    _lines.clear()


def leaks() -> list[str]:
    """Describe each line that contains a secret: its logger, the kind of secret, and the line without it."""
    problems = []
    text = "\n".join(line for _, line in _lines)
    for secret, kind in _secrets.items():
        if secret not in text:
            continue
        for logger, line in _lines:
            if secret in line:
                problems.append(f"{logger} wrote a secret ({kind}): {line.replace(secret, f'({kind})')}")
    return problems


@contextlib.contextmanager
def capturing() -> Iterator[None]:
    """Capture the lines that this process logs with structlog and logging."""
    *before, _ = structlog.get_config()["processors"]
    # The default renderer takes a second for a traceback.
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, _hear, renderer], logger_factory=_Named)
    handler = _Handler()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    structlog.reset_defaults()


class _Named(structlog.PrintLogger):
    """A logger of structlog that has a name."""

    def __init__(self, name: str = "unnamed") -> None:
        super().__init__()
        self.name = name


def _hear(logger: Any, method: str, event: Any) -> Any:
    line = structlog.processors.format_exc_info(logger, method, dict(event))
    _lines.append((logger.name, str(dict(logs.redact(logger, method, line)))))
    return event


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in logs.QUIET and record.levelno < logging.WARNING:
            return
        line = {"event": record.getMessage()}
        if record.exc_info:
            line["exception"] = logging.Formatter().formatException(record.exc_info)
        add_output(record.name, str(dict(logs.redact(None, "", line))))
