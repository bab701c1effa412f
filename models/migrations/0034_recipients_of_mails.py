from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0033_index_of_merchants_events')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Notice',
            name='mailed_to',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
