from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0035_replaced_audit_entries')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='ApplicationFee',
            options={'table': 'application_fee', 'app': 'models', 'indexes': [Index(fields=['created_at']), Index(fields=['payment_id']), Index(fields=['stripe_charge_id'])], 'pk_attr': 'id', 'table_description': 'A fee that Stripe booked for the platform, and the sum of its refunds.'},
        ),
        ops.AlterModelOptions(
            name='FormerAccount',
            options={'table': 'former_account', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'replaced_at'])], 'pk_attr': 'id', 'table_description': 'The last known state of an account that was replaced by another account of its merchant.'},
        ),
        ops.AlterModelOptions(
            name='Notice',
            options={'table': 'notice', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'created_at']), Index(fields=['resolved_at', 'id']), Index(fields=['mail_at'])], 'pk_attr': 'id', 'table_description': 'A notice about a merchant, which was written as an outgoing event.'},
        ),
        ops.AlterModelOptions(
            name='PaymentEntry',
            options={'table': 'payment_entry', 'app': 'models', 'indexes': [Index(fields=['payment_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One observed change of a payment, or an action.'},
        ),
        ops.AlterModelOptions(
            name='TimelineEntry',
            options={'table': 'timeline_entry', 'app': 'models', 'indexes': [Index(fields=['merchant_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One observed change of a merchant, or an action.'},
        ),
    ]
