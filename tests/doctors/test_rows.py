"""One row of a file to values and back: every way to break a cell, a row, a rule."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from hypothesis import given
from hypothesis import strategies as st

from doctors.columns import KINDS
from doctors.models import OFFERS, Center, Program
from doctors.rows import Reading, cells_of, read
from tests.doctors.factories import CenterFactory, ProgramFactory, make
from tests.doctors.sheets import CENTER, PROGRAM, SPECIALIST

CENTERS, PROGRAMS, SPECIALISTS = KINDS["center"], KINDS["program"], KINDS["specialist"]
KNOWN = {"lakeside-mesothelioma": 7, "siteman": 3}


def program(stored: Any = None, **cells: str) -> Reading:
    return read(PROGRAMS, {**PROGRAM, **cells}, stored=stored, known=KNOWN)


def only(reading: Reading) -> tuple[str, str]:
    (fault,) = reading.faults
    return fault.column, fault.message


# The column in which it is seen, words of the message, what is written.
BROKEN: dict[str, tuple[str, str, dict[str, str]]] = {
    "no slug": ("slug", "needs a slug", {"slug": ""}),
    "slug with spaces": ("slug", "small letters", {"slug": "Lake Side"}),
    "slug too long": ("slug", "at most 60", {"slug": "a" * 61}),
    "blank name": ("name", "cannot be blank", {"name": " "}),
    "over-long cell": ("hours", "at most 80", {"hours": "x" * 81}),
    "NUL": ("street", "U+0000", {"street": "100\x00 Sample"}),
    "unknown state": ("state", "two letters", {"state": "XX"}),
    "state written out": ("state", "Write IL", {"state": "Illinois"}),
    "ZIP without its zero": ("zip", "Write 02115", {"zip": "2115"}),
    "ZIP of letters": ("zip", "five digits", {"zip": "6O614"}),
    "ZIP of another state": ("zip", "lies in Massachusetts, not in Illinois", {"zip": "02115"}),
    "military ZIP": ("zip", "military", {"zip": "09012"}),
    "no such ZIP": ("zip", "No ZIP code starts with 000", {"zip": "00012"}),
    "latitude of words": ("latitude", "with a point", {"latitude": "41° 55' N"}),
    "swapped point": ("latitude", "swapped", {"latitude": "-87.65", "longitude": "41.92"}),
    "lost minus": ("longitude", "Write -87.65", {"longitude": "87.65"}),
    "outside the country": ("latitude", "from 13 to 72", {"latitude": "4.92"}),
    "far from its ZIP": ("latitude", "miles from ZIP code 60614", {"latitude": "38.64", "longitude": "-90.26"}),
    "bad phone": ("phone", "312-555-0142", {"phone": "555-0142"}),
    "no scheme": ("website", "https:// in front", {"website": "www.lakeside.example"}),
    "no address": ("source_url", "Copy it from the browser", {"source_url": "https://lake side/"}),
    "neither yes nor no": ("pleural", "true or false", {"pleural": "maybe"}),
    "unknown offer": ("offers", "surgery, hipec", {"offers": "surgery;magic"}),
    "offer twice": ("offers", "twice", {"offers": "surgery;radiation;surgery"}),
    "offered and not offered": ("not_offered", "also stands under offers", {"not_offered": "hipec;surgery"}),
    "remote address without the offer": (
        "remote_second_opinion_url", "needs remote_second_opinion",
        {"remote_second_opinion_url": "https://lakeside.example/remote"},
    ),
    "unknown center": ("center_slug", "No center has the slug", {"center_slug": "nowhere"}),
    "unknown audience": ("audience", "adults, children, veterans, study", {"audience": "everybody"}),
    "unknown evidence": ("evidence", "hospital, two_sources", {"evidence": "hearsay"}),
    "another form of day": ("source_checked", "2026-09-23", {"source_checked": "9/23/2026"}),
    "no such day": ("ended_on", "no day of the calendar", {"ended_on": "2026-02-30", "ended_note": "Closed"}),
    "day to come": ("source_checked", "still to come", {"source_checked": "2999-01-01"}),
    "end without a note": ("ended_note", "why it ended", {"ended_on": "2026-09-23"}),
    "note without an end": ("ended_on", "needs its day", {"ended_note": "The clinic closed."}),
}  # fmt: skip


@pytest.mark.parametrize("way", BROKEN)
def test_each_broken_row_has_one_fault_in_its_column(way: str) -> None:
    column, words, cells = BROKEN[way]
    found, message = only(program(**cells))
    assert found == column
    assert words in message


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"slug": "new-york"}, "slug", "state's page"),
        ({"designation": "basic_laboratory"}, "treats_patients", "treats nobody"),
        ({"designation": "excellent"}, "designation", "comprehensive, clinical"),
        ({"treats_patients": ""}, "treats_patients", "cannot be blank"),
        ({"institution": ""}, "institution", "cannot be blank"),
        ({"longitude": ""}, "longitude", "cannot be blank"),
        ({"longitude": "-200"}, "longitude", "from -180 to 180"),
        ({"latitude": "nan"}, "latitude", "with a point"),
        ({"latitude": "1e1"}, "latitude", "with a point"),
        ({"latitude": "٤١.٩"}, "latitude", "with a point"),
        ({"zip": "६०६१४"}, "zip", "five digits"),
        ({"name": "\u200b\u202e"}, "name", "cannot be blank"),
        ({"name": "Lake\x07side"}, "name", "U+0007"),
        ({"name": "x" * 10_000}, "name", "at most 120"),
        ({"notes": "x" * 10_000}, "notes", "at most 5,000"),
        ({"website": "javascript:alert(1)"}, "website", "https:// in front"),
        ({"website": "https://user@/"}, "website", "browser"),
        ({"website": "https://[::1/"}, "website", "browser"),
        ({"website": "https://" + "x" * 10_000}, "website", "browser"),
        ({"phone": "312-555-0142 ext. 7"}, "phone", "no extension"),
        ({"phone": "112-555-0142"}, "phone", "ten digits"),
        ({"phone": "+44 20 7946 0958"}, "phone", "US number"),
        ({"source_checked": "20260923"}, "source_checked", "2026-09-23"),
        ({"source_checked": "2026-W39-3"}, "source_checked", "2026-09-23"),
    ],
)
def test_hostile_cells_of_a_center(cells: dict[str, str], column: str, words: str) -> None:
    found, message = only(read(CENTERS, {**CENTER, **cells}, stored=None, known={}))
    assert found == column
    assert words in message
    assert len(message) < 300


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"specialty": "wizardry"}, "specialty"),
        ({"program_slug": "x"}, "program_slug"),
        ({"program_slug": ""}, "program_slug"),
    ],
)
def test_cells_of_a_specialist(cells: dict[str, str], column: str) -> None:
    assert only(read(SPECIALISTS, {**SPECIALIST, **cells}, stored=None, known=KNOWN))[0] == column


@given(st.from_regex(r"https?://([a-zA-Z0-9.-]{1,70}\.)?[a-zA-Z0-9-]{1,10}", fullmatch=True))
def test_addresses_of_hosts_are_those_that_django_takes(address: str) -> None:
    taken = read(CENTERS, {"website": address}, stored=Center(), known={}).faults == []
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        assert not taken
    else:
        assert taken


def test_every_fault_of_a_row_is_named_at_once() -> None:
    found = program(name="", phone="12", offers="magic", audience="x", latitude="north").faults
    assert {fault.column for fault in found} == {"name", "phone", "offers", "audience", "latitude"}


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("312-555-0142", "+13125550142"),
        ("(312) 555-0142", "+13125550142"),
        ("+1 312.555.0142", "+13125550142"),
        ("13125550142", "+13125550142"),
        ("312–555–0142", "+13125550142"),
        ("'+13125550142", "+13125550142"),
    ],
)
def test_a_phone_in_any_usual_spelling(cell: str, stored: str) -> None:
    assert program(phone=cell).values["phone"] == stored


def test_cells_that_a_spreadsheet_changed_are_still_read() -> None:
    values = program(pleural="TRUE", zip="60614-1234", longitude="-87.650", audience="Adults", state="il").values
    assert (values["pleural"], values["zip"], values["longitude"]) == (True, "60614", -87.65)
    assert (values["audience"], values["state"]) == ("adults", "IL")


def test_what_nobody_sees_is_taken_out() -> None:
    assert program(hospital=" Lake\u200bside \u202e  Hospital ").values["hospital"] == "Lakeside Hospital"
    assert program(records_address="Records\r\n1 Main Street").values["records_address"] == "Records\n1 Main Street"


def test_offers_are_yes_no_or_unknown() -> None:
    values = program(offers="surgery", not_offered="hipec").values
    assert [offer for offer in OFFERS if values[offer]] == ["surgery"]
    assert [offer for offer in OFFERS if values[offer] is False] == ["hipec"]
    assert values["radiation"] is None


def test_a_list_of_offers_that_is_left_out_stays_as_it_is() -> None:
    stored = Program(surgery=True, hipec=False, radiation=False)
    assert read(PROGRAMS, {"offers": "hipec"}, stored=stored, known={}).values == {"surgery": None, "hipec": True}
    assert read(PROGRAMS, {"not_offered": ""}, stored=stored, known={}).values == {"hipec": None, "radiation": None}
    assert read(PROGRAMS, {"offers": "surgery"}, stored=stored, known={}).values == {}
    both = read(PROGRAMS, {"offers": "surgery;hipec", "not_offered": "hipec;radiation"}, stored=stored, known={})
    assert only(both)[0] == "not_offered"


@pytest.mark.parametrize(
    ("evidence", "notes", "found"),
    [
        (None, "evidence: directories only; x", "directories"),
        ("", "evidence: single directory source", "one_directory"),
        ("hospital", "evidence: directories only", "hospital"),
        ("TWO_SOURCES", "", "two_sources"),
    ],
)
def test_evidence_is_its_word_or_the_label_of_the_notes(evidence: str | None, notes: str, found: str) -> None:
    row = {**PROGRAM, "notes": notes, "evidence": evidence or ""}
    if evidence is None:
        del row["evidence"]
    assert read(PROGRAMS, row, stored=None, known={}).values["evidence"] == found


def test_evidence_of_a_new_listing_must_be_somewhere() -> None:
    row = {name: cell for name, cell in PROGRAM.items() if name != "evidence"}
    assert only(read(PROGRAMS, {**row, "notes": "no label"}, stored=None, known={}))[0] == "notes"
    assert only(program(evidence="", notes="evidence: a friend"))[0] == "evidence"


def test_evidence_that_is_stored_stays_while_the_file_says_nothing_new() -> None:
    stored = Program(evidence="hospital", notes="evidence: directories only")
    assert read(PROGRAMS, {"notes": "evidence: directories only"}, stored=stored, known={}).values == {}
    word = {"evidence": "hospital", "notes": "evidence: single directory source"}
    assert set(read(PROGRAMS, word, stored=stored, known={}).values) == {"notes"}


@pytest.mark.parametrize(
    ("slug", "offers", "whom"),
    [("va-x", "", "veterans"), ("x", "va_affiliated", "veterans"), ("x", "", "adults"), ("st-jude", "", "children")],
)
def test_whom_a_new_place_treats_where_no_column_says(slug: str, offers: str, whom: str) -> None:
    row = {name: cell for name, cell in PROGRAM.items() if name != "audience"}
    row |= {"slug": slug, "offers": offers}
    assert read(PROGRAMS, row, stored=None, known={}).values["audience"] == whom
    assert "audience" not in read(PROGRAMS, row, stored=Program(audience="study"), known={}).values


def test_a_blank_cell_takes_a_fact_away_and_a_missing_column_does_not() -> None:
    stored = Program(hours="Mornings", languages="Spanish", video_visit=False)
    found = read(PROGRAMS, {"hours": "", "video_visit": ""}, stored=stored, known={}).values
    assert found == {"hours": "", "video_visit": None}


@pytest.mark.django_db
def test_a_stored_listing_comes_back_whatever_it_holds() -> None:
    """Older than the rules: the point is far away, the slug has an underscore, the text has two spaces and a sign."""
    hours = "  =two  spaces\u200b"
    row = make(
        ProgramFactory,
        slug="old_Slug",
        latitude=60.0,
        hours=hours,
        notes="-a\r\nb\x07",
        ended_note="",
        offers=["hipec"],
    )
    names = list(PROGRAMS.columns)
    cells = {name: str(cell) for name, cell in zip(names, cells_of(PROGRAMS, row, names), strict=True)}
    reading = read(PROGRAMS, cells, stored=row, known={})
    assert (reading.values, reading.faults) == ({}, [])


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{}, {"latitude": "60.0"}])
def test_a_rule_is_asked_only_where_its_columns_change(change: dict[str, str]) -> None:
    row = make(ProgramFactory, latitude=61.0)
    reading = read(PROGRAMS, {"hours": "Mornings", **change}, stored=row, known={})
    assert [fault.column for fault in reading.faults] == (["latitude"] if change else [])


@pytest.mark.django_db
def test_what_is_accepted_fits_the_database_and_the_forms() -> None:
    """The rules here and those of the models are written twice, for speed: they must agree."""
    make(CenterFactory, slug="siteman")
    known = {"siteman": Center.objects.get().pk, "lakeside-mesothelioma": 0}
    full = {"center_slug": "siteman", "offers": ";".join(OFFERS), "not_offered": "", "ended_on": "2026-09-23"}
    full |= {"remote_second_opinion_url": "https://a.example/é?x=1#y", "ended_note": "x" * 200, "hours": "x" * 80}
    for row in (PROGRAM, {**PROGRAM, **full}):
        reading = read(PROGRAMS, row, stored=None, known=known)
        assert reading.faults == []
        Program(**reading.values).full_clean()
    reading = read(CENTERS, {**CENTER, "slug": "other", "languages": "x" * 200}, stored=None, known={})
    Center(**reading.values).full_clean()


def test_dates_are_dates() -> None:
    assert program().values["source_checked"] == date(2026, 9, 23)


def test_alaska_may_lie_farther_from_its_zip() -> None:
    near = {"state": "AK", "zip": "99603", "latitude": "60.9", "longitude": "-151.5"}
    assert program(**near).faults == []
    assert only(program(**near | {"latitude": "64.8"}))[0] == "latitude"


@pytest.mark.parametrize("kind", KINDS)
def test_no_look_is_a_column(kind: str) -> None:
    assert [name for name in KINDS[kind].columns if "verified" in name or name == "by"] == []
    filled = {field for column in KINDS[kind].columns.values() for field in column.fields}
    stored = {field.attname for field in KINDS[kind].model._meta.concrete_fields if "_verified_" not in field.name}
    assert filled == stored - {"id"}
