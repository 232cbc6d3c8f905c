"""What a file would do to the directory: every new, changed and refused row, before anything is written.

Reads the database with the same few queries at any number of rows (on SQLite in portions, which it needs). Long files
take seconds, so the plan is made by a generator that says how far it is.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from doctors.cells import CellError, tidy
from doctors.columns import Kind, Listing
from doctors.rows import Values, read
from navigator.spreadsheets import SpreadsheetError, plain_text, records, text_of

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
STEP = 500  # rows between two words of progress


@dataclass(frozen=True)
class Problem:
    """Why a row is refused: `line` of the file, from 1, the listing's slug, the column, and what to write instead."""

    line: int
    slug: str
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.slug}" if self.slug else f"line {self.line}"
        return f"{where}, column {self.column}: {self.message}" if self.column else f"{where}: {self.message}"


@dataclass(frozen=True)
class Change:
    """A listing as it would be, not yet stored. `fields` has each column of the table with its value before and after;
    of a new listing those that are known."""

    listing: Listing
    fields: dict[str, list[Any]]
    is_new: bool


@dataclass
class Plan:
    """All that a file would do. With a problem it does nothing."""

    kind: Kind
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    @property
    def added(self) -> list[Change]:
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if not change.is_new]

    @property
    def digest(self) -> str:
        """SHA-256 of the outcome: equal where the same file does the same."""
        told = [[change.listing.slug, change.is_new, change.fields] for change in self.changes]
        whole = [self.kind.name, told, self.unchanged, [str(problem) for problem in self.problems]]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Step:
    """A word of progress: what is being done, and how far it is."""

    doing: str
    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.doing}: {self.done:,} of {self.total:,} rows"


@dataclass(frozen=True)
class Line:
    """A row of the file: its cells by column."""

    number: int
    slug: str
    cells: dict[str, str]


# What a load leaves alone: gets the stored listing and the values of its row, gives those that are to be written.
Settle = Callable[[Any, Values], Values]
Planning = Generator[Step, None, Plan]


def plan(kind: Kind, content: bytes, *, lock: bool = False, settle: Settle | None = None) -> Planning:
    """Reads the whole file, and every problem in it. With `lock`, nobody else changes its listings until the caller's
    transaction ends."""
    made = Plan(kind)
    lines = _lines(kind, content, made.problems)
    stored = _stored(kind, [line.slug for line in lines], lock)
    known = _known(kind, lines)
    for number, line in enumerate(lines, 1):
        _take(made, line, stored.get(line.slug), known, settle)
        if number % STEP == 0 or number == len(lines):
            yield Step("Checked", number, len(lines))
    made.problems.sort(key=lambda problem: problem.line)
    return made


def finish(planning: Generator[Any, None, Plan]) -> Plan:
    """The plan, without its words of progress."""
    while True:
        try:
            next(planning)
        except StopIteration as end:
            found: Plan = end.value
            return found


def _take(made: Plan, line: Line, stored: Any | None, known: dict[str, int], settle: Settle | None) -> None:
    reading = read(made.kind, line.cells, stored=stored, known=known)
    made.problems += [Problem(line.number, line.slug, fault.column, fault.message) for fault in reading.faults]
    if reading.faults:
        return
    if stored is None:
        told = {name: [None, _plain(value)] for name, value in reading.values.items() if value not in ("", None)}
        made.changes.append(Change(made.kind.model(**reading.values), told, True))
        return
    values = settle(stored, reading.values) if settle else reading.values
    if not values:
        made.unchanged += 1
        return
    fields = {name: [_plain(getattr(stored, name)), _plain(value)] for name, value in values.items()}
    for name, value in values.items():
        setattr(stored, name, value)
    made.changes.append(Change(stored, fields, False))


def _plain(value: Any) -> Any:
    """As JSON knows it: for the history."""
    return value.isoformat() if isinstance(value, datetime.date) else value


# The file as rows.


def _lines(kind: Kind, content: bytes, problems: list[Problem]) -> list[Line]:
    """The rows that can be read; everything else becomes a problem."""
    if len(content) > MOST_BYTES:
        problems.append(Problem(1, "", "", f"The file is larger than {MOST_BYTES // 2**20} MB. Send it in parts."))
        return []
    found: list[Line] = []
    header: list[str] = []
    try:
        for number, row in records(text_of(content)):
            if not header:
                header = [cell.strip() for cell in row]
                if not _heads(kind, header, number, problems):
                    return []
            elif len(found) == MOST_ROWS:
                problems.append(Problem(number, "", "", f"A file has at most {MOST_ROWS:,} rows. Send it in parts."))
                break
            else:
                found.append(_line(header, number, row, problems))
    except SpreadsheetError as error:
        problems.append(Problem(error.line, "", "", str(error)))
    if not header and not problems:
        problems.append(Problem(1, "", "", f"The file is empty. Its first line names the columns: {_names(kind)}."))
    return _once([line for line in found if line.cells], problems)


def _line(header: list[str], number: int, row: list[str], problems: list[Problem]) -> Line:
    """A row with the wrong number of cells has lost its columns: it is named, and not read any further."""
    place = header.index("slug")
    try:
        slug = tidy(plain_text(row[place])) if place < len(row) else ""
    except CellError:
        slug = ""
    if len(row) == len(header):
        return Line(number, slug, dict(zip(header, row, strict=True)))
    given = f"This row has {len(row)} cells, the first line names {len(header)} columns."
    if len(row) > len(header):
        problems.append(Problem(number, slug, header[-1], f"{given} Put text with a comma in it between quotes."))
    else:
        problems.append(Problem(number, slug, header[len(row)], f"{given} Write a comma for each blank cell too."))
    return Line(number, slug, {})


def _heads(kind: Kind, header: list[str], number: int, problems: list[Problem]) -> bool:
    """Whether the columns can be read: each is known, none twice, and none is missing that a listing needs."""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        message = "The columns are not separated by commas. Save the file as “CSV UTF-8 (comma delimited)”."
        problems.append(Problem(number, "", "", message))
        return False
    found = [_head(kind, header, name) for name in dict.fromkeys(header)]
    wrong = [(name, message) for name, message in found if message]
    missing = [(name, "This column is missing, and no listing can do without.") for name in kind.required]
    wrong += [(name, message) for name, message in missing if name not in header]
    problems.extend(Problem(number, "", name[:60], message) for name, message in wrong)
    return not wrong


def _head(kind: Kind, header: list[str], name: str) -> tuple[str, str]:
    if name not in kind.columns:
        return name, _unknown(kind, name)
    return name, "" if header.count(name) == 1 else "This column stands there twice. Take one of them out."


def _unknown(kind: Kind, name: str) -> str:
    if "_verified_" in name:
        return "Who looked and when is no column: a look is made on the page of the listing. Take the column out."
    if near := get_close_matches(name.lower(), kind.columns, n=1, cutoff=0.5):
        return f"There is no such column. Perhaps {near[0]} is meant."
    return f"There is no such column. These are: {_names(kind)}."


def _names(kind: Kind) -> str:
    return ", ".join(kind.columns)


def _once(lines: list[Line], problems: list[Problem]) -> list[Line]:
    """A listing has one row: the first counts, each further one is a problem."""
    first: dict[str, int] = {}
    for line in lines:
        seen = first.setdefault(line.slug, line.number) if line.slug else line.number
        if seen != line.number:
            message = f"Line {seen} has this slug too. Each listing has one row."
            problems.append(Problem(line.number, line.slug, "slug", message))
    return [line for line in lines if not line.slug or first[line.slug] == line.number]


# What is stored.


def _stored(kind: Kind, slugs: Iterable[str], lock: bool) -> dict[str, Any]:
    rows = kind.model._default_manager.all()
    if kind.relation:
        rows = rows.select_related(kind.relation.removesuffix("_slug"))
    if lock:
        rows = rows.order_by("pk").select_for_update(of=("self",))
    return rows.in_bulk(_askable(slugs), field_name="slug")


def _known(kind: Kind, lines: list[Line]) -> dict[str, int]:
    if not kind.relation:
        return {}
    named = {plain_text(line.cells.get(kind.relation, "")).strip() for line in lines}
    found: dict[str, Any] = kind.parent._default_manager.in_bulk(_askable(named), field_name="slug")
    return {slug: row.pk for slug, row in found.items()}


def _askable(slugs: Iterable[str]) -> list[str]:
    """PostgreSQL refuses a question with a NUL in it."""
    return [slug for slug in slugs if slug and "\x00" not in slug]
