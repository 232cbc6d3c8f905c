"""Texts published before there was a change log get their first lines in it, and their dates."""

import datetime
import json

from django.db import migrations

from content.dates import months_after


def fill(apps, schema_editor):
    Revision = apps.get_model("content", "Revision")
    Change = apps.get_model("content", "Change")
    if Change.objects.exists():  # filled before, and gone back over since: a line is written once
        return
    before = {}
    published = Revision.objects.exclude(published_at=None).select_related("article").order_by("published_at", "pk")
    for revision in published.defer("body", "body_html", "references_html"):
        Change.objects.create(
            article=revision.article,
            at=revision.published_at,
            what="published",
            note=revision.change_note or "Published",
            revision=revision,
            before=before.get(revision.article_id),
            by_id=revision.published_by_id,
        )
        before[revision.article_id] = revision
        days = [row["retrieved"] for row in json.loads(revision.references)]
        oldest = datetime.date.fromisoformat(min(days)) if days else None
        Revision.objects.filter(pk=revision.pk).update(sources_read_on=oldest)
        if revision.is_live:
            revision.article.review_due_on = months_after(
                revision.signed_at.date(), revision.article.review_every_months
            )
            revision.article.save(update_fields=["review_due_on"])
    for article in apps.get_model("content", "Article").objects.exclude(withdrawn_at=None):
        Change.objects.create(
            article=article,
            at=article.withdrawn_at,
            what="withdrawn",
            note=article.withdrawn_reason,
            by_id=article.withdrawn_by_id,
        )


class Migration(migrations.Migration):
    dependencies = [("content", "0003_editorial_work")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
