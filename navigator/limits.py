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


@dataclass(frozen=True)
class Limit:
    """So many times in a period; the period begins with the first of them."""

    most: int
    period: timedelta


COUNT = """
INSERT INTO navigator_tally (name, ends_at, number) VALUES (%s, %s, 1)
ON CONFLICT (name) DO UPDATE SET
    number = CASE WHEN navigator_tally.ends_at <= %s THEN 1 ELSE navigator_tally.number + 1 END,
    ends_at = CASE WHEN navigator_tally.ends_at <= %s THEN excluded.ends_at ELSE navigator_tally.ends_at END
RETURNING number
"""


def take(uses: Mapping[str, Limit]) -> set[str]:
    """Count one use of each name, in one statement each; those that were used more often than their limit allows. In
    the caller's transaction, if there is one: what is rolled back was no use. Raises DatabaseError."""
    now, moment = timezone.now(), connection.ops.adapt_datetimefield_value
    over = set()
    with connection.cursor() as cursor:
        for name, use in sorted((_name(use), use) for use in uses):  # two at once lock them in one order
            limit = uses[use]
            cursor.execute(COUNT, [name, moment(now + limit.period), moment(now), moment(now)])
            if cursor.fetchone()[0] > limit.most:
                over.add(use)
    return over


def _name(use: str) -> str:
    return lookup_hash(f"use:{use}")
