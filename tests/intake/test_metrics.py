"""What the desk says to Prometheus: true, cheap, and about nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from intake.models import DayOff, HelpRequest, Promise
from navigator import metrics
from tests.intake.factories import AdvocateFactory, HelpRequestFactory, PromiseFactory
from tests.intake.story import CANARY, VALUES, the_whole_story

pytestmark = pytest.mark.django_db
KIND, STATUS = Promise.Kind, HelpRequest.Status
# The labels that there may be, and all that may stand in them.
LABELS = {
    "kind": {*HelpRequest.Kind.values, *Promise.Kind.values},
    "status": set(STATUS.values),
    "quantile": {"0.5", "0.9"},
}


def figures() -> dict[str, float]:
    """`name` or `name{value}` -> number, as Prometheus reads them."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        assert family.documentation
        for sample in family.samples:
            if sample.name.startswith("navigator_ready_pages"):
                continue
            for label, value in sample.labels.items():
                assert value in LABELS[label]
            name = sample.name + "".join(f"{{{value}}}" for value in sample.labels.values())
            assert name not in found
            found[name] = sample.value
    return found


def test_an_empty_desk_says_nothing_but_noughts() -> None:
    found = figures()
    assert set(found.values()) == {0}
    assert "navigator_first_contact_seconds{0.5}" not in found
    assert len(found) == 2 + 3 + 2 * len(KIND) + 7


def test_requests_of_this_month_by_kind_and_open_ones_by_status() -> None:
    advocate = AdvocateFactory()
    HelpRequestFactory()
    HelpRequestFactory(kind="conversation", status=STATUS.ASSIGNED, advocate=advocate, assigned_at=timezone.now())
    old = HelpRequestFactory(status=STATUS.CLOSED, outcome="helped", closed_at=timezone.now())
    HelpRequest.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    found = figures()
    assert found["navigator_requests_received_total{doctor_match}"] == 1
    assert found["navigator_requests_received_total{conversation}"] == 1
    assert found["navigator_requests_open{new}"] == found["navigator_requests_open{assigned}"] == 1
    assert found["navigator_requests_open{reached}"] == 0
    assert "navigator_requests_open{closed}" not in found


@pytest.mark.parametrize(
    ("sent", "now", "counted"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), 0),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 1),
    ],
)
def test_the_counter_starts_anew_on_the_first(sent: datetime, now: datetime, counted: int) -> None:
    row = HelpRequestFactory()
    HelpRequest.objects.filter(pk=row.pk).update(created_at=sent)
    with time_machine.travel(now, tick=False):
        assert figures()["navigator_requests_received_total{doctor_match}"] == counted


def test_the_oldest_due_promise() -> None:
    now = timezone.now()
    PromiseFactory(due_at=now + timedelta(hours=3))
    assert figures()["navigator_oldest_due_promise_age_seconds"] == 0
    PromiseFactory(due_at=now - timedelta(seconds=90), kind=KIND.ACKNOWLEDGE)
    PromiseFactory(due_at=now - timedelta(seconds=10))
    PromiseFactory(due_at=now - timedelta(days=3), done_at=now)
    PromiseFactory(due_at=now - timedelta(days=3), gave_up_at=now)
    found = figures()
    assert 89 < found["navigator_oldest_due_promise_age_seconds"] < 120
    assert found["navigator_promises_pending{route}"] == 2
    assert found["navigator_promises_pending{acknowledge}"] == 1


def test_mails_that_wait_and_mails_that_fail() -> None:
    now = timezone.now()
    later = now + timedelta(hours=3)
    PromiseFactory(kind=KIND.REMIND, due_at=later)  # nothing to send yet
    PromiseFactory(kind=KIND.ACKNOWLEDGE)
    PromiseFactory(kind=KIND.TRIED, due_at=later, attempts=3, last_error="SMTPException")
    PromiseFactory(kind=KIND.ROUTE, attempts=1, last_error="ValueError")  # no mail
    PromiseFactory(kind=KIND.TRIED, done_at=now, last_error="silenced")
    found = figures()
    assert (found["navigator_mails_waiting"], found["navigator_mails_failing"]) == (2, 1)


def test_given_up_until_somebody_tries_again_or_the_request_is_closed() -> None:
    now = timezone.now()
    PromiseFactory(kind=KIND.ACKNOWLEDGE, gave_up_at=now - timedelta(days=90))
    closed = HelpRequestFactory(status=STATUS.CLOSED, outcome="spam", closed_at=now)
    PromiseFactory(kind=KIND.ROUTE, gave_up_at=now, help_request=closed)
    assert figures()["navigator_promises_given_up{acknowledge}"] == 1
    assert figures()["navigator_promises_given_up{route}"] == 0
    Promise.objects.update(gave_up_at=None)
    assert figures()["navigator_promises_given_up{acknowledge}"] == 0


def test_a_call_is_overdue_until_they_are_reached_or_ask_for_time() -> None:
    now = timezone.now()
    late = {"contact_by": now - timedelta(minutes=1)}
    HelpRequestFactory(**late)
    HelpRequestFactory(contact_by=now + timedelta(minutes=5))
    HelpRequestFactory(**late, waiting_since=now)
    HelpRequestFactory(**late, status=STATUS.CLOSED, outcome="not_needed", closed_at=now)
    advocate = AdvocateFactory()
    HelpRequestFactory(**late, status=STATUS.REACHED, advocate=advocate, assigned_at=now, first_contact_at=now)
    assert figures()["navigator_calls_overdue"] == 1


MONDAY_NOON = datetime(2027, 1, 11, 18, tzinfo=UTC)  # Central


@pytest.mark.parametrize(
    ("now", "staffed"),
    [
        (MONDAY_NOON, 1),
        (MONDAY_NOON.replace(hour=15), 1),
        (MONDAY_NOON.replace(hour=14, minute=59), 0),
        (MONDAY_NOON.replace(hour=22, minute=59), 1),
        (MONDAY_NOON.replace(hour=23), 0),
        (MONDAY_NOON - timedelta(days=1), 0),
    ],
)
def test_the_desk_is_staffed_while_somebody_works(now: datetime, staffed: int) -> None:
    AdvocateFactory()
    with time_machine.travel(now, tick=False):
        assert figures()["navigator_desk_staffed"] == staffed


def test_nobody_is_at_the_desk_on_a_holiday_when_away_or_no_longer_active() -> None:
    with time_machine.travel(MONDAY_NOON, tick=False):
        away = AdvocateFactory(away_until=MONDAY_NOON.date() + timedelta(days=1))
        AdvocateFactory(is_active=False)
        assert figures()["navigator_desk_staffed"] == 0
        AdvocateFactory(time_zone="Pacific/Kiritimati", hours=[1])  # Tuesday 8:00 there
        assert figures()["navigator_desk_staffed"] == 0
        away.away_until = None
        away.save()
        assert figures()["navigator_desk_staffed"] == 1
        DayOff.objects.create(date=MONDAY_NOON.date())
        assert figures()["navigator_desk_staffed"] == 0


def reached(after: timedelta, *, days_ago: int = 3) -> None:
    advocate, sent = AdvocateFactory(), timezone.now() - timedelta(days=days_ago)
    row = HelpRequestFactory(status=STATUS.REACHED, advocate=advocate, assigned_at=sent, first_contact_at=sent + after)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=sent)


def test_how_long_families_waited() -> None:
    for minutes in (1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000):
        reached(timedelta(minutes=minutes))
    reached(timedelta(minutes=4, seconds=30))  # the started minute counts
    reached(timedelta(seconds=1), days_ago=31)
    HelpRequestFactory()
    found = figures()
    assert found["navigator_first_contact_seconds{0.5}"] == 300
    assert found["navigator_first_contact_seconds{0.9}"] == 540
    assert found["navigator_first_contacts"] == 11


def test_as_many_questions_for_three_as_for_one(ask: Callable[..., HelpRequest]) -> None:
    counts = []
    for rows in (1, 2):  # one of each, then three
        for _ in range(rows):
            AdvocateFactory()
            PromiseFactory(kind=KIND.ACKNOWLEDGE, attempts=1, last_error="SMTPException")
            PromiseFactory(kind=KIND.ROUTE, gave_up_at=timezone.now())
            reached(timedelta(minutes=5))
            HelpRequestFactory(contact_by=timezone.now() - timedelta(hours=1))
        with CaptureQueriesContext(connection) as asked:
            figures()
        counts.append(len(asked))
    assert counts == [11, 11]


def test_no_figure_tells_what_a_family_told(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "t" * 40
    the_whole_story()
    answer = client.get("/metrics", headers={"authorization": "Bearer " + "t" * 40})
    text = answer.content.decode()
    assert figures()["navigator_requests_received_total{doctor_match}"] == 1
    assert CANARY.findall(text) == []
    assert CANARY.findall(text + VALUES["name"]) == [VALUES["name"]], "what is in clear is found"
