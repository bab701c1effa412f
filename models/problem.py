"""The tables of dismissed problems and of the history of problems."""

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


class ProblemOccurrence(Model):
    """A problem of the platform from its first check to its last (`connect.platform.records`)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    code = fields.CharField(max_length=32)
    # The problem's text and the number of affected objects at the last check, and the highest number at any
    # check.
    message = fields.TextField()
    count = fields.IntField()
    highest_count = fields.IntField()
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    # When a check first did not find the problem any more, or found that operators had dismissed it.
    ended_at = fields.DatetimeField(null=True)
    was_dismissed = fields.BooleanField(default=False)

    class Meta:
        table = "problem_occurrence"
        indexes = (("ended_at",), ("code", "id"))
