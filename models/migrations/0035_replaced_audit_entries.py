from tortoise import migrations
from models.audit import REPLACEMENT_TRIGGERS
from models.dialect_sql import RunSQLOfDialect

class Migration(migrations.Migration):
    dependencies = [('models', '0034_recipients_of_mails')]

    initial = False

    operations = [
        RunSQLOfDialect(REPLACEMENT_TRIGGERS),
    ]
