"""What may come from a machine waits aside: nothing is dropped, nobody is written to, and a family loses nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake import consent, people, promises, reconciling, routing, setting_aside, submitting, triage
from intake.models import Advocate, Conversation, HelpRequest, History, Message, Promise
from intake.sample_desk import load_sample_desk
from tests.intake import desk
from tests.intake.factories import AdvocateFactory, HelpRequestFactory
from tests.intake.pages import SURE, answer_match, answer_talk, give_contact, send_match, send_talk, sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
HELD = ("acknowledge", "route", "invite")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def ana() -> Any:
    return AdvocateFactory(first_name="Ana", is_lead=True)


def suspect(email: str = "maria@family.example", *, signs: tuple[str, ...] = ("trap",), **more: Any) -> HelpRequest:
    contact = submitting.Contact(name="Maria Sample", reach_by="email", email=email)
    told = submitting.Told("pleural", (), "any", "60614", "IL", False)
    return submitting.submit_doctor_match(
        contact=contact,
        told=told,
        consent=consent.contact_words(),
        submission_key=uuid4(),
        signs=lambda: list(signs),
        **more,
    )


def due(row: HelpRequest, kind: str) -> datetime:
    return row.promises.get(kind=kind, done_at=None).due_at


def pass_time(row: HelpRequest) -> None:
    """As if its time had come, by the clock of the database."""
    row.promises.filter(done_at=None, kind__in=HELD).update(due_at=timezone.now() - timedelta(days=3000))


def test_everything_is_stored_and_nothing_is_written_to_anybody(mailoutbox: list[Any]) -> None:
    father = submitting.Other(role="patient", name="Jo", email="jo@family.example")
    row = suspect(others=(father,), signs=("trap", "haste"))
    assert (row.name, row.email, row.told["disease"]) == ("Maria Sample", "maria@family.example", "pleural")
    assert row.set_aside_because == "trap haste"
    assert {due(row, kind) for kind in HELD} == {NOW + setting_aside.HELD_FOR}
    assert row.history.get(what=History.What.SET_ASIDE).detail == "trap haste"
    assert row.contact_by > NOW + setting_aside.HELD_FOR
    assert due(row, "escalate") == row.contact_by - timedelta(hours=1)
    Promise.objects.filter(kind="set_aside").update(due_at=NOW - timedelta(days=3000))
    promises.sweep()
    assert [mail.to for mail in mailoutbox] == [[Advocate.objects.get().email]]
    row.refresh_from_db()
    assert row.advocate is None


def test_the_mail_to_the_leads_is_one_an_hour_and_leads_to_the_pile(
    mailoutbox: list[Any], clock: time_machine.Traveller
) -> None:
    for number in range(3):
        suspect(f"m{number}@family.example")
    assert Promise.objects.filter(kind="set_aside").count() == 1
    clock.move_to(NOW + timedelta(hours=1))
    suspect("m4@family.example")
    first, second = Promise.objects.filter(kind="set_aside").order_by("pk")
    Promise.objects.filter(pk=first.pk).update(due_at=NOW - timedelta(days=3000))
    assert promises.keep_one(first.pk)
    body = mailoutbox[0].body
    assert "?desk=aside" in body
    assert "Maria" not in body
    HelpRequest.objects.update(set_aside_because="")
    Promise.objects.filter(pk=second.pk).update(due_at=NOW - timedelta(days=3000))
    assert promises.keep_one(second.pk)
    assert len(mailoutbox) == 1, "nothing to say: nothing is sent"


def test_what_is_set_aside_is_let_in_by_itself(mailoutbox: list[Any]) -> None:
    row = suspect()
    pass_time(row)
    while promises.sweep():
        pass
    row.refresh_from_db()
    assert row.set_aside_because == ""
    assert row.advocate is not None
    assert row.history.get(what=History.What.LET_IN).by is None
    assert [mail.to for mail in mailoutbox if mail.to == ["maria@family.example"]]


def test_a_flood_is_let_in_one_by_one() -> None:
    rows = [suspect(f"m{number}@family.example") for number in range(4)]
    first = NOW + setting_aside.HELD_FOR
    assert [due(row, "route") for row in rows] == [first + number * setting_aside.SPACING for number in range(4)]
    triage.mark_spam(help_request=rows[3], by=desk_user())
    assert due(suspect("m5@family.example"), "route") == first + 3 * setting_aside.SPACING


def desk_user() -> Any:
    return Advocate.objects.get().user


def test_a_person_lets_it_in_at_once(mailoutbox: list[Any]) -> None:
    row = suspect()
    late = row.contact_by
    triage.let_in(help_request=row, by=desk_user())
    row.refresh_from_db()
    assert row.contact_by < late, "the call is promised from now on"
    assert {due(row, kind) for kind in ("route", "acknowledge")} == {NOW}
    assert row.history.get(what=History.What.LET_IN).by == desk_user()
    with pytest.raises(triage.TriageError, match="not set aside"):
        triage.let_in(help_request=row, by=desk_user())


@pytest.mark.parametrize("verb", ["take", "reassign"])
def test_who_takes_it_lets_it_in(verb: str, ana: Any) -> None:
    row = suspect()
    if verb == "take":
        triage.take(help_request=row, by=ana.user)
    else:
        triage.reassign(help_request=row, to=ana, reason="a family", by=ana.user)
    row.refresh_from_db()
    assert (row.set_aside_because, row.advocate) == ("", ana)
    assert due(row, "acknowledge") == NOW


def test_the_database_refuses_one_that_is_set_aside_and_with_somebody(ana: Any) -> None:
    row = suspect()
    with pytest.raises(IntegrityError), transaction.atomic():
        routing.give(row, ana, reason="past the verbs")
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=row.pk).update(status="closed", closed_at=NOW, outcome="spam")


def test_spam_that_was_a_family_is_opened_and_acknowledged(mailoutbox: list[Any]) -> None:
    row = suspect()
    triage.mark_spam(help_request=row, by=desk_user())
    row.refresh_from_db()
    assert row.set_aside_because == ""
    assert not row.promises.filter(done_at=None).exists()
    triage.reopen(help_request=row, by=desk_user())
    assert {due(row, kind) for kind in ("route", "acknowledge")} == {NOW}


def test_whoever_was_acknowledged_is_not_told_twice(ask: Callable[..., HelpRequest]) -> None:
    row = ask()
    pass_time(row)
    while promises.sweep():
        pass
    triage.close(help_request=row, outcome="answered", by=desk_user())
    triage.reopen(help_request=row, by=desk_user())
    assert row.promises.filter(kind="acknowledge").count() == 1


def test_a_machine_does_not_write_through_the_own_page_either() -> None:
    row = suspect()
    people.add(
        help_request=row, role="helper", contact={"name": "V", "email": "victim@other.example", "reach_by": "email"}
    )
    people.change_contact(person=row, contact={"email": "victim@other.example"})
    held = row.promises.filter(done_at=None, kind__in=promises.HELD_BACK)
    assert {"invite", "acknowledge"} <= {each.kind for each in held}
    assert {each.due_at for each in held} == {NOW + setting_aside.HELD_FOR}
    assert not Message.objects.filter(sent_at__isnull=False).exists()


def test_what_always_holds_still_holds() -> None:
    suspect()
    assert reconciling.reconcile() == {}


# The pages


@pytest.fixture
def sent(client: Client) -> Callable[..., Any]:
    def send(**contact: Any) -> Any:
        answer_match(client, SURE)
        give_contact(client, **contact)
        return send_match(client)

    return send


def test_who_answers_everything_at_once_is_a_machine(sent: Any, settings: Any) -> None:
    settings.FASTEST_JOURNEY = 5
    assert sent().status_code == 302
    assert HelpRequest.objects.get().set_aside_because == "haste"


def test_haste_is_measured_from_the_first_answer(client: Client, settings: Any, clock: Any) -> None:
    settings.FASTEST_JOURNEY = 5
    answer_match(client, SURE)
    clock.shift(timedelta(seconds=5))
    give_contact(client)
    send_match(client)
    assert HelpRequest.objects.get().set_aside_because == ""


def test_the_field_that_nobody_sees_is_a_trap(sent: Any, client: Client) -> None:
    assert sent(website="https://casino.example").status_code == 302
    row = HelpRequest.objects.get()
    assert row.set_aside_because == "trap"
    text = sound(client.get("/match/done/", follow=True))
    assert row.reference in text
    assert "casino" not in text


def test_the_trap_is_out_of_sight_and_reach(client: Client) -> None:
    answer_match(client, SURE)
    text = client.get("/match/contact/", follow=True).content.decode()
    field = re.search(r'<div id="div_id_website" class="field trap">.*?</div>', text, re.DOTALL)
    assert field
    assert 'tabindex="-1"' in field[0]
    assert 'autocomplete="off"' in field[0]
    assert "Leave this field empty" in field[0]
    assert "optional" not in field[0]


@pytest.mark.parametrize("typed", ["x" * 10_000, "\x00", "<script>alert(1)</script>"])
def test_whatever_falls_into_the_trap_is_no_error(sent: Any, typed: str) -> None:
    assert sent(website=typed).status_code == 302


def test_many_from_one_network(client: Client, settings: Any) -> None:
    for number in range(12):
        fresh = Client(REMOTE_ADDR="8.8.4.4")
        answer_match(fresh, SURE)
        give_contact(fresh, email=f"m{number}@family.example", phone=f"312555{1000 + number}")
        assert send_match(fresh).status_code == 302
    found = list(HelpRequest.objects.order_by("pk").values_list("set_aside_because", flat=True))
    assert found == [""] * 10 + ["network"] * 2


def test_many_with_one_contact_and_pressing_twice_is_one() -> None:
    for _ in range(4):
        fresh = Client()
        answer_match(fresh, SURE)
        give_contact(fresh)
        key = fresh.get("/match/check/").context["form"]["submission"].value()
        seen = fresh.get("/match/check/").context["form"]["seen"].value()
        for _ in range(5):
            fresh.post("/match/check/", {"submission": key, "seen": seen})
    found = list(HelpRequest.objects.order_by("pk").values_list("set_aside_because", flat=True))
    assert found == ["", "", "", "contact"]


def test_a_suspect_conversation_takes_no_half_hour_and_says_so(client: Client) -> None:
    answer_talk(client, website="x", way="video", phone="")
    assert send_talk(client).status_code == 302
    row = HelpRequest.objects.get()
    assert (row.kind, row.set_aside_because) == ("conversation", "trap")
    assert not Conversation.objects.exists()
    assert due(row, "route") == due(row, "acknowledge") == NOW + setting_aside.HELD_FOR
    text = sound(client.get("/talk/confirmed/", follow=True))
    assert "it is not booked yet" in text
    assert "ends in" not in text


def test_the_pile_is_apart_and_lets_in(client: Client) -> None:
    load_sample_desk(password="a password of the tests")
    aside, plain = suspect(), HelpRequestFactory()
    for pile, there, not_there in (("aside", aside, plain), ("unassigned", plain, aside), ("", plain, aside)):
        text = desk.as_("ben").get(reverse(desk.LIST), {"desk": pile}).content.decode()
        assert there.reference in text, pile
        assert not_there.reference not in text, pile
    page = desk.as_("ben").get(reverse("admin:intake_helprequest_change", args=[aside.pk])).content.decode()
    assert "<dd>A field that people do not see was filled in. Let in by itself Tuesday, December 1, 12:00 p.m." in page
    assert "let it in" in page
    chosen = {"action": "let_in_many", "_selected_action": [aside.pk, plain.pk]}
    text = desk.as_("ben").post(reverse(desk.LIST) + "?desk=aside", chosen, follow=True).content.decode()
    assert "1 let in." in text
    aside.refresh_from_db()
    assert aside.set_aside_because == ""
