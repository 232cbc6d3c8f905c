"""The places that somebody chose, read from an address: `?program=slug&center=slug&zip=60614`.

An address holds places and a ZIP, never an answer about health. It may be old, shared, or made up: what it names and
we do not list is left out, and `said` tells so in sentences.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from doctors import zipcodes
from doctors.facts import Place, day_words
from doctors.models import Center, Program

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LOOKED_AT = 50  # more in one address is not a person's choice


@dataclass(frozen=True)
class Choice:
    """`places` in the order of the address, programs first; `near` is where the ZIP lies; `said` is what the reader is
    told about the rest."""

    places: list[Place]
    zip: str
    near: zipcodes.Place | None
    said: list[str]

    @property
    def query(self) -> str:
        """The places again, for a link to another page that reads them: without the ZIP."""
        kinds = [("program" if isinstance(place, Program) else "center", place.slug) for place in self.places]
        return urlencode(kinds)


def read(query: QueryDict, *, limit: int) -> Choice:
    """The first `limit` places that can be called, each once. Two queries at most; no input is an error."""
    programs, centers = query.getlist("program"), query.getlist("center")
    found = [*_rows(Program, programs), *_rows(Center, centers)]
    open_ = [place for place in found if _sees_patients(place)]
    code = zipcodes.normalise(query.get("zip", "")) or ""
    near = zipcodes.locate(code) if code else None
    said = [
        *_told_of_zip(query.get("zip", ""), code, near),
        *(_told_of_ended(place) for place in found if place not in open_),
        _told_of_twice(len(programs) - len(set(programs)) + len(centers) - len(set(centers))),
        _told_of_unknown(len(set(programs)) + len(set(centers)) - len(found)),
        _told_of_more(len(open_), limit),
    ]
    return Choice(open_[:limit], code if near else "", near, [words for words in said if words])


def _rows(model: type[Center] | type[Program], slugs: Sequence[str]) -> list[Place]:
    """In the order of the address, each once. No query for none."""
    asked = [slug for slug in dict.fromkeys(slugs) if _SLUG.fullmatch(slug)][:_LOOKED_AT]
    if not asked:
        return []
    rows = Program.objects.select_related("center") if model is Program else Center.objects.all()
    by_slug: dict[str, Place] = {row.slug: row for row in rows.filter(slug__in=asked)}
    return [by_slug[slug] for slug in asked if slug in by_slug]


def _sees_patients(place: Place) -> bool:
    return place.ended_on is None and (isinstance(place, Program) or place.treats_patients)


def _told_of_zip(typed: str, code: str, near: zipcodes.Place | None) -> list[str]:
    if not typed.strip():
        return []
    if near is None:
        if code and zipcodes.is_military(code):
            return [f"{code} is a military mail address. It has no place on the map, so there are no miles."]
        return ["We could not find that ZIP code, so there are no miles."]
    return [] if near.exact else [f"We do not know exactly where {code} is, so the miles are approximate."]


def _told_of_ended(place: Place) -> str:
    if place.ended_on:
        return f"{place.name} is left out: it closed or left our list on {day_words(place.ended_on)}."
    return f"{place.name} is left out: it is a research laboratory and does not treat patients."


def _told_of_twice(count: int) -> str:
    return "A place that was chosen twice is shown once." if count else ""


def _told_of_unknown(count: int) -> str:
    if count == 1:
        return "One place is left out: it is not on our list."
    return f"{count} places are left out: they are not on our list." if count else ""


def _told_of_more(count: int, limit: int) -> str:
    return f"You chose {count} places. Here are the first {limit}." if count > limit else ""
