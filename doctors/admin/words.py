"""The history and the looks of a listing in words: which fact, what it was, what it is, who said so."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from doctors.freshness import freshness
from doctors.keeping import MODELS
from doctors.models import GROUPS, Center, Listed, ListingChange, Program
from doctors.models.listed import HOW

NOT_KNOWN = "not known"
_STATES = {"fresh": "", "stale": " (more than 90 days ago)", "old": " (more than 180 days ago)"}
# Columns that hold the number of another listing.
_NUMBERS: dict[str, type[Center] | type[Program]] = {"center_id": Center, "program_id": Program}

Names = dict[tuple[str, int], str]


class Difference(NamedTuple):
    """One fact of one change."""

    label: str
    before: str
    after: str


def names(changes: Iterable[ListingChange]) -> Names:
    """What the numbers in these changes are called today. One query for each kind of listing that is named."""
    found: Names = {}
    for column, model in _NUMBERS.items():
        numbers = {number for change in changes for number in change.fields.get(column, []) if number}
        if numbers:
            found |= {(column, pk): str(row) for pk, row in model._default_manager.in_bulk(list(numbers)).items()}
    return found


def changed(change: ListingChange, called: Names) -> list[Difference]:
    """Each fact of a change. A fact that was empty and is empty, as in a new listing, is left out."""
    pairs = ((name, *pair) for name, pair in change.fields.items())
    lines = [
        (_label(change.kind, name), _value(name, old, called), _value(name, new, called)) for name, old, new in pairs
    ]
    return [Difference(*line) for line in lines if line[1] != line[2]]


def change_words(change: ListingChange) -> str:
    """A change in one line, for a message."""
    facts = ", ".join(f"{label} from “{old}” to “{new}”" for label, old, new in changed(change, names([change])))
    return f"{facts or change.get_what_display()}, by {who(change)}"


def who(change: ListingChange) -> str:
    return change.by.get_username() if change.by else "a file of the product"


def what(change: ListingChange) -> str:
    """For example "Checked by phone: Address, phone and website"; or the bare word."""
    if change.what != ListingChange.What.CHECKED:
        return change.get_what_display()
    return f"Checked {dict(HOW).get(change.how, change.how)}: {GROUPS.get(change.group, change.group)}"


@cache  # the admin finds a column by the function itself
def look_at(group: str) -> Callable[[Any], str]:
    """A column of the admin: when and how we looked at a group of facts, whatever its source says."""

    @admin.display(description=f"{group} checked")
    def look(listing: Listed) -> str:
        on = getattr(listing, f"{group}_verified_on", None)
        how = dict(HOW).get(getattr(listing, f"{group}_verified_how", ""), "")
        if on is None:
            return "Never"
        state = freshness(verified_on=on, verified_how=how, source_checked=None, source="").state
        return f"{on:%b} {on.day}, {on.year}, {how}{_STATES[state]}"

    look.__name__ = f"{group}_last_look"
    return look


def _label(kind: str, column: str) -> str:
    """History outlives columns: one that is gone is called by its old name."""
    name = column.removesuffix("_id") if column in _NUMBERS else column
    try:
        field: Any = MODELS[kind]._meta.get_field(name)
    except FieldDoesNotExist:
        return capfirst(column.replace("_", " "))
    return capfirst(str(field.verbose_name))


def _value(column: str, value: Any, called: Names) -> str:
    if value in (None, ""):
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return called.get((column, value), f"number {value}") if column in _NUMBERS else str(value)
