"""The settings, which the process reads from the environment when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class BadSetting(Exception):
    """An environment variable is invalid. The message names the variable."""


@dataclass(frozen=True)
class Settings:
    """The address, the state file, and the durations in seconds."""

    host: str
    port: int
    state: Path | None
    review_seconds: float
    link_seconds: float
    retry_seconds: tuple[float, ...]


def read(environ: Mapping[str, str]) -> Settings:
    """Read all settings, or raise BadSetting."""
    state = environ.get("SIMULATOR_STATE") or "var/simulator.db"
    port = environ.get("SIMULATOR_PORT") or "12111"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise BadSetting(f"SIMULATOR_PORT must be a port like 12111, but is {port!r}")
    return Settings(
        host=environ.get("SIMULATOR_HOST") or "127.0.0.1",
        port=int(port),
        state=None if state == ":memory:" else Path(state),
        review_seconds=_seconds(environ, "SIMULATOR_REVIEW_SECONDS", "3")[0],
        link_seconds=_seconds(environ, "SIMULATOR_LINK_SECONDS", "300")[0],
        retry_seconds=_seconds(environ, "SIMULATOR_RETRY_SECONDS", "1,5,30"),
    )


def _seconds(environ: Mapping[str, str], name: str, default: str) -> tuple[float, ...]:
    text = environ.get(name) or default
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = (-1.0,)
    if min(numbers) < 0 or (default.isdigit() and len(numbers) > 1):
        shape = "a number" if default.isdigit() else "a list of numbers"
        raise BadSetting(f"{name} must be {shape} of at least 0, like {default}, but is {text!r}")
    return numbers
