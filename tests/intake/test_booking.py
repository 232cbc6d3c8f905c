from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake import booking, consent, submitting, triage
from intake.models import Conversation, HelpRequest, Promise
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)  # a Tuesday, 10:00 in Chicago
SLOT = datetime(2026, 12, 3, 16, tzinfo=UTC)

noon = time_machine.travel(NOW, tick=False)


@noon
def test_open_times_are_half_hours_of_working_time_with_notice() -> None:
    AdvocateFactory()
    times = booking.open_times(state="IL", days=1)
    assert times[0] == NOW + timedelta(hours=2)
    assert times[-1] == NOW + timedelta(hours=24)
    assert {t.minute for t in times} == {0, 30}
    assert all(9 <= t.astimezone(ZoneInfo("America/Chicago")).hour < 17 for t in times)


@noon
@pytest.mark.parametrize("fields", [{"states": "WI"}, {"takes_conversations": False}, {"away_until": date(2027, 1, 1)}])
def test_who_may_not_or_is_away_has_no_open_times(fields: dict[str, object]) -> None:
    AdvocateFactory(**fields)
    assert booking.open_times(state="IL") == []


@noon
def test_a_booked_half_hour_is_not_open_and_a_cancelled_one_is() -> None:
    advocate = AdvocateFactory()
    conversation = ConversationFactory(advocate=advocate, starts_at=SLOT)
    assert SLOT not in booking.open_times(state="IL")
    booking.cancel(conversation=conversation)
    assert SLOT in booking.open_times(state="IL")


@noon
def test_the_number_of_advocates_and_of_calls_costs_no_query() -> None:
    counts = []
    for more in (1, 2):
        for advocate in AdvocateFactory.create_batch(more):
            ConversationFactory(advocate=advocate, starts_at=SLOT)
        with CaptureQueriesContext(connection) as queries:
            assert booking.open_times(state="IL")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@noon
def test_times_far_from_the_familys_day_are_left_out() -> None:
    AdvocateFactory()
    zone = ZoneInfo("Pacific/Honolulu")
    assert all(9 <= t.astimezone(zone).hour < 20 for t in booking.open_times(state="IL", zone=zone))


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)])
def test_every_half_hour_once_around_the_clock_changes(day: date) -> None:
    AdvocateFactory(hours=range(7))
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    times = booking.open_times(state="IL", days=5, now=now)
    assert len(times) == len(set(times))
    local = [t.astimezone(ZoneInfo("America/Chicago")) for t in times]
    assert sum(t.date() == day for t in local) == 16


@noon
def test_moving_keeps_the_entry_in_the_familys_calendar() -> None:
    AdvocateFactory()
    request = HelpRequestFactory(kind="conversation")
    conversation = booking.book(help_request=request, starts_at=SLOT, way="phone")
    moved = booking.move(conversation=conversation, starts_at=SLOT + timedelta(hours=1))
    assert (moved.pk, moved.sequence) == (conversation.pk, 1)
    assert Promise.objects.filter(kind=Promise.Kind.CONFIRM).count() == 2


@noon
def test_moving_onto_a_taken_time_leaves_the_old_one() -> None:
    advocate = AdvocateFactory()
    ConversationFactory(advocate=advocate, starts_at=SLOT)
    mine = ConversationFactory(advocate=advocate, starts_at=SLOT + timedelta(hours=1))
    with pytest.raises(booking.SlotTakenError):
        booking.move(conversation=mine, starts_at=SLOT)
    mine.refresh_from_db()
    assert (mine.starts_at, mine.sequence) == (SLOT + timedelta(hours=1), 0)


@noon
def test_a_move_to_another_advocate_takes_the_request_along() -> None:
    first, second = AdvocateFactory(), AdvocateFactory()
    mine = ConversationFactory(advocate=first, starts_at=SLOT + timedelta(hours=1))
    HelpRequest.objects.filter(pk=mine.help_request_id).update(advocate=first, assigned_at=NOW, status="assigned")
    ConversationFactory(advocate=first, starts_at=SLOT)
    moved = booking.move(conversation=mine, starts_at=SLOT)
    assert moved.advocate == second
    assert HelpRequest.objects.get(pk=mine.help_request_id).advocate == second


@noon
def test_cancelling_twice_is_once_and_what_is_cancelled_does_not_move() -> None:
    mine = ConversationFactory(advocate=AdvocateFactory(), starts_at=SLOT)
    booking.cancel(conversation=mine)
    booking.cancel(conversation=mine)
    assert mine.help_request.history.filter(what="cancelled").count() == 1
    with pytest.raises(booking.SlotTakenError):
        booking.move(conversation=mine, starts_at=SLOT)


@noon
def test_a_closed_request_gives_its_half_hour_back() -> None:
    mine = ConversationFactory(advocate=AdvocateFactory(), starts_at=SLOT)
    triage.close(help_request=mine.help_request, outcome="answered")
    assert SLOT in booking.open_times(state="IL")


@pytest.mark.django_db(transaction=True)
def test_many_families_at_once_one_half_hour_one_winner() -> None:
    AdvocateFactory()
    starts_at = booking.open_times(state="IL")[0]
    barrier, results = Barrier(12), []

    def try_to_book() -> None:
        barrier.wait()
        try:
            submitting.submit_conversation(
                contact=submitting.Contact(name="Maria Sample", reach_by="phone", phone="+13125550142"),
                starts_at=starts_at,
                way="phone",
                state="IL",
                consent=consent.contact_words(),
                submission_key=uuid4(),
            )
            results.append("booked")
        except booking.SlotTakenError:
            results.append("taken")
        finally:
            connection.close()

    threads = [Thread(target=try_to_book) for _ in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == ["booked"] + ["taken"] * 11
    assert Conversation.objects.count() == HelpRequest.objects.count() == 1
