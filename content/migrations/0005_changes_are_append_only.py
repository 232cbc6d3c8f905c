"""The public change log is written once: the database refuses to change or delete a line."""

from django.db import migrations

from navigator.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("content", "0004_backfill_dates_and_changes")]
    operations = [guard("content_change")]
