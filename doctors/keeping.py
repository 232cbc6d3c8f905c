"""The only way a listing changes: each verb writes the history in the same transaction, and readers see it at once."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from doctors import searching
from doctors.models import Center, ListingChange, Program, Specialist
from doctors.models.listed import HOW
from navigator.caching import forget_public_pages
from navigator.search import entries

Listing = Center | Program | Specialist
KINDS: dict[type[Listing], str] = {Center: "center", Program: "program", Specialist: "specialist"}


class KeepingError(ValueError):
    """A change of a listing that cannot be: the message says why, for staff."""


def snapshot(listing: Listing) -> dict[str, Any]:
    """Every fact of a listing by the name of its column, as JSON knows it. Looks at it are not facts."""
    fields = [field for field in listing._meta.concrete_fields if not field.primary_key]
    values = {field.attname: getattr(listing, field.attname) for field in fields}
    return {name: _plain(value) for name, value in values.items() if "_verified_" not in name}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Changed names with the value before and after."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


@transaction.atomic
def save(*, listing: Listing, by: User | None) -> ListingChange | None:
    """Stores a new or changed listing whose fields are clean. None if nothing differs from what is stored."""
    model = type(listing)
    stored = model._default_manager.select_for_update().filter(pk=listing.pk).first() if listing.pk else None
    changed = differences(snapshot(stored) if stored else {}, snapshot(listing))
    if stored and not changed:
        return None
    listing.save()
    change = record(listing, ListingChange.What.CHANGED if stored else ListingChange.What.ADDED, by, fields=changed)
    change.save()
    show_readers()
    return change


@transaction.atomic
def check(*, listing: Listing, group: str, how: str, by: User, on: datetime.date | None = None) -> ListingChange:
    """Somebody looked today and a group of facts is right. Raises KeepingError for a group that the listing does not
    have, or an unknown way."""
    if group not in listing.facts or how not in dict(HOW):
        raise KeepingError(f"A {KINDS[type(listing)]} has no {group!r} to check {how!r}.")
    row = type(listing)._default_manager.select_for_update().get(pk=listing.pk)
    for target in (row, listing):
        setattr(target, f"{group}_verified_on", on or timezone.localdate())
        setattr(target, f"{group}_verified_how", how)
    row.save(update_fields=[f"{group}_verified_on", f"{group}_verified_how"])
    change = record(row, ListingChange.What.CHECKED, by, group=group, how=how)
    change.save()
    show_readers()
    return change


@transaction.atomic
def remove(*, listing: Listing, by: User) -> None:
    """Takes a listing away altogether: for one that should never have been there. One that closed gets `ended_on`."""
    record(listing, ListingChange.What.REMOVED, by, fields=differences({}, snapshot(listing))).save()
    listing.delete()
    show_readers()


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
    """After the last change of a transaction: public pages and the search are made anew."""
    forget_public_pages()
    entries.refresh(searching.NAME)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
