"""The table of the periodic tasks (`connect.platform.periodic`) and of the paces (`models.pace`)."""

from tortoise import fields
from tortoise.models import Model


class PeriodicTask(Model):
    """The due time, lease and state of one task. The state includes its progress."""

    name = fields.CharField(max_length=32, primary_key=True)
    due_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    state = fields.JSONField[dict[str, object]]()

    class Meta:
        table = "periodic_task"
