from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection

from intake import booking, consent, people, submitting
from intake.models import Consent, Conversation, HelpRequest, History, Promise
from tests.intake.factories import AdvocateFactory

pytestmark = pytest.mark.django_db
Ask = Callable[..., HelpRequest]


def test_a_request_is_stored_with_its_consent_history_and_promises(ask: Ask) -> None:
    request = ask()
    assert request.consents.get().words == consent.contact_words()
    assert request.history.get().what == History.What.SUBMITTED
    kinds = set(request.promises.values_list("kind", flat=True))
    assert kinds == {"acknowledge", "route", "escalate", "tell_late"}


def test_the_same_page_sent_twice_is_one_request(ask: Ask) -> None:
    key = uuid4()
    assert ask(submission_key=key) == ask(submission_key=key)
    assert HelpRequest.objects.count() == Consent.objects.count() == 1


def test_another_person_on_the_same_page_is_never_swallowed(ask: Ask) -> None:
    key = uuid4()
    ask(submission_key=key)
    with pytest.raises(submitting.DifferentSubmissionError):
        ask(submission_key=key, name="Somebody Else")
    assert HelpRequest.objects.count() == 1


def test_no_personal_value_is_in_the_table_in_clear(ask: Ask) -> None:
    request = ask(phone="+13125550142", access_needs="Large print")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_helprequest WHERE id = %s", [request.pk])
        row = " ".join(str(value) for value in cursor.fetchone())
    for value in ("Maria", "family.example", "3125550142", "pleural", "Large print", "60614"):
        assert value not in row


@time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False)
def test_a_conversation_takes_its_half_hour_and_promises_its_mails() -> None:
    AdvocateFactory()
    starts_at = datetime(2026, 12, 3, 16, tzinfo=UTC)
    request = converse(starts_at)
    booked = request.conversations.get()
    assert (booked.starts_at, request.contact_by) == (starts_at, starts_at)
    kinds = sorted(request.promises.values_list("kind", flat=True))
    assert kinds == ["confirm", "escalate", "remind", "remind", "route"]


@time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False)
def test_a_half_hour_that_is_gone_stores_nothing() -> None:
    AdvocateFactory()
    starts_at = datetime(2026, 12, 3, 16, tzinfo=UTC)
    converse(starts_at)
    with pytest.raises(booking.SlotTakenError):
        converse(starts_at)
    assert HelpRequest.objects.count() == Conversation.objects.count() == 1
    assert Promise.objects.filter(kind=Promise.Kind.ROUTE).count() == 1


@pytest.mark.parametrize(
    "offset", [timedelta(minutes=10), timedelta(hours=12), timedelta(days=-5), timedelta(days=900)]
)
@time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False)
def test_only_open_half_hours_can_be_booked(offset: timedelta) -> None:
    AdvocateFactory()
    with pytest.raises(booking.SlotTakenError):
        converse(datetime(2026, 12, 3, 16, tzinfo=UTC) + offset)


def converse(starts_at: datetime) -> HelpRequest:
    return submitting.submit_conversation(
        contact=submitting.Contact(name="Maria Sample", reach_by="phone", phone="+13125550142"),
        starts_at=starts_at,
        way="phone",
        state="IL",
        consent=consent.contact_words(),
        submission_key=uuid4(),
    )


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_are_one_request(ask: Ask) -> None:
    key, barrier, found = uuid4(), Barrier(20), []

    def press() -> None:
        barrier.wait()
        try:
            found.append(ask(submission_key=key).pk)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 20
    assert len(set(found)) == HelpRequest.objects.count() == Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_in_the_middle_is_tried_once_more(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    give, broken = consent.give, [True]

    def break_once(**kwargs: object) -> Consent:
        if broken.pop() if broken else False:
            raise OperationalError
        return give(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(consent, "give", break_once)
    request = ask()
    assert HelpRequest.objects.get() == request
    assert request.history.count() == 1


def call_me(**contact: str) -> HelpRequest:
    details = {"name": "Maria Sample", "reach_by": "phone", "phone": "+13125550142"} | contact
    return submitting.submit_call(
        contact=submitting.Contact(**details),  # type: ignore[arg-type]
        state="IL",
        consent=consent.contact_words(),
        submission_key=uuid4(),
    )


def test_just_call_me_is_a_promise_without_a_half_hour() -> None:
    AdvocateFactory()
    request = call_me()
    assert request.kind == HelpRequest.Kind.CONVERSATION
    assert not request.conversations.exists()
    kinds = set(request.promises.values_list("kind", flat=True))
    assert kinds == {"acknowledge", "route", "escalate", "tell_late"}


@time_machine.travel(datetime(2026, 12, 1, 15, tzinfo=UTC), tick=False)  # 9:00 Central
def test_the_promise_keeps_to_whose_license_and_to_the_familys_times() -> None:
    early = AdvocateFactory(states="WI")
    AdvocateFactory(hours=[]).working_hours.create(weekday=1, starts=time(12), ends=time(20))
    assert call_me().contact_by == datetime(2026, 12, 1, 22, tzinfo=UTC)
    assert call_me(not_times="afternoon").contact_by == datetime(2026, 12, 9, 0, tzinfo=UTC)
    assert early.pk


def test_others_are_named_in_the_same_transaction(ask: Ask) -> None:
    father = submitting.Other("patient", "Jo", email="jo@family.example")
    contact = submitting.Contact(
        name="Maria", reach_by="email", email="maria@family.example", time_zone="America/Denver"
    )
    told = submitting.Told("pleural", (), "any", "", "CO", False)
    key = uuid4()

    def send(others: tuple[submitting.Other, ...]) -> HelpRequest:
        return submitting.submit_doctor_match(
            contact=contact, told=told, consent="yes", submission_key=key, others=others
        )

    request = send((father,))
    assert send((father,)) == request
    named = request.participants.get()
    assert (named.name, named.time_zone, named.is_in, named.reach_by) == ("Jo", "America/Denver", False, "email")
    with pytest.raises(submitting.DifferentSubmissionError):
        send((father, submitting.Other("helper", "Sol", phone="+13125550199")))
    assert request.participants.count() == 1


def test_too_many_others_store_nothing(ask: Ask) -> None:
    others = tuple(submitting.Other("helper", f"N{n}", phone="+13125550199") for n in range(5))
    with pytest.raises(people.PeopleError):
        submitting.submit_call(
            contact=submitting.Contact(name="M", reach_by="email", email="m@family.example"),
            state="",
            consent="yes",
            submission_key=uuid4(),
            others=others,
        )
    assert not HelpRequest.objects.exists()
