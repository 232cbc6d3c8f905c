"""`manage.py make_outcomes`: the public numbers of each quarter that is settled. Twice is once."""

from typing import Any

from django.core.management.base import BaseCommand

from intake import outcomes


class Command(BaseCommand):
    help = "Count each quarter that ended thirty days ago or earlier and has no figures yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{outcomes.make()} quarters counted")
