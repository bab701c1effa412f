"""The wire form of times and enum values. Pure."""

from collections.abc import Container
from datetime import UTC, datetime


def wire_time(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds, as Stripe writes it: `2026-01-31T10:00:00.000Z`. None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def word(value: str | None, values: Container[str]) -> str:
    """The enum member for Stripe's value; UNKNOWN if the enum has none."""
    return value.upper() if value is not None and value in values else "UNKNOWN"
