"""The files for other people's programs: the public facts, each with its check, and nothing that is not public."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from doctors import keeping, open_data
from doctors.directory import load_directory
from doctors.models import OFFERS, Center, Program, Report
from doctors.open_data_format import GROUPS_GIVEN, LISTING, columns
from navigator.spreadsheets import plain_text
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

HOSTILE = [
    'He said "stop", then\nleft',
    "</script><script>alert(1)</script>",
    '=HYPERLINK("https://evil.example")',
    "+1 | cmd",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\uff1d1+1",
    "\u202eright to left",
    "zero\u200bwidth",
    "line\u2028separator\u2029end",
    "'quoted",
    "a,b;c",
    "é 漢 😀",
]


def read_json() -> dict[str, Any]:
    return json.loads(open_data.as_json())


def listings() -> dict[str, dict[str, Any]]:
    return {listing["id"]: listing for listing in read_json()["listings"]}


def only() -> dict[str, Any]:
    (listing,) = read_json()["listings"]
    return listing


def read_csv() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(open_data.as_csv(), newline=""), strict=True))


def wrong(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value breaks a schema: as much of JSON Schema as ours uses."""
    if "anyOf" in schema:
        tried = [wrong(value, branch, at) for branch in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        return [f"{at} is {value!r}, not {kinds}"]
    found = [f"{at} is {value!r}, not in {schema['enum']}"] if value not in schema.get("enum", [value]) else []
    if schema.get("format") == "date" and value is not None:
        date.fromisoformat(value)
    if isinstance(value, dict):
        found += [f"{at} lacks {name}" for name in schema["required"] if name not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{at} has {name}" for name in value if name not in schema["properties"]]
        for name, part in schema["properties"].items():
            found += wrong(value[name], part, f"{at}.{name}") if name in value else []
    if isinstance(value, list):
        found += [fault for item in value for fault in wrong(item, schema["items"], f"{at}[]")]
    return found


def _is(value: Any, kind: str) -> bool:
    if kind in ("number", "integer"):
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    types = {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}
    return isinstance(value, types[kind])


# --- What is in it --------------------------------------------------------------------------------------------------


@time_machine.travel("2026-11-24 18:00Z")
def test_a_center_is_given_with_the_day_of_each_look(settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    make(
        CenterFactory,
        slug="lakeside",
        name="Lakeside Cancer Center",
        source_checked=date(2026, 9, 23),
        contact_verified_on=date(2026, 11, 1),
        contact_verified_how="phone",
        languages="Spanish",
        video_visit=False,
    )
    assert only() == {
        "id": "center/lakeside",
        "kind": "center",
        "slug": "lakeside",
        "page": "https://site.example/find-care/centers/lakeside/",
        "name": "Lakeside Cancer Center",
        "organization": "Lakeside University",
        "center_id": None,
        "audience": "adults",
        "evidence": "nci",
        "source_url": "https://www.cancer.gov/",
        "changed_on": None,
        "contact": {
            "address_1": "100 Sample Street",
            "city": "Chicago",
            "state_province": "IL",
            "postal_code": "60614",
            "latitude": 41.92,
            "longitude": -87.65,
            "phone": "312-555-0142",
            "hours": None,
            "website": "https://lakeside.example/",
            "checked_on": "2026-11-01",
            "checked_how": "phone",
            "freshness": "fresh",
        },
        "care": None,
        "access": {
            "referral_required": None,
            "second_opinion_url": None,
            "records_address": None,
            "video_visit": False,
            "records_review": None,
            "languages": "Spanish",
            "travel_url": None,
            "checked_on": None,
            "checked_how": None,
            "freshness": "unchecked",
        },
        "designation": {
            "level": "comprehensive",
            "checked_on": "2026-09-23",
            "checked_how": "source",
            "freshness": "fresh",
        },
    }


def test_a_program_belongs_to_its_center_and_says_what_it_offers() -> None:
    center = make(CenterFactory, slug="lakeside")
    make(ProgramFactory, slug="team", center=center, peritoneal=False, offers=["surgery"], audience="veterans")
    team = listings()["program/team"]
    assert team["center_id"] == "center/lakeside"
    assert team["organization"] == "Lakeside Hospital"
    assert team["audience"] == "veterans"
    assert team["designation"] is None
    care = team["care"]
    assert (care["pleural"], care["peritoneal"], care["surgery"], care["hipec"]) == (True, False, True, None)


def test_what_nobody_told_us_is_null_and_never_false() -> None:
    make(ProgramFactory, pleural=None)
    team = only()
    unknown = {team["care"][name] for name in ("pleural", "peritoneal", *OFFERS)}
    unknown |= {team["access"][name] for name in ("referral_required", "video_visit", "records_review")}
    assert unknown == {None}
    row = read_csv()[0]
    assert {row[f"care_{name}"] for name in OFFERS} == {""}
    assert {row["access_video_visit"], row["care_pleural"]} == {""}


@pytest.mark.parametrize(("stated", "cell"), [(True, "yes"), (False, "no")])
@pytest.mark.parametrize("name", ["pleural", "peritoneal", *OFFERS])
def test_each_stated_offer_is_given_as_stated(name: str, stated: bool, cell: str) -> None:
    make(ProgramFactory, **{"pleural": None, name: stated})
    care = only()["care"]
    assert care.pop(name) is stated
    assert [value for value in care.values() if isinstance(value, bool)] == []
    assert read_csv()[0][f"care_{name}"] == cell


@pytest.mark.parametrize("name", ["referral_required", "video_visit", "records_review"])
def test_a_stated_no_about_the_way_in_is_given(name: str) -> None:
    make(CenterFactory, **{name: False})
    assert only()["access"][name] is False
    assert read_csv()[0][f"access_{name}"] == "no"


def test_every_fact_of_a_listing_is_in_the_format() -> None:
    """A column that somebody adds to a model has to be given here too, or left out on purpose."""
    elsewhere = {"name", "center", "hospital", "institution", "audience", "treats_patients"}
    for model in (Center, Program):
        for name, facts in model.facts.items():
            reads = {field.reads or field.name for field in GROUPS_GIVEN[name].fields}
            given = {"phone" if read == "phone_text" else read for read in reads}
            assert set(facts) - elsewhere <= given, (model, name)


# --- What is not in it ----------------------------------------------------------------------------------------------


def test_what_is_no_family_s_or_nobody_s_is_left_out() -> None:
    gone = {"ended_on": date(2026, 1, 1), "ended_note": "It closed."}
    make(CenterFactory, designation="basic_laboratory", treats_patients=False)
    make(CenterFactory, treats_patients=False)
    make(CenterFactory, **gone)
    make(ProgramFactory, **gone)
    assert read_json()["listings"] == read_csv() == []
    assert read_json()["count"] == 0


@pytest.mark.parametrize(
    "values",
    [
        {"designation": "basic_laboratory", "treats_patients": False},
        {"ended_on": date(2026, 1, 1), "ended_note": "It closed."},
    ],
)
def test_a_program_points_to_no_center_that_is_left_out(values: dict[str, Any]) -> None:
    make(ProgramFactory, center=make(CenterFactory, **values))
    assert only()["center_id"] is None


def test_notes_doctors_staff_and_reports_are_nowhere() -> None:
    user = User.objects.create_user("canary-staff", first_name="Canary", last_name="Keeper")
    center = make(CenterFactory, notes="canary-note")
    program = make(
        ProgramFactory, center=center, notes="canary-note", second_source_url="https://canary.example/second"
    )
    make(SpecialistFactory, program=program, full_name="Canary Doctor", notes="canary-note")
    make(SpecialistFactory, program=program, full_name="Canary Unlisted", evidence="one_directory")
    Report.objects.create(program=program, problem="phone", words="canary-report")
    keeping.check(listing=program, group="contact", how="phone", by=user)
    for file in (open_data.as_json(), open_data.as_csv(), json.dumps(open_data.schema())):
        assert "canary" not in file.lower()
        assert "sample-" not in file


@pytest.mark.parametrize("evidence", ["two_sources", "directories", "one_directory"])
def test_nobody_is_sent_to_a_directory(evidence: str) -> None:
    make(ProgramFactory, evidence=evidence, source_url="https://directory.example/page")
    assert (only()["evidence"], only()["source_url"]) == (evidence, None)
    assert "directory.example" not in open_data.as_csv()


# --- How far to trust it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-08-26", "fresh"), ("2026-08-25", "stale"), ("2026-05-28", "stale"), ("2026-05-27", "old")],
)
@time_machine.travel("2026-11-24 18:00Z")
def test_a_group_ages_by_itself_and_stays_in(day: str, state: str) -> None:
    make(
        ProgramFactory,
        offers=["hipec"],
        care_verified_on=date.fromisoformat(day),
        care_verified_how="website",
        source_checked=date(2026, 11, 20),
    )
    team = only()
    expected = {"hipec": True, "checked_on": day, "checked_how": "website", "freshness": state}
    assert {name: team["care"][name] for name in expected} == expected
    assert (team["contact"]["freshness"], team["contact"]["checked_how"]) == ("fresh", "source")
    assert read_csv()[0]["care_freshness"] == state


def test_a_source_says_nothing_of_what_it_does_not_speak_about() -> None:
    make(CenterFactory, source_checked=date(2026, 9, 23))
    access = only()["access"]
    assert (access["checked_on"], access["checked_how"], access["freshness"]) == (None, None, "unchecked")


@time_machine.travel("2026-11-24 18:00Z")
def test_the_last_change_or_look_is_dated() -> None:
    user = User.objects.create_user("keeper")
    program = make(ProgramFactory, slug="team")
    make(CenterFactory, slug="team")
    keeping.check(listing=program, group="care", how="phone", by=user)
    with time_machine.travel("2026-11-25 23:59Z"):
        keeping.check(listing=program, group="contact", how="phone", by=user)
    found = listings()
    assert found["program/team"]["changed_on"] == "2026-11-25"
    assert found["center/team"]["changed_on"] is None


# --- Its form -------------------------------------------------------------------------------------------------------


@time_machine.travel("2026-11-24 18:00Z")
def test_the_file_says_what_it_is(settings: Any) -> None:
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "A </script> name"
    make(CenterFactory)
    told = read_json()
    del told["listings"]
    assert told == {
        "version": "1.0.0",
        "generated": "2026-11-24",
        "publisher": "A </script> name",
        "license": open_data.TERMS,
        "license_url": "https://site.example/find-care/open-data/#terms",
        "documentation": "https://site.example/find-care/open-data/",
        "schema": "https://site.example/find-care/centers.schema.json",
        "count": 1,
    }


def test_centers_come_first_and_each_kind_goes_by_slug_on_every_database() -> None:
    for slug in ("ab", "a-z", "a0", "b"):
        make(ProgramFactory, slug=slug)
        make(CenterFactory, slug=slug)
    order = [f"{kind}/{slug}" for kind in ("center", "program") for slug in ("a-z", "a0", "ab", "b")]
    assert list(listings()) == order
    assert [row["id"] for row in read_csv()] == order
    assert open_data.as_json() == open_data.as_json()


def test_the_shipped_directory_keeps_to_the_schema() -> None:
    load_directory()
    told = read_json()
    assert wrong(told, open_data.schema()) == []
    assert told["count"] == len(told["listings"]) == len(listings()) > 100


def test_hostile_facts_keep_to_the_schema_and_come_back_whole() -> None:
    for number, text in enumerate(HOSTILE):
        values = {"name": text, "languages": text, "records_address": text, "hours": text[:80], "street": text}
        make(ProgramFactory, slug=f"p{number:02}", hospital=text, **values)
        make(CenterFactory, slug=f"c{number:02}", institution=text, **values)
    told = read_json()
    assert wrong(told, open_data.schema()) == []
    assert [listing["name"] for listing in told["listings"]] == [*HOSTILE, *HOSTILE]
    assert [plain_text(row["access_records_address"]) for row in read_csv()] == [*HOSTILE, *HOSTILE]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda file: file["listings"][0].pop("care"), "lacks care"),
        (lambda file: file["listings"][0].update(notes="x"), "has notes"),
        (lambda file: file["listings"][0]["contact"].update(latitude="41"), "latitude"),
        (lambda file: file["listings"][0]["care"].update(surgery="yes"), "surgery"),
        (lambda file: file["listings"][0]["care"].update(freshness="new"), "freshness"),
        (lambda file: file["listings"][0].update(name=None), "name"),
        (lambda file: file.update(count="1"), "count"),
    ],
)
def test_the_schema_refuses_what_is_not_the_format(change: Any, fault: str) -> None:
    make(ProgramFactory)
    told = read_json()
    assert wrong(told, open_data.schema()) == []
    change(told)
    assert any(fault in found for found in wrong(told, open_data.schema()))


def test_both_files_say_the_same() -> None:
    make(CenterFactory, slug="c", name=HOSTILE[0], video_visit=True, languages="=Spanish, \nand more")
    make(ProgramFactory, slug="p", name=HOSTILE[2], peritoneal=False, offers=["surgery"], street="")
    load_directory()
    for listing, row in zip(read_json()["listings"], read_csv(), strict=True):
        assert {name: plain_text(cell) for name, cell in row.items()} == _as_cells(listing)


def _as_cells(listing: dict[str, Any]) -> dict[str, str]:
    """What the documentation says about the way from one file to the other."""
    cells = {field.name: listing[field.name] for field in LISTING}
    for name, group in GROUPS_GIVEN.items():
        facts = listing[name] or dict.fromkeys((field.name for field in group.fields), None)
        cells |= {f"{name}_{fact}": value for fact, value in facts.items()}
    words = {None: "", True: "yes", False: "no"}
    return {
        name: words[value] if value is None or isinstance(value, bool) else str(value) for name, value in cells.items()
    }


def test_no_cell_is_a_formula() -> None:
    for number, text in enumerate(HOSTILE):
        make(ProgramFactory, slug=f"p{number}", name=text, hospital=text, street=text, phone="", languages=text)
    # A phone that came past the form.
    make(ProgramFactory, slug="phone")
    Program.objects.filter(slug="phone").update(phone="12=cmd|'/C'")
    rows = list(csv.reader(io.StringIO(open_data.as_csv(), newline=""), strict=True))
    assert rows[0] == columns()
    assert {len(row) for row in rows} == {len(columns())}
    longitude = columns().index("contact_longitude")
    starts = {cell.lstrip()[:1] for row in rows[1:] for place, cell in enumerate(row) if place != longitude}
    assert starts.isdisjoint("=+-@\uff1d")
    assert {float(row[longitude]) for row in rows[1:]} == {-87.65}


def test_columns_are_named_once() -> None:
    assert len(set(columns())) == len(columns())


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("write", [open_data.as_json, open_data.as_csv])
def test_three_queries_however_many_listings(
    write: Any, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make(SpecialistFactory, program=make(ProgramFactory, center=make(CenterFactory)))
    with django_assert_num_queries(3):
        write()
