"""`manage.py prepare`: what the demo needs before it serves: schema, texts, directory, desk. Safe to run again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, and load the starter texts, the directory and the sample desk."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        for command in (
            "load_library",
            "make_downloads",
            "load_directory",
            "load_desk",
            "load_newsroom",
            "load_directory_desk",
        ):
            call_command(command, stdout=self.stdout)
