"""`manage.py sweep`: keeps what is due without any broker; with --every it goes on until it is stopped."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from intake import sweeping


class Command(BaseCommand):
    help = "Keep every promise that is due. Works without a broker and without a worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="Do not end; look again after SECONDS.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweeping.sweep(seconds=60)} promises kept")
        while options["every"]:
            time.sleep(options["every"])
            close_old_connections()  # the database may have been away meanwhile
            self.stdout.write(f"{sweeping.sweep(seconds=60)} promises kept")
