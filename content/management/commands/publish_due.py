"""`manage.py publish_due`: what beat does every minute, without any broker (`content.scheduling`)."""

from typing import Any

from django.core.management.base import BaseCommand

from content.scheduling import publish_due


class Command(BaseCommand):
    help = "Publishes signed texts whose day has come."

    def handle(self, *args: Any, **options: Any) -> None:
        for revision in publish_due():
            self.stdout.write(f"Published: /{revision.article.path}/")
