"""The public facts of the directory as files for other people's programs: current centers that treat patients, and
current programs. What each field means is in `open_data_format`.

A group of facts that is old stays in and says so. Left out: laboratories (no family can go there), listings that ended,
doctors, everything of staff and of families, and the addresses of directories (law firms pay for those sites, so we
send nobody there: `evidence` still says so).

TERMS are ours to offer, and the owner's to confirm before the site opens.
"""

import json
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from doctors.keeping import KINDS
from doctors.last_changes import Days, last_changes
from doctors.models import Center, Evidence, Program
from doctors.open_data_format import GROUPS_GIVEN, LISTING, VERSION, Group, columns, of_listing
from navigator.spreadsheets import Cell, written

TERMS = "Free to use, also for business, if you name the source with a link to it and say what you changed."

Place = Center | Program
Record = dict[str, Any]


def as_json() -> str:
    """The whole file: what it is, then one listing a line, centers before programs, each by slug."""
    rows = [json.dumps(record, ensure_ascii=False) for record in records()]
    head = json.dumps(about(len(rows)), ensure_ascii=False)
    return f'{head[:-1]}, "listings": [\n' + ",\n".join(rows) + "\n]}\n"


def as_csv() -> str:
    """The same facts in the same order: a header row, a listing a row, null an empty cell, yes and no as words. No text
    is a formula to a spreadsheet."""
    rows = ([_cell(value) for value in _flat(record)] for record in records())
    return "".join(written(chain([columns()], rows)))


def about(count: int) -> Record:
    """What the JSON file says of itself."""
    return {
        "version": VERSION,
        "generated": timezone.localdate().isoformat(),
        "publisher": settings.SITE_NAME,
        "license": TERMS,
        "license_url": terms_url(),
        "documentation": _absolute(reverse("open-data")),
        "schema": _absolute(reverse("centers-schema")),
        "count": count,
    }


def records() -> Iterator[Record]:
    """Every listing of the files. Three queries. The order is that of the slugs' letters: databases have their own."""
    days = last_changes()
    centers = Center.objects.current().filter(treats_patients=True)
    programs = Program.objects.current().select_related("center")
    by_slug = attrgetter("slug")
    places: Iterator[Place] = chain(sorted(centers, key=by_slug), sorted(programs, key=by_slug))
    return (_record(place, days) for place in places)


def schema() -> Record:
    """The JSON file as a JSON Schema (draft 2020-12)."""
    head = {name: {"type": "integer" if name == "count" else "string"} for name in about(0)}
    listings = {"type": "array", "items": of_listing()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _absolute(reverse("centers-schema")),
        "title": f"Mesothelioma care in the United States, format {VERSION}",
        "type": "object",
        "properties": {**head, "listings": listings},
        "required": [*head, "listings"],
    }


def terms_url() -> str:
    return _absolute(reverse("open-data")) + "#terms"


def _record(place: Place, days: Days) -> Record:
    own = _center(place) if isinstance(place, Center) else _program(place)
    kind = KINDS[type(place)]
    changed = days.get((kind, place.slug))
    listing = {
        "id": _id(place),
        "kind": kind,
        "slug": place.slug,
        "page": _absolute(place.get_absolute_url()),
        "name": place.name,
        "audience": place.audience,
        "changed_on": changed and changed.isoformat(),
        **own,
    }
    ordered = {field.name: listing[field.name] or None for field in LISTING}
    return ordered | {name: _group(place, name, group) for name, group in GROUPS_GIVEN.items()}


def _center(center: Center) -> Record:
    return {
        "organization": center.institution,
        "center_id": None,
        "evidence": "nci",
        "source_url": center.source_url,
    }


def _program(program: Program) -> Record:
    center = program.center
    is_given = center is not None and center.treats_patients and center.ended_on is None
    return {
        "organization": program.hospital,
        "center_id": _id(center) if center and is_given else None,
        "evidence": program.evidence,
        "source_url": program.source_url if program.evidence == Evidence.HOSPITAL else None,
    }


def _id(place: Place) -> str:
    return f"{KINDS[type(place)]}/{place.slug}"


def _group(place: Place, name: str, group: Group) -> Record | None:
    """The facts of one group and the look at them. None for a group that such a listing does not have."""
    if name not in place.facts:
        return None
    looked = getattr(place, f"{name}_verified_on")
    day = looked or (place.source_checked if name in place.sourced_groups else None)
    check = {
        "checked_on": day and day.isoformat(),
        "checked_how": getattr(place, f"{name}_verified_how") if looked else ("source" if day else None),
        "freshness": place.freshness_of(name).state,
    }
    facts = {field.name: getattr(place, field.reads or field.name) for field in group.facts}
    return {name: None if value == "" else value for name, value in facts.items()} | check


def _flat(record: Record) -> Iterator[Any]:
    """The values of a record in the order of `columns`."""
    yield from (record[field.name] for field in LISTING)
    for name, group in GROUPS_GIVEN.items():
        facts = record[name] or {}
        yield from (facts.get(field.name) for field in group.fields)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def _absolute(path: str) -> str:
    return settings.SITE_URL + path
