from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from intake import calendar_file, notes, promises, triage
from intake.models import HelpRequest, Promise
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> HelpRequest:
    return HelpRequestFactory()


def on_a_desk() -> tuple[HelpRequest, Any]:
    advocate = AdvocateFactory()
    request = HelpRequestFactory(advocate=advocate, status="assigned", assigned_at=timezone.now())
    return request, advocate


def test_taking_puts_it_on_ones_own_desk(request_: HelpRequest) -> None:
    advocate = AdvocateFactory()
    triage.take(help_request=request_, by=advocate.user)
    request_.refresh_from_db()
    assert (request_.advocate, request_.status) == (advocate, "assigned")
    assert request_.history.get(what="taken").by == advocate.user


def test_only_one_can_take_it(request_: HelpRequest) -> None:
    triage.take(help_request=request_, by=AdvocateFactory().user)
    with pytest.raises(triage.TriageError, match="already"):
        triage.take(help_request=request_, by=AdvocateFactory().user)


def test_only_an_advocate_can_take_it(request_: HelpRequest) -> None:
    with pytest.raises(triage.TriageError, match="Only an active advocate"):
        triage.take(help_request=request_, by=UserFactory())


def test_reassigning_tells_the_new_advocate() -> None:
    request, _ = on_a_desk()
    to = AdvocateFactory()
    triage.reassign(help_request=request, to=to, reason="on vacation", by=UserFactory())
    request.refresh_from_db()
    assert request.advocate == to
    assert f":{to.pk}:" in request.promises.get(kind=Promise.Kind.TELL_ADVOCATE).key


@pytest.mark.parametrize("case", ["same", "inactive", "no reason"])
def test_reassigning_that_makes_no_sense_is_refused(case: str) -> None:
    request, advocate = on_a_desk()
    to = {"same": advocate, "inactive": AdvocateFactory(is_active=False)}.get(case, AdvocateFactory())
    with pytest.raises(triage.TriageError):
        triage.reassign(help_request=request, to=to, reason=" \u200b" if case == "no reason" else "why", by=None)


def test_the_first_call_that_reaches_them_keeps_the_promise() -> None:
    request, advocate = on_a_desk()
    triage.log_call(help_request=request, result="no_answer", by=advocate.user)
    request.refresh_from_db()
    assert request.first_contact_at is None
    triage.log_call(help_request=request, result="reached", by=advocate.user)
    request.refresh_from_db()
    assert request.status == HelpRequest.Status.REACHED
    first = request.first_contact_at
    triage.log_call(help_request=request, result="reached", by=advocate.user)
    request.refresh_from_db()
    assert request.first_contact_at == first
    assert request.history.filter(what="called").count() == 3


def test_a_call_needs_an_advocate_and_a_known_result(request_: HelpRequest) -> None:
    with pytest.raises(triage.TriageError, match="Take the request first"):
        triage.log_call(help_request=request_, result="reached", by=None)
    with pytest.raises(triage.TriageError, match="how the call went"):
        triage.log_call(help_request=request_, result="shouted", by=None)


def test_a_next_step_is_cleaned_and_encrypted(request_: HelpRequest) -> None:
    triage.set_next_step(help_request=request_, step="Ask\r\nfor \u202eslides\x07", on=date(2026, 12, 1), by=None)
    request_.refresh_from_db()
    assert request_.next_step == "Ask\nfor slides"
    with pytest.raises(triage.TriageError):
        triage.set_next_step(help_request=request_, step=" \u200b", on=None, by=None)


def test_closing_silences_what_was_owed_and_ends_the_work(request_: HelpRequest) -> None:
    PromiseFactory(help_request=request_)
    triage.close(help_request=request_, outcome="answered", by=None)
    assert not request_.promises.filter(done_at=None).exists()
    for again in (triage.close, triage.mark_spam):
        with pytest.raises(triage.TriageError, match="closed"):
            again(help_request=request_, by=None, **({"outcome": "helped"} if again is triage.close else {}))


@pytest.mark.parametrize(
    ("outcome", "hears"), [("helped", True), ("answered", True), ("withdrawn", False), ("spam", False)]
)
def test_who_is_closed_hears_what_was_done_already(outcome: str, hears: bool, mailoutbox: list[Any]) -> None:
    """The call that is off, the letter that was written a moment ago, the lost link; nobody who told us to stop."""
    call = booked(AdvocateFactory())
    row = call.help_request
    notes.to_family(help_request=row, body="All is arranged.", by=call.advocate.user)
    promises.promise(Promise.Kind.SEND_LINK, row, timezone.now(), f"send_link:{row.pk}:1")
    promises.promise(Promise.Kind.REMIND, row, timezone.now(), f"remind:{call.pk}:0", conversation=call)
    triage.close(help_request=row, outcome=outcome, by=None)
    promises.sweep()
    said = ["The address of your page", "There is something new on your page", "Your call was cancelled"]
    assert sorted(message.subject for message in mailoutbox) == (said if hears else [])
    call.refresh_from_db()
    assert call.cancelled_at
    assert row.history.filter(what="cancelled").count() == 1
    assert b"CANCELLED" in calendar_file.ics(call)


def test_an_unknown_outcome_is_refused(request_: HelpRequest) -> None:
    with pytest.raises(triage.TriageError):
        triage.close(help_request=request_, outcome="forgotten", by=None)


def test_spam_is_closed_as_spam(request_: HelpRequest) -> None:
    triage.mark_spam(help_request=request_, by=None)
    request_.refresh_from_db()
    assert request_.outcome == HelpRequest.Outcome.SPAM


def booked(advocate: Any) -> Any:
    request = HelpRequestFactory(advocate=advocate, status="assigned", assigned_at=timezone.now())
    return ConversationFactory(help_request=request, advocate=advocate)


def test_a_booked_half_hour_goes_along_with_the_request() -> None:
    call, to = booked(AdvocateFactory()), AdvocateFactory()
    triage.reassign(help_request=call.help_request, to=to, reason="speaks with them", by=None)
    call.refresh_from_db()
    assert (call.advocate, call.sequence) == (to, 1)
    assert call.help_request.promises.filter(kind="confirm", conversation=call).exists()


def test_who_has_another_call_then_cannot_be_given_it() -> None:
    call, to = booked(AdvocateFactory()), AdvocateFactory()
    ConversationFactory(advocate=to, starts_at=call.starts_at)
    with pytest.raises(triage.TriageError, match="another call at the half hour"):
        triage.reassign(help_request=call.help_request, to=to, reason="speaks with them", by=None)
    call.help_request.refresh_from_db()
    assert call.help_request.advocate == call.advocate


def test_whoever_takes_it_takes_the_call_too() -> None:
    call, taker = ConversationFactory(), AdvocateFactory()
    triage.take(help_request=call.help_request, by=taker.user)
    call.refresh_from_db()
    assert call.advocate == taker
