"""`manage.py load_library`: the starter texts into the database (`content.library`)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import library
from content.publishing import PublishingError


class Command(BaseCommand):
    help = "Loads the starter texts. Safe to repeat; a text edited in the admin is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = library.load()
        except (PublishingError, ValueError) as error:
            raise CommandError(str(error)) from error
        for line in lines:
            self.stdout.write(line)
