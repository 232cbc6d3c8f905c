"""The starter data into the database: three CSV files, by slug, as often as you like.

A row that somebody of us has verified since is left alone: the file is older than the phone call.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from doctors import searching
from doctors.models import OFFERS, Audience, Center, Evidence, Program, Specialist
from doctors.states import CODES
from navigator.caching import forget_public_pages
from navigator.search import entries

DATA = Path(__file__).resolve().parent / "data"
CHILDREN_ONLY = {"st-jude"}
STUDY_ONLY = {"nih-nci-mesothelioma"}

_EVIDENCE = {
    "hospital site": Evidence.HOSPITAL,
    "hospital, university, government or press source": Evidence.HOSPITAL,
    "directory plus one other source": Evidence.TWO_SOURCES,
    "directories only": Evidence.DIRECTORIES,
    "single directory source": Evidence.ONE_DIRECTORY,
}
_YES_NO = {"true": True, "false": False, "": None}
_OWN_NAMES = {"center_slug", "program_slug", "offers"}

Row = dict[str, str]
Values = dict[str, Any]
T = TypeVar("T")


class RowError(ValueError):
    """A row that cannot be loaded: says the file, the line and the reason."""


@dataclass
class Counts:
    """What a load did to one kind of row."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0  # verified by us since, so not overwritten


@dataclass
class Load:
    """What a load did, by the name of the kind."""

    centers: Counts = field(default_factory=Counts)
    programs: Counts = field(default_factory=Counts)
    specialists: Counts = field(default_factory=Counts)


@transaction.atomic
def load_directory(folder: Path = DATA) -> Load:
    """Create or update every row of the three files, all or none. Raises RowError, OSError."""
    load = Load()
    for row, where in _rows(folder / "nci_cancer_centers.csv"):
        _store(Center, _center(row, where), load.centers, where)
    centers = {center.slug: center for center in Center.objects.all()}
    for row, where in _rows(folder / "mesothelioma_programs.csv"):
        _store(Program, _program(row, centers, where), load.programs, where)
    programs = {program.slug: program for program in Program.objects.all()}
    for row, where in _rows(folder / "specialists.csv"):
        _store(Specialist, _specialist(row, programs, where), load.specialists, where)
    entries.refresh(searching.NAME)
    forget_public_pages()
    return load


def _rows(path: Path) -> Iterator[tuple[Row, str]]:
    """Each row and where it stands, for the messages."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in (reader := csv.DictReader(lines)):
            yield {key: value or "" for key, value in row.items() if key}, f"{path.name}, line {reader.line_num}"


def _store(model: type[Center] | type[Program] | type[Specialist], values: Values, counts: Counts, where: str) -> None:
    """One row: new, changed, the same, or ours and so left alone."""
    current = model.objects.filter(slug=values["slug"]).first()
    if current is not None and any(getattr(current, f"{group}_verified_on") for group in current.facts):
        counts.kept += 1
        return
    row: Center | Program | Specialist = current or model()
    differs = any(getattr(row, name) != value for name, value in values.items()) if current else True
    if not differs:
        counts.unchanged += 1
        return
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
    except (ValidationError, IntegrityError) as error:
        raise RowError(f"{where}: {values['slug']}: {error}") from error
    if current:
        counts.changed += 1
    else:
        counts.created += 1


def _center(row: Row, where: str) -> Values:
    if row["slug"] in CODES:
        raise RowError(f"{where}: {row['slug']} is the address of a state's page. Choose another slug.")
    audience = Audience.CHILDREN if row["slug"] in CHILDREN_ONLY else Audience.ADULTS
    return _typed(row, where, yes_no=("treats_patients",)) | {"audience": audience}


def _program(row: Row, centers: dict[str, Center], where: str) -> Values:
    values = _typed(row, where, yes_no=("pleural", "peritoneal", "referral_required"))
    offers = [offer for offer in row["offers"].split(";") if offer]
    if unknown := set(offers) - set(OFFERS):
        raise RowError(f"{where}: {row['slug']}: no offer is called {', '.join(sorted(unknown))}.")
    if ("remote_second_opinion" in offers) != bool(row["remote_second_opinion_url"]):
        raise RowError(f"{where}: an offer of remote_second_opinion and its address come together or not at all.")
    values |= dict.fromkeys(OFFERS) | dict.fromkeys(offers, True)
    return values | {
        "center": _known(row["center_slug"], centers, where) if row["center_slug"] else None,
        "evidence": _evidence(row, where),
        "audience": _audience(row["slug"], offers),
    }


def _specialist(row: Row, programs: dict[str, Program], where: str) -> Values:
    program = _known(row["program_slug"], programs, where)
    values = _typed(row, where, yes_no=("pleural", "peritoneal"))
    return values | {"program": program, "evidence": _evidence(row, where)}


def _audience(slug: str, offers: list[str]) -> Audience:
    if slug in STUDY_ONLY:
        return Audience.STUDY
    return Audience.VETERANS if "va_affiliated" in offers or slug.startswith("va-") else Audience.ADULTS


def _typed(row: Row, where: str, *, yes_no: tuple[str, ...]) -> Values:
    """The columns that every file has or that need no other table, as Python values."""
    values: Values = {name: value for name, value in row.items() if name not in _OWN_NAMES}
    try:
        values |= {name: _YES_NO[row[name]] for name in yes_no}
        values |= {name: float(row[name]) for name in ("latitude", "longitude") if name in row}
        values["source_checked"] = date.fromisoformat(row["source_checked"]) if row["source_checked"] else None
    except (KeyError, ValueError) as error:
        raise RowError(f"{where}: {row.get('slug')}: {error!r}") from error
    return values


def _evidence(row: Row, where: str) -> Evidence:
    """The label at the start of the notes, as a field of its own."""
    found = re.match(r"evidence: ([^;]+)", row["notes"])
    label = found.group(1).strip() if found else ""
    if label not in _EVIDENCE:
        raise RowError(f"{where}: {row['slug']}: the notes start with no known evidence label.")
    return _EVIDENCE[label]


def _known(slug: str, table: dict[str, T], where: str) -> T:
    if slug not in table:
        raise RowError(f"{where}: no row has the slug {slug}.")
    return table[slug]
