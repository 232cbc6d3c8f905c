"""`manage.py load_newsroom`: an author, an editor and a reviewer to try the editors' desk with, for the demo only; with
`--groups` only the groups Authors, Editors and Medical reviewers, which a real newsroom needs too."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.roles import load_groups, load_sample_newsroom


class Command(BaseCommand):
    help = "Create the groups of the editors' desk and sample accounts. The accounts are refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--groups", action="store_true", help="Only the groups; allowed in production.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["groups"]:
            load_groups()
            return
        if settings.DEPLOYED:
            raise CommandError("These are sample people: enter your own editors in the admin.")
        given = os.environ.get("DEMO_PASSWORD", "")
        password = given or secrets.token_urlsafe(12)
        made = load_sample_newsroom(password=password)
        if made:
            shown = "the password of DEMO_PASSWORD" if given else f"password {password}"
            self.stdout.write(f"Editors' desk: {settings.SITE_URL}/admin/ as {', '.join(made)} with {shown}")
