"""Chosen places are read from an address that anybody may have written."""

from datetime import date

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from doctors.choosing import Choice, read
from tests.doctors.factories import CenterFactory, ProgramFactory, make

pytestmark = pytest.mark.django_db


def chosen(query: str, limit: int = 3) -> Choice:
    return read(QueryDict(query), limit=limit)


def slugs(choice: Choice) -> list[str]:
    return [place.slug for place in choice.places]


@pytest.fixture(autouse=True)
def _places() -> None:
    for slug in ("a", "b", "c"):
        make(ProgramFactory, slug=slug)
        make(CenterFactory, slug=f"{slug}-center", name=f"Center {slug}")


def test_the_order_is_that_of_the_address() -> None:
    choice = chosen("center=b-center&program=c&program=a")
    assert slugs(choice) == ["c", "a", "b-center"]
    assert choice.said == []
    assert choice.query == "program=c&program=a&center=b-center"
    assert slugs(chosen(choice.query)) == slugs(choice)


def test_a_center_and_a_program_may_have_one_slug() -> None:
    make(CenterFactory, slug="a")
    assert len(chosen("program=a&center=a").places) == 2


def test_more_than_the_limit_is_said() -> None:
    choice = chosen("program=a&program=b&program=c&center=a-center")
    assert slugs(choice) == ["a", "b", "c"]
    assert choice.said == ["You chose 4 places. Here are the first 3."]
    assert chosen("program=a&program=b&program=c").said == []


def test_twice_is_once() -> None:
    choice = chosen("program=a&program=a&program=b&program=b&program=c")
    assert slugs(choice) == ["a", "b", "c"]
    assert choice.said == ["A place that was chosen twice is shown once."]


def test_what_we_do_not_list_is_counted() -> None:
    assert chosen("program=nix&program=a").said == ["One place is left out: it is not on our list."]
    assert chosen("program=nix&center=a&program=b").said == ["2 places are left out: they are not on our list."]


def test_what_ended_is_named_and_leaves_room_for_the_others() -> None:
    make(ProgramFactory, slug="gone", name="Gone Team", ended_on=date(2026, 11, 3), ended_note="It closed.")
    choice = chosen("program=gone&program=a&program=b&program=c")
    assert slugs(choice) == ["a", "b", "c"]
    assert choice.said == ["Gone Team is left out: it closed or left our list on November 3, 2026."]


def test_a_laboratory_sees_nobody() -> None:
    make(CenterFactory, slug="bench", name="Bench", designation="basic_laboratory", treats_patients=False)
    choice = chosen("center=bench")
    assert choice.places == []
    assert choice.said == ["Bench is left out: it is a research laboratory and does not treat patients."]


@pytest.mark.parametrize(
    ("typed", "zip", "words"),
    [
        ("60614", "60614", ""),
        (" 60614-1234 ", "60614", ""),
        ("59604", "59604", "We do not know exactly where 59604 is, so the miles are approximate."),
        ("09012", "", "09012 is a military mail address. It has no place on the map, so there are no miles."),
        ("00000", "", "We could not find that ZIP code, so there are no miles."),
        ("<b>1</b>", "", "We could not find that ZIP code, so there are no miles."),
        ("", "", ""),
        ("   ", "", ""),
    ],
)
def test_a_zip_gives_miles_or_a_sentence(typed: str, zip: str, words: str) -> None:
    query = QueryDict(mutable=True)
    query.update({"program": "a", "zip": typed})
    choice = read(query, limit=3)
    assert choice.zip == zip
    assert (choice.near is not None) == bool(zip)
    assert choice.said == [words] * bool(words)


@pytest.mark.parametrize(
    "slug",
    ["", " ", "a\x00", "x" * 10_000, "\u202ea", "a\u200b", "a\n", "a'; drop table", "../a", "\ud800", "a,b", "[]", "٣"],
)
def test_what_is_no_slug_never_reaches_the_database(slug: str) -> None:
    query = QueryDict(mutable=True)
    query.setlist("program", [slug, "a"])
    query.setlist("center", [slug])
    choice = read(query, limit=3)
    assert slugs(choice) == ["a"]
    assert choice.said == ["2 places are left out: they are not on our list."]


def test_a_flood_of_slugs_is_not_all_looked_up(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    query = "&".join(f"program=x{number}" for number in range(150))
    with django_assert_num_queries(1) as asked:
        choice = chosen(query)
    assert choice.places == []
    assert asked.captured_queries[0]["sql"].count("'x") == 50


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_for_any_number(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    query = "&".join(f"program={slug}&center={slug}-center" for slug in "abc"[:count])
    with django_assert_num_queries(2):
        assert len(chosen(query, limit=10).places) == 2 * count
    with django_assert_num_queries(0):
        assert chosen("zip=60614").places == []
