"""The pages of one center, one program, one doctor, as a browser without JavaScript and without cookies gets them."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from doctors.models import Center, Program, Specialist
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.doctors.pages import graph, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> tuple[Center, Program, Specialist]:
    center = make(CenterFactory, slug="lakeside", name="Lakeside Cancer Center")
    program = make(ProgramFactory, slug="lakeside-team", name="Lakeside Team", center=center)
    return center, program, make(SpecialistFactory, slug="alex-sample", program=program)


PAGES = [
    "/find-care/centers/lakeside/",
    "/find-care/programs/lakeside-team/",
    "/find-care/specialists/alex-sample/",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie(client: Client, places: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=60"
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("path", ["centers/nowhere/", "programs/nowhere/", "specialists/nobody/"])
def test_what_is_not_listed_has_no_page(client: Client, path: str) -> None:
    assert client.get(f"/find-care/{path}").status_code == 404


@pytest.mark.parametrize("evidence", ["directories", "one_directory", "two_sources"])
def test_a_doctor_without_an_official_source_has_no_page(client: Client, evidence: str) -> None:
    doctor = make(SpecialistFactory, evidence=evidence)
    assert client.get(doctor.get_absolute_url()).status_code == 404
    assert doctor.full_name not in text(client, doctor.program.get_absolute_url())


def test_a_center_says_what_its_label_means(client: Client, places: Any) -> None:
    page = text(client, "/find-care/centers/lakeside/")
    assert "It does not say how many people with mesothelioma the center treats" in page
    assert "100 Sample Street, Chicago, IL 60614" in page
    assert 'href="tel:+13125550142"' in page
    assert "I would like a second opinion" in page
    assert "Not yet checked by us" in page
    assert "Nobody can pay to be listed or listed higher" in page
    assert "Lakeside Team" in page
    things = graph(page)
    assert things["Hospital"]["telephone"] == "+13125550142"
    assert things["Hospital"]["parentOrganization"]["name"] == "Lakeside University"
    assert "aggregateRating" not in page


def test_a_laboratory_is_no_hospital(client: Client) -> None:
    center = make(CenterFactory, designation="basic_laboratory", treats_patients=False, phone="", website="")
    page = text(client, center.get_absolute_url())
    assert "It does not treat patients" in page
    assert "ResearchOrganization" in graph(page)
    assert "I would like a second opinion" not in page
    assert "call us, and we will help you find it" in page


def test_a_program_says_unknown_and_never_no(client: Client, places: Any) -> None:
    page = text(client, "/find-care/programs/lakeside-team/")
    assert "Not known: ask when you call" in page
    assert "<dd>No<" not in page
    assert "<dd>No (" not in page
    assert "Alex Sample" in page
    assert graph(page)["MedicalClinic"]["parentOrganization"]["name"] == "Lakeside Hospital"


def test_a_program_says_what_it_is_known_for(client: Client) -> None:
    program = make(
        ProgramFactory,
        peritoneal=False,
        referral_required=False,
        offers=["surgery", "hipec", "remote_second_opinion"],
        remote_second_opinion_url="https://lakeside.example/remote",
    )
    page = text(client, program.get_absolute_url())
    assert "<dd>No (the source has no date)</dd>" in page
    assert "HIPEC" in page
    assert "https://lakeside.example/remote" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"evidence": "directories"}, "Listed by directories only"),
        ({"evidence": "two_sources"}, "and one other source"),
        ({"audience": "veterans"}, "for veterans enrolled in VA health care"),
        ({"audience": "study"}, "treats only people who join one of its studies"),
    ],
)
def test_a_program_says_what_to_beware_of(client: Client, values: dict[str, str], words: str) -> None:
    program = make(ProgramFactory, source_url="https://directory.example/page", **values)
    page = text(client, program.get_absolute_url())
    assert words in page
    if "evidence" in values:
        assert "directory.example" not in page


def test_a_doctor_is_facts_only(client: Client, places: Any) -> None:
    page = text(client, "/find-care/specialists/alex-sample/")
    assert "We do not rate or recommend doctors" in page
    assert graph(page)["Physician"]["memberOf"]["name"] == "Lakeside Team"


@time_machine.travel("2026-11-24")
def test_an_old_listing_is_folded_behind_a_warning(client: Client) -> None:
    old = make(CenterFactory, source_checked=date(2026, 1, 1))
    page = text(client, old.get_absolute_url())
    assert page.index("This may be out of date") < page.index("<summary>Show the phone") < page.index("312-555-0142")
    assert "telephone" not in graph(page)["Hospital"]
    fresh = make(CenterFactory, source_checked=date(2026, 9, 23))
    page = text(client, fresh.get_absolute_url())
    assert "Checked on September 23, 2026, against the NCI list of cancer centers." in page
    assert "<summary>" not in page


def test_breadcrumbs_mirror_the_page(client: Client, places: Any) -> None:
    items = graph(text(client, "/find-care/programs/lakeside-team/"))["BreadcrumbList"]["itemListElement"]
    assert [item["name"] for item in items] == ["Home", "Find care", "Illinois", "Lakeside Team"]
    assert "item" not in items[-1]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/find-care/centers/lakeside/", 3),
        ("/find-care/programs/lakeside-team/", 2),
        ("/find-care/specialists/alex-sample/", 1),
    ],
)
def test_queries_do_not_grow_with_the_rows(
    client: Client, places: Any, rows: int, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    center, program, _ = places
    for _ in range(rows - 1):
        make(ProgramFactory, center=center)
        make(SpecialistFactory, program=program)
    with django_assert_num_queries(queries):
        client.get(path)
