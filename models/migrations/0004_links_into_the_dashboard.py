from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_dismissed_problems')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='OnboardingLink',
            options={'table': 'onboarding_link', 'app': 'models', 'indexes': [Index(fields=['merchant_id'])], 'pk_attr': 'id', 'table_description': 'An issued account link, without its URL.'},
        ),
        ops.AddField(
            model_name='OnboardingLink',
            name='use_case',
            field=fields.CharField(null=True, max_length=32),
        ),
    ]
