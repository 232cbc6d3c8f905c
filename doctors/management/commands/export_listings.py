"""`manage.py export_listings KIND`: centers, programs or specialists as a CSV file (`doctors.exporting`)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from doctors import exporting
from doctors.columns import KINDS


class Command(BaseCommand):
    help = "Writes all listings of a kind as CSV. Without --for-staff the notes are left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("--for-staff", action="store_true", help="with the notes of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in exporting.lines(KINDS[options["kind"]], for_staff=options["for_staff"]):
            self.stdout.write(line, ending="")
