"""Public numbers in which nobody can be found."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from intake import history, outcomes
from intake.models import HelpRequest, OutcomeFigures
from intake.outcomes import SMALLEST, fold
from tests.intake.factories import HelpRequestFactory

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ended(number: int, outcome: str = "helped", came: datetime = JULY, **fields: Any) -> list[HelpRequest]:
    closed = {"status": "closed", "outcome": outcome, "closed_at": came}
    made = HelpRequest.objects.bulk_create([HelpRequestFactory.build(**{**closed, **fields}) for _ in range(number)])
    HelpRequest.objects.filter(pk__in=[row.pk for row in made]).update(created_at=came)
    return made


def public(answer: Any) -> str:
    """One h1, tables with a caption and scopes, and nothing of its own for anybody."""
    text = str(answer.content.decode())
    assert text.count("<h1") == 1
    assert text.count("<table") == text.count("<caption")
    assert "<th>" not in text
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    return text


def counted() -> dict[str, Any]:
    outcomes.make()
    return OutcomeFigures.objects.get(month=date(2026, 9, 1)).figures


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60)))
def test_no_sum_and_no_difference_of_what_is_published_is_a_small_group(groups: dict[str, int]) -> None:
    published = fold(groups)
    total = sum(groups.values())
    assert sum(published.values()) == (total if published else 0)
    assert published or total < SMALLEST or not total
    for size in range(1, len(published) + 1):
        for some in combinations(published.values(), size):
            assert sum(some) >= SMALLEST
            rest = total - sum(some)
            assert rest == 0 or rest >= SMALLEST


@pytest.mark.parametrize(
    ("groups", "published"),
    [
        ({"a": 50, "b": 11}, {"a": 50, "b": 11}),
        ({"a": 50, "b": 10}, {"other": 60}),
        ({"a": 50, "b": 20, "c": 1}, {"a": 50, "other": 21}),
        ({"a": 50, "b": 6, "c": 5}, {"a": 50, "other": 11}),
        ({"a": 10}, {}),
        ({"a": 40, "b": 0}, {"a": 40}),
        ({}, {}),
    ],
)
def test_small_groups_stand_together(groups: dict[str, int], published: dict[str, int]) -> None:
    assert fold(groups) == published


@pytest.mark.django_db
def test_a_quarter_is_counted_when_it_is_settled_and_never_again(clock: time_machine.Traveller) -> None:
    ended(12)
    clock.move_to(datetime(2026, 10, 31, 4, tzinfo=UTC))
    outcomes.make()
    assert not OutcomeFigures.objects.filter(month=date(2026, 9, 1)).exists()
    clock.move_to(datetime(2026, 10, 31, 6, tzinfo=UTC))  # midnight of October 1 in Chicago is 5:00 UTC
    before = counted()
    assert before["total"] == 12
    ended(5)
    assert outcomes.make() == 0
    assert counted() == before


@pytest.mark.django_db
def test_it_counts_what_came_what_became_of_it_and_how_soon(clock: time_machine.Traveller) -> None:
    reached = ended(20, first_contact_at=JULY + timedelta(hours=3))
    slow = ended(20, "answered", first_contact_at=JULY + timedelta(hours=30), kind="conversation")
    for row in slow[:15]:
        history.record(help_request=row, what="promise_moved")
    HelpRequest.objects.filter(pk__in=[row.pk for row in slow[15:]]).update(contact_by=JULY + timedelta(hours=29))
    ended(11, "not_reached")
    ended(30, "spam")
    ended(20, came=datetime(2026, 6, 30, 12, tzinfo=UTC))
    figures = counted()
    assert figures["total"] == 51
    assert figures["kinds"] == {"doctor_match": 31, "conversation": 20}
    assert figures["outcomes"] == {"helped": 20, "answered": 20, "not_reached": 11}
    assert figures["promised"] == {"in_time": 20, "later": 20, "not_reached": 11}
    assert figures["hours"] == {"half": 16, "nine_of_ten": 30}
    assert reached


@pytest.mark.django_db
@pytest.mark.parametrize(("moment", "is_in"), [((2026, 7, 1, 4, 59), False), ((2026, 7, 1, 5, 0), True)])
def test_a_quarter_begins_at_our_midnight(clock: Any, moment: tuple[int, ...], is_in: bool) -> None:
    ended(SMALLEST, came=datetime(*moment, tzinfo=UTC))
    assert bool(counted()) is is_in


@pytest.mark.django_db
def test_too_few_are_no_numbers_and_the_page_says_so(clock: Any, client: Client) -> None:
    ended(SMALLEST - 1)
    assert counted() == {}
    text = public(client.get("/outcomes/"))
    assert "not enough requests yet" in text
    assert "July to September 2026" in text
    assert "Too few asked" in text
    assert "10 families" not in text


@pytest.mark.django_db
def test_the_page_shows_each_table_and_is_everybodys(
    clock: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    ended(25, first_contact_at=JULY + timedelta(hours=1))
    ended(3, "not_reached")
    call_command("make_outcomes")
    with django_assert_max_num_queries(2):
        answer = client.get("/outcomes/")
    text = public(answer)
    assert "28 families asked" in text
    assert "within 1 hour," in text
    assert "not reach them" not in text
    assert b"/outcomes/" in client.get("/sitemap.xml").content


@pytest.mark.django_db
def test_the_numbers_outlive_the_answers(clock: Any) -> None:
    rows = ended(SMALLEST)
    before = counted()
    HelpRequest.objects.filter(pk=rows[0].pk).update(outcome="not_reached")
    assert counted() == before
