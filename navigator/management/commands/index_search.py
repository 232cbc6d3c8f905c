"""`manage.py index_search`: everything that can be found, anew. Needed once after an upgrade; safe at any time."""

from typing import Any

from django.core.management.base import BaseCommand

from navigator.search import entries


class Command(BaseCommand):
    help = "Rebuild what the site's search finds, in one transaction. Readers search the old until it is done."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in entries.rebuild().items():
            self.stdout.write(f"{name}: {count} entries")
