"""The table of the dismissed problems (`connect.platform.dismissals`)."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class DismissedProblem(Model):
    """A problem of the platform that an operator has dismissed. `subject` is empty if it has no subjects."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    code = fields.CharField(max_length=32)
    subject = fields.CharField(max_length=255)
    actor = fields.CharField(max_length=255)
    dismissed_at = fields.DatetimeField()

    class Meta:
        table = "dismissed_problem"
        unique_together = (("code", "subject"),)
