"""The columns of the CSV files, kind by kind: how a cell becomes a value, and a value a cell.

The names and their order are those of the starter data (`doctors/data/`), then the facts that came later. A file may
leave out every column but the required ones. Who looked at a listing is no column: a look is made, never imported.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db import models

from doctors import cells
from doctors.models import OFFERS, Center, Evidence, Program, Specialist

Listing = Center | Program | Specialist

_ADDRESS = ("street", "city", "state", "zip")
_POINT = ("latitude", "longitude")
_SOURCE = ("source_checked", "notes")
_ACCESS = ("second_opinion_url", "records_address", "video_visit", "records_review", "languages", "travel_url")
_END = ("ended_on", "ended_note")

_NAMES: dict[type[Listing], tuple[str, ...]] = {
    Center: (
        "slug", "name", "institution", "designation", "treats_patients", *_ADDRESS, "phone", "website", *_POINT,
        "source_url", *_SOURCE, "audience", "hours", "referral_required", *_ACCESS, *_END,
    ),
    Program: (
        "slug", "name", "center_slug", "hospital", *_ADDRESS, *_POINT, "phone", "website", "pleural", "peritoneal",
        "offers", "referral_required", "remote_second_opinion_url", "source_url", "second_source_url", *_SOURCE,
        "not_offered", "audience", "evidence", "hours", *_ACCESS, *_END,
    ),
    Specialist: (
        "slug", "full_name", "credentials", "specialty", "program_slug", "pleural", "peritoneal", "source_url",
        "second_source_url", *_SOURCE, "evidence", *_END,
    ),
}  # fmt: skip
REQUIRED = {
    "slug", "name", "institution", "designation", "treats_patients", "city", "state", "zip", *_POINT, "hospital",
    "full_name", "specialty", "program_slug",
}  # fmt: skip
REMEMBERED = 64  # characters of a cell
# What stands for a relation: the column, and the relation whose slug it holds.
_RELATIONS = {"center_slug": "center", "program_slug": "program"}
# Two columns for the ten offers: those that are known to be there, and those that are known not to be.
OFFER_LISTS: dict[str, bool] = {"offers": True, "not_offered": False}
_OWN_READERS: dict[str, cells.Reader] = {
    "slug": cells.slug,
    "state": cells.state,
    "zip": cells.zip_code,
    "phone": cells.phone,
    "source_checked": cells.past_day,
    "evidence": cells.word_of(Evidence.values, required=False),  # blank: the label in the notes says it
}


@dataclass(frozen=True)
class Column:
    """One column: `fields` are the columns of the table that it fills; `write` gives the cell of a listing. Where it
    `may_be_blank`, a blank cell of a new listing says no more than a column that is left out."""

    name: str
    fields: tuple[str, ...]
    read: cells.Reader
    write: Callable[[Any], str | float]
    may_be_blank: bool = True


@dataclass(frozen=True)
class Kind:
    """One kind of listing and its file. `relation` is the column that names another listing by its slug."""

    name: str
    plural: str
    model: type[Listing]
    columns: dict[str, Column]
    defaults: dict[str, Any]  # what a new listing has in the columns of the table that a file leaves out
    relation: str

    @property
    def required(self) -> list[str]:
        return [name for name in self.columns if name in REQUIRED]

    @property
    def parent(self) -> type[Listing]:
        """The model that `relation` leads to."""
        return Center if self.relation == "center_slug" else Program


def _column(model: type[Listing], name: str) -> Column:
    if name in _RELATIONS:
        return _relation(model, name)
    if name in OFFER_LISTS:
        return Column(name, tuple(OFFERS), _tidied(cells.words_of(OFFERS)), _offers(OFFER_LISTS[name]))
    field = cast("models.Field[Any, Any]", model._meta.get_field(name))
    reader = _OWN_READERS.get(name) or _reader(field)
    lines, blank = isinstance(field, models.TextField), field.blank or name == "evidence"
    return Column(name, (name,), _tidied(reader, lines=lines), _writer(name), blank)


def _tidied(read: cells.Reader, *, lines: bool = False) -> cells.Reader:
    """Reads what is left of a cell without what nobody sees. Most cells of a long file say what one before them said:
    short ones are remembered, refusals are not."""

    def fresh(text: str) -> Any:
        return read(cells.tidy(text, lines=lines))

    known = lru_cache(maxsize=500)(fresh)
    return lambda text: known(text) if len(text) < REMEMBERED else fresh(text)


def _relation(model: type[Listing], name: str) -> Column:
    relation = _RELATIONS[name]
    required = not model._meta.get_field(relation).null

    def read(text: str) -> str:
        if required and not text:
            raise cells.CellError("This cannot be blank. Write the slug of the program.")
        return text

    def write(listing: Any) -> str:
        other = getattr(listing, relation)
        return other.slug if other else ""

    return Column(name, (f"{relation}_id",), _tidied(read), write, not required)


def _reader(field: "models.Field[Any, Any]") -> cells.Reader:
    """By the kind of the column in the table."""
    if field.choices:
        return cells.word_of(_words(field.model, field.name))
    if isinstance(field, models.BooleanField):
        return cells.yes_no if field.null else cells.yes_or_no
    if isinstance(field, models.FloatField):
        return cells.degrees
    if isinstance(field, models.DateField):
        return cells.day
    if isinstance(field, models.URLField):
        return cells.web_address(field.max_length or cells.LONGEST)
    return cells.line_of(field.max_length or cells.LONGEST, required=not field.blank)


def _words(model: type[Any], name: str) -> Iterable[str]:
    return [str(word) for word, _ in model._meta.get_field(name).choices]


def _writer(name: str) -> Callable[[Any], str | float]:
    if name == "phone":
        return lambda listing: str(
            listing.phone_text
        )  # as Americans write it: +1312… would be a number to a spreadsheet
    return lambda listing: _cell(getattr(listing, name))


def _cell(value: Any) -> str | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else cast("str | float", value)


def _offers(state: bool) -> Callable[[Any], str]:
    return lambda listing: ";".join(offer for offer in OFFERS if getattr(listing, offer) is state)


def _kind(name: str, model: type[Listing]) -> Kind:
    columns = {column: _column(model, column) for column in _NAMES[model]}
    defaults = {field.attname: field.get_default() for field in model._meta.concrete_fields}
    return Kind(
        name, f"{name}s", model, columns, defaults, next((column for column in columns if column in _RELATIONS), "")
    )


KINDS: dict[str, Kind] = {
    "center": _kind("center", Center),
    "program": _kind("program", Program),
    "specialist": _kind("specialist", Specialist),
}
KIND_OF: dict[type[Any], Kind] = {kind.model: kind for kind in KINDS.values()}
