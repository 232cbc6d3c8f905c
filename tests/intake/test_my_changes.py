"""What a family changes on its page: contact, notes, people. And every form refused kindly when it is replayed, swapped
between two families or between purposes, or too old."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from intake import links
from intake.forms import my as forms
from intake.forms.talk import spelled
from intake.models import Conversation, HelpRequest, History, Note, Participant, Promise
from intake.models.reachable import Reachable
from intake.notes import LONGEST
from navigator.encryption import lookup_hash
from tests.intake.factories import AdvocateFactory, ConversationFactory
from tests.intake.family import address, known, other, permit, send
from tests.intake.pages import sound
from tests.intake.test_my import state

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
START = datetime(2026, 12, 3, 16, tzinfo=UTC)
STALE = "Look through it, then send it again"
CONTACT: dict[str, Any] = {
    "name": "Maria Sample",
    "reach_by": "phone",
    "phone": "",
    "email": "",
    "may_leave_message": "no",
    "may_say_why": "no",
    "best_time": "any",
    "not_times": [],
    "time_zone": "America/Chicago",
    "language": "en",
    "gets": ["updates", "calls", "plan"],
}
NOTE = {"body": "We have the scans."}
PERSON = {"role": "patient", "name": "Robert Sample", "email": "robert@family.example", "phone": ""}
WHAT: dict[str, dict[str, Any]] = {
    "my-move": {"starts_at": spelled(START + timedelta(hours=1))},
    "my-cancel": {},
    "my-contact": CONTACT | {"language": "es"},
    "my-note": NOTE,
    "my-people": PERSON,
    "my-withdraw": {},
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def booked(**fields: Any) -> HelpRequest:
    advocate = AdvocateFactory()
    request = known(kind="conversation", advocate=advocate, assigned_at=NOW, status="assigned", **fields)
    ConversationFactory(help_request=request, advocate=advocate, starts_at=START)
    return request


@pytest.fixture
def request_() -> HelpRequest:
    return booked()


class TestPermits:
    """The same sentence each time, the page as it stands now, and nothing done."""

    @pytest.mark.parametrize("name", WHAT)
    def test_a_form_is_good_once(self, client: Client, request_: HelpRequest, name: str) -> None:
        path = address(request_, name)
        mark = permit(client, path)
        assert client.post(path, {"permit": mark, **WHAT[name]}).status_code == 302
        before = state()
        again = client.post(path, {"permit": mark, **WHAT[name]})
        assert again.status_code in (409, 422)
        sound(again)
        assert state() == before

    @pytest.mark.parametrize("name", [*WHAT, "my-delete", "my-download"])
    @pytest.mark.parametrize(
        "whose", ["another family's", "somebody else's", "another purpose's", "old", "none", "a token"]
    )
    def test_a_permit_that_is_not_for_this_is_refused(
        self, client: Client, request_: HelpRequest, name: str, whose: str
    ) -> None:
        rosa, data = other(request_), {"sure": "on", "file": "json", **WHAT.get(name, {})}
        path = address(request_, name)
        mark = {
            "another family's": lambda: permit(client, address(booked(email="else@where.example"), name)),
            "somebody else's": lambda: permit(client, address(rosa, "my-delete")),
            "another purpose's": lambda: permit(
                client, address(request_, "my-note" if name != "my-note" else "my-move")
            ),
            "old": lambda: permit(client, path),
            "none": lambda: "",
            "a token": lambda: links.token(request_),
        }[whose]()
        later = NOW + timedelta(minutes=61 if whose == "old" else 0)
        before = state()
        with time_machine.travel(later, tick=False):
            answer = client.post(path, {"permit": mark, **data})
            assert answer.status_code == 422
            assert STALE in sound(answer)
            assert state() == before
            fresh = str(answer.context["form"]["permit"].value())
            done = client.post(path, {"permit": fresh, **data})  # the page as it stands now can be sent
        assert done.status_code == (200 if name == "my-download" else 302)

    def test_what_was_typed_stays(self, client: Client, request_: HelpRequest) -> None:
        text = sound(client.post(address(request_, "my-note"), NOTE))
        assert NOTE["body"] in text
        data = CONTACT | {"not_times": ["morning", "sunday"], "name": "Maria New"}
        text = sound(client.post(address(request_, "my-contact"), data))
        assert "Maria New" in text
        for code in ("morning", "sunday"):
            assert re.search(f'name="not_times" value="{code}"[^>]*checked', text), code
        assert not re.search('name="not_times" value="evening"[^>]*checked', text)

    def test_two_tabs_do_not_overwrite_each_other(self, client: Client, request_: HelpRequest) -> None:
        path = address(request_, "my-contact")
        tab = permit(client, path)
        send(client, path, **CONTACT | {"language": "es"})
        assert STALE in sound(client.post(path, {"permit": tab, **CONTACT | {"name": "From the old tab"}}))
        request_.refresh_from_db()
        assert (request_.name, request_.language) == ("Maria Sample", "es")

    def test_the_permit_of_a_call_does_not_outlive_a_move(self, client: Client, request_: HelpRequest) -> None:
        path = address(request_, "my-cancel")
        mark = permit(client, path)
        send(client, address(request_, "my-move"), **WHAT["my-move"])
        assert STALE in sound(client.post(path, {"permit": mark}))
        assert Conversation.objects.get().cancelled_at is None


class TestContact:
    def change(self, client: Client, person: links.Person, **data: Any) -> Any:
        return send(client, address(person, "my-contact"), **CONTACT | data)

    def test_everything_can_be_changed(self, client: Client, request_: HelpRequest) -> None:
        answer = self.change(
            client, request_, name="  Maria   New ", reach_by="email", phone="(773) 555-0188",
            email="new@family.example", may_leave_message="yes", may_say_why="yes", best_time="evening",
            not_times=["sunday", "morning"], time_zone="Pacific/Honolulu", language="es", gets=["plan"],
        )  # fmt: skip
        assert "Your details are saved." in sound(client.get(answer["Location"]))
        request_.refresh_from_db()
        assert (request_.name, request_.phone, request_.email) == ("Maria New", "+17735550188", "new@family.example")
        assert request_.email_hash == lookup_hash("new@family.example")
        assert (request_.may_leave_message, request_.may_say_why, request_.reach_by) == (True, True, "email")
        assert (request_.not_times, request_.gets, request_.language) == ("morning sunday", "plan", "es")
        assert request_.time_zone == "Pacific/Honolulu"
        told = Promise.objects.filter(kind=Promise.Kind.TELL_CHANGED)
        assert sorted(one.message.recipient for one in told) == ["maria@family.example", "new@family.example"]
        line = History.objects.get(what=History.What.CONTACT_CHANGED)
        assert "773" not in line.detail
        assert line.by is None

    def test_what_is_left_empty_stays(self, client: Client, request_: HelpRequest) -> None:
        self.change(client, request_)
        request_.refresh_from_db()
        assert (request_.phone, request_.email) == ("+13125550142", "maria@family.example")
        assert not History.objects.filter(what=History.What.CONTACT_CHANGED).exists()

    def test_the_page_shows_little(self, client: Client, request_: HelpRequest) -> None:
        text = sound(client.get(address(request_, "my-contact")))
        assert "Now: ends in 0142." in text
        assert "m•••@f•••" in text
        for hidden in ("312", "5550142", "555-0142", "family.example"):
            assert hidden not in text.replace("312-555-0142, for example", "")

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"name": ""}, "Enter a name"),
            ({"name": "\u200b\u202e"}, "Enter a name"),
            ({"name": "x" * 121}, "Enter a name of 120 characters or fewer"),
            ({"phone": "12"}, "Enter a phone number with its area code"),
            ({"email": "x"}, "Enter an e-mail address, for example"),
            ({"email": "a@b.example\r\nBcc: c@d.example"}, "Enter an e-mail address, for example"),
            ({"away": ["phone", "email"]}, "Keep a phone number or an e-mail address"),
            ({"away": ["phone"]}, "Enter a phone number"),
            ({"away": ["email"], "reach_by": "email"}, "Enter an e-mail address"),
            ({"away": ["name"]}, "Choose from the list"),
            ({"not_times": Reachable.NotTimes.values}, "Leave at least one time free"),
            ({"not_times": ["night"]}, "Choose from the list"),
            ({"gets": ["all"]}, "Choose from the list"),
            ({"time_zone": "Mars/Base"}, "Choose your time zone"),
            ({"language": "xx"}, "Choose a language"),
            ({"reach_by": "pigeon"}, "Choose how we should reach you"),
            ({"may_say_why": ""}, "Choose whether we may say why we call"),
        ],
    )
    def test_what_cannot_be_is_said(
        self, client: Client, request_: HelpRequest, data: dict[str, Any], says: str
    ) -> None:
        before = state()
        answer = self.change(client, request_, **data)
        assert answer.status_code == 422
        assert says in sound(answer)
        assert state() == before

    def test_an_address_is_taken_away(self, client: Client, request_: HelpRequest) -> None:
        self.change(client, request_, away=["email"])
        request_.refresh_from_db()
        assert (request_.email, request_.email_hash) == (None, "")
        text = sound(client.get(address(request_, "my-contact")))
        assert "Take one away" not in text

    def test_a_zone_that_is_not_on_the_list_stays(self, client: Client, request_: HelpRequest) -> None:
        for zone in ("America/Boise", "America/Adak"):
            HelpRequest.objects.update(time_zone=zone)
            shown = client.get(address(request_, "my-contact")).context["form"].initial["time_zone"]
            assert self.change(client, request_, time_zone=shown).status_code == 302
            request_.refresh_from_db()
            assert request_.time_zone == zone

    def test_somebody_else_changes_their_own(self, client: Client, request_: HelpRequest) -> None:
        rosa = other(request_)
        self.change(client, rosa, name="Rosa New", reach_by="email", gets=[])
        rosa.refresh_from_db()
        request_.refresh_from_db()
        assert (rosa.name, rosa.gets, request_.name) == ("Rosa New", "", "Maria Sample")

    def test_a_closed_request_stays_as_it_is(self, client: Client) -> None:
        request = known(status="closed", closed_at=NOW, outcome="helped")
        for name in ("my-contact", "my-note", "my-people"):
            answer = client.get(address(request, name))
            assert answer.status_code == 409
            assert "This request is closed" in sound(answer)


class TestNotes:
    def test_a_note_is_kept_and_the_desk_sees_news(self, client: Client, request_: HelpRequest) -> None:
        answer = send(client, address(request_, "my-note"), body="First line\r\nsecond\x00 line\u202e")
        text = sound(client.get(answer["Location"]))
        assert "We have your note." in text
        assert "First line<br>second line" in text
        request_.refresh_from_db()
        assert request_.news_since == NOW
        assert (Note.objects.get().kind, Note.objects.get().participant) == ("from_family", None)

    @pytest.mark.parametrize("body", ["", " \n ", "\u200b", "x" * (LONGEST + 1), "x" * 10_000])
    def test_nothing_and_too_much_are_refused(self, client: Client, request_: HelpRequest, body: str) -> None:
        assert sound(send(client, address(request_, "my-note"), body=body)).count("rite ") >= 1
        assert not Note.objects.exists()

    def test_a_note_is_shown_as_text(self, client: Client, request_: HelpRequest) -> None:
        send(client, address(request_, "my-note"), body="<script>alert(1)</script>")
        assert "<script>alert" not in sound(client.get(address(request_)))


class TestPeople:
    def test_somebody_is_named_and_asked(self, client: Client, request_: HelpRequest) -> None:
        answer = send(client, address(request_, "my-people"), **PERSON)
        text = sound(client.get(answer["Location"]))
        assert "We asked, and there is no answer yet." in text
        robert = Participant.objects.get()
        assert (robert.role, robert.email, robert.reach_by) == ("patient", "robert@family.example", "email")
        assert robert.agreed_at is None
        assert Promise.objects.filter(kind=Promise.Kind.INVITE, participant=robert).count() == 1
        assert "robert@family.example" not in text

    def test_without_an_address_nobody_is_written_to(self, client: Client, request_: HelpRequest) -> None:
        send(client, address(request_, "my-people"), **PERSON | {"email": "", "phone": "312 555 0143"})
        assert "We ask on the phone." in sound(client.get(address(request_, "my-people")))
        assert not Promise.objects.filter(kind=Promise.Kind.INVITE).exists()

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"email": ""}, "Enter an e-mail address or a phone number"),
            ({"name": ""}, "Enter a name"),
            ({"role": "boss"}, "Choose who it is"),
            ({"phone": "1"}, "Enter a phone number with its area code"),
            ({"email": "x\x00@y"}, "Enter an e-mail address, for example"),
            ({"name": "x" * 10_000}, "Enter a name of 120 characters or fewer"),
        ],
    )
    def test_what_is_missing_is_said(
        self, client: Client, request_: HelpRequest, data: dict[str, str], says: str
    ) -> None:
        assert says in sound(send(client, address(request_, "my-people"), **PERSON | data))
        assert not Participant.objects.exists()

    def test_four_are_enough(self, client: Client, request_: HelpRequest) -> None:
        path = address(request_, "my-people")
        mark = permit(client, path)
        for number in range(4):
            other(request_, email=f"x{number}@y.example")
        assert "No more people can be named" in sound(client.get(path))
        assert STALE in sound(client.post(path, {"permit": mark, **PERSON}))
        assert Participant.objects.count() == 4

    def take_out(self, client: Client, asker: HelpRequest, who: Participant, **data: Any) -> Any:
        shown = client.get(address(asker, "my-people")).context["others"]
        mark = next((out.initial["permit"] for _, one, out in shown if one == who), "")
        return client.post(address(asker, "my-take-out"), {"permit": mark, "who": who.pk, **data})

    def test_somebody_is_taken_out_and_forgotten(self, client: Client, request_: HelpRequest) -> None:
        rosa, ben = other(request_), other(request_, name="Ben Other", email="ben@other.example")
        assert self.take_out(client, request_, rosa).status_code == 302
        rosa.refresh_from_db()
        ben.refresh_from_db()
        assert (rosa.name, ben.name) == (None, "Ben Other")
        text = sound(client.get(address(request_, "my-people")))
        assert "Rosa" not in text
        assert "Ben" in text

    def test_nobody_of_another_family_is_taken_out(self, client: Client, request_: HelpRequest) -> None:
        rosa, theirs = other(request_), booked(email="else@where.example")
        stranger = other(theirs, name="Sam Stranger", email="sam@where.example")
        shown = client.get(address(request_, "my-people")).context["others"]
        mine = shown[0][2].initial["permit"]
        before = state()
        for mark, who in ((mine, stranger.pk), (mine, "x"), (mine, ""), ("", rosa.pk), (mine, f"{rosa.pk} ")):
            answer = client.post(address(request_, "my-take-out"), {"permit": mark, "who": who})
            assert answer.status_code == 409
            assert "Nothing was changed" in sound(answer)
        assert self.take_out(client, theirs, rosa).status_code == 409
        assert client.post(address(rosa, "my-take-out"), {"permit": mine, "who": rosa.pk}).status_code == 404
        assert client.get(address(request_, "my-take-out")).status_code == 405
        assert state() == before


class TestTheCallsOwnAddress:
    def path(self, person: links.Person, tail: str = "") -> str:
        return f"/my/{links.call_token(Conversation.objects.get(), person)}/call/{tail}"

    def test_moves_and_cancels_this_call_and_shows_nothing_else(self, client: Client, request_: HelpRequest) -> None:
        text = sound(client.get(self.path(request_)))
        assert "Thursday, December 3, 10:00 a.m. Central" in text
        for hidden in ("Maria", "0142", request_.reference, links.token(request_).split(":")[0] + ":"):
            assert hidden not in text.replace(self.path(request_), "")
        assert send(client, self.path(request_, "move/"), **WHAT["my-move"])["Location"] == self.path(request_)
        assert Conversation.objects.get().sequence == 1
        mark = permit(client, self.path(request_, "cancel/"))
        assert client.post(self.path(request_, "cancel/"), {"permit": mark}).status_code == 302
        again = client.post(self.path(request_, "cancel/"), {"permit": mark})
        assert again.status_code == 409
        assert "is cancelled" in sound(again)
        assert b"STATUS:CANCELLED" in client.get(self.path(request_, "calendar.ics")).content
        assert client.get(self.path(request_, "move/"))["Location"] == self.path(request_)

    @pytest.mark.parametrize("tail", ["move/", "cancel/"])
    def test_a_page_that_is_not_for_this_is_refused(self, client: Client, request_: HelpRequest, tail: str) -> None:
        rosa = other(request_)
        before = state()
        mark = permit(client, self.path(rosa, tail))
        answer = client.post(self.path(request_, tail), {"permit": mark, **WHAT["my-move"]})
        assert STALE in sound(answer)
        assert state() == before

    def test_somebody_else_may_move_it_from_their_mail(self, client: Client, request_: HelpRequest) -> None:
        send(client, self.path(other(request_), "move/"), **WHAT["my-move"])
        assert Conversation.objects.get().sequence == 1

    def test_a_wrong_one_is_the_same_kind_page(self, client: Client, request_: HelpRequest) -> None:
        pages = {
            client.get(path).content
            for path in (
                self.path(request_)[:-7] + "x/call/",
                f"/my/{links.token(request_)}/call/",
                "/my/x/",
                "/my/x/join/",
            )
        }
        assert len(pages) == 1
        assert client.get("/my/x/call/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_opens_one_page_whatever_is_wrong(client: Client, request_: HelpRequest, method: str) -> None:
    token, theirs = links.token(request_), links.token(booked(email="else@where.example"))
    mixed = f"{theirs.split(':', 1)[0]}:{token.split(':', 1)[1]}"
    before, pages = state(), set()
    for name in WHAT:
        path = address(request_, name)
        for wrong in (token[:-1], "x" + token, token.upper(), mixed, "é", "x" * 5000, "%00", "\u202e"):
            answer = getattr(client, method)(path.replace(token, wrong))
            if wrong == "%00":
                assert answer.status_code == 400
                continue
            assert answer.status_code == 404
            pages.add(sound(answer))
    assert len(pages) == 1
    assert "This link does not work any more" in pages.pop()
    assert state() == before


def test_words_are_masked() -> None:
    assert (forms.masked_phone("+13125550142"), forms.masked_phone(None)) == ("ends in 0142", "")
    assert (forms.masked_email("maria@family.example"), forms.masked_email(None)) == ("m•••@f•••", "")
