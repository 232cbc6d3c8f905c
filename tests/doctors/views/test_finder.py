"""The public finder as a browser without JavaScript and without cookies gets it."""

from typing import Any

import pytest
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
    "/find-care/centers/",
    "/find-care/centers/illinois/",
    "/find-care/centers/guam/",
    "/find-care/near/",
    "/find-care/near/?zip=60614",
    "/find-care/near/?zip=nonsense",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie(client: Client, places: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("path", PAGES[:3])
def test_pages_that_are_the_same_for_all_may_be_kept(client: Client, places: Any, path: str) -> None:
    assert client.get(path)["Cache-Control"] == "public, max-age=60"


def test_a_family_s_zip_is_stored_nowhere(client: Client, places: Any) -> None:
    response = client.get("/find-care/near/", {"zip": "60614"})
    assert response["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_the_list_goes_by_state(client: Client, places: Any) -> None:
    make(CenterFactory, name="Laboratory", designation="basic_laboratory", treats_patients=False)
    page = text(client, "/find-care/centers/")
    assert "Lakeside Cancer Center" in page
    assert "Lakeside Team" in page
    assert ">Laboratory<" not in page
    assert "States without a listing" in page
    assert graph(page)["ItemList"]["numberOfItems"] == 1


def test_a_state_without_programs_points_next_door(client: Client, places: Any) -> None:
    page = text(client, "/find-care/centers/wisconsin/")
    assert "We know no mesothelioma program for adults in Wisconsin" in page
    assert "/find-care/centers/illinois/" in page
    assert "1 mesothelioma program for adults" in page


def test_a_state_keeps_special_places_apart(client: Client, places: Any) -> None:
    make(ProgramFactory, name="VA Team", audience="veterans")
    make(ProgramFactory, name="Study Team", audience="study")
    make(CenterFactory, name="Young Center", audience="children")
    make(CenterFactory, name="Bench Laboratory", designation="basic_laboratory", treats_patients=False)
    page = text(client, "/find-care/centers/illinois/")
    order = [
        page.index(f">{words}")
        for words in ("Lakeside Team", "For veterans", "VA Team", "Study Team", "Young Center", "Bench Laboratory")
    ]
    assert order == sorted(order)
    assert "We know 1 mesothelioma program for adults" in page


def test_near_gives_miles_and_reasons(client: Client, places: Any) -> None:
    page = text(client, "/find-care/near/", zip=" 60614-1234 ")
    assert "Places near 60614" in page
    assert "Lakeside Team" in page
    assert "Its hospital names it for pleural mesothelioma" in page
    assert "tel:+13125550142" in page
    assert 'value="150" selected' in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a 5-digit ZIP code."),
        ("abc", "Enter a 5-digit ZIP code, for example 60614."),
        ("9" * 50, "Enter a 5-digit ZIP code."),
        ("00000", "We could not find that ZIP code. Check it, or choose your state."),
        ("<b>1", "Enter a 5-digit ZIP code, for example 60614."),
    ],
)
def test_a_zip_that_is_none_is_explained_at_the_top_and_at_the_field(client: Client, typed: str, words: str) -> None:
    page = text(client, "/find-care/near/", zip=typed)
    assert page.count(words) == 2
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert 'aria-describedby="zip-error"' in page
    assert "<b>1" not in page
    assert "/find-care/centers/ohio/" in page


def test_a_radius_that_is_none_is_shown_as_an_error(client: Client) -> None:
    assert "There is a problem" in text(client, "/find-care/near/", zip="60614", radius="7")


def test_a_po_box_is_said_to_be_approximate(client: Client, places: Any) -> None:
    assert "approximate" in text(client, "/find-care/near/", zip="59604", radius="any")
    assert "approximate" not in text(client, "/find-care/near/", zip="60614")


def test_far_from_everything_the_nearest_are_shown(client: Client, places: Any) -> None:
    page = text(client, "/find-care/near/", zip="96813", radius="50")
    assert "We know no mesothelioma program within 50 miles." in page
    assert "Lakeside Team" in page
    assert "Beyond the distance you chose" in page


def test_special_places_have_a_list_of_their_own(client: Client, places: Any) -> None:
    make(ProgramFactory, name="VA Team", audience="veterans")
    page = text(client, "/find-care/near/", zip="60614")
    assert page.index("For some people only") < page.index("VA Team")
    assert "VA Team" in text(client, "/find-care/near/", zip="60614", radius="any")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/find-care/centers/", 2),
        ("/find-care/centers/illinois/", 2),
        ("/find-care/near/?zip=60614", 4),
    ],
)
def test_queries_do_not_grow_with_the_rows(
    client: Client, places: Any, rows: int, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    center, program, _ = places
    for _ in range(rows - 1):
        make(ProgramFactory, center=center)
        make(CenterFactory)
        make(SpecialistFactory, program=program)
    with django_assert_num_queries(queries):
        client.get(path)
