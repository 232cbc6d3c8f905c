"""Each rule finds the row that breaks it, and a desk at work breaks none."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import calling, consent, erasing, notes, promises, reconciling, tasks, triage
from intake.models import Conversation, HelpRequest, Message, Note, Promise, Reconciliation
from intake.sample_desk import load_sample_desk
from tests.intake.desk import as_
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory
from tests.intake.story import the_whole_story

pytestmark = pytest.mark.django_db
Ask = Callable[..., HelpRequest]
DAY = timedelta(days=1)


@pytest.fixture
def sound(ask: Ask) -> HelpRequest:
    """A request as submitting and routing leave it."""
    AdvocateFactory()
    row = ask()
    promises.sweep()
    assert reconciling.reconcile() == {}
    return HelpRequest.objects.get(pk=row.pk)


def update(row: HelpRequest, **values: Any) -> None:
    HelpRequest.objects.filter(pk=row.pk).update(**values)


def sent(row: HelpRequest, **values: Any) -> Message:
    owed = PromiseFactory(help_request=row, kind="tell_news", key=f"k{Promise.objects.count()}", done_at=timezone.now())
    facts = {"to_family": True, "recipient": "x@y.example", "subject": "S", "body": "B", "message_id": owed.key}
    return Message.objects.create(promise=owed, help_request=row, **{**facts, **values})


def unrouted(row: HelpRequest) -> None:
    update(row, status="new", advocate=None, assigned_at=None)


def overdue(row: HelpRequest) -> None:
    PromiseFactory(help_request=row, kind="tell_news", due_at=timezone.now() - timedelta(minutes=3))


def given_up(row: HelpRequest) -> None:
    PromiseFactory(help_request=row, kind="tell_news", gave_up_at=timezone.now())


def written_after_a_stop(row: HelpRequest) -> None:
    erasing.withdraw(help_request=row)
    sent(row, sent_at=timezone.now() + timedelta(minutes=2))


def owed_after_a_stop(row: HelpRequest) -> None:
    erasing.withdraw(help_request=row)
    PromiseFactory(help_request=row, kind="tell_news", due_at=timezone.now() + DAY)


def call_with_another(row: HelpRequest) -> None:
    ConversationFactory(help_request=row, advocate=AdvocateFactory())


def call_of_a_closed_one(row: HelpRequest) -> None:
    triage.close(help_request=row, outcome="helped")
    ConversationFactory(help_request=row, advocate=row.advocate)


def merged_in_a_chain(row: HelpRequest) -> None:
    gone = {"status": "closed", "outcome": "duplicate", "closed_at": timezone.now() + DAY}
    HelpRequestFactory(merged_into=HelpRequestFactory(merged_into=row, **gone), **gone)


def erased_with_a_note(row: HelpRequest) -> None:
    note = notes.from_family(help_request=row, body="We have the scans")
    erasing.erase(help_request=row)
    Note.objects.filter(pk=note.pk).update(body="We have the scans")


BREAKS: dict[str, Callable[[HelpRequest], Any]] = {
    "with nobody": unrouted,
    "overdue promises": overdue,
    "given-up promises": given_up,
    "unwatched calls": calling.unwatch,
    "unacknowledged": lambda row: row.promises.filter(kind="acknowledge").update(kind="tell_news"),
    "written after a stop": written_after_a_stop,
    "owed after a stop": owed_after_a_stop,
    "a call with another": call_with_another,
    "a call of a closed one": call_of_a_closed_one,
    "out of order": lambda row: update(row, first_contact_at=row.created_at - DAY),
    "done, never sent": sent,
    "joined in a chain": merged_in_a_chain,
    "erased, and still in notes": erased_with_a_note,
}


def test_every_rule_has_its_break_here() -> None:
    erased = {rule.name for rule in reconciling.rules() if rule.name.startswith("erased")}
    assert {rule.name for rule in reconciling.rules()} - erased <= set(BREAKS)
    assert len(erased) == 5, "each table with something encrypted about a request"


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_finds_what_breaks_it_and_nothing_else(sound: HelpRequest, name: str) -> None:
    BREAKS[name](sound)
    assert reconciling.reconcile() == {name: 1}


def test_a_whole_story_breaks_none() -> None:
    row = the_whole_story()
    assert reconciling.reconcile() == {}
    erasing.erase(help_request=row)
    assert reconciling.reconcile() == {}


def test_who_came_back_after_a_stop_may_be_written_to(sound: HelpRequest) -> None:
    erasing.withdraw(help_request=sound)
    consent.give(help_request=sound, words="yes", how="phone")
    sent(sound, sent_at=timezone.now() + timedelta(minutes=2))
    assert reconciling.reconcile() == {}


def test_who_is_away_may_keep_a_call_that_nobody_can_take(sound: HelpRequest) -> None:
    call_with_another(sound)
    assert sound.advocate
    sound.advocate.away_until = (timezone.now() + DAY).date()
    sound.advocate.save()
    assert reconciling.reconcile() == {}
    assert Conversation.objects.standing().count() == 1


def test_more_rows_cost_no_query_and_counting_ends(sound: HelpRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "MOST", 2)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            overdue(sound)
        with CaptureQueriesContext(connection) as queries:
            found = reconciling.reconcile()
        counts.append(len(queries))
    assert found == {"overdue promises": 2}
    assert counts == [len(reconciling.rules())] * 2


def test_it_is_looked_at_each_hour_and_a_lead_sees_it() -> None:
    load_sample_desk(password="a password of the tests")
    assert "Not looked over yet" in as_("carol").get("/admin/").content.decode()
    tasks.hourly()
    assert Reconciliation.objects.get().wrong == {}
    assert "all of it holds" in as_("carol").get("/admin/").content.decode()
    overdue(HelpRequestFactory())
    assert reconciling.note() == 4
    text = as_("carol").get("/admin/").content.decode()
    assert "What is due is done within two minutes. Rows that say otherwise: <strong>1</strong>" in text
    assert "What always holds" not in as_("ana").get("/admin/").content.decode()


def test_the_command_ends_with_one_and_says_which(sound: HelpRequest) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue().count("\n") == len(reconciling.rules())
    overdue(sound)
    with pytest.raises(CommandError, match="overdue promises"):
        call_command("reconcile", stdout=out)
    assert "      1  overdue promises: What is due is done within two minutes." in out.getvalue()
