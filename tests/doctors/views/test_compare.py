"""Chosen places side by side and as a sheet for calls: public, without a cookie, whatever the address says."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.doctors.factories import CenterFactory, ProgramFactory, make

pytestmark = pytest.mark.django_db

ENDED = {"ended_on": date(2026, 11, 3), "ended_note": "It closed."}
COMPARE, SHEET = "/find-care/compare/", "/find-care/call-sheet/"
BOTH = pytest.mark.parametrize("path", [COMPARE, SHEET])


@pytest.fixture(autouse=True)
def _places() -> None:
    make(CenterFactory, slug="lakeside", name="Lakeside Cancer Center")
    make(ProgramFactory, slug="one", name="Team One", surgery=True, hours="Monday to Friday, 8 to 5 Central")
    make(ProgramFactory, slug="two", name="Team Two", surgery=False)
    make(ProgramFactory, slug="three", name="Team Three")


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@BOTH
@pytest.mark.parametrize("query", ["", "?program=one", "?program=one&program=two&center=lakeside&zip=60614"])
def test_public_without_a_cookie_and_out_of_search_engines(client: Client, path: str, query: str) -> None:
    response = client.get(path + query)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=60"
    html = response.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert "<script" not in html


@BOTH
def test_nothing_chosen_says_how_to_choose(client: Client, path: str) -> None:
    for query in ("", "?program=nix", "?program=", "?zip=60614"):
        html = page(client, path + query)
        assert "No place is chosen yet." in html
        assert 'href="/find-care/near/"' in html
        assert "<table" not in html


def test_a_table_that_a_screen_reader_can_follow(client: Client) -> None:
    html = page(client, f"{COMPARE}?program=one&program=two&center=lakeside&zip=60614")
    assert re.findall(r'<th scope="col"><a href="([^"]+)">', html) == [
        "/find-care/programs/one/",
        "/find-care/programs/two/",
        "/find-care/centers/lakeside/",
    ]
    assert '<caption id="compare-caption">3 places, fact by fact</caption>' in html
    assert 'role="region" aria-labelledby="compare-caption" tabindex="0"' in html
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', html)
    assert len(rows) == 18
    assert {row.count("<td>") for row in rows} == {3}


def test_differences_are_words(client: Client) -> None:
    html = page(client, f"{COMPARE}?program=one&program=two")
    assert "Where they differ, as far as we know:" in html
    assert "<li>Surgery</li>" in html
    assert '<span class="verdict verdict-different">Different</span>' in html
    assert "We know of no difference" in page(client, f"{COMPARE}?program=two&program=three")


def test_one_place_is_not_compared(client: Client) -> None:
    html = page(client, f"{COMPARE}?program=one")
    assert "This is one place." in html
    assert "verdict" not in html


def test_the_way_back_and_on_keeps_the_zip(client: Client) -> None:
    html = page(client, f"{COMPARE}?program=one&center=lakeside&zip=60614-1234")
    assert 'href="/find-care/near/?zip=60614">Back to your list' in html
    assert 'href="/find-care/call-sheet/?program=one&amp;center=lakeside&amp;zip=60614"' in html
    assert 'href="/find-care/centers/">Back to your list' in page(client, f"{COMPARE}?program=one&zip=00000")


def test_the_first_three_and_a_sentence(client: Client) -> None:
    html = page(client, f"{COMPARE}?program=one&program=two&program=three&center=lakeside")
    assert "You chose 4 places. Here are the first 3." in html
    assert "Lakeside Cancer Center" not in html


@BOTH
def test_one_that_ended_is_named_and_left_out(client: Client, path: str) -> None:
    make(ProgramFactory, slug="gone", name="Gone Team", phone="+13125550199", **ENDED)
    html = page(client, f"{path}?program=gone&program=one")
    assert "Gone Team is left out: it closed or left our list on November 3, 2026." in html
    assert "555-0199" not in html


def test_the_sheet_has_what_a_call_needs(client: Client) -> None:
    html = page(client, f"{SHEET}?program=one&program=two&program=three&center=lakeside")
    assert html.count('<section class="call"') == 4
    one = html.split('<section class="call"')[1]
    for words in ("Team One", "312-555-0142", "Monday to Friday, 8 to 5 Central", "Not known: ask when you call.",
                  "I would like a second opinion", "Name of the person", "Date of the call", "What they need from me",
                  "Next step, and by when"):  # fmt: skip
        assert words in one


def test_the_sheet_never_dials_an_old_number(client: Client) -> None:
    make(ProgramFactory, slug="old", contact_verified_on=date(2020, 1, 1), contact_verified_how="phone")
    for path in (SHEET, COMPARE):
        assert "555-0142" not in page(client, f"{path}?program=old")


def test_the_sheet_takes_ten(client: Client) -> None:
    slugs = [make(ProgramFactory).slug for _ in range(11)]
    html = page(client, SHEET + "?" + "&".join(f"program={slug}" for slug in slugs))
    assert html.count('<section class="call"') == 10
    assert "You chose 11 places. Here are the first 10." in html


HOSTILE = [
    "?program=%00",
    "?program=one%00",
    f"?program={'x' * 10_000}",
    f"?zip={'6' * 10_000}",
    "?zip=%F0%9F%98%80",
    "?zip=%EF%BC%96%EF%BC%90%EF%BC%96%EF%BC%91%EF%BC%94",  # full-width digits
    "?zip=60614&zip=nonsense",
    "?program[]=one&program[0]=two",
    "?program=%E2%80%AEone&center=%E2%80%8Blakeside",
    "?program=%ED%A0%80&zip=%FF%FE",
    "?program=<script>alert(1)</script>",
    "?zip=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "?program=one;drop table",
    "?%",
    "?&&&=&",
    "?" + "&".join(["program=one"] * 199),
    "?" + "&".join(f"program={number}" for number in range(2000)),
]


@BOTH
@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_address_breaks_it(client: Client, path: str, query: str) -> None:
    client.raise_request_exception = False
    response = client.get(path + query)
    assert response.status_code in (200, 400)
    assert not response.cookies
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "\u202e" not in html


@BOTH
def test_only_reading(client: Client, path: str) -> None:
    """A form that posts here would put health answers where places belong."""
    html = page(client, f"{path}?program=one&disease=pleural&veteran=yes&name=Jane+Doe")
    for told in ("disease", "veteran", "Jane"):
        assert told not in html


@BOTH
@pytest.mark.parametrize("rows", [1, 3])
def test_two_queries(client: Client, path: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    places: list[Any] = [make(ProgramFactory, center=make(CenterFactory)) for _ in range(rows)]
    query = "&".join(f"program={place.slug}&center={place.center.slug}" for place in places)
    with django_assert_num_queries(2):
        client.get(f"{path}?{query}&zip=60614")
