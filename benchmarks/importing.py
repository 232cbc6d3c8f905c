"""How long a file of 10,000 programs takes to come in, with all its checks, its history and the search.

    .venv/bin/python -m benchmarks.importing

Makes the programs (`benchmarks/programs.py`) in a throw-away PostgreSQL, exports them with nearly every column filled,
takes them away and imports the file: first all new, then all unchanged. Ends with 1 when the limit of the first is
broken, or when a row is missing.
"""

import argparse
import os
import sys
import time

from benchmarks import throw_away
from benchmarks.finder import say
from navigator import servers

ROWS = 10_000
LIMIT = 10.0  # seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    rows: int = parser.parse_args().rows
    print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} of them busy when this began")
    server = servers.Postgres()
    try:
        wrong = measure(server.start(), rows)
    finally:
        server.stop()
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


def measure(url: str, rows: int) -> list[str]:
    os.environ |= throw_away.settings(url)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    try:
        return import_twice(rows)
    finally:
        connection.close()


def import_twice(rows: int) -> list[str]:
    from django.contrib.auth.models import User

    from benchmarks.programs import fill
    from doctors.columns import KINDS
    from doctors.directory import load_directory
    from doctors.exporting import lines
    from doctors.models import ListingChange, Program

    load_directory()
    Program.objects.all().delete()
    fill(rows)
    content = "".join(lines(KINDS["program"], for_staff=True)).encode()
    Program.objects.all().delete()
    changes = ListingChange.objects.count()
    by = User.objects.create_user("importer")
    print(f"A file of {rows:,} programs, {len(content) / 2**20:.1f} MB")
    wrong = come_in("all new", content, by, LIMIT if rows == ROWS else None)
    if (Program.objects.count(), ListingChange.objects.count() - changes) != (rows, rows):
        wrong.append(f"{Program.objects.count():,} programs came in")
    return wrong + come_in("all unchanged", content, by, None)


def come_in(name: str, content: bytes, by: object, limit: float | None) -> list[str]:
    """Seconds of one import, and how often it told how far it was."""
    from doctors.columns import KINDS
    from doctors.importing import import_rows

    began = time.monotonic()
    told = sum(1 for _ in import_rows(kind=KINDS["program"], content=content, by=by))  # type: ignore[arg-type]
    seconds = time.monotonic() - began
    return say(name, f"{seconds:5.1f} s, told {told} times", limit, seconds)


if __name__ == "__main__":
    main()
