"""A directory of the usual size, read once for a page: the columns that decide a list and that it shows, and no more.

A larger one is not read: it has its centers, which are few everywhere, and says that it is large. Rows are tuples; only
what is shown becomes a model again, without another query.
"""

from collections import namedtuple
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, QuerySet

from doctors.models import OFFERS, Center, Program
from navigator.caching import current_generation

SMALL = 400  # programs: so many are ranked in memory within a few milliseconds
_PLACE = (
    *("id", "slug", "name", "city", "state", "latitude", "longitude", "phone", "audience"),
    *("referral_required", "video_visit", "records_review"),
    *("source_checked", "contact_verified_on", "contact_verified_how"),
)


def _columns(model: type[Program] | type[Center], *names: str) -> tuple[str, ...]:
    """In the order of the model's own, which is how it is made from a row."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in (*_PLACE, *names))


_OF_PROGRAM = _columns(Program, "center_id", "hospital", "evidence", "pleural", "peritoneal", *OFFERS)
_OF_CENTER = _columns(Center, "institution", "designation", "treats_patients", "ended_on")
ProgramRow: Any = namedtuple("ProgramRow", _OF_PROGRAM)  # type: ignore[misc]  # the names are written in OFFERS
CenterRow: Any = namedtuple("CenterRow", _OF_CENTER)  # type: ignore[misc]

Row = Any  # a ProgramRow or a CenterRow


@dataclass(frozen=True)
class Directory:
    """What is listed now. `programs` is empty where it `is_large`; `every_center` has those that ended or treat nobody
    too, because a program may belong to one."""

    programs: list[Row]
    every_center: list[Row]
    is_large: bool

    @cached_property
    def centers(self) -> list[Row]:
        """Those that are listed now and treat patients."""
        return [row for row in self.every_center if row.treats_patients and row.ended_on is None]

    @cached_property
    def unknown_centers(self) -> list[Row]:
        """Those of which we know no program. A query in a large directory."""
        known = _with_programs(self.centers) if self.is_large else {row.center_id for row in self.programs}
        return [row for row in self.centers if row.id not in known]

    @cached_property
    def _by_id(self) -> dict[int, Row]:
        return {row.id: row for row in self.every_center}

    def program(self, row: Row) -> Program:
        """A row as a model, with its center. What a list does not show is not there, and would cost a query."""
        program = Program.from_db(DEFAULT_DB_ALIAS, _OF_PROGRAM, row)
        program.center = self.center(self._by_id[row.center_id]) if row.center_id else None
        return program

    def center(self, row: Row) -> Center:
        return Center.from_db(DEFAULT_DB_ALIAS, _OF_CENTER, row)


def few(rows: QuerySet[Program]) -> list[Row] | None:
    """Them, or None if they are many. One query."""
    found = _made(rows.order_by().values_list(*_OF_PROGRAM)[: SMALL + 1])
    return found if len(found) <= SMALL else None


def by_key(keys: Collection[int]) -> dict[int, Row]:
    """These programs. One query."""
    return {row.id: row for row in _made(Program.objects.filter(pk__in=keys).values_list(*_OF_PROGRAM))}


def _made(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    return list(map(ProgramRow._make, found))


def read() -> Directory:
    """Two queries; one of a large directory."""
    current = Program.objects.current()
    many = Exists(current.order_by().values("pk")[SMALL : SMALL + 1])
    found = list(Center.objects.order_by().annotate(many=many).values_list(*_OF_CENTER, "many"))
    centers: list[Row] = [CenterRow._make(row[:-1]) for row in found]
    rows = None if found and found[0][-1] else few(current)
    return Directory(rows or [], centers, is_large=rows is None)


_kept: dict[int, Directory] = {}  # the generation of the public pages -> what was listed then


def current() -> Directory:
    """What `read` gave, as long as nobody published anything since: every verb that changes a listing says so
    (`navigator.caching`). One query, three after a change; a large directory is never kept."""
    generation = current_generation()
    if generation not in _kept:
        directory = read()
        forget()
        if not directory.is_large:
            _kept[generation] = directory
        return directory
    return _kept[generation]


def forget() -> None:
    """For who changes rows behind the verbs, as tests do."""
    _kept.clear()


def _with_programs(centers: list[Row]) -> set[int]:
    """Asked of each center by the index: the programs are too many to look at."""
    known = Program.objects.current().order_by().values("pk")
    rows = Center.objects.filter(pk__in=[row.id for row in centers])
    found = rows.filter(Exists(known.filter(center=OuterRef("pk"))))
    return set(found.values_list("pk", flat=True))
