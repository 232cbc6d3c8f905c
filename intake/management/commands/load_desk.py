"""`manage.py load_desk`: sample advocates with working hours and an admin login, for the demo only; with `--groups`
only the groups Advocates and Leads, which a real desk needs too."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.sample_desk import load_groups, load_sample_desk


class Command(BaseCommand):
    help = "Create the sample advocates, their hours and an admin login. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--groups", action="store_true", help="Only the groups; allowed in production.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["groups"]:
            load_groups()
            return
        if settings.DEPLOYED:
            raise CommandError("These are sample people: enter your own advocates in the admin.")
        given = os.environ.get("DEMO_PASSWORD", "")
        password = given or secrets.token_urlsafe(12)
        made = load_sample_desk(password=password)
        if made:
            shown = "the password of DEMO_PASSWORD" if given else f"password {password}"
            self.stdout.write(f"Sign in at {settings.SITE_URL}/admin/ as {', '.join(made)} with {shown}")
