"""`manage.py retain`: the night that lets go of what was kept long enough; with --dry-run only its numbers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from intake import retention


class Command(BaseCommand):
    help = "Let go of what was kept long enough (intake/retention.py has the table)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        says = {rule.name: rule.says for rule in retention.RULES}
        for name, number in retention.run(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number:>7}  {name}: {says[name]}")
