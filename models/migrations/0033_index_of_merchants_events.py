from tortoise import migrations
from tortoise.indexes import Index
from models.online_index import AddIndexOnline

class Migration(migrations.Migration):
    dependencies = [('models', '0032_index_of_event_types')]

    initial = False
    atomic = False

    operations = [
        AddIndexOnline(
            model_name='OutgoingEvent',
            index=Index(fields=['merchant_id', 'id']),
        ),
    ]
