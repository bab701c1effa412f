from tortoise import migrations
from tortoise.indexes import Index
from models.online_index import AddIndexOnline

class Migration(migrations.Migration):
    dependencies = [('models', '0023_change_batches')]

    initial = False
    # Earlier checkouts have built this index in the migration 0019.
    atomic = False

    operations = [
        AddIndexOnline(
            model_name='Merchant',
            index=Index(fields=['onboarding_stage', 'onboarding_stage_since', 'id']),
        ),
    ]
