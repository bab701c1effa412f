from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

# What is searched and sorted by is case-folded by us, and compared by code point on both databases: whatever
# the database's own language is, its order of letters, and indexes that do not serve prefixes, stay out of it.
FOLDED = 'display_name_folded', 'contact_email_folded', 'external_id_folded'


async def compare_by_code_point(_apps, editor):
    """PostgreSQL only; SQLite's text is compared so."""
    if editor.client.capabilities.dialect == 'postgres':
        changes = ', '.join(f'ALTER "{name}" TYPE varchar(512) COLLATE "C"' for name in FOLDED)
        await editor.client.execute_script(f'ALTER TABLE "merchant" {changes}')
        await editor.client.execute_script('ANALYZE "merchant"')  # what was known of the columns is gone


async def compare_by_language(_apps, editor):
    if editor.client.capabilities.dialect == 'postgres':
        changes = ', '.join(f'ALTER "{name}" TYPE varchar(512) COLLATE "default"' for name in FOLDED)
        await editor.client.execute_script(f'ALTER TABLE "merchant" {changes}')


class Migration(migrations.Migration):
    dependencies = [('models', '0002_periodic_tasks')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='AccountCreation',
            index=Index(fields=['state', 'id']),
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['status', 'id'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['awaiting_action_from', 'id'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['contact_email_folded'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['external_id_folded'],
        ),
        ops.RemoveIndex(
            model_name='Merchant',
            name=None,
            fields=['document_version'],
        ),
        ops.RunPython(compare_by_code_point, compare_by_language),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['contact_email_folded', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['external_id_folded', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status', 'awaiting_action_from', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status', 'awaiting_action_from', 'display_name_folded', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['status', 'awaiting_action_from', 'next_deadline_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Merchant',
            index=Index(fields=['document_version', 'id']),
        ),
        ops.AddIndex(
            model_name='OnboardingLink',
            index=Index(fields=['merchant_id']),
        ),
        ops.RemoveIndex(
            model_name='StripeEvent',
            name=None,
            fields=['back_filled_at'],
        ),
        # 0002 notes this index twice, though it makes it once: what is left is what there is.
        ops.AlterModelOptions(
            name='StripeEvent',
            options={'table': 'stripe_event', 'app': 'models', 'indexes': [Index(fields=['state', 'run_at']), Index(fields=['account_key', 'state'])], 'pk_attr': 'id', 'table_description': 'A notification that was received, or found missing, and how far its handling is.'},
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['state', 'id']),
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['stripe_account_id']),
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['back_filled_at', 'id']),
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['leased_until']),
        ),
        ops.AddIndex(
            model_name='StripeEvent',
            index=Index(fields=['merchant_id']),
        ),
    ]
