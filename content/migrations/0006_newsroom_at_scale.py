"""What editors look for is found by an index, with 10,000 articles too (`benchmarks/newsroom.py`).

The trigrams of titles are PostgreSQL's: as Django's `icontains` writes it, in upper case. SQLite is the demo and reads
every title. (`pg_trgm` is a trusted extension: the owner of the database may create it.)
"""

from django.conf import settings
from django.db import migrations, models

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX revision_title_found ON content_revision USING gin (upper(title::text) gin_trgm_ops)",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement, params=None)


def take_away(apps, schema_editor):
    """The extension stays: search uses it too."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX revision_title_found")


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0005_changes_are_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='revision',
            name='revision_drafts',
        ),
        migrations.AddIndex(
            model_name='helpful',
            index=models.Index(fields=['-no', '-revision'], name='helpful_worst_first'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(fields=['article', '-id'], name='revision_newest'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(condition=models.Q(('published_at__isnull', True)), fields=['article', '-id'], name='revision_drafts'),
        ),
        migrations.RunPython(add, take_away),
    ]
