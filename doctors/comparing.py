"""Places side by side: rows of cells, and in words where they differ.

A cell says no more than the place's own page: what grew old is "out of date", what is not known is to be asked.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join

from doctors import distance, facts, zipcodes
from doctors.facts import Place
from doctors.models import Center, Evidence, Program

NOT_KNOWN = "Not known: ask"
OUT_OF_DATE = "Out of date: ask"

DIFFERENT = "Different"
SAME = "The same"
PARTLY = "Known for some only"
NOWHERE = "Not known for any"

# Facts of three states: the column, and its words.
_STATES = {
    "pleural": "Lining of the lung (pleural)",
    "peritoneal": "Lining of the belly (peritoneal)",
    "surgery": "Surgery",
    "hipec": "HIPEC (heated drugs in the belly)",
    "clinical_trials": "Clinical trials",
    "multidisciplinary_clinic": "Several experts look at a case together",
    "remote_second_opinion": "Opinion from a distance",
    "video_visit": "Visit by video",
    "records_review": "Slides and scans only, without a visit",
    "referral_required": "Referral from your doctor needed",
}


class Cell(NamedTuple):
    """`text` is shown (text or safe HTML); `value` is compared, None where it is not known."""

    text: str
    value: Any = None


class Row(NamedTuple):
    """`verdict` says in words how the cells compare, "" where that is no question."""

    label: str
    cells: list[str]
    verdict: str


def rows(places: Sequence[Place], near: zipcodes.Place | None) -> list[Row]:
    """Everything a family compares, in the order in which it decides. Miles only with a ZIP. No query."""
    made = [_plain("Where", places, lambda place: f"{place.city}, {place.state}")]
    if near:
        made.append(_plain("How far", places, lambda place: _miles(place, near)))
    return [
        *made,
        _plain("Phone", places, _phone),
        _compared("Whom it treats", places, _audience),
        *(_compared(label, places, partial(_state, field=field)) for field, label in _STATES.items()),
        _compared("Languages", places, _languages),
        _compared("NCI label", places, _nci),
        _compared("Kind of source", places, _source),
        _plain("When we checked", places, _checked),
    ]


def verdict(values: Sequence[Any]) -> str:
    """How known values compare. One that is not known is not a difference."""
    known = [value for value in values if value is not None]
    if len(set(known)) > 1:
        return DIFFERENT
    if not known:
        return NOWHERE
    return SAME if len(known) == len(values) else PARTLY


def _plain(label: str, places: Sequence[Place], text: Callable[[Place], str]) -> Row:
    return Row(label, [text(place) for place in places], "")


def _compared(label: str, places: Sequence[Place], cell: Callable[[Place], Cell]) -> Row:
    cells = [cell(place) for place in places]
    return Row(label, [one.text for one in cells], verdict([one.value for one in cells]) if len(cells) > 1 else "")


# --- Cells ----------------------------------------------------------------------------------------------------------


def _miles(place: Place, near: zipcodes.Place) -> str:
    miles = distance.miles(near.latitude, near.longitude, place.latitude, place.longitude)
    return f"About {max(1, round(miles)):,} {'mile' if miles < 1.5 else 'miles'} in a straight line"


def _phone(place: Place) -> str:
    if not place.phone:
        return NOT_KNOWN
    return _aged(place, "phone", facts.phone_link(place))


def _audience(place: Place) -> Cell:
    return Cell(place.get_audience_display(), place.audience)


def _state(place: Place, *, field: str) -> Cell:
    if getattr(place, field, None) is None:
        return Cell(NOT_KNOWN)
    return Cell(_aged(place, field, facts.yes_no(place, field)), facts.trusted(place, field))


def _languages(place: Place) -> Cell:
    if not place.languages:
        return Cell(NOT_KNOWN)
    return Cell(_aged(place, "languages", place.languages), facts.trusted(place, "languages"))


def _aged(place: Place, field: str, text: str) -> str:
    """The text while it is fresh, with a warning while it is stale, and not at all after that."""
    state = place.freshness_of(facts.group_of(place, field)).state
    if state == "old":
        return OUT_OF_DATE
    return format_html("{} (may be out of date)", text) if state == "stale" else text


def _nci(place: Place) -> Cell:
    center = place.center if isinstance(place, Program) else place
    if center is None or center.ended_on:
        return Cell("No NCI-designated center that we know", "")
    label = center.get_designation_display()
    return Cell(label if place is center else f"{label}, as part of {center.name}", center.designation)


def _source(place: Place) -> Cell:
    if isinstance(place, Center):
        return Cell("NCI list of cancer centers: it names no mesothelioma team", "nci")
    return Cell(Evidence(place.evidence).label, place.evidence)


def _checked(place: Place) -> str:
    lines = ((group.title, group.freshness.checked) for group in facts.groups(place).values())
    return format_html_join("", '<span class="line"><strong>{}.</strong> {}</span>', lines)
