from tortoise import migrations
from tortoise.migrations import operations as ops
from models.ids import uuid7
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_document_for_merchants')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DismissedProblem',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('code', fields.CharField(max_length=32)),
                ('subject', fields.CharField(max_length=255)),
                ('actor', fields.CharField(max_length=255)),
                ('dismissed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'dismissed_problem', 'app': 'models', 'unique_together': (('code', 'subject'),), 'pk_attr': 'id', 'table_description': 'A problem of the platform that an operator has dismissed. `subject` is empty if it has no subjects.'},
            bases=['Model'],
        ),
    ]
