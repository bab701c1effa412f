from tortoise import migrations
from tortoise.indexes import Index
from models.online_index import AddIndexOnline

class Migration(migrations.Migration):
    dependencies = [('models', '0029_erased_merchants')]

    initial = False
    atomic = False

    operations = [
        AddIndexOnline(
            model_name='Merchant',
            index=Index(fields=['erasure_due_at']),
        ),
    ]
