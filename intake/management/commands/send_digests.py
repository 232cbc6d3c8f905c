"""`manage.py send_digests`: the mail of this weekday morning to each advocate, without any broker. Twice is once."""

from typing import Any

from django.core.management.base import BaseCommand

from intake import digests


class Command(BaseCommand):
    help = "Send the digests that are due. Does nothing in the afternoon, on days off, and for an empty desk."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{digests.send_due()} digests sent")
