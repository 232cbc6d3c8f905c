"""The import of a file: first a dry run that shows what would change, then exactly that, or nothing.

One transaction: a problem in one row refuses the whole file. Looks are never imported, users never made. Who may import
is left to the caller; the reading of the rows to `doctors.planning`.
"""

import hashlib
from collections.abc import Generator, Iterator
from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from doctors import keeping, searching
from doctors.columns import KINDS, Kind, Listing
from doctors.models import ImportFile, ListingChange
from doctors.planning import STEP, Change, Plan, Planning, Step, plan
from navigator import copying
from navigator.caching import forget_public_pages

WAITS = timedelta(days=1)  # a file between its dry run and its import
AT_ONCE = 10_000  # listings that are put into the search together: it counts words anew each time
What = ListingChange.What


class ImportRefused(ValueError):
    """The file was not imported, and nothing was changed. `plan` says what stands against it."""

    def __init__(self, message: str, plan: Plan | None = None) -> None:
        super().__init__(message)
        self.plan = plan


@transaction.atomic
def keep_file(*, kind: Kind, content: bytes, by: User) -> ImportFile:
    """Keeps an uploaded file for its import, and forgets those that waited too long."""
    forget_files()
    digest = hashlib.sha256(content).hexdigest()
    return ImportFile.objects.create(kind=kind.name, content=content, digest=digest, by=by)


def forget_files() -> int:
    """Deletes files older than a day, imported or not. How many. Run by `doctors.tasks` too."""
    return ImportFile.objects.filter(at__lt=timezone.now() - WAITS).delete()[0]


def import_file(*, file: ImportFile, outcome: str, by: User) -> Planning:
    """Imports a kept file if it still does what its dry run showed (`outcome`, the digest of that plan).

    Says how far it is. Raises ImportRefused: already imported, damaged, no longer the same outcome, or problems.
    """
    with transaction.atomic():
        held = ImportFile.objects.select_for_update().filter(pk=file.pk).first()
        if held is None:
            raise ImportRefused("This file is no longer kept. Send it again.")
        if held.applied_at:
            raise ImportRefused("This file was imported already. Nothing was done a second time.")
        content = bytes(held.content)
        if hashlib.sha256(content).hexdigest() != file.digest:
            raise ImportRefused("The kept file is damaged. Send it again.")
        done = yield from import_rows(kind=KINDS[held.kind], content=content, by=by, outcome=outcome)
        ImportFile.objects.filter(pk=held.pk).update(applied_at=timezone.now())
    return done


def import_rows(*, kind: Kind, content: bytes, by: User, outcome: str | None = None) -> Planning:
    """Writes every row of a file, with its line of history, or none; with `outcome`, only if that is what it does.
    Raises ImportRefused."""
    try:
        with transaction.atomic():
            made = yield from _awake(plan(kind, content, lock=True))
            if made.problems:
                raise ImportRefused("The file has problems. Nothing was imported.", made)
            if outcome is not None and made.digest != outcome:
                raise ImportRefused(
                    "The directory changed after you looked, so the file would now do something else. Nothing was "
                    "imported. Look again.",
                    made,
                )
            yield from store(made, by)
            _log(made, by)
    except IntegrityError as error:
        raise ImportRefused("Somebody changed the same listings just now. Nothing was imported. Look again.") from error
    return made


def _awake(planning: Planning) -> Planning:
    """A word to the database with each word of progress: it ends a transaction that says nothing for 15 seconds
    (`navigator.settings`)."""
    while True:
        try:
            step = next(planning)
        except StopIteration as end:
            made: Plan = end.value
            return made
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield step


def store(made: Plan, by: User | None) -> Generator[Step, None, None]:
    """Writes a plan without problems, in the caller's transaction: the listings, their history, what readers find.
    `by=None` is a file of the product."""
    total = len(made.changes)
    for changes in (made.added, made.changed):
        written = 0
        while written < len(changes):
            portion = changes[written : written + STEP]
            _write(made.kind, portion, by)
            written += len(portion)
            yield Step("Added" if changes[0].is_new else "Changed", written, len(changes))
    for start in range(0, total, AT_ONCE):
        portion = made.changes[start : start + AT_ONCE]
        searching.show(*(listing for change in portion for listing in _as_was_and_is(change)))
        yield Step("Put into the search", min(start + AT_ONCE, total), total)
    if total:
        forget_public_pages()  # last: whoever publishes meanwhile waits for it


def _write(kind: Kind, changes: list[Change], by: User | None) -> None:
    """All new, or all changed. A changed row is written over by its key: faster than an UPDATE for each column."""
    rows: list[Any] = [change.listing for change in changes]
    if changes[0].is_new:
        copying.add(rows)
    else:
        names = sorted({kind.model._meta.get_field(name).name for change in changes for name in change.fields})
        stored: Any = kind.model._default_manager
        stored.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
    what = What.ADDED if changes[0].is_new else What.CHANGED
    copying.add([keeping.record(change.listing, what, by, fields=change.fields) for change in changes])


def _as_was_and_is(change: Change) -> Iterator[Listing]:
    """A listing that moved is looked for in two places."""
    yield change.listing
    moved = change.fields.keys() & {"state", "program_id"}
    if moved and not change.is_new:
        before = copy(change.listing)
        for name in moved:
            setattr(before, name, change.fields[name][0])
        yield before


def _log(made: Plan, by: User) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(made.kind.model),
        object_repr=f"Import of {made.kind.plural}",
        action_flag=CHANGE,
        change_message=f"{len(made.added):,} added, {len(made.changed):,} changed, {made.unchanged:,} unchanged",
    )
