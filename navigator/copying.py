"""Many new rows at once. PostgreSQL takes them as one stream (COPY), which costs a third of what INSERT does; other
databases get INSERT. Measured with 10,000 listings and their history: 0.9 seconds instead of 3."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.utils import timezone

# Their values, as a clean model holds them, are the database's own.
PLAIN = {
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.FloatField,
    models.ForeignKey,
    models.SlugField,
    models.TextField,
    models.URLField,
}


def add(rows: Sequence[models.Model]) -> None:
    """Stores new rows of one model, in the caller's transaction. The keys that they get are not told to them; of
    what a model writes by itself, only `auto_now_add` of a moment is known here. Raises IntegrityError."""
    if not rows:
        return
    model: Any = type(rows[0])
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._base_manager.bulk_create(rows)


def _copy(model: Any, rows: Sequence[models.Model]) -> None:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    command = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    readers = [_reader(field) for field in fields]
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(command) as stream:
        for row in rows:
            stream.write_row([read(row) for read in readers])


def _reader(field: Any) -> Callable[[models.Model], Any]:
    """What stands in a row, as the database takes it; the moment, where the model writes it down by itself."""
    if getattr(field, "auto_now_add", False):
        return lambda row: timezone.now()
    if type(field) in PLAIN:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(getattr(row, field.attname), connection)
