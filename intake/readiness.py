"""Are promises kept? Judged by progress in the database, never by asking a worker whether it is well."""

from datetime import timedelta

from django.db.models.functions import Now

from intake.models import Promise
from navigator.health import probe

PATIENCE = timedelta(seconds=60)


@probe("promises")
def oldest_due() -> str:
    """ "ok" unless something has been due for more than a minute."""
    late = Promise.objects.due().filter(due_at__lte=Now() - PATIENCE).count()
    return "ok" if not late else f"{late} due for more than a minute: start a worker, or run manage.py sweep"
