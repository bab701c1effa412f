from tortoise import migrations
from tortoise.indexes import Index
from models.online_index import AddIndexOnline

class Migration(migrations.Migration):
    dependencies = [('models', '0031_notices')]

    initial = False
    atomic = False

    operations = [
        AddIndexOnline(
            model_name='OutgoingEvent',
            index=Index(fields=['type', 'position']),
        ),
    ]
