"""Who goes away leaves nobody behind."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake import absences, routing
from intake.absences import HandOver
from intake.models import Advocate, Conversation, HelpRequest, Promise
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
FAR = date(2999, 1, 1)


@pytest.fixture
def ana() -> Advocate:
    return AdvocateFactory(first_name="Ana", away_until=FAR)


def has(advocate: Advocate, **fields: Any) -> HelpRequest:
    fields = {"status": "assigned", "assigned_at": timezone.now(), **fields}
    return HelpRequestFactory(advocate=advocate, **fields)


def with_call(advocate: Advocate, starts_at: datetime) -> Conversation:
    request = has(advocate, kind="conversation", contact_by=starts_at)
    return ConversationFactory(help_request=request, advocate=advocate, starts_at=starts_at)


def next_weekday(days: int) -> datetime:
    """10:00 Central on a weekday that is at least `days` ahead, in UTC."""
    day = timezone.now().date() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def test_open_requests_go_to_others_with_the_reason(ana: Advocate) -> None:
    ben = AdvocateFactory(first_name="Ben")
    waits, reached = has(ana), has(ana, status="reached", first_contact_at=timezone.now())
    done = has(ana, status="closed", outcome="helped", closed_at=timezone.now())
    assert absences.hand_over(advocate=ana, by=ben.user) == HandOver(moved=2)
    for row in (waits, reached, done):
        row.refresh_from_db()
    assert [waits.advocate, reached.advocate, done.advocate] == [ben, ben, ana]
    assert reached.status == "reached"
    assert waits.routing_reason.startswith("Ana is away. Ben: licensed in IL")
    assert list(waits.history.values_list("what", "by")) == [("handed_over", ben.user.pk)]
    assert waits.promises.filter(kind=Promise.Kind.TELL_ADVOCATE).count() == 1


def test_they_are_spread_by_load(ana: Advocate) -> None:
    others = [AdvocateFactory(), AdvocateFactory(), AdvocateFactory()]
    for _ in range(7):
        has(ana)
    absences.hand_over(advocate=ana)
    assert sorted(other.help_requests.count() for other in others) == [2, 2, 3]


def test_nobody_who_is_here_loses_anything() -> None:
    here, _ = AdvocateFactory(), AdvocateFactory()
    row = has(here)
    assert absences.hand_over(advocate=here) == HandOver()
    row.refresh_from_db()
    assert row.advocate == here


@pytest.mark.parametrize("gone", ["advocate", "account"])
def test_who_left_is_away_for_good(gone: str) -> None:
    left, other = AdvocateFactory(), AdvocateFactory()
    row = has(left)
    if gone == "advocate":
        Advocate.objects.filter(pk=left.pk).update(is_active=False)
    else:
        type(left.user).objects.filter(pk=left.user.pk).update(is_active=False)
    assert absences.hand_over(advocate=left) == HandOver(moved=1)
    row.refresh_from_db()
    assert row.advocate == other


@pytest.mark.parametrize("why", [{"states": "WI"}, {"capacity": 0}, {"takes_matches": False}, {"away_until": FAR}])
def test_whom_nobody_fits_stays_and_the_lead_hears_of_it_once(ana: Advocate, why: dict[str, Any]) -> None:
    AdvocateFactory(**why)
    row = has(ana)
    assert absences.hand_over(advocate=ana) == HandOver(waiting=1)
    assert absences.hand_over(advocate=ana) == HandOver(waiting=1)
    row.refresh_from_db()
    assert row.advocate == ana
    assert Promise.objects.filter(kind=Promise.Kind.HAND_OVER, help_request=row).count() == 1
    Advocate.objects.exclude(pk=ana.pk).update(states="IL", capacity=5, takes_matches=True, away_until=None)
    absences.hand_over_all()
    row.refresh_from_db()
    assert row.advocate != ana


def test_a_call_in_the_absence_keeps_its_time_with_somebody_else(ana: Advocate) -> None:
    ben, starts_at = AdvocateFactory(first_name="Ben"), next_weekday(3)
    conversation = with_call(ana, starts_at)
    assert absences.hand_over(advocate=ana) == HandOver(moved=1)
    conversation.refresh_from_db()
    assert (conversation.advocate, conversation.starts_at, conversation.cancelled_at) == (ben, starts_at, None)
    request = HelpRequest.objects.get(pk=conversation.help_request_id)
    assert (request.advocate, request.contact_by) == (ben, starts_at)
    assert request.promises.filter(kind=Promise.Kind.CONFIRM, conversation=conversation).exists()


def test_a_call_that_nobody_else_can_take_stays_and_the_lead_hears_of_it(ana: Advocate) -> None:
    ben, starts_at = AdvocateFactory(), next_weekday(3)
    with_call(ben, starts_at)
    conversation = with_call(ana, starts_at)
    assert absences.hand_over(advocate=ana) == HandOver(waiting=1)
    conversation.refresh_from_db()
    assert (conversation.advocate, conversation.starts_at, conversation.cancelled_at) == (ana, starts_at, None)
    assert conversation.help_request.promises.filter(kind=Promise.Kind.HAND_OVER).count() == 1


def test_a_call_after_the_absence_stays() -> None:
    back = timezone.now().date() + timedelta(days=3)
    ana, _ = AdvocateFactory(away_until=back), AdvocateFactory()
    conversation = with_call(ana, next_weekday(7))
    assert absences.hand_over(advocate=ana) == HandOver(kept=1)
    conversation.refresh_from_db()
    assert conversation.advocate == conversation.help_request.advocate == ana


def test_a_conversation_that_is_over_moves_as_any_request(ana: Advocate) -> None:
    ben = AdvocateFactory()
    conversation = with_call(ana, next_weekday(3) - timedelta(days=70))
    assert absences.hand_over(advocate=ana) == HandOver(moved=1)
    conversation.help_request.refresh_from_db()
    conversation.refresh_from_db()
    assert (conversation.help_request.advocate, conversation.advocate) == (ben, ana)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, ["Fits", "Full"]),
        ({"state": "WI"}, ["Elsewhere"]),
        ({"language": "es"}, ["Fits", "Full", "Elsewhere"]),  # nobody speaks it: anybody's hours
    ],
)
def test_whose_hours_decide_about_the_call(fields: dict[str, str], names: list[str]) -> None:
    AdvocateFactory(first_name="Fits")
    has(AdvocateFactory(first_name="Full", capacity=1))
    AdvocateFactory(first_name="Elsewhere", states="WI")
    AdvocateFactory(first_name="Gone", is_active=False)
    found = routing.callers(HelpRequestFactory(**fields))
    assert sorted(a.first_name for a in found) == sorted(names)


def test_who_has_it_decides_alone_unless_away(ana: Advocate) -> None:
    ben, carol = AdvocateFactory(), AdvocateFactory()
    assert routing.callers(has(ben)) == [ben]
    assert set(routing.callers(has(ana))) == {ana, ben, carol}
