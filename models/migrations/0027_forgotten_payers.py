from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0026_origin_of_events')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Payment',
            name='payer_forgotten_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
