from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0020_records_for_operators')]

    initial = False

    operations = [
        ops.AddField(
            model_name='TimelineEntry',
            name='request_id',
            field=fields.CharField(null=True, max_length=255),
        ),
    ]
