"""The table of the workers that have reported lately."""

from tortoise import fields
from tortoise.models import Model

from models.sql import Select


class WorkerProcess(Model):
    """A worker and its last report. `connect.platform.records.workers` removes old rows."""

    name = fields.CharField(max_length=64, primary_key=True)
    version = fields.CharField(max_length=32)
    started_at = fields.DatetimeField()
    reported_at = fields.DatetimeField()
    # When the worker began to stop. Null for a worker that runs or was killed.
    stopped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "worker_process"
        indexes = (("reported_at",),)


async def report_worker(name: str, version: str) -> None:
    """Record a report with one statement."""
    statement = Select()
    at = statement.moment()
    row = statement.value(name), statement.value(version), at, at
    await statement.execute(
        "INSERT INTO worker_process (name, version, started_at, reported_at) "  # noqa: S608 - our own text
        f"VALUES ({', '.join(row)}) ON CONFLICT (name) DO UPDATE SET reported_at = excluded.reported_at"
    )
