"""A check that needs the database, so it runs only when asked: `manage.py check --database default`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from content.models import Revision


@register(Tags.database)
def sample_signoffs(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """In production no reader may see a text that only a sample person signed."""
    if not settings.DEPLOYED or not databases:
        return []
    try:
        paths = list(Revision.objects.live().filter(signed_by__is_sample=True).values_list("article__path", flat=True))
    except DatabaseError:  # `migrate` asks for database checks before it makes the tables
        return []
    if not paths:
        return []
    return [
        Error(
            f"{len(paths)} live texts carry a sample sign-off, among them: {', '.join(sorted(paths)[:3])}.",
            hint="Let a real reviewer read and sign each one, or withdraw it.",
            id="content.E001",
        )
    ]
