"""The only way a listing changes: each verb writes the history in the same transaction, and readers see it at once.

Looks (`<group>_verified_on`, `<group>_verified_how`) are written by `check` alone; every other fact by `save`. Whether
a person may do it is left to the caller. `by=None` is a file of the product; a person is always named.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from doctors import searching
from doctors.models import Center, ListingChange, Program, Report, Specialist
from doctors.models.listed import HOW
from navigator.caching import forget_public_pages
from navigator.search import entries

Listing = Center | Program | Specialist
KINDS: dict[type[Listing], str] = {Center: "center", Program: "program", Specialist: "specialist"}
MODELS: dict[str, type[Listing]] = {kind: model for model, kind in KINDS.items()}


class KeepingError(ValueError):
    """A change of a listing that cannot be: the message says why, for staff."""


class ChangedMeanwhileError(KeepingError):
    """Somebody else changed the listing after it was looked at. `changes` has what they did, newest first."""

    def __init__(self, changes: list[ListingChange]) -> None:
        super().__init__("This listing was changed meanwhile. Look at it again.")
        self.changes = changes


def snapshot(listing: Listing) -> dict[str, Any]:
    """Every fact of a listing by the name of its column, as JSON knows it. Looks at it are not facts."""
    fields = [field for field in listing._meta.concrete_fields if not field.primary_key]
    values = {field.attname: getattr(listing, field.attname) for field in fields}
    return {name: _plain(value) for name, value in values.items() if "_verified_" not in name}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Changed names with the value before and after."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def version(listing: Listing) -> int:
    """A number that grows with each change of the facts: what a form hands back as `seen`. 0 before the first line."""
    return _lines(listing).values_list("pk", flat=True).order_by("-pk").first() or 0


def meanwhile(*, listing: Listing, seen: int) -> list[ListingChange]:
    """What happened to the facts since `seen`, newest first. Holds the listing until the transaction ends, so that
    nothing more happens to it. Raises KeepingError if it was removed."""
    _held(listing)
    return list(_lines(listing).filter(pk__gt=seen).select_related("by").order_by("-pk"))


@transaction.atomic
def save(*, listing: Listing, by: User | None, seen: int | None = None) -> ListingChange | None:
    """Stores a new or changed listing whose fields are clean. None if nothing differs from what is stored.

    Of a stored listing only the changed columns are written, so that a look of the same minute stays. `seen` is the
    version that was changed: raises ChangedMeanwhileError for an older one, KeepingError for a removed listing.
    """
    if listing._state.adding:
        return _add(listing, by)
    stored = _held(listing)
    if seen is not None and (changes := meanwhile(listing=listing, seen=seen)):
        raise ChangedMeanwhileError(changes)
    changed = differences(snapshot(stored), snapshot(listing))
    if not changed:
        return None
    listing.save(update_fields=list(changed))
    change = record(listing, ListingChange.What.CHANGED, by, fields=changed)
    change.save()
    _show(stored, listing)
    return change


def _add(listing: Listing, by: User | None) -> ListingChange:
    listing.save()
    change = record(listing, ListingChange.What.ADDED, by, fields=differences({}, snapshot(listing)))
    change.save()
    _show(listing)
    return change


@transaction.atomic
def check(
    *, listing: Listing, group: str, how: str, by: User, on: datetime.date | None = None, seen: int | None = None
) -> ListingChange:
    """Somebody looked on that day (today) and a group of facts is right. To say the same twice is to say it once.

    Raises KeepingError for a group that the listing does not have, an unknown way, a day to come or a listing that was
    removed; ChangedMeanwhileError if the facts are no longer those of the version `seen`.
    """
    on = on or timezone.localdate()
    if group not in listing.facts or how not in dict(HOW):
        raise KeepingError(f"A {KINDS[type(listing)]} has no {group!r} to check {how!r}.")
    if on > timezone.localdate():
        raise KeepingError("A look cannot be on a day to come.")
    row = _held(listing)
    if seen is not None and (changes := meanwhile(listing=listing, seen=seen)):
        raise ChangedMeanwhileError(changes)
    last = _last_look(row, group)
    same = (getattr(row, f"{group}_verified_on"), getattr(row, f"{group}_verified_how")) == (on, how)
    if same and last and last.by_id == by.pk:
        return last
    for target in (row, listing):
        setattr(target, f"{group}_verified_on", on)
        setattr(target, f"{group}_verified_how", how)
    row.save(update_fields=[f"{group}_verified_on", f"{group}_verified_how"])
    change = record(row, ListingChange.What.CHECKED, by, group=group, how=how)
    change.save()
    _show_look(row)
    return change


@transaction.atomic
def remove(*, listing: Listing, by: User) -> None:
    """Takes a listing away altogether, with its doctors: for one that should never have been there. One that closed
    gets `ended_on`. Raises KeepingError while families' reports about it are open, or programs belong to it."""
    row = _held(listing)
    if reason := why_not_removed(row):
        raise KeepingError(reason)
    if isinstance(row, Program):
        for specialist in row.specialists.all():
            remove(listing=specialist, by=by)
    record(row, ListingChange.What.REMOVED, by, fields=differences({}, snapshot(row))).save()
    row.delete()
    _show(row)


def why_not_removed(listing: Listing) -> str:
    """A sentence for staff; "" for a listing that may be removed."""
    if isinstance(listing, Center) and listing.programs.exists():
        return f"Programs belong to {listing}: move or remove them first."
    reports = Report.objects.filter(state=Report.State.OPEN)
    about = reports.filter(**{KINDS[type(listing)]: listing})
    if isinstance(listing, Program):
        about = about | reports.filter(specialist__program=listing)
    return f"A family's report about {listing} is open: settle or decline it first." if about.exists() else ""


def record(
    listing: Listing,
    what: ListingChange.What,
    by: User | None,
    *,
    fields: Mapping[str, Any] | None = None,
    group: str = "",
    how: str = "",
) -> ListingChange:
    """A line of the history, not yet stored."""
    kind = KINDS[type(listing)]
    return ListingChange(
        kind=kind, slug=listing.slug, what=what, group=group, how=how, fields=dict(fields or {}), by=by
    )


def show_readers() -> None:
    """After the last of many changes in a transaction: public pages and the whole search are made anew."""
    forget_public_pages()
    entries.refresh(searching.NAME)


def _show(*listings: Listing) -> None:
    """The same for one listing, as it was and as it is: at any size of the directory."""
    forget_public_pages()
    searching.show(*listings)


def _show_look(listing: Listing) -> None:
    """A look can put a doctor on the list; the search says nothing else of looks."""
    forget_public_pages()
    if isinstance(listing, Specialist):
        searching.show(listing)


def _held(listing: Listing) -> Listing:
    """As it is stored; nobody else changes it until the transaction ends."""
    row = type(listing)._default_manager.select_for_update().filter(pk=listing.pk).first()
    if row is None:
        raise KeepingError("This listing was removed meanwhile.")
    return row


def _of(listing: Listing) -> Any:
    return ListingChange.objects.filter(kind=KINDS[type(listing)], slug=listing.slug)


def _lines(listing: Listing) -> Any:
    return _of(listing).exclude(what=ListingChange.What.CHECKED)


def _last_look(listing: Listing, group: str) -> ListingChange | None:
    return _of(listing).filter(what=ListingChange.What.CHECKED, group=group).order_by("-pk").first()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
