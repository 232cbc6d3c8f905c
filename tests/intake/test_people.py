"""Everybody in a request speaks for themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import consent, erasing, notes, people, promises
from intake.models import Consent, HelpRequest, Message, Participant, Promise
from intake.people import PeopleError
from navigator.encryption import lookup_hash
from tests.intake.factories import AdvocateFactory, HelpRequestFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db
Ask = Callable[..., HelpRequest]
FATHER = {"name": "Jo Sample", "email": "jo@family.example", "reach_by": "email"}
WORDS = "I agree that you write to me."


@pytest.fixture
def row() -> HelpRequest:
    return HelpRequestFactory()


def add(row: HelpRequest, **contact: Any) -> Participant:
    return people.add(help_request=row, role="patient", contact={**FATHER, **contact})


def said(participant: Participant) -> list[str]:
    return list(participant.consents.values_list("act", flat=True))


def test_who_was_named_is_asked_once_and_by_nothing_else(row: HelpRequest, mailoutbox: list[Any]) -> None:
    father = add(row)
    promises.sweep()
    promises.sweep()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["jo@family.example"], "May we write to you?")]
    assert not father.is_in
    assert people.listeners(row, "updates") == [None]
    assert said(father) == []
    assert list(row.history.values_list("what", "detail")) == [("invited", "patient"), ("wrote", "invite")]


def test_who_has_no_address_is_asked_by_phone(row: HelpRequest) -> None:
    father = add(row, email="", phone="+13125550199")
    assert father.email is None
    assert father.phone_hash == lookup_hash("+13125550199")
    assert not Promise.objects.filter(participant=father).exists()


def test_yes_is_a_consent_of_their_own_and_gets_them_their_link(row: HelpRequest, mailoutbox: list[Any]) -> None:
    father = add(row)
    for _ in range(2):
        people.join(participant=father, words=WORDS, how="page")
    father.refresh_from_db()
    assert father.is_in
    given = Consent.objects.get(participant=father)
    assert (given.words, given.purpose, given.how) == (WORDS, "contact", "page")
    assert people.listeners(row, "plan") == [None, father]
    promises.sweep()
    assert [mail.to for mail in mailoutbox] == [["jo@family.example"]], "the question is answered, the link is sent"


def test_each_gets_what_they_chose(row: HelpRequest) -> None:
    father = add(row, gets="calls")
    people.join(participant=father, words=WORDS, how="page")
    HelpRequest.objects.filter(pk=row.pk).update(gets="plan")
    row.refresh_from_db()
    assert people.listeners(row, "calls") == [father]
    assert people.listeners(row, "plan") == [None]
    assert people.listeners(row, "updates") == []


@pytest.mark.parametrize("agreed", [True, False])
def test_no_or_stop_is_at_once_and_leaves_nothing(row: HelpRequest, agreed: bool, mailoutbox: list[Any]) -> None:
    father = add(row)
    if agreed:
        people.join(participant=father, words=WORDS, how="page")
    before = father.link_id
    for _ in range(2):
        people.leave(participant=father, how="page")
    father.refresh_from_db()
    assert (father.name, father.email, father.phone, father.email_hash, father.gets) == (None, None, None, "", "")
    assert father.link_id != before
    assert said(father) == (["given", "withdrawn"] if agreed else [])
    promises.sweep()
    assert mailoutbox == []
    assert row.history.filter(what="left").count() == 1
    with pytest.raises(PeopleError, match="answered"):
        people.join(participant=father, words=WORDS, how="page")


def test_mails_to_them_and_notes_of_theirs_are_gone_when_they_leave(row: HelpRequest, mailoutbox: list[Any]) -> None:
    father = add(row)
    promises.sweep()
    assert "Jo" in (Message.objects.get().body or "")
    notes.from_family(help_request=row, body="I am at home on Monday", participant=father)
    notes.from_family(help_request=row, body="He is at home on Monday")
    people.leave(participant=father, how="page")
    assert Message.objects.values_list("recipient", "body").get() == (None, None)
    assert list(row.notes.values_list("body", flat=True)) == [None, "He is at home on Monday"]


def test_no_more_than_a_few_can_be_named(row: HelpRequest) -> None:
    named = [add(row, email=f"{n}@family.example") for n in range(people.MOST)]
    with pytest.raises(PeopleError, match="No more than 4"):
        add(row)
    people.leave(participant=named[0], how="page")
    add(row)


def test_a_closed_request_names_nobody(row: HelpRequest) -> None:
    father = add(row)
    erasing.withdraw(help_request=row)
    with pytest.raises(PeopleError, match="closed"):
        add(row)
    with pytest.raises(PeopleError, match="closed"):
        people.join(participant=father, words=WORDS, how="page")
    with pytest.raises(PeopleError, match="closed"):
        people.change_contact(person=row, contact={"name": "Mia"})


def test_a_new_address_is_told_to_both(ask: Ask, mailoutbox: list[Any]) -> None:
    row = ask()
    promises.sweep()
    mailoutbox.clear()
    people.change_contact(person=row, contact={"email": "new@family.example", "not_times": "morning"})
    promises.sweep()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["maria@family.example", "new@family.example"]
    opens = {mail.to[0]: "/my/" in mail.body for mail in mailoutbox}
    assert opens == {"maria@family.example": False, "new@family.example": True}
    row.refresh_from_db()
    assert (row.email_hash, row.not_times) == (lookup_hash("new@family.example"), "morning")
    assert row.news_since
    assert row.history.filter(what="contact_changed").get().detail == "email not_times"


def test_a_change_of_hours_writes_no_mail_and_no_change_writes_nothing(row: HelpRequest) -> None:
    people.change_contact(person=row, contact={"not_times": "sunday"})
    people.change_contact(person=row, contact={"not_times": "sunday", "name": row.name})
    assert not Promise.objects.exists()
    assert row.history.count() == 1


def test_only_columns_of_a_contact_can_be_changed(row: HelpRequest) -> None:
    with pytest.raises(ValueError, match="status"):
        people.change_contact(person=row, contact={"status": "closed"})


def test_a_person_without_any_way_to_reach_them_is_refused_by_the_database(row: HelpRequest) -> None:
    with pytest.raises(IntegrityError, match="participant_can_be_reached"), transaction.atomic():
        add(row, email="", phone="")
    with pytest.raises(IntegrityError, match="a_way_to_reach_them"), transaction.atomic():
        people.change_contact(person=row, contact={"email": "", "phone": ""})


def test_an_erased_person_keeps_nothing_by_the_databases_word(row: HelpRequest) -> None:
    father = add(row)
    with pytest.raises(IntegrityError, match="erased_participant_keeps_nothing"), transaction.atomic():
        Participant.objects.filter(pk=father.pk).update(erased_at=timezone.now(), left_at=timezone.now())


def test_staff_write_down_what_was_said_on_the_phone(row: HelpRequest) -> None:
    nurse = AdvocateFactory().user
    father = people.add(help_request=row, role="helper", contact=FATHER, by=nurse)
    people.join(participant=father, words=WORDS, how="phone", by=nurse)
    assert Consent.objects.get(participant=father).by == nurse
    assert set(row.history.values_list("by", flat=True)) == {nurse.pk}
    people.leave(participant=father, how="letter", by=nurse)
    assert not consent.stands(row, participant=father)
    assert consent.last(row) == "", "what one person says is not said for another"


def test_listeners_cost_one_query_however_many(row: HelpRequest, django_assert_num_queries: Any) -> None:
    for n in range(3):
        people.join(participant=add(row, email=f"{n}@family.example"), words=WORDS, how="page")
    with django_assert_num_queries(1):
        assert len(people.listeners(row, "calls")) == 4


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_are_one_after_the_other() -> None:
    """Each locks the request and then the person: in two orders they would wait for each other."""
    for _ in range(15):
        father = add(HelpRequestFactory())
        failures = at_once(
            lambda each=father: people.join(participant=each, words=WORDS, how="page"),
            lambda each=father: people.leave(participant=each, how="page"),
        )
        assert all(isinstance(error, PeopleError) for error in failures), failures
        father.refresh_from_db()
        assert father.left_at
        assert said(father) == ([] if failures else ["given", "withdrawn"])
