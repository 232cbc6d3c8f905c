"""`manage.py make_roles`: the database's users for the site and for auditors, each with its rights."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from navigator import database_roles
from navigator.database_roles import APP, AUDIT


class Command(BaseCommand):
    help = f"As the owner of the tables, after migrate: {APP} for the site, {AUDIT} for auditors (PostgreSQL only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Passwords come from APP_PASSWORD and AUDIT_PASSWORD, which the site itself never needs."""
        if connection.vendor != "postgresql":
            raise CommandError("This database has no roles: it is a file.")
        passwords = {APP: os.environ.get("APP_PASSWORD", ""), AUDIT: os.environ.get("AUDIT_PASSWORD", "")}
        try:
            database_roles.make(passwords=passwords)
        except ProgrammingError as error:
            raise CommandError(f"Run this as the owner of the tables, who may make roles: {error}") from error
        self.stdout.write(f"{APP} reads and writes rows; {AUDIT} reads what was done.")
