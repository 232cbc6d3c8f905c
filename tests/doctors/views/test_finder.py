"""The public finder as a browser without JavaScript and without cookies gets it."""

import io
import re
from datetime import date
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from navigator.caching import forget_public_pages
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.doctors.pages import graph, text

pytestmark = pytest.mark.django_db


PAGES = [
    "/find-care/centers/",
    "/find-care/centers/illinois/",
    "/find-care/centers/guam/",
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


def test_the_list_goes_by_state(client: Client, places: Any) -> None:
    make(CenterFactory, name="Laboratory", designation="basic_laboratory", treats_patients=False)
    page = text(client, "/find-care/centers/")
    assert "Lakeside Cancer Center" in page
    assert "Lakeside Team" in page
    assert ">Laboratory<" not in page
    assert "States without a listing" in page
    assert graph(page)["ItemList"]["numberOfItems"] == 1


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def targets(page: str) -> set[str]:
    return set(re.findall(r'href="#([^"]*)"', page))


def test_every_place_inside_the_page_that_is_linked_exists_once(client: Client) -> None:
    call_command("load_directory", stdout=io.StringIO())
    states = ("california", "massachusetts", "texas", "wyoming")
    near = "near/?radius=any&zip="
    for path in ("centers/", *(f"centers/{state}/" for state in states), f"{near}10001", f"{near}99501"):
        page = text(client, f"/find-care/{path}")
        assert len(ids(page)) == len(set(ids(page))), path
        assert targets(page) <= set(ids(page)), path
        assert "map-end" in targets(page), path


def test_the_list_with_its_map_is_light(client: Client) -> None:
    """HTML as it travels: 14 kB are one round trip."""
    call_command("load_directory", stdout=io.StringIO())
    page = text(client, "/find-care/centers/")
    assert page.count('<li><a href="/find-care/') > 120
    assert len(brotli.compress(page.encode())) < 12_000


def test_each_state_of_the_list_has_its_own_place(client: Client, places: Any) -> None:
    make(ProgramFactory, state="NY", city="New York", latitude=40.71, longitude=-74.01, name="Hudson Team")
    page = text(client, "/find-care/centers/")
    illinois, new_york = page.index('<section id="illinois">'), page.index('<section id="new-york">')
    assert illinois < page.index("Lakeside Team</a>") < new_york < page.index("Hudson Team</a>")


def test_the_list_says_what_a_place_is_and_for_whom(client: Client) -> None:
    make(CenterFactory, name="Young Center", audience="children", designation="clinical")
    make(ProgramFactory, name="VA Team", audience="veterans", evidence="directories")
    make(ProgramFactory, name="Study Team", audience="study")
    page = text(client, "/find-care/centers/")
    rows = dict(re.findall(r"<li><a href=[^>]+>([^<]+)</a><p>(.*?)</p></li>", page))
    assert rows["Young Center"] == "NCI clinical center · Chicago · <strong>only for children and teenagers</strong>"
    assert rows["VA Team"].startswith("<strong>Mesothelioma program</strong> · Chicago · <strong>only for veterans")
    assert "listed by directories only: confirm by phone" in rows["VA Team"]
    assert "only for people who join one of its studies" in rows["Study Team"]
    assert "<title>" not in page.split("</figure>")[0].split("<figure")[1]


def test_the_map_stands_beside_the_list_and_says_so(client: Client, places: Any) -> None:
    page = text(client, "/find-care/centers/")
    assert page.count('role="group" aria-label="Map of the United States"') == 2
    assert page.index("Skip the map") < page.index("<svg class=") < page.index("The list below has the same places")
    assert page.index("</figure>") < page.index('id="illinois"')
    assert page.count("<title>Lakeside Team, Lakeside Hospital, Chicago, Illinois</title>") == 2


@pytest.mark.parametrize("path", ["/find-care/centers/", "/find-care/centers/illinois/", "/find-care/centers/ohio/"])
@pytest.mark.parametrize("kind", [CenterFactory, ProgramFactory])
@pytest.mark.parametrize("audience", ["adults", "children", "veterans", "study"])
def test_a_listing_that_ended_is_on_no_list_and_no_map(client: Client, path: str, kind: Any, audience: str) -> None:
    state = "OH" if path.endswith("ohio/") else "IL"
    values = {"name": "Closed Place", "slug": "closed-place", "state": state, "audience": audience}
    closed = make(kind, **values, ended_on=date(2026, 11, 1), ended_note="It closed.")
    page = text(client, path)
    assert "Closed Place" not in page
    assert "closed-place" not in page
    kind._meta.model.objects.filter(pk=closed.pk).update(ended_on=None, ended_note="")
    forget_public_pages()
    assert "Closed Place" in text(client, path)


def test_a_program_next_door_that_ended_is_not_counted(client: Client) -> None:
    make(ProgramFactory, ended_on=date(2026, 11, 1), ended_note="It closed.")
    page = text(client, "/find-care/centers/wisconsin/")
    assert "1 mesothelioma program for adults" not in page
    assert "<figure" not in page


def test_a_laboratory_is_named_once_and_never_drawn(client: Client) -> None:
    make(CenterFactory, name="Bench", slug="bench", designation="basic_laboratory", treats_patients=False)
    page = text(client, "/find-care/centers/illinois/")
    assert page.count("/find-care/centers/bench/") == 1
    assert "<figure" not in page
    assert "bench" not in text(client, "/find-care/centers/")


def test_a_state_draws_its_places_before_its_list(client: Client, places: Any) -> None:
    page = text(client, "/find-care/centers/illinois/")
    assert page.index('aria-label="Map of Illinois"') < page.index('id="places"') < page.index("Lakeside Team</a>")
    wisconsin = text(client, "/find-care/centers/wisconsin/")
    assert "The dots are programs in the states next door." in wisconsin
    assert 'id="next-door"' in wisconsin


@pytest.mark.parametrize("state", ["puerto-rico", "guam", "us-virgin-islands", "alaska"])
def test_a_state_without_anything_to_draw_has_no_map(client: Client, places: Any, state: str) -> None:
    assert "<figure" not in text(client, f"/find-care/centers/{state}/")


def test_a_place_in_puerto_rico_is_on_the_list_and_named_beside_the_map(client: Client) -> None:
    make(ProgramFactory, name="Island Team", state="PR", city="San Juan", latitude=18.47, longitude=-66.11)
    page = text(client, "/find-care/centers/")
    assert "It also has the places in Puerto Rico." in page
    assert "Island Team" not in page.split("</figure>")[0].split('<figure class="map')[1]
    island = text(client, "/find-care/centers/puerto-rico/")
    assert "Island Team" in island
    assert "<figure" not in island


def test_names_are_text_on_the_map_too(client: Client) -> None:
    make(ProgramFactory, name="<b>Team\u202e</b>", hospital="</title><script>x</script>", city="'\"><i>")
    for path in ("/find-care/centers/", "/find-care/centers/illinois/"):
        page = text(client, path).split("application/ld+json", 1)[1].split("</script>", 1)[1]
        assert "<script" not in page
        assert "<b>" not in page
        assert "<i>" not in page


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


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/find-care/centers/", 2),
        ("/find-care/centers/illinois/", 2),
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
