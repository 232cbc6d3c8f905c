"""Listings as a CSV file that comes back unchanged through an import, and that no spreadsheet runs anything of."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from doctors.columns import Kind
from doctors.rows import cells_of
from navigator.spreadsheets import written

PORTION = 1_000  # rows in memory at once
FOR_STAFF = ("notes",)


def lines(kind: Kind, listings: QuerySet[Any] | None = None, *, for_staff: bool) -> Iterator[str]:
    """The lines of the file, one by one, by slug: all listings of a kind, or `listings`. The notes are for staff."""
    names = [name for name in kind.columns if for_staff or name not in FOR_STAFF]
    rows = kind.model._default_manager.all() if listings is None else listings
    if kind.relation:
        rows = rows.select_related(kind.relation.removesuffix("_slug"))
    found = rows.order_by("slug").iterator(chunk_size=PORTION)
    yield from written([names])
    yield from written(cells_of(kind, listing, names) for listing in found)


def record(*, kind: Kind, rows: int, by: User) -> None:
    """Who took how much out, in the admin's log."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(kind.model),
        object_repr=f"Export of {kind.plural}",
        action_flag=CHANGE,
        change_message=f"{rows:,} rows exported",
    )
