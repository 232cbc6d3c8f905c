"""The starter data into the database: three CSV files, by slug, as often as you like.

What we know better is left alone. A group of facts that one of us looked at on or after the day of the row's source
(`source_checked`; always, where that is blank) keeps what it says; so does a fact that a person changed on or after
that day, checked or not, as the history tells. Everything else follows the file. Where a newer source changes a group,
the older look at it is taken away: it was a look at other words.
"""

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from doctors import importing
from doctors.columns import KINDS, Kind
from doctors.models import ListingChange
from doctors.planning import finish, plan
from doctors.rows import Values
from navigator.caching import forget_public_pages

DATA = Path(__file__).resolve().parent / "data"
FILES = {
    "center": "nci_cancer_centers.csv",
    "program": "mesothelioma_programs.csv",
    "specialist": "specialists.csv",
}

# Facts that say one thing together: where one is kept, so are the others.
_TOGETHER = (
    {"street", "city", "state", "zip", "latitude", "longitude"},
    {"designation", "treats_patients"},
    {"remote_second_opinion", "remote_second_opinion_url"},
    {"ended_on", "ended_note"},
)

Days = dict[str, datetime.date]  # a column of the table -> the day since which a person's word stands


class RowError(ValueError):
    """A file that cannot be loaded: says the file, and for each problem the line, the listing and the column."""


@dataclass
class Counts:
    """What a load did to one kind of row."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0  # of these: the file says something else, and our own word stands


@dataclass
class Load:
    """What a load did, by the name of the kind."""

    centers: Counts = field(default_factory=Counts)
    programs: Counts = field(default_factory=Counts)
    specialists: Counts = field(default_factory=Counts)


@transaction.atomic
def load_directory(folder: Path = DATA) -> Load:
    """Create or update every row of the three files, all or none. Raises RowError, OSError."""
    counts = [_load(kind, folder / FILES[name]) for name, kind in KINDS.items()]
    forget_public_pages()
    return Load(*counts)


def _load(kind: Kind, path: Path) -> Counts:
    keeper = Keeper(kind)
    made = finish(plan(kind, path.read_bytes(), lock=True, settle=keeper.settle))
    if made.problems:
        raise RowError("\n".join(f"{path.name}, {problem}" for problem in made.problems))
    for _ in importing.store(made, by=None):
        pass
    return Counts(len(made.added), len(made.changed), made.unchanged, len(keeper.kept))


class Keeper:
    """Decides for each stored listing of one kind what a newer file may change. Reads the history once."""

    def __init__(self, kind: Kind) -> None:
        self.model = kind.model
        self.group_of = {name: group for group, names in kind.model.facts.items() for name in map(self._column, names)}
        self.said = said_by_people(kind.name)
        self.kept: set[str] = set()

    def settle(self, listing: Any, values: Values) -> Values:
        """Those of `values` that the file may write; and the looks that end by it."""
        source: datetime.date | None = values.get("source_checked", listing.source_checked)
        ours = {name for name in values if self._stands(listing, name, source)}
        for facts in _TOGETHER:
            if ours & facts:
                ours |= facts
        if ours & values.keys():
            self.kept.add(listing.slug)
        written = {name: value for name, value in values.items() if name not in ours}
        return written | self._ended_looks(listing, written)

    def _stands(self, listing: Any, name: str, source: datetime.date | None) -> bool:
        group = self.group_of.get(name)
        looked = getattr(listing, f"{group}_verified_on") if group else None
        days = [day for day in (looked, self.said.get(listing.slug, {}).get(name)) if day]
        return bool(days) and (source is None or max(days) >= source)

    def _ended_looks(self, listing: Any, written: Values) -> Values:
        groups = {self.group_of[name] for name in written if name in self.group_of}
        looked = [group for group in groups if getattr(listing, f"{group}_verified_on")]
        return {f"{group}_verified_on": None for group in looked} | {f"{group}_verified_how": "" for group in looked}

    def _column(self, name: str) -> str:
        return str(self.model._meta.get_field(name).attname)  # type: ignore[union-attr]  # a column, no relation back


def said_by_people(kind: str) -> dict[str, Days]:
    """Slug -> the facts whose last change was a person's, with its day. One query."""
    said: dict[str, Days] = {}
    lines = ListingChange.objects.filter(kind=kind, what__in=["added", "changed"]).order_by("at", "pk")
    for slug, fields, at, by in lines.values_list("slug", "fields", "at", "by"):
        days = said.setdefault(slug, {})
        for name in fields:
            days.pop(name, None)
            if by is not None:
                days[name] = timezone.localdate(at)
    return said
