"""A conversation ends in one way, and each end leads on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake import booking, calling, erasing, people, triage
from intake.booking import BookingError, SlotTakenError
from intake.models import Advocate, Conversation, HelpRequest
from tests.intake.factories import AdvocateFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)  # a Tuesday, 10:00 in Chicago
SLOT = datetime(2026, 12, 3, 16, tzinfo=UTC)
LATER = SLOT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana() -> Advocate:
    return AdvocateFactory(first_name="Ana")


@pytest.fixture
def row(ana: Advocate) -> HelpRequest:
    return HelpRequestFactory(kind="conversation", advocate=ana, status="assigned", assigned_at=timezone.now())


@pytest.fixture
def call(row: HelpRequest) -> Conversation:
    return booking.book(help_request=row, starts_at=SLOT, way="phone")


def pending(row: HelpRequest) -> list[str]:
    return sorted(row.promises.pending().values_list("kind", flat=True))


def test_only_whoever_speaks_the_language_is_offered(ana: Advocate) -> None:
    assert booking.open_times(state="IL", language="es") == []
    Advocate.objects.update(languages="en es")
    assert booking.open_times(state="IL", language="es")


def test_booking_keeps_the_call_that_was_owed(row: HelpRequest) -> None:
    calling.promise_call(row)
    booking.book(help_request=row, starts_at=SLOT, way="phone")
    row.refresh_from_db()
    assert row.contact_by == SLOT
    assert pending(row) == ["confirm", "escalate", "remind", "remind"]
    with pytest.raises(SlotTakenError):
        booking.book(help_request=row, starts_at=LATER, way="phone")


def test_a_booked_time_with_another_advocate_takes_the_request_along(row: HelpRequest, ana: Advocate) -> None:
    ben = AdvocateFactory()
    Advocate.objects.filter(pk=ana.pk).update(takes_conversations=False)
    booking.book(help_request=row, starts_at=SLOT, way="phone")
    row.refresh_from_db()
    assert row.advocate == ben


def test_whoever_has_the_request_gets_the_call_if_free(row: HelpRequest, ana: Advocate) -> None:
    AdvocateFactory()
    assert booking.book(help_request=row, starts_at=SLOT, way="phone").advocate == ana


def test_a_family_that_cancels_is_waited_for_and_may_choose_again(call: Conversation, row: HelpRequest) -> None:
    for _ in range(2):
        booking.cancel(conversation=call)
    row.refresh_from_db()
    assert row.waiting_since
    assert row.news_since
    assert pending(row) == ["tell_cancelled"]
    assert row.history.filter(what="cancelled").count() == 1
    again = booking.book(help_request=row, starts_at=SLOT, way="video")
    row.refresh_from_db()
    assert (again.pk == call.pk, row.waiting_since) == (False, None)


def test_where_staff_cancel_a_call_is_owed(call: Conversation, row: HelpRequest, ana: Advocate) -> None:
    booking.cancel(conversation=call, by=ana.user)
    assert pending(row) == ["escalate", "tell_cancelled", "tell_late"]


def test_moving_takes_back_what_was_said_about_the_old_time(call: Conversation, row: HelpRequest) -> None:
    booking.move(conversation=call, starts_at=LATER)
    due = row.promises.pending().values_list("kind", "due_at")
    assert ("escalate", LATER + booking.ASK_AFTER) in due
    assert ("escalate", SLOT + booking.ASK_AFTER) not in due
    assert pending(row) == ["confirm", "escalate", "remind", "remind"]


def test_held_it_is_the_first_contact(call: Conversation, row: HelpRequest, ana: Advocate, clock: Any) -> None:
    with pytest.raises(BookingError, match="not begun"):
        booking.mark_held(conversation=call, by=ana.user)
    clock.move_to(SLOT + timedelta(minutes=20))
    booking.mark_held(conversation=call, by=ana.user)
    row.refresh_from_db()
    assert (row.status, row.first_contact_at) == ("reached", SLOT + timedelta(minutes=20))
    assert pending(row) == []
    for again in (booking.mark_held, booking.mark_missed):
        with pytest.raises(BookingError, match="is over"):
            again(conversation=call, by=ana.user)
    with pytest.raises(SlotTakenError):
        booking.move(conversation=call, starts_at=LATER + timedelta(days=1))
    booking.cancel(conversation=call)
    call.refresh_from_db()
    assert call.cancelled_at is None


def test_missed_the_family_is_told_and_tried_again(
    call: Conversation, row: HelpRequest, ana: Advocate, clock: Any
) -> None:
    clock.move_to(SLOT + timedelta(minutes=20))
    booking.mark_missed(conversation=call, by=ana.user)
    row.refresh_from_db()
    assert (row.tries, row.next_try_at) == (1, datetime(2026, 12, 3, 18, 30, tzinfo=UTC))
    assert pending(row) == ["escalate", "missed", "tell_late"]
    booking.book(help_request=row, starts_at=SLOT + timedelta(days=1), way="phone")
    row.refresh_from_db()
    assert row.next_try_at is None
    assert pending(row) == ["confirm", "escalate", "missed", "remind"]


def test_missed_by_whom_we_know_it_is_their_turn(
    call: Conversation, row: HelpRequest, ana: Advocate, clock: Any
) -> None:
    triage.log_call(help_request=row, result="reached", by=ana.user)
    clock.move_to(SLOT + timedelta(minutes=20))
    booking.mark_missed(conversation=call, by=ana.user)
    row.refresh_from_db()
    assert row.waiting_since
    assert pending(row) == ["missed"]


def test_who_gets_the_times_of_calls_hears_of_each(call: Conversation, row: HelpRequest) -> None:
    named = {}
    for name, gets in (("Jo", "calls"), ("Sol", "plan")):
        contact = {"name": name, "email": f"{name}@family.example", "reach_by": "email", "gets": gets}
        named[name] = people.add(help_request=row, role="helper", contact=contact)
        people.join(participant=named[name], words="yes", how="page")
    booking.move(conversation=call, starts_at=LATER)
    jo = named["Jo"]
    assert set(row.promises.pending().filter(participant=jo, conversation=call).values_list("key", flat=True)) == {
        f"confirm:{call.pk}:1:{jo.pk}",
        f"remind:{call.pk}:1:day:{jo.pk}",
        f"remind:{call.pk}:1:hour:{jo.pk}",
    }
    assert not row.promises.filter(participant=named["Sol"], kind="confirm").exists()
    booking.cancel(conversation=call)
    assert row.promises.pending().filter(kind="tell_cancelled").count() == 2


def test_who_wants_no_reminder_gets_none_and_the_confirmation_still(row: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=row.pk).update(gets="")
    booking.book(help_request=row, starts_at=SLOT, way="phone")
    assert pending(row) == ["confirm", "escalate"]


def test_a_closed_request_books_nothing(row: HelpRequest) -> None:
    erasing.withdraw(help_request=row)
    with pytest.raises(SlotTakenError):
        booking.book(help_request=row, starts_at=SLOT, way="phone")
