"""`manage.py migrate`: Django's own, while the site serves.

A change of a table waits until nobody uses it, and whoever comes after waits behind it. So it waits for a short while,
gives up, lets everybody pass and tries again; each migration is wholly done or not at all. Rule: expand, then contract
(README.md, "Running it for real").
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

WAIT = 2.0  # seconds that a change waits for a table, and everybody behind it
PAUSE = 3.0  # seconds in which they pass
TRIES = 10

# Who is in the way, without a word of what they do: a statement may hold what a family told us.
LONGEST = """
SELECT pid, extract(epoch FROM now() - xact_start)::int FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval '1 second'
ORDER BY xact_start LIMIT 3
"""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        """Raises CommandError when a table stayed in use in every try. What was done before stays: run it again."""
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        with connection.cursor() as cursor:
            # A page has ten seconds for a statement (settings); filling a new column may take longer.
            limits = "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', '0', false)"
            cursor.execute(limits, [f"{WAIT * 1000:.0f}ms"])
        try:
            return self._patiently(connection, *args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout; RESET statement_timeout")

    def _patiently(self, connection: BaseDatabaseWrapper, *args: Any, **options: Any) -> str | None:
        for left in reversed(range(TRIES)):
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(_in_use(connection)) from error
                self.stdout.write(f" a table is in use; {left} more tries, the next in {PAUSE:g} seconds")
                time.sleep(PAUSE)
        raise AssertionError("The last try returns or raises.")


def _in_use(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute(LONGEST)
        open_now = [f"process {pid} for {seconds} seconds" for pid, seconds in cursor.fetchall()]
    return (
        f"A table stayed in use: {TRIES} tries of {WAIT:g} seconds each. The migration named last is not done, those "
        "before it are, and the site goes on. Run migrate again when less is going on. Transactions that are open now: "
        + (", ".join(open_now) or "none")
        + " (end one with: SELECT pg_terminate_backend(process))."
    )
