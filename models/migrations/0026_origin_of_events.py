from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0025_outgoing_events')]

    initial = False

    operations = [
        ops.AddField(
            model_name='StripeEvent',
            name='origin',
            field=fields.CharField(null=True, max_length=64),
        ),
    ]
