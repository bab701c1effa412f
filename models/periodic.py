"""What is done again and again by one replica at a time."""

from tortoise import fields
from tortoise.models import Model


class PeriodicTask(Model):
    """One recurring task: when it is due, who is at it, and what it found (`connect.platform.periodic`)."""

    name = fields.CharField(max_length=32, primary_key=True)
    due_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    state = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "periodic_task"
