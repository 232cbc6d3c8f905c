"""`manage.py load_directory [folder]`: the starter data into the database, as often as you like."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from doctors.directory import DATA, RowError, load_directory


class Command(BaseCommand):
    help = "Loads centers, programs and specialists from CSV files. Rows that somebody has verified are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=DATA)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load = load_directory(options["folder"])
        except (RowError, OSError) as error:
            raise CommandError(str(error)) from error
        for kind, counts in asdict(load).items():
            self.stdout.write(f"{kind}: " + ", ".join(f"{number} {word}" for word, number in counts.items()))
