"""`manage.py import_listings KIND FILE`: a CSV file into the directory, all of it or nothing (`doctors.importing`)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from doctors.columns import KINDS
from doctors.importing import ImportRefused, import_rows
from doctors.planning import Plan, Planning, plan

SHOWN = 100  # problems


class Command(BaseCommand):
    help = "Imports centers, programs or specialists from a CSV file. Says how far it is on the error output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--by", metavar="USER NAME", help="the person whose import it is, for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = KINDS[options["kind"]]
        try:
            content = options["file"].read_bytes()
            if options["dry_run"]:
                made = self._follow(plan(kind, content))
            else:
                made = self._follow(import_rows(kind=kind, content=content, by=self._person(options["by"])))
        except OSError as error:
            raise CommandError(str(error)) from error
        except ImportRefused as refusal:
            self._show(refusal.plan)
            raise CommandError(str(refusal)) from refusal
        self._show(made)
        if made.problems:
            raise CommandError("The file has problems. Nothing was imported.")

    def _person(self, name: str | None) -> User:
        person = User.objects.filter(username=name or "", is_active=True, is_staff=True).first()
        if person is None:
            raise CommandError("Say whose import it is: --by and the user name of somebody on the staff.")
        return person

    def _follow(self, planning: Planning) -> Plan:
        while True:
            try:
                self.stderr.write(str(next(planning)))
            except StopIteration as end:
                made: Plan = end.value
                return made

    def _show(self, made: Plan | None) -> None:
        if made is None:
            return
        for problem in made.problems[:SHOWN]:
            self.stdout.write(str(problem))
        if len(made.problems) > SHOWN:
            self.stdout.write(f"And {len(made.problems) - SHOWN:,} more.")
        counts = f"{len(made.added):,} new, {len(made.changed):,} changed, {made.unchanged:,} unchanged"
        self.stdout.write(f"{made.kind.plural}: {counts}, {len(made.problems):,} problems")
