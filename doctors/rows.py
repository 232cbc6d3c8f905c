"""One row of a file: its cells as the values of a listing, with everything that is wrong with it; and back again.

Shared by loading, import and export. A cell that says what is stored is not looked at, and a rule about several cells
is asked only where one of them changes: so a file that was exported comes back whatever it holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from doctors import zipcodes
from doctors.cells import CellError, shown
from doctors.columns import OFFER_LISTS, Kind, Listing
from doctors.distance import miles
from doctors.models import OFFERS, Audience, Center, Evidence, Program, Specialist
from doctors.models.listed import LONGITUDES, US_LATITUDES
from doctors.states import CODES, STATES
from navigator.spreadsheets import MARK, plain_text

FAR = 60.0  # miles from the point of the ZIP code: the starter data lies within 5, a swapped pair far beyond
# Where the ZIP's own point may be that far off: large areas of Alaska, and ZIP codes placed at a neighbor's point.
FAR_ROUGHLY = 150.0

EVIDENCE_LABELS = {
    "hospital site": Evidence.HOSPITAL,
    "hospital, university, government or press source": Evidence.HOSPITAL,
    "directory plus one other source": Evidence.TWO_SOURCES,
    "directories only": Evidence.DIRECTORIES,
    "single directory source": Evidence.ONE_DIRECTORY,
}
_EVIDENCE = re.compile(r"evidence: ([^;]+)")

# Whom these rows of the starter data treat: they have no column for it.
_STARTER_AUDIENCES = {"st-jude": Audience.CHILDREN, "nih-nci-mesothelioma": Audience.STUDY}

Values = dict[str, Any]
Get = Callable[[str], Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one column of a row, and what to write instead."""

    column: str
    message: str


@dataclass
class Reading:
    """A row, read: the values that differ from what is stored (all of them for a new listing), and its faults."""

    values: Values = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read(kind: Kind, row: Mapping[str, str], *, stored: Any | None, known: Mapping[str, int]) -> Reading:
    """`row` has a text for each column of the file; what the file leaves out stays as it is. `stored` is the listing
    with this slug, if there is one; `known` the keys of the listings that the relation may name, by slug."""
    reading, lists = Reading(), {}
    for name, text in row.items():
        column = kind.columns[name]
        if text[:1] == MARK:
            text = plain_text(text)
        if not text and column.may_be_blank if stored is None else text == column.write(stored):
            continue
        try:
            value = column.read(text)
        except CellError as error:
            reading.faults.append(Fault(name, str(error)))
            continue
        if name in OFFER_LISTS:
            lists[name] = value
        elif name == kind.relation:
            _relate(reading, name, column.fields[0], value, known)
        else:
            reading.values[column.fields[0]] = value
    _offer(reading, row, lists, stored)
    _evidence(reading, kind, row, stored)
    if stored is not None:
        reading.values = {name: value for name, value in reading.values.items() if getattr(stored, name) != value}
    elif "audience" in kind.columns and "audience" not in row:
        reading.values["audience"] = usual_audience(row.get("slug", ""), reading.values)
    _ask_rules(reading, kind, stored)
    return reading


def cells_of(kind: Kind, listing: Listing, names: list[str]) -> list[str | float]:
    """The cells of a listing in the columns `names`."""
    return [kind.columns[name].write(listing) for name in names]


def usual_audience(slug: str, values: Values) -> Audience:
    """Whom a new place treats where its file does not say."""
    if slug in _STARTER_AUDIENCES:
        return _STARTER_AUDIENCES[slug]
    return Audience.VETERANS if values.get("va_affiliated") or slug.startswith("va-") else Audience.ADULTS


def _relate(reading: Reading, column: str, name: str, slug: str, known: Mapping[str, int]) -> None:
    if slug and slug not in known:
        what = column.removesuffix("_slug")
        reading.faults.append(Fault(column, f"No {what} has the slug {shown(slug)}. Write one that is listed."))
    else:
        reading.values[name] = known[slug] if slug else None


def _offer(reading: Reading, row: Mapping[str, str], lists: dict[str, list[str]], stored: Any | None) -> None:
    """Two lists into ten columns. An offer in no list is not known; a list that the file leaves out stays as it is."""
    if not lists or any(fault.column in OFFER_LISTS for fault in reading.faults):
        return
    before = {offer: getattr(stored, offer, None) for offer in OFFERS}
    said = {
        name: lists.get(name, [offer for offer in OFFERS if before[offer] is state])
        for name, state in OFFER_LISTS.items()
    }
    if both := [offer for offer in said["offers"] if offer in said["not_offered"]]:
        if len(lists) == 2 or all(name in row for name in OFFER_LISTS):
            message = f"{shown(both[0])} also stands under offers. Take it out of one of the two."
            reading.faults.append(Fault("not_offered", message))
            return
        other = next(name for name in OFFER_LISTS if name not in lists)
        said[other] = [offer for offer in said[other] if offer not in both]
    reading.values |= (
        dict.fromkeys(OFFERS) | dict.fromkeys(said["offers"], True) | dict.fromkeys(said["not_offered"], False)
    )


def _evidence(reading: Reading, kind: Kind, row: Mapping[str, str], stored: Any | None) -> None:
    """The word of its own column; where that is blank or left out, the label at the start of the notes."""
    if "evidence" not in kind.columns or row.get("evidence", "").strip():
        return
    blank = "evidence" in row
    reading.values.pop("evidence", None)
    if stored is not None and not blank and "notes" not in reading.values:
        return
    if any(fault.column == "notes" for fault in reading.faults):
        return
    notes: str = reading.values.get("notes", getattr(stored, "notes", ""))
    found = _EVIDENCE.match(notes)
    label = found.group(1).strip() if found else ""
    if label in EVIDENCE_LABELS:
        reading.values["evidence"] = EVIDENCE_LABELS[label]
    elif stored is None or blank or label:
        where = "evidence" if "evidence" in row else "notes"
        words = f"Write one of {', '.join(Evidence.values)} in the column evidence"
        message = f"What kind of source stands behind it? {words}, or let the notes start with an evidence label."
        reading.faults.append(Fault(where, message))


# Rules about several cells. Each is asked only where one of its columns changes, and none of them has a fault yet.


def _ask_rules(reading: Reading, kind: Kind, stored: Any | None) -> None:
    def get(name: str) -> Any:
        if name in reading.values:
            return reading.values[name]
        return getattr(stored, name) if stored is not None else kind.defaults[name]

    wrong = {name for fault in reading.faults for name in kind.columns[fault.column].fields}
    for fields, rule in _RULES[kind.model]:
        if wrong.isdisjoint(fields) and not reading.values.keys().isdisjoint(fields):
            fault = rule(get)
            if fault:
                reading.faults.append(fault)
                wrong |= set(kind.columns[fault.column].fields)


def _no_state(get: Get) -> Fault | None:
    if get("slug") in CODES:
        return Fault("slug", f"{get('slug')} is the address of a state's page. Choose another slug.")
    return None


def _laboratory(get: Get) -> Fault | None:
    if get("designation") == "basic_laboratory" and get("treats_patients"):
        return Fault("treats_patients", "A basic laboratory treats nobody. Write false, or correct the designation.")
    return None


def _zip_in_state(get: Get) -> Fault | None:
    if zipcodes.is_military(get("zip")):
        return Fault("zip", f"{get('zip')} is a military ZIP code, which has no place. Write the one of the street.")
    place = zipcodes.locate(get("zip"))
    if place is None:
        return Fault("zip", f"No ZIP code starts with {get('zip')[:3]}. Write the one of the street.")
    if place.state != get("state"):
        right = STATES[place.state].name
        return Fault(
            "zip", f"{get('zip')} lies in {right}, not in {STATES[get('state')].name}. Correct one of the two."
        )
    return None


def _point(get: Get) -> Fault | None:
    latitude, longitude = get("latitude"), get("longitude")
    if not _on_the_map(latitude) and _on_the_map(longitude):
        return Fault("latitude", "Latitude and longitude are swapped. Write the one between 13 and 72 here.")
    if not _on_the_map(latitude):
        return Fault("latitude", f"{latitude} is not in the United States. Write a number from 13 to 72.")
    if not LONGITUDES[0] <= longitude <= LONGITUDES[1]:
        return Fault("longitude", f"{longitude} is no longitude. Write a number from -180 to 180.")
    place = zipcodes.locate(get("zip"))
    if place is None:
        return None
    if longitude > 0 > place.longitude:
        return Fault("longitude", f"The minus sign is missing: the place lies in the west. Write {-longitude}.")
    far = miles(latitude, longitude, place.latitude, place.longitude)
    if far > (FAR if place.exact and place.state != "AK" else FAR_ROUGHLY):
        return Fault(
            "latitude",
            f"This point lies {far:,.0f} miles from ZIP code {place.zip}. Correct the point or the ZIP code.",
        )
    return None


def _on_the_map(latitude: float) -> bool:
    return US_LATITUDES[0] <= latitude <= US_LATITUDES[1]


def _remote_address(get: Get) -> Fault | None:
    if get("remote_second_opinion_url") and get("remote_second_opinion") is not True:
        message = "This address needs remote_second_opinion under offers. Add it there, or leave this blank."
        return Fault("remote_second_opinion_url", message)
    return None


def _end(get: Get) -> Fault | None:
    if get("ended_on") and not get("ended_note"):
        return Fault("ended_note", "Readers of its page are told why it ended. Write a note, or leave ended_on blank.")
    if get("ended_note") and not get("ended_on"):
        return Fault("ended_on", "A note on the end needs its day. Write it as 2026-09-23, or leave ended_note blank.")
    return None


Rules = list[tuple[tuple[str, ...], Callable[[Get], Fault | None]]]
_PLACE: Rules = [
    (("state", "zip"), _zip_in_state),
    (("latitude", "longitude", "zip"), _point),
    (("ended_on", "ended_note"), _end),
]
_RULES: dict[type[Any], Rules] = {
    Center: [(("slug",), _no_state), (("designation", "treats_patients"), _laboratory), *_PLACE],
    Program: [(("remote_second_opinion", "remote_second_opinion_url"), _remote_address), *_PLACE],
    Specialist: [(("ended_on", "ended_note"), _end)],
}
