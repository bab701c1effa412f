from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_wallet_domains')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Merchant',
            name='fee_policy',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
