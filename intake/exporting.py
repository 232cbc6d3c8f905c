"""Requests out of the site as a CSV file: chosen columns, a reason, and a line in the history of each request.

Without a choice nothing in the file says who somebody is. What a family told us (answers, notes, the plan) is in no
column at all. A closed request gives no contact: we have no reason left to use it. Who may export is left to
`intake.admin.exports`; that no cell is a formula, to `navigator.spreadsheets`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from intake.models import Export, HelpRequest, History
from navigator.security import clean_text
from navigator.spreadsheets import written

MOST_ROWS = 5_000
SHORTEST_REASON = 10  # characters


class ExportError(Exception):
    """A sentence for staff: why there is no file."""


@dataclass(frozen=True)
class Column:
    """`cell` writes it for one request. `personal`: it says, alone or with others, who somebody is."""

    label: str
    cell: Callable[[HelpRequest], str | int]
    personal: bool = False


def _moment(instant: datetime | None) -> str:
    """On the site's clock: `2026-11-26 09:02`."""
    return f"{instant.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)):%Y-%m-%d %H:%M}" if instant else ""


def _contact(name: str) -> Callable[[HelpRequest], str]:
    return lambda row: "" if row.status == HelpRequest.Status.CLOSED else getattr(row, name) or ""


COLUMNS = {
    "reference": Column("Reference", lambda row: row.reference),
    "kind": Column("Kind", lambda row: row.get_kind_display()),
    "status": Column("Status", lambda row: row.get_status_display()),
    "outcome": Column("Outcome", lambda row: row.get_outcome_display()),
    "state": Column("State", lambda row: row.state),
    "language": Column("Language", lambda row: row.language),
    "advocate": Column("Advocate", lambda row: str(row.advocate or "")),
    "created_at": Column("Sent", lambda row: _moment(row.created_at)),
    "contact_by": Column("Call by", lambda row: _moment(row.contact_by)),
    "first_contact_at": Column("First reached", lambda row: _moment(row.first_contact_at)),
    "tries": Column("Calls that did not reach them", lambda row: row.tries),
    "next_step_on": Column("Next step on", lambda row: f"{row.next_step_on or ''}"),
    "closed_at": Column("Closed", lambda row: _moment(row.closed_at)),
    "name": Column("Name", _contact("name"), personal=True),
    "email": Column("E-mail address", _contact("email"), personal=True),
    "phone": Column("Phone", _contact("phone"), personal=True),
    "zip_prefix": Column("First 3 digits of the ZIP", _contact("zip_prefix"), personal=True),
}
USUAL = ("reference", "kind", "status", "outcome", "state", "created_at", "first_contact_at", "closed_at")


@transaction.atomic
def export(*, rows: QuerySet[HelpRequest], columns: Sequence[str], reason: str, by: Any) -> str:
    """The file's text: a header and a line for each of `rows`, which are the ones that `by` may see. The ledger of
    exports and the history of each request say so in the same transaction.

    Raises ExportError.
    """
    reason, chosen = clean_text(reason), [name for name in COLUMNS if name in columns]
    if len(reason) < SHORTEST_REASON:
        raise ExportError(f"Say what the file is for, in {SHORTEST_REASON} characters or more.")
    if not chosen or set(columns) - set(COLUMNS):
        raise ExportError("Choose at least one column from the list.")
    found = list(rows.select_related("advocate").defer(None).defer(*_not_needed(chosen))[: MOST_ROWS + 1])
    if not found:
        raise ExportError("There is no request in this list.")
    if len(found) > MOST_ROWS:
        raise ExportError(f"The list has more than {MOST_ROWS:,} requests. Narrow it with a filter first.")
    made = Export.objects.create(by=by, reason=reason[:200], columns=" ".join(chosen), rows=len(found))
    History.objects.bulk_create(
        (History(help_request=row, what=History.What.EXPORTED, by=by, detail=f"export {made.pk}") for row in found),
        batch_size=1_000,
    )
    header = [COLUMNS[name].label for name in chosen]
    return "".join(written([header, *([COLUMNS[name].cell(row) for name in chosen] for row in found)]))


def _not_needed(chosen: Sequence[str]) -> list[str]:
    """What is opened is only what goes into the file."""
    sealed = ("name", "email", "phone", "answers", "access_needs", "questions", "next_step")
    return [name for name in sealed if name not in chosen]
