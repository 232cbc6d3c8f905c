"""How long families waited, in whole units, counted by the database; and the wait that so many of a hundred had at
most."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Func, IntegerField


class Whole(Func):
    """A span of time in units of `seconds`, the started one as a whole. The same on both databases."""

    output_field = IntegerField()

    def __init__(self, span: Any, *, seconds: int) -> None:
        super().__init__(span, seconds=seconds)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="CEIL(EXTRACT(EPOCH FROM %(expressions)s) / %(seconds)s)::integer", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """There a span is a number of microseconds."""
        unit = self.extra["seconds"] * 1_000_000
        template = f"(%(expressions)s + {unit - 1}) / {unit}"
        return self.as_sql(compiler, connection, template=template, **context)


def nearest_rank(waits: Sequence[tuple[int, int]], share: int) -> int | None:
    """The wait that `share` percent did not exceed, of (wait, how many) in order; None for no wait at all."""
    total, reached = sum(number for _, number in waits), 0
    for wait, number in waits:
        reached += number
        if reached * 100 >= total * share:
            return wait
    return None
