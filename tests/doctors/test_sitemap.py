"""What search engines are told of the directory."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from doctors import keeping, sitemap
from doctors.last_changes import last_change, last_changes
from doctors.models import ListingChange
from doctors.states import STATES
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db

ENDED = {"ended_on": date(2026, 1, 1), "ended_note": "It closed."}


def pages() -> dict[str, date | None]:
    found = sitemap.pages()
    assert len(dict(found)) == len(found)
    return dict(found)


def test_the_finder_every_state_and_all_that_is_current(client: Client) -> None:
    team = make(ProgramFactory, slug="team")
    rows = [make(CenterFactory, slug="center"), team, make(SpecialistFactory, slug="doctor", program=team)]
    found = pages()
    assert {"/find-care/centers/", "/find-care/open-data/", *(row.get_absolute_url() for row in rows)} <= set(found)
    assert {f"/find-care/centers/{state.slug}/" for state in STATES.values()} <= set(found)
    assert len(found) == 2 + len(STATES) + len(rows)


def test_each_address_is_open_to_search_engines(client: Client) -> None:
    team = make(ProgramFactory, center=make(CenterFactory))
    make(SpecialistFactory, program=team)
    for path in pages():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "noindex" not in answer.content.decode() + answer.get("X-Robots-Tag", ""), path
        assert f'rel="canonical" href="http://127.0.0.1:8000{path}"' in answer.content.decode()


def test_what_is_for_nobody_is_not_told() -> None:
    make(CenterFactory, designation="basic_laboratory", treats_patients=False)
    make(CenterFactory, **ENDED)
    closed = make(ProgramFactory, **ENDED)
    make(SpecialistFactory, program=closed)
    team = make(ProgramFactory)
    make(SpecialistFactory, program=team, **ENDED)
    make(SpecialistFactory, program=team, evidence="directories")
    assert len(pages()) == 2 + len(STATES) + 1


def test_no_personal_page_is_told() -> None:
    for path in pages():
        assert not any(word in path for word in ("near", "compare", "call", "report", "?"))


def test_a_listing_changed_when_its_history_says(settings: Any) -> None:
    user = User.objects.create_user("keeper")
    center = make(CenterFactory, slug="same", state="OH", source_checked=date(2026, 9, 23))
    team = make(ProgramFactory, slug="same", state="IL", source_checked=date(2026, 9, 1))
    with time_machine.travel("2026-11-20 12:00Z"):
        keeping.check(listing=team, group="care", how="phone", by=user)
    with time_machine.travel("2026-11-24 12:00Z"):
        keeping.check(listing=team, group="contact", how="phone", by=user)
    found = pages()
    assert found[team.get_absolute_url()] == found["/find-care/centers/illinois/"] == date(2026, 11, 24)
    assert found[center.get_absolute_url()] == found["/find-care/centers/ohio/"] == date(2026, 9, 23)
    assert found["/find-care/centers/"] == date(2026, 11, 24)
    assert found["/find-care/centers/guam/"] is None


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({}, None),
        ({"source_checked": date(2026, 9, 23)}, date(2026, 9, 23)),
        (
            {
                "source_checked": date(2026, 9, 23),
                "care_verified_on": date(2026, 10, 1),
                "care_verified_how": "phone",
                "access_verified_on": date(2026, 9, 30),
                "access_verified_how": "website",
            },
            date(2026, 10, 1),
        ),
    ],
)
def test_without_a_history_the_last_look_counts(values: dict[str, Any], day: date | None) -> None:
    team = make(ProgramFactory, **values)
    assert last_change(team, last_changes()) == day
    assert pages()[team.get_absolute_url()] == day


def test_a_long_history_is_one_query_and_one_day(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for what in ["changed"] * 5:
        ListingChange.objects.create(kind="center", slug="a", what=what)
    ListingChange.objects.create(kind="program", slug="a", what="added")
    with django_assert_num_queries(1):
        assert set(last_changes()) == {("center", "a"), ("program", "a")}


@pytest.mark.parametrize("rows", [1, 3])
def test_four_queries_however_many_listings(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        make(SpecialistFactory, program=make(ProgramFactory, center=make(CenterFactory)))
    with django_assert_num_queries(4):
        sitemap.pages()
