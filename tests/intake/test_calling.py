"""A call in vain is followed by another; a family is never left without the next promise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake import calling, consent, erasing, notes, promises, triage
from intake.models import Advocate, HelpRequest, Note, Promise
from intake.triage import TriageError
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 12, 1, 16, tzinfo=UTC)  # Tuesday, 10:00 Central
AFTERNOON = datetime(2026, 12, 1, 18, tzinfo=UTC)
IN_VAIN = ["no_answer", "left_message"]


@pytest.fixture(autouse=True)
def _tuesday() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def ana() -> Advocate:
    return AdvocateFactory(first_name="Ana")


@pytest.fixture
def row(ana: Advocate) -> HelpRequest:
    row = HelpRequestFactory(advocate=ana, status="assigned", assigned_at=timezone.now())
    consent.give(help_request=row, words="yes", how="page")
    calling.promise_call(row)
    return row


def log(row: HelpRequest, result: str, **more: Any) -> HelpRequest:
    triage.log_call(help_request=row, result=result, by=row.advocate.user if row.advocate else None, **more)
    row.refresh_from_db()
    return row


def owed(row: HelpRequest) -> list[tuple[str, datetime]]:
    pending = row.promises.pending().filter(kind__in=calling.WARNINGS)
    return list(pending.order_by("due_at").values_list("kind", "due_at"))


@pytest.mark.parametrize("result", IN_VAIN)
def test_a_call_in_vain_names_the_next_and_tells_the_family(
    row: HelpRequest, result: str, mailoutbox: list[Any]
) -> None:
    log(row, result)
    assert (row.tries, row.last_try_at, row.next_try_at) == (1, MORNING, AFTERNOON)
    assert row.contact_by == AFTERNOON + timedelta(hours=1)
    assert owed(row) == [
        ("escalate", row.contact_by - timedelta(minutes=60)),
        ("tell_late", row.contact_by - timedelta(minutes=15)),
    ]
    row.promises.filter(kind="tried").update(due_at=MORNING - timedelta(days=9))
    promises.sweep()
    (mail,) = mailoutbox
    assert mail.subject == "We tried to reach you"
    assert "12:00 p.m." in mail.body


def test_each_try_promises_anew(row: HelpRequest) -> None:
    log(row, "no_answer")
    with time_machine.travel(AFTERNOON, tick=False):
        log(row, "no_answer")
    assert row.tries == 2
    assert row.next_try_at == datetime(2026, 12, 2, 15, tzinfo=UTC)
    assert row.promises.filter(kind="tried").count() == 2
    assert len(owed(row)) == 2


def test_staff_may_choose_the_next_try(row: HelpRequest) -> None:
    at = datetime(2026, 12, 3, 17, tzinfo=UTC)
    assert log(row, "no_answer", next_try=at).next_try_at == at


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (MORNING, "within 30 days"),
        (MORNING + timedelta(days=31), "within 30 days"),
        (datetime(2026, 12, 2, 4, tzinfo=UTC), "may not call"),
        (datetime(2026, 12, 2, 16, tzinfo=UTC), "may not call"),  # they asked not to be called in the morning
    ],
)
def test_a_next_try_at_a_bad_hour_is_refused(row: HelpRequest, at: datetime, why: str) -> None:
    HelpRequest.objects.update(not_times="morning")
    with pytest.raises(TriageError, match=why):
        triage.log_call(help_request=row, result="no_answer", by=None, next_try=at)
    row.refresh_from_db()
    assert row.tries == 0
    assert not row.history.exists()


def test_a_wrong_number_is_not_tried_again_and_the_lead_hears(row: HelpRequest) -> None:
    log(row, "wrong_number")
    assert (row.tries, row.next_try_at, bool(row.escalated_at)) == (1, None, True)
    assert row.promises.pending().filter(kind=Promise.Kind.RAISED).count() == 1
    assert owed(row), "the call is still owed"


def test_reaching_them_ends_what_was_owed(row: HelpRequest) -> None:
    log(row, "no_answer")
    log(row, "reached")
    assert (row.status, row.next_try_at, owed(row)) == ("reached", None, [])
    first = row.first_contact_at
    with time_machine.travel(AFTERNOON, tick=False):
        log(row, "no_answer")
    assert (row.first_contact_at, row.status) == (first, "reached")
    assert row.promises.filter(kind="tried").count() == 1, "who was reached gets no mail for each later try"


def test_the_same_hour_promised_twice_is_owed_twice(row: HelpRequest) -> None:
    before = row.contact_by
    promises.silence(row)
    calling.promise_call(row)
    assert row.contact_by == before
    assert len(owed(row)) == 2


def test_a_question_about_a_conversation_outlives_other_warnings(row: HelpRequest) -> None:
    call = ConversationFactory(help_request=row, advocate=row.advocate)
    Promise.objects.create(kind="escalate", help_request=row, conversation=call, key="c", due_at=MORNING)
    calling.unwatch(row)
    assert [promise.key for promise in row.promises.pending()] == ["c"]


def test_waiting_for_the_family_stops_the_clock_until_they_write(row: HelpRequest) -> None:
    with pytest.raises(TriageError, match="promised"):
        triage.wait_for_family(help_request=row, by=None)
    log(row, "no_answer")
    triage.wait_for_family(help_request=row, by=None)
    row.refresh_from_db()
    assert (row.waiting_since, row.next_try_at, owed(row)) == (MORNING, None, [])
    notes.from_family(help_request=row, body="Call me tomorrow")
    row.refresh_from_db()
    assert (row.waiting_since, row.news_since) == (None, MORNING)
    assert len(owed(row)) == 2


def test_with_a_half_hour_booked_it_is_not_their_turn(row: HelpRequest) -> None:
    log(row, "reached")
    ConversationFactory(help_request=row, advocate=row.advocate)
    with pytest.raises(TriageError, match="booked"):
        triage.wait_for_family(help_request=row, by=None)


def test_news_are_news_until_somebody_looked(row: HelpRequest) -> None:
    with pytest.raises(TriageError, match="nothing new"):
        triage.seen(help_request=row, by=None)
    notes.from_family(help_request=row, body="Hello")
    triage.seen(help_request=row, by=None)
    row.refresh_from_db()
    assert row.news_since is None


def test_raising_keeps_the_reason_as_a_note_and_settling_ends_it(row: HelpRequest, ana: Advocate) -> None:
    with pytest.raises(TriageError, match="why"):
        triage.escalate(help_request=row, reason=" \u200b", by=ana.user)
    with pytest.raises(TriageError, match="Nobody has asked"):
        triage.settle(help_request=row, by=ana.user)
    triage.escalate(help_request=row, reason="Speaks of harm", by=ana.user)
    assert Note.objects.get().body == "Speaks of harm"
    assert "harm" not in "".join(row.history.values_list("detail", flat=True))
    row.refresh_from_db()
    assert row.escalated_at
    triage.settle(help_request=row, by=ana.user)
    row.refresh_from_db()
    assert row.escalated_at is None


def test_steps_are_done_once_and_can_be_undone(row: HelpRequest, ana: Advocate) -> None:
    today = MORNING.date()
    triage.do_step(help_request=row, code="records_asked", on=today, by=ana.user)
    with pytest.raises(TriageError, match="already"):
        triage.do_step(help_request=row, code="records_asked", on=today, by=ana.user)
    with pytest.raises(TriageError, match="not ahead"):
        triage.do_step(help_request=row, code="referral", on=today + timedelta(days=1), by=ana.user)
    with pytest.raises(TriageError, match="Choose a step"):
        triage.do_step(help_request=row, code="nonsense", on=today, by=ana.user)
    triage.undo_step(help_request=row, code="records_asked", by=ana.user)
    with pytest.raises(TriageError, match="not done"):
        triage.undo_step(help_request=row, code="records_asked", by=ana.user)
    assert list(row.history.values_list("detail", flat=True)) == ["records_asked", "not records_asked"]


def reopened(row: HelpRequest, outcome: str = "helped") -> HelpRequest:
    triage.close(help_request=row, outcome=outcome)
    triage.reopen(help_request=row, by=None)
    row.refresh_from_db()
    return row


def test_reopened_it_is_back_on_its_desk_and_owed_again(row: HelpRequest, ana: Advocate) -> None:
    reopened(row, "not_reached")
    assert (row.status, row.advocate, row.outcome, row.closed_at) == ("assigned", ana, "", None)
    assert len(owed(row)) == 2


def test_reopened_after_a_talk_no_first_call_is_owed(row: HelpRequest) -> None:
    log(row, "reached")
    assert reopened(row).status == "reached"
    assert owed(row) == []
    Advocate.objects.update(is_active=False)
    AdvocateFactory()
    assert reopened(row).status == "new"
    row.promises.filter(kind="route").update(due_at=MORNING - timedelta(days=9))
    promises.sweep()
    row.refresh_from_db()
    assert row.status == "reached"


def test_reopened_without_its_advocate_it_is_routed_anew(row: HelpRequest, ana: Advocate) -> None:
    Advocate.objects.filter(pk=ana.pk).update(is_active=False)
    other = AdvocateFactory()
    reopened(row)
    assert (row.status, row.advocate) == ("new", None)
    row.promises.filter(kind="route").update(due_at=MORNING - timedelta(days=9))
    promises.sweep()
    row.refresh_from_db()
    assert row.advocate == other


def test_nothing_is_reopened_against_the_familys_word(row: HelpRequest) -> None:
    with pytest.raises(TriageError, match="is open"):
        triage.reopen(help_request=row, by=None)
    triage.close(help_request=row, outcome="helped")
    erasing.withdraw(help_request=row)
    with pytest.raises(TriageError, match="took its consent back"):
        triage.reopen(help_request=row, by=None)
    erasing.erase(help_request=row)
    with pytest.raises(TriageError, match="deleted"):
        triage.reopen(help_request=row, by=None)


def test_duplicate_is_no_outcome_to_choose(row: HelpRequest) -> None:
    with pytest.raises(TriageError, match="outcome"):
        triage.close(help_request=row, outcome="duplicate")
