"""The list of requests: its piles and filters, and that an index gives it in its own order."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake.admin import piles
from intake.models import HelpRequest
from intake.sample_desk import load_sample_desk
from tests.intake.desk import LIST, advocate, as_, of
from tests.intake.factories import HelpRequestFactory

pytestmark = pytest.mark.django_db
EVERY_PILE = ["", *piles.PILES]


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def shown(name: str, query: dict[str, Any]) -> list[int]:
    return [row.pk for row in as_(name).get(reverse(LIST), query).context["cl"].result_list]


def in_touch(whose: str, **fields: Any) -> HelpRequest:
    now = timezone.now()
    return HelpRequestFactory(
        advocate=advocate(whose), status="reached", assigned_at=now, first_contact_at=now, **fields
    )


def closed(whose: str, outcome: str = "helped", **fields: Any) -> HelpRequest:
    return HelpRequestFactory(
        advocate=advocate(whose),
        status="closed",
        assigned_at=timezone.now(),
        outcome=outcome,
        closed_at=timezone.now(),
        **fields,
    )


def test_each_pile_holds_what_its_name_says() -> None:
    now = timezone.now()
    nobody = HelpRequestFactory(contact_by=now + timedelta(days=3))
    late = of("ana", contact_by=now - timedelta(minutes=1))
    later = of("ana", contact_by=now + timedelta(days=3))
    step = in_touch("ana", contact_by=now - timedelta(days=3), next_step_on=now - timedelta(days=2))
    news = in_touch("ana", news_since=now, next_step_on=now + timedelta(days=4))
    waits = in_touch("ana", waiting_since=now)
    raised = of("ben", escalated_at=now, contact_by=now + timedelta(days=3))
    done = closed("ana")
    aside = HelpRequestFactory(contact_by=now - timedelta(minutes=1), set_aside_because="haste")
    mine = {late.pk, later.pk, step.pk, news.pk, waits.pk}
    found = {
        "": {nobody.pk, *mine},
        "mine": mine,
        "unassigned": {nobody.pk},
        "today": {step.pk},
        "overdue": {late.pk},
        "news": {news.pk},
        "waiting": {waits.pk},
        "raised": set(),
        "aside": {aside.pk},
        "closed": {done.pk},
    }
    assert {name: set(shown("ana", {"desk": name} if name else {})) for name in EVERY_PILE} == found
    assert set(shown("carol", {"desk": "raised"})) == {raised.pk}
    assert shown("carol", {"desk": "mine"}) == []


@pytest.mark.parametrize("minutes", [1, 24 * 60 - 1])
def test_today_ends_at_midnight_on_the_clock_of_who_reads(minutes: int) -> None:
    """Ana in Honolulu has hours left when Carol's day in New York is over."""
    start = timezone.now()
    for name, zone in (("ana", "Pacific/Honolulu"), ("carol", "America/New_York")):
        person = advocate(name)
        person.time_zone = zone
        person.save()
    row = HelpRequestFactory(contact_by=start + timedelta(minutes=minutes))
    for name in ("ana", "carol"):
        zone = advocate(name).zone
        same_day = row.contact_by.astimezone(zone).date() == start.astimezone(zone).date()
        assert (row.pk in shown(name, {"desk": "today"})) is same_day


def test_filters_narrow_and_combine() -> None:
    match = HelpRequestFactory(state="TX", language="es")
    talk = HelpRequestFactory(kind="conversation", state="TX")
    other = HelpRequestFactory(state="WY")
    assert set(shown("ana", {"state": "TX"})) == {match.pk, talk.pk}
    assert shown("ana", {"state": "TX", "kind": "conversation"}) == [talk.pk]
    assert shown("ana", {"language": "es"}) == [match.pk]
    assert shown("ana", {"desk": "unassigned", "state": "WY"}) == [other.pk]
    assert shown("ana", {"desk": "mine", "state": "WY"}) == []


def test_closed_ones_can_be_told_apart_by_outcome_the_last_first() -> None:
    first, spam, last = closed("ana"), closed("ana", "spam"), closed("ana")
    closed("ben")
    assert shown("ana", {"desk": "closed"}) == [last.pk, spam.pk, first.pk]
    assert shown("ana", {"desk": "closed", "outcome": "spam"}) == [spam.pk]
    assert len(shown("carol", {"desk": "closed"})) == 4
    text = as_("ana").get(reverse(LIST)).content.decode()
    assert "By outcome" not in text
    assert "By state" in text


@pytest.mark.parametrize(
    "query",
    [
        {"desk": "' OR 1=1 --"},
        {"desk": "closed", "outcome": "x" * 5000},
        {"state": "ZZ"},
        {"language": "\u202e"},
        {"kind": "<script>"},
        {"kind__exact": "conversation"},
        {"name__startswith": "M"},
        {"email_hash": "0"},
        {"o": "1.2.3"},
        {"p": "99999"},
        {"advocate__user__password__startswith": "p"},
    ],
)
def test_a_made_up_address_shows_no_more_than_one_may_see(query: dict[str, str]) -> None:
    hers = of("ben")
    answer = as_("ana").get(reverse(LIST), query, follow=True)
    assert answer.status_code in (200, 400)
    assert hers.reference not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_a_row_says_what_else_is_up() -> None:
    in_touch("ana", news_since=timezone.now(), waiting_since=timezone.now())
    assert "news, waiting for them" in as_("ana").get(reverse(LIST)).content.decode()


def test_nothing_is_counted_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "MOST", 2)
    for _ in range(2):
        of("ana")
    assert "\n2 requests" in as_("ana").get(reverse(LIST)).content.decode()
    of("ana")
    answer = as_("ana").get(reverse(LIST))
    assert "2+ requests" in answer.content.decode()
    assert answer.context["cl"].result_count == 2


def _questions(name: str, query: dict[str, str]) -> int:
    client = as_(name)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(LIST), query).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["ana", "carol"])
def test_a_longer_list_asks_no_more(name: str) -> None:
    of("ana")
    HelpRequestFactory()
    few = [_questions(name, {"desk": pile}) for pile in EVERY_PILE]
    for whose in ("ana", "ana", "ben"):
        of(whose, contact_by=timezone.now() - timedelta(hours=1))
        in_touch(whose, news_since=timezone.now(), waiting_since=timezone.now(), escalated_at=timezone.now())
        closed(whose)
        HelpRequestFactory()
    assert [_questions(name, {"desk": pile}) for pile in EVERY_PILE] == few
    assert max(few) <= 7


@pytest.fixture
def _as_if_large() -> None:
    """The tables of a test are so small that reading all of one is the fastest: forbid it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


@pytest.mark.usefixtures("_as_if_large")
@pytest.mark.parametrize(
    ("name", "pile", "index"),
    [
        ("carol", "", "help_request_order"),
        ("ana", "mine", "help_request_queue"),
        ("ana", "unassigned", "help_request_nobody|help_request_queue"),
        ("carol", "news", "help_request_news"),
        ("carol", "waiting", "help_request_waiting"),
        ("carol", "raised", "help_request_raised"),
        ("carol", "closed", "help_request_closed"),
        ("ana", "closed", "help_request_closed_of"),
    ],
)
def test_an_index_gives_each_pile_in_its_order(name: str, pile: str, index: str) -> None:
    plan = piles.pile(pile, advocate(name).user)[:50].explain()
    assert re.search(rf"\b({index})\b", plan), plan
    assert not re.search(r"^\W*Sort|USE TEMP B-TREE|Incremental", plan), plan


@pytest.mark.usefixtures("_as_if_large")
def test_an_index_finds_what_an_advocate_may_see() -> None:
    """SQLite, the database of the demo, sorts these few; PostgreSQL reads them in order."""
    plan = piles.pile("", advocate("ana").user)[:50].explain()
    assert "help_request_order" in plan or "MULTI-INDEX OR" in plan, plan
