"""Commands that make sample staff for the demo, and with `--groups` only the groups that a real staff needs too."""

import os
import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class SamplePeopleCommand(BaseCommand):
    """A command names its two verbs. `people` takes `password=` and returns the user names that it made."""

    groups: ClassVar[Callable[[], Any]]
    people: ClassVar[Callable[..., list[str]]]
    refusal = ""
    greeting = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--groups", action="store_true", help="Only the groups; allowed in production.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for sample people in production."""
        if options["groups"]:
            type(self).groups()
            return
        if settings.DEPLOYED:
            raise CommandError(self.refusal)
        given = os.environ.get("DEMO_PASSWORD", "")
        password = given or secrets.token_urlsafe(12)
        made = type(self).people(password=password)
        if made:
            shown = "the password of DEMO_PASSWORD" if given else f"password {password}"
            self.stdout.write(f"{self.greeting} {settings.SITE_URL}/admin/ as {', '.join(made)} with {shown}")
