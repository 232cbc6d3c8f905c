"""A kept half hour is kept, from everybody else and for a while."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from intake import booking, holding
from intake.booking import SlotTakenError
from intake.models import Conversation, Hold
from tests.intake.factories import AdvocateFactory, HelpRequestFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
SLOT = datetime(2026, 12, 3, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def keep(holder: str, starts_at: datetime = SLOT) -> Hold:
    return holding.hold(starts_at=starts_at, state="IL", language="en", holder=holder)


def is_open(holder: str = "") -> bool:
    return SLOT in booking.open_times(state="IL", holder=holder)


def book(holder: str = "") -> None:
    booking.book(help_request=HelpRequestFactory(kind="conversation"), starts_at=SLOT, way="phone", holder=holder)


def test_what_is_kept_is_open_to_nobody_else() -> None:
    AdvocateFactory()
    assert keep("mine").until == NOW + timedelta(minutes=15)
    assert (is_open("mine"), is_open("yours"), is_open()) == (True, False, False)
    with pytest.raises(SlotTakenError):
        keep("yours")
    for other in ("yours", ""):
        with pytest.raises(SlotTakenError):
            book(other)
    book("mine")
    assert not Hold.objects.exists()


def test_a_second_advocate_serves_a_second_family() -> None:
    AdvocateFactory(), AdvocateFactory()
    assert keep("mine").advocate != keep("yours").advocate
    assert not is_open()


def test_after_a_quarter_of_an_hour_it_is_anybodys(clock: time_machine.Traveller) -> None:
    AdvocateFactory()
    keep("mine")
    clock.shift(timedelta(minutes=15))
    assert is_open("yours")
    assert holding.kept("mine") is None
    keep("yours")
    with pytest.raises(SlotTakenError):
        book("mine")
    assert Hold.objects.get().holder == "yours"


def test_it_can_be_kept_longer_while_it_is_kept(clock: time_machine.Traveller) -> None:
    AdvocateFactory()
    keep("mine")
    clock.shift(timedelta(minutes=14))
    assert holding.extend(holder="mine") == NOW + timedelta(minutes=29)
    clock.shift(timedelta(minutes=15))
    assert holding.extend(holder="mine") is None
    assert holding.extend(holder="nobody") is None


def test_one_browser_keeps_one_time() -> None:
    AdvocateFactory()
    keep("mine")
    keep("mine", SLOT + timedelta(hours=1))
    assert Hold.objects.get().starts_at == SLOT + timedelta(hours=1)
    assert is_open()
    holding.release(holder="mine")
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    "starts_at", [NOW, SLOT + timedelta(minutes=10), SLOT + timedelta(days=400), SLOT.replace(hour=3)]
)
def test_what_was_never_open_cannot_be_kept(starts_at: datetime) -> None:
    AdvocateFactory()
    with pytest.raises(SlotTakenError):
        keep("mine", starts_at)
    assert not Hold.objects.exists()


def test_a_refused_choice_keeps_the_earlier_one() -> None:
    AdvocateFactory()
    keep("mine")
    keep("yours", SLOT + timedelta(hours=1))
    with pytest.raises(SlotTakenError):
        keep("mine", SLOT + timedelta(hours=1))
    assert holding.kept("mine")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_keeps_it() -> None:
    AdvocateFactory()
    browsers = [partial(keep, f"browser {number}") for number in range(8)]
    assert [type(error) for error in at_once(*browsers)] == [SlotTakenError] * 7
    assert Hold.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_whose_time_ran_out_may_choose_each_others(clock: time_machine.Traveller) -> None:
    AdvocateFactory()
    later = SLOT + timedelta(hours=1)
    for _ in range(25):
        keep("mine")
        keep("yours", later)
        clock.shift(timedelta(minutes=16))
        assert at_once(lambda: keep("mine", later), lambda: keep("yours", SLOT)) == []
        Hold.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_time_is_kept_for_one_or_booked_by_another_and_never_both() -> None:
    AdvocateFactory()
    for _ in range(20):
        assert [type(error) for error in at_once(lambda: keep("mine"), book)] == [SlotTakenError]
        assert Hold.objects.count() + Conversation.objects.standing().count() == 1
        Hold.objects.all().delete()
        Conversation.objects.update(cancelled_at=NOW)
        assert is_open()
