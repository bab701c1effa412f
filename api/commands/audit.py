"""Exports the audit log (`python -m api audit export`)."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from connect.merchants.rules.wire import wire_time
from connect.platform.records import audit
from models import AuditEntry

COLUMNS = ("id", "at", "actor", "role", "client", "action", "subject", "outcome", "requestId", "details")
# A spreadsheet evaluates a value as a formula if it begins with one of these.
FORMULAS = ("=", "+", "-", "@")


class Time(click.ParamType[datetime]):
    """A date or time of ISO 8601. Without a zone it is in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("Write a date or time, such as 2026-01-31 or 2026-01-31T10:00Z.", param, ctx)
        return time.replace(tzinfo=time.tzinfo or UTC)


TIME = Time()


async def export(
    since: datetime | None, until: datetime | None, style: str, write: Callable[[str], object]
) -> None:
    """Write the entries at or after `since` and before `until`, oldest first, in one of FORMATS.

    None instead of a time means that there is no limit.
    """
    if style == "csv":
        write(_csv(dict(zip(COLUMNS, COLUMNS, strict=True))))
    async for entry in audit.between(since, until):
        write(FORMATS[style](_values(entry)))


def _values(entry: AuditEntry) -> dict[str, Any]:
    details = json.loads(entry.details) if entry.details else None
    values = (
        *(str(entry.id), wire_time(entry.at), entry.actor, entry.role, entry.client or None, entry.action),
        *(entry.subject, entry.outcome, entry.request_id, details),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _jsonl(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"


def _csv(values: Mapping[str, Any]) -> str:
    cells = [json.dumps(one) if isinstance(one, dict) else one for one in values.values()]
    safe = [f"'{one}" if isinstance(one, str) and one.startswith(FORMULAS) else one for one in cells]
    line = io.StringIO()
    csv.writer(line).writerow(safe)
    return line.getvalue()


FORMATS: dict[str, Callable[[Mapping[str, Any]], str]] = {"jsonl": _jsonl, "csv": _csv}
