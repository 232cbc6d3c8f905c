"""What somebody should look at next: each group of facts of each current listing that nobody of us looked at within the
time for which a look counts (`doctors.freshness.FRESH`), never looked at first, then oldest first.

Works on any number of listings: the database gives the first rows of each kind and group, and a page of them is merged
here. A place in the queue is the row after which a page starts, so that a page keeps its place while rows leave it.
Marking a row is left to `doctors.keeping.check`.
"""

import datetime
import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from doctors.freshness import FRESH
from doctors.keeping import KINDS, MODELS, Listing
from doctors.models import GROUPS, Center, ListingChange, Specialist
from doctors.states import STATES

PAGE = 50  # rows
KIND_ORDER = tuple(MODELS)
GROUP_ORDER = tuple(GROUPS)


class Spot(NamedTuple):
    """Where a row stands. The groups of one listing with one date stand together: one call settles them."""

    looked_on: datetime.date  # date.min: never
    kind: int
    pk: int
    group: int

    def __str__(self) -> str:
        day = "never" if self.looked_on == datetime.date.min else self.looked_on.isoformat()
        return f"{day}_{KIND_ORDER[self.kind]}_{self.pk}_{GROUP_ORDER[self.group]}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str` wrote. None for anything else."""
        try:
            day, kind, pk, group = text.split("_")
            number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else -1
            looked_on = datetime.date.min if day == "never" else datetime.date.fromisoformat(day)
            spot = cls(looked_on, KIND_ORDER.index(kind), number, GROUP_ORDER.index(group))
        except ValueError:
            return None
        return spot if number > 0 else None


@dataclass(frozen=True)
class Wanted:
    """Which rows of the queue: "" is all. `kinds` are those that the person may see."""

    kind: str = ""
    state: str = ""
    group: str = ""
    after: Spot | None = None
    kinds: tuple[str, ...] = KIND_ORDER

    @classmethod
    def read(cls, query: Any, kinds: tuple[str, ...]) -> Self:
        """From the query of an address; a word that we do not know counts as all."""
        kind, state, group = (query.get(name, "") for name in ("kind", "state", "group"))
        return cls(
            kind=kind if kind in kinds else "",
            state=state if state in STATES else "",
            group=group if group in GROUPS else "",
            after=Spot.read(query.get("after", "")),
            kinds=kinds,
        )

    def query(self, **other: Any) -> str:
        """The address's query for these rows, or for others: `query(kind="center")`. Starts with a question mark."""
        new = replace(self, **other)
        named = {"kind": new.kind, "state": new.state, "group": new.group, "after": new.after and str(new.after)}
        return "?" + urlencode({name: value for name, value in named.items() if value})


@dataclass(frozen=True)
class Due:
    """A group of facts to look at. `seen` is the version of the listing that is shown."""

    listing: Listing
    kind: str
    group: str
    spot: Spot
    seen: int

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.listing.pk}-{self.group}"

    @property
    def title(self) -> str:
        return GROUPS[self.group]

    @property
    def place(self) -> Any:
        """Whose phone and website answer: a doctor's program."""
        return self.listing.program if isinstance(self.listing, Specialist) else self.listing

    @property
    def looked(self) -> str:
        day = self.spot.looked_on
        return "never" if day == datetime.date.min else f"{day:%B} {day.day}, {day.year}"


@dataclass(frozen=True)
class Page:
    """`following` is the spot after which the next page starts, None on the last one."""

    rows: list[Due]
    following: Spot | None


def page(wanted: Wanted, *, today: datetime.date | None = None) -> Page:
    """The rows after `wanted.after`. The number of queries does not depend on how many listings there are. Those looked
    at long ago are asked for only if those never looked at do not fill the page."""
    spots: list[Spot] = []
    for never in (True, False):
        if len(spots) <= PAGE:
            spots += islice(heapq.merge(*_sources(wanted, _edge(today), never)), PAGE + 1 - len(spots))
    shown = spots[:PAGE]
    return Page(list(_rows(shown)), shown[-1] if len(spots) > PAGE else None)


def counts(wanted: Wanted, *, today: datetime.date | None = None) -> Counter[tuple[str, str]]:
    """(kind, group) -> how many are due, whatever kind and group are wanted. One query a kind."""
    edge, found = _edge(today), Counter[tuple[str, str]]()
    for kind in wanted.kinds:
        due = {group: Count("pk", filter=_due(kind, group, edge)) for group in MODELS[kind].facts}
        numbers = _current(kind, wanted.state).aggregate(**{f"{group}_due": number for group, number in due.items()})
        found.update({(kind, group): numbers[f"{group}_due"] for group in due})
    return found


def _edge(today: datetime.date | None) -> datetime.date:
    """A look before this day no longer counts."""
    return (today or timezone.localdate()) - FRESH


def _current(kind: str, state: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = MODELS[kind]._default_manager.filter(ended_on__isnull=True)
    if kind == KINDS[Specialist]:
        rows = rows.filter(program__ended_on__isnull=True)
    where = "program__state" if kind == KINDS[Specialist] else "state"
    return rows.filter(**{where: state}) if state else rows


def _due(kind: str, group: str, edge: datetime.date) -> Q:
    """Nobody is asked how to get into a laboratory that sees no patients."""
    on = f"{group}_verified_on"
    due = Q(**{f"{on}__isnull": True}) | Q(**{f"{on}__lt": edge})
    return due & Q(treats_patients=True) if (kind, group) == (KINDS[Center], "access") else due


def _sources(wanted: Wanted, edge: datetime.date, never: bool) -> Iterator[Iterator[Spot]]:
    """The first spots of each kind and group, each in order: those never looked at, or those looked at long ago."""
    for kind in wanted.kinds:
        for group in MODELS[kind].facts:
            if wanted.kind in ("", kind) and wanted.group in ("", group):
                rows = _current(kind, wanted.state).filter(_due(kind, group, edge))
                yield _first(rows, kind, group, never, wanted.after)


def _first(rows: QuerySet[Any], kind: str, group: str, never: bool, after: Spot | None) -> Iterator[Spot]:
    """The two parts are asked for apart: databases disagree on where empty dates come."""
    on, k, g = f"{group}_verified_on", KIND_ORDER.index(kind), GROUP_ORDER.index(group)
    rows = rows.filter(**{f"{on}__isnull": never})
    order = ("pk",) if never else (on, "pk")
    found = rows.filter(_behind(after, on, k, g, never)).order_by(*order).values_list(on, "pk")[: PAGE + 1]
    return (Spot(day or datetime.date.min, k, pk, g) for day, pk in found)


def _behind(after: Spot | None, on: str, kind: int, group: int, never: bool) -> Q:
    """The rows of one source whose spot is greater than `after`, as a condition of the database."""
    if after is None:
        return Q()
    reached = Q(pk__gte=after.pk) if group > after.group else Q(pk__gt=after.pk)
    same_day = reached if kind == after.kind else (Q() if kind > after.kind else Q(pk__in=[]))
    if after.looked_on == datetime.date.min:
        return same_day if never else Q()
    return Q(pk__in=[]) if never else Q(**{f"{on}__gt": after.looked_on}) | (Q(**{on: after.looked_on}) & same_day)


def _rows(spots: list[Spot]) -> Iterator[Due]:
    """The listings of a page: one query a kind, and one for what version of each is shown."""
    listings: dict[tuple[int, int], Listing] = {}
    for k, kind in enumerate(KIND_ORDER):
        rows: QuerySet[Any] = MODELS[kind]._default_manager.all()
        rows = rows.select_related("program") if MODELS[kind] is Specialist else rows
        found = rows.in_bulk([spot.pk for spot in spots if spot.kind == k])
        listings |= {(k, pk): row for pk, row in found.items()}
    seen = _versions(listings)
    for spot in spots:
        if listing := listings.get((spot.kind, spot.pk)):
            kind = KIND_ORDER[spot.kind]
            yield Due(listing, kind, GROUP_ORDER[spot.group], spot, seen.get((kind, listing.slug), 0))


def _versions(listings: dict[tuple[int, int], Listing]) -> dict[tuple[str, str], int]:
    """What `keeping.version` says, for all of them at once."""
    slugs = [listing.slug for listing in listings.values()]
    lines = ListingChange.objects.filter(kind__in=KIND_ORDER, slug__in=slugs).exclude(what="checked").order_by()
    found = lines.values_list("kind", "slug").annotate(last=Max("pk"))
    return {(kind, slug): last for kind, slug, last in found}
