from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0018_listed_disputes')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Merchant',
            name='onboarding_stage',
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name='Merchant',
            name='onboarding_stage_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
