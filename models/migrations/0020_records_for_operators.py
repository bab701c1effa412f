from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0019_onboarding_stage')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ProblemOccurrence',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('code', fields.CharField(max_length=32)),
                ('message', fields.TextField(unique=False)),
                ('count', fields.IntField()),
                ('highest_count', fields.IntField()),
                ('first_seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('was_dismissed', fields.BooleanField(default=False)),
            ],
            options={'table': 'problem_occurrence', 'app': 'models', 'indexes': [Index(fields=['ended_at']), Index(fields=['code', 'id'])], 'pk_attr': 'id', 'table_description': 'A problem of the platform from its first check to its last (`connect.platform.records`).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='StripeCallCount',
            fields=[
                ('slot', fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('calls', fields.IntField()),
                ('delayed', fields.IntField()),
                ('longest_wait', fields.IntField()),
                ('refused', fields.IntField()),
                ('throttled', fields.IntField()),
            ],
            options={'table': 'stripe_call_count', 'app': 'models', 'pk_attr': 'slot', 'table_description': 'The calls of all processes in one slot of time. `slot` is the Unix time of its start / SLOT_SECONDS.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WorkerProcess',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('version', fields.CharField(max_length=32)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('reported_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('stopped_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'worker_process', 'app': 'models', 'indexes': [Index(fields=['reported_at'])], 'pk_attr': 'name', 'table_description': 'A worker and its last report. `connect.platform.records.workers` removes old rows.'},
            bases=['Model'],
        ),
    ]
