from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0024_index_of_onboarding_stage')]

    initial = False

    operations = [
        ops.CreateModel(
            name='EventEndpoint',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('url', fields.TextField(unique=False)),
                ('description', fields.CharField(max_length=255)),
                ('types', fields.TextField(null=True, unique=False)),
                ('secret', fields.TextField(unique=False)),
                ('previous_secret', fields.TextField(null=True, unique=False)),
                ('previous_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('state', fields.CharField(default='ENABLED', max_length=16)),
                ('state_since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('failing_since', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'event_endpoint', 'app': 'models', 'pk_attr': 'id', 'table_description': "An address of the platform's own systems to which events are delivered."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OutgoingDelivery',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('endpoint', fields.ForeignKeyField('models.EventEndpoint', source_field='endpoint_id', db_constraint=True, to_field='id', related_name='deliveries', on_delete=OnDelete.CASCADE)),
                ('event_id', fields.UUIDField()),
                ('state', fields.CharField(default='PENDING', max_length=16)),
                ('attempts', fields.IntField(default=0)),
                ('run_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('leased_by', fields.CharField(null=True, max_length=64)),
                ('log', fields.TextField(default='[]', unique=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'outgoing_delivery', 'app': 'models', 'unique_together': (('event_id', 'endpoint_id'),), 'indexes': [Index(fields=['endpoint_id', 'state', 'run_at'])], 'pk_attr': 'id', 'table_description': 'The delivery of one event to one endpoint.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OutgoingEvent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('position', fields.BigIntField(null=True, unique=True)),
                ('type', fields.CharField(max_length=64)),
                ('subject_type', fields.CharField(null=True, max_length=16)),
                ('subject_id', fields.UUIDField(null=True)),
                ('merchant_id', fields.UUIDField(null=True)),
                ('sequence', fields.IntField()),
                ('data', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'outgoing_event', 'app': 'models', 'pk_attr': 'id', 'table_description': "A change that the platform's own systems can hear of. It is written in the transaction of the change."},
            bases=['Model'],
        ),
    ]
