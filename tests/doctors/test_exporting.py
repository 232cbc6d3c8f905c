import csv
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doctors.columns import KINDS, Kind
from doctors.directory import load_directory
from doctors.exporting import lines
from doctors.models import Program
from doctors.planning import finish, plan
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db
FACTORIES = {"center": CenterFactory, "program": ProgramFactory, "specialist": SpecialistFactory}
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    " =1",
    "＝1",
    "\u200b=1",
    'a "b", c',
    "'=1",
    "two\nlines",
]


def rows(kind: Kind, *, for_staff: bool = True) -> list[dict[str, str]]:
    text = "".join(lines(kind, for_staff=for_staff))
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("for_staff", [True, False])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_exported_comes_back_unchanged(kind: Kind, for_staff: bool) -> None:
    load_directory()
    content = "".join(lines(kind, for_staff=for_staff)).encode()
    made = finish(plan(kind, content))
    assert (made.problems, made.changes) == ([], [])
    assert made.unchanged == kind.model._default_manager.count() > 50


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_run_and_each_comes_back(text: str) -> None:
    make(ProgramFactory, hospital=text, hours=text, notes=text, records_address=text, longitude=-87.65)
    (row,) = rows(KINDS["program"])
    for name in ("hospital", "hours", "notes", "records_address"):
        assert row[name] in (text, f"'{text}")
        assert row[name].lstrip("\u200b ")[:1] not in tuple("=+-@＝")
    assert row["longitude"] == "-87.65", "a number is no formula"
    made = finish(plan(KINDS["program"], "".join(lines(KINDS["program"], for_staff=True)).encode()))
    assert (made.problems, made.changes, made.unchanged) == ([], [], 1)


def test_cells_of_a_program() -> None:
    center = make(CenterFactory, slug="lakeside")
    make(ProgramFactory, center=center, offers=["surgery", "hipec"], radiation=False, video_visit=False, phone="")
    make(ProgramFactory, phone="+13125550142")
    first, second = rows(KINDS["program"])
    assert (first["center_slug"], first["offers"], first["not_offered"]) == ("lakeside", "surgery;hipec", "radiation")
    assert (first["video_visit"], first["records_review"], first["phone"]) == ("false", "", "")
    assert (second["center_slug"], second["phone"], second["evidence"]) == ("", "312-555-0142", "hospital")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_notes_and_looks_stay_with_the_staff(kind: Kind) -> None:
    make(FACTORIES[kind.name], notes="a word of staff")
    assert "a word of staff" in "".join(lines(kind, for_staff=True))
    public = "".join(lines(kind, for_staff=False))
    assert "a word of staff" not in public
    assert "notes" not in public.splitlines()[0]
    assert "verified" not in "".join(lines(kind, for_staff=True))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_export_takes_one_query_for_one_row_and_three(kind: Kind) -> None:
    for number in (1, 3):
        while kind.model._default_manager.count() < number:
            make(FACTORIES[kind.name])
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(kind)) == number
        assert sum(" FROM " in query["sql"] for query in queries) == 1


def test_a_file_of_nothing_is_its_first_line() -> None:
    assert next(lines(KINDS["center"], for_staff=False)).startswith("slug,name,institution")
    assert rows(KINDS["center"]) == []


@pytest.mark.parametrize(("options", "told"), [([], False), (["--for-staff"], True)])
def test_the_command_writes_the_same(options: list[str], told: bool) -> None:
    make(ProgramFactory, notes="a word of staff", hours="=1+1")
    out: Any = io.StringIO()
    call_command("export_listings", "program", *options, stdout=out)
    assert out.getvalue() == "".join(lines(KINDS["program"], for_staff=told))
    assert "'=1+1" in out.getvalue()


def test_only_some_listings_are_exported() -> None:
    wanted = make(ProgramFactory)
    make(ProgramFactory)
    text = "".join(lines(KINDS["program"], Program.objects.filter(pk=wanted.pk), for_staff=True))
    assert [row["slug"] for row in csv.DictReader(io.StringIO(text))] == [wanted.slug]
