"""Two requests of one family become one, and nothing is lost on the way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from intake import booking, consent, merging, notes, people, promises, triage
from intake.merging import MergeError, merge
from intake.models import Advocate, Consent, HelpRequest, PlanItem, Promise, Sharing, Step
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory

pytestmark = pytest.mark.django_db
Ask = Callable[..., HelpRequest]
SLOT = datetime(2030, 1, 7, 16, tzinfo=UTC)


@pytest.fixture
def ana() -> Advocate:
    return AdvocateFactory()


@pytest.fixture
def pair(ask: Ask, ana: Advocate) -> tuple[HelpRequest, HelpRequest]:
    first, second = ask(), ask(name="Mia Sample")
    for row in (first, second):
        triage.take(help_request=row, by=ana.user)
    return first, second


def fresh(*rows: HelpRequest) -> None:
    for row in rows:
        row.refresh_from_db()


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        ({"phone": "+13125550142"}, True),  # the same e-mail address
        ({"email": "MARIA@family.example "}, True),
        ({"email": "else@family.example"}, False),
        ({"email": "", "phone": "+13125550142", "reach_by": "phone"}, False),
    ],
)
def test_duplicates_share_an_address_or_number(ask: Ask, other: dict[str, str], is_found: bool) -> None:
    first, second = ask(), ask(**other)
    assert merging.duplicates(first) == ([second] if is_found else [])


def test_whom_the_family_named_counts_too(ask: Ask) -> None:
    first = ask()
    father = {"name": "Jo", "email": "jo@family.example", "reach_by": "email"}
    people.add(help_request=first, role="patient", contact=father)
    second = ask(email="jo@family.example")
    assert merging.duplicates(first) == [second]
    assert merging.duplicates(second) == [first]


def test_no_address_is_no_address_in_common() -> None:
    first, second = HelpRequestFactory(email=None), HelpRequestFactory(email=None)
    assert merging.duplicates(first) == merging.duplicates(second) == []


def test_everything_goes_along_and_the_ledger_stays(pair: tuple[HelpRequest, HelpRequest], ana: Advocate) -> None:
    gone, kept = pair
    father = {"name": "Jo", "email": "jo@family.example", "reach_by": "email"}
    jo = people.add(help_request=gone, role="patient", contact=father)
    people.join(participant=jo, words="yes", how="page")
    notes.from_family(help_request=gone, body="We have the scans")
    PlanItem.objects.create(help_request=gone, kind="place", text="Called", created_by=ana.user)
    Sharing.objects.create(help_request=gone, receiver="A hospital", what="[]", asked_by=ana.user)
    for row, codes in ((gone, ("referral", "opinion")), (kept, ("referral",))):
        for code in codes:
            Step.objects.create(help_request=row, code=code, done_on=date(2030, 1, 7), by=ana.user)
    before = list(Consent.objects.values_list("pk", "help_request"))
    merge(help_request=gone, into=kept, by=ana.user)
    fresh(gone, kept)
    assert (gone.status, gone.outcome, gone.merged_into) == ("closed", "duplicate", kept)
    assert not gone.promises.pending().exists()
    assert kept.promises.pending().filter(participant=jo, kind="send_link").exists()
    counts = [getattr(kept, name).count() for name in ("notes", "plan_items", "sharings", "participants", "steps")]
    assert counts == [1, 1, 1, 1, 2]
    assert list(Consent.objects.values_list("pk", "help_request")) == before
    assert consent.stands(kept, participant=kept.participants.get())
    assert people.listeners(kept, "plan") == [None, jo]
    assert kept.news_since
    assert gone.history.last().detail == f"into {kept.reference}"
    assert kept.history.last().detail == f"from {gone.reference}"


def test_what_another_person_wrote_stays_theirs(ask: Ask, ana: Advocate) -> None:
    gone, kept = ask(email="mia@family.example", phone="+13125550199"), ask()
    jo = people.add(help_request=gone, role="patient", contact={"name": "Jo", "email": kept.email, "reach_by": "email"})
    notes.from_family(help_request=gone, body="Mine")
    notes.from_family(help_request=gone, body="Of Jo", participant=jo)
    notes.for_staff(help_request=gone, body="Speaks softly", by=ana.user)
    Sharing.objects.create(help_request=gone, receiver="A hospital", what="[]", asked_by=ana.user)
    merge(help_request=gone, into=kept, by=None)
    assert [note.body for note in kept.notes.all()] == ["Of Jo", "Speaks softly"]
    assert (kept.sharings.count(), kept.participants.get()) == (0, jo)


def test_the_earlier_promise_is_kept(pair: tuple[HelpRequest, HelpRequest]) -> None:
    gone, kept = pair
    sooner = timezone.now() + timedelta(minutes=90)
    HelpRequest.objects.filter(pk=gone.pk).update(contact_by=sooner)
    merge(help_request=gone, into=kept, by=None)
    kept.refresh_from_db()
    assert kept.contact_by == sooner
    owed = kept.promises.pending().get(kind=Promise.Kind.TELL_LATE)
    assert owed.due_at == sooner - timedelta(minutes=15)


def test_who_was_reached_in_one_was_reached(pair: tuple[HelpRequest, HelpRequest], ana: Advocate) -> None:
    gone, kept = pair
    triage.log_call(help_request=gone, result="reached", by=ana.user)
    merge(help_request=gone, into=kept, by=None)
    kept.refresh_from_db()
    assert (kept.status, bool(kept.first_contact_at)) == ("reached", True)


def test_a_booked_half_hour_goes_along(pair: tuple[HelpRequest, HelpRequest]) -> None:
    gone, kept = pair
    ben = AdvocateFactory()
    call = ConversationFactory(help_request=gone, advocate=ben, starts_at=SLOT)
    Promise.objects.create(kind="remind", help_request=gone, conversation=call, key="r", due_at=SLOT)
    merge(help_request=gone, into=kept, by=None)
    fresh(kept, call)
    assert (call.help_request, kept.contact_by, kept.advocate) == (kept, SLOT, ben)
    assert kept.promises.pending().filter(key="r").exists()


def test_of_two_booked_half_hours_one_stands_and_the_family_is_told(
    pair: tuple[HelpRequest, HelpRequest], ana: Advocate, mailoutbox: list[Any]
) -> None:
    gone, kept = pair
    first = ConversationFactory(help_request=gone, advocate=ana, starts_at=SLOT)
    second = ConversationFactory(help_request=kept, advocate=ana, starts_at=SLOT + timedelta(hours=1))
    merge(help_request=gone, into=kept, by=None)
    fresh(first, second)
    assert (bool(first.cancelled_at), second.cancelled_at) == (True, None)
    promises.sweep()
    assert "Your call was cancelled" in [mail.subject for mail in mailoutbox]


@pytest.mark.parametrize("case", ["same", "closed", "into closed", "strangers"])
def test_what_makes_no_sense_is_refused(case: str, pair: tuple[HelpRequest, HelpRequest]) -> None:
    gone, kept = pair
    if case == "same":
        kept = gone
    elif case == "strangers":
        HelpRequest.objects.filter(pk=kept.pk).update(email_hash="other")
    else:
        triage.close(help_request=gone if case == "closed" else kept, outcome="helped")
    with pytest.raises(MergeError):
        merge(help_request=gone, into=kept, by=None)
    assert not HelpRequest.objects.filter(outcome="duplicate").exists()


def test_what_was_joined_before_leads_on(pair: tuple[HelpRequest, HelpRequest], ask: Ask) -> None:
    first, second = pair
    third = ask()
    merge(help_request=first, into=second, by=None)
    merge(help_request=second, into=third, by=None)
    fresh(first, second)
    assert first.merged_into == second.merged_into == third


@pytest.mark.django_db(transaction=True)
def test_two_who_join_them_the_other_way_round_lose_neither(ask: Ask) -> None:
    first, second = ask(), ask()
    ready, said = Barrier(2), []

    def join(gone: HelpRequest, kept: HelpRequest) -> None:
        ready.wait()
        try:
            merge(help_request=gone, into=kept, by=None)
        except MergeError as error:
            said.append(str(error))
        connection.close()

    threads = [Thread(target=join, args=pair) for pair in ((first, second), (second, first))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert said == ["One of them is closed."]
    assert HelpRequest.objects.open().count() == 1


def test_a_conversation_that_went_along_can_be_moved(pair: tuple[HelpRequest, HelpRequest], ana: Advocate) -> None:
    gone, kept = pair
    call = ConversationFactory(help_request=gone, advocate=ana, starts_at=SLOT)
    merge(help_request=gone, into=kept, by=None)
    booking.cancel(conversation=call)
    kept.refresh_from_db()
    assert kept.waiting_since
