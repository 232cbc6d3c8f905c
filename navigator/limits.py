"""How often something may be done, counted in the database: one count for every process and every machine.

What is counted is kept as a keyed digest, so that no address and no contact can be read from it, and ends with its
period. What happens to what is over its limit is left to the caller. Tries to sign in are counted by
`navigator.staff.guessing`, which gives tries back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from navigator.encryption import lookup_hash
from navigator.models import Tally


@dataclass(frozen=True)
class Limit:
    """So many times in a period; the period begins with the first of them."""

    most: int
    period: timedelta


def take(uses: Mapping[str, Limit]) -> set[str]:
    """Count one use of each name, all in one statement; those that were used more often than their limit allows. In
    the caller's transaction, if there is one: what is rolled back was no use. Raises DatabaseError."""
    if not uses:
        return set()
    now, quote = timezone.now(), connection.ops.quote_name
    table, moment = quote(Tally._meta.db_table), connection.ops.adapt_datetimefield_value
    names = {_name(use): use for use in uses}
    rows = sorted(names)  # two at once lock them in one order
    values = [value for name in rows for value in (name, moment(now + uses[names[name]].period))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, ends_at, number) VALUES {', '.join(['(%s, %s, 1)'] * len(rows))} "  # noqa: S608
            "ON CONFLICT (name) DO UPDATE SET "
            f"number = CASE WHEN {table}.ends_at <= %s THEN 1 ELSE {table}.number + 1 END, "
            f"ends_at = CASE WHEN {table}.ends_at <= %s THEN excluded.ends_at ELSE {table}.ends_at END "
            "RETURNING name, number",
            [*values, moment(now), moment(now)],
        )
        counted = cursor.fetchall()
    return {names[name] for name, number in counted if number > uses[names[name]].most}


def _name(use: str) -> str:
    return lookup_hash(f"use:{use}")
