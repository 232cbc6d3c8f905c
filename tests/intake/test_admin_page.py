"""What stands on a request's page, in words, and at what price."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import consent, erasing, history, notes, planning, sharing, wording
from intake.models import Advocate, HelpRequest, Message, Promise, Step
from intake.sample_desk import load_sample_desk
from tests.intake.desk import advocate, as_, page
from tests.intake.factories import ConversationFactory, PromiseFactory
from tests.intake.family import known, other
from tests.intake.pages import HEALTH_WORDS, _Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def mine(**fields: Any) -> HelpRequest:
    return known(
        advocate=advocate("ana"),
        assigned_at=timezone.now(),
        status="reached",
        first_contact_at=timezone.now(),
        **fields,
    )


def read(request: HelpRequest, name: str = "ana") -> str:
    return as_(name).get(page(request)).content.decode()


def fill(request: HelpRequest, number: int) -> None:
    """One more row of each kind that the page shows."""
    ana: Any = advocate("ana").user
    person = other(request, name=f"Rosa {number}", email=f"rosa{number}@other.example")
    notes.for_staff(help_request=request, body=f"Note {number}", by=ana)
    notes.from_family(help_request=request, body=f"Word {number}", participant=person)
    planning.add_item(help_request=request, kind="document", text=f"Scan {number}", by=ana)
    sharing.ask(help_request=request, receiver=f"Hospital {number}", what=["contact"], by=ana)
    call = ConversationFactory(help_request=request, advocate=advocate("ana"))
    call.cancelled_at = timezone.now()
    call.save()
    Step.objects.create(help_request=request, code=Step.Code.values[number], done_on=timezone.now().date(), by=ana)
    promise = PromiseFactory(help_request=request, kind=Promise.Kind.INVITE, participant=person)
    Message.objects.create(
        promise=promise,
        help_request=request,
        to_family=True,
        participant=person,
        subject="Your call",
        body="Hello",
        message_id=f"<{number}@test>",
    )
    consent.give(help_request=request, words="Yes.", how="page", participant=person)
    history.record(help_request=request, what="called", by=ana, detail="reached")
    known(advocate=advocate("ben"), status="assigned", assigned_at=timezone.now())


def test_the_number_of_queries_does_not_rise_with_the_rows() -> None:
    request, client, counts = mine(), as_("ana"), []
    for number in (0, 1, 2):
        fill(request, number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page(request)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2], counts
    assert counts[0] <= 60


def test_the_page_is_sound_and_in_the_order_of_a_call() -> None:
    request = mine(questions='["How soon should we call?"]')
    fill(request, 0)
    text = read(request)
    reader = _Reader()
    reader.feed(text)
    assert reader.tags.count("h1") == 1
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.pointed - {"", "content-start"} <= set(reader.ids)
    order = ["Call by", "Say first", "How soon should we call?", "Calls so far", "What you can do"]
    sections = ("notes", "plan", "sharing", "same", "others", "messages", "consent", "history")
    order += [f'id="{name}"' for name in sections]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "<table" not in text.split('id="content"')[1]


def test_nobody_is_called_who_has_not_agreed() -> None:
    request = mine()
    other(request, name="Rosa Other", phone="+13125550188", agreed_at=None)
    text = read(request)
    assert "they have not agreed yet" in text
    assert "tel:+13125550188" not in text
    assert "tel:+13125550142" in text


def test_nobody_is_called_who_took_consent_back() -> None:
    request = mine()
    consent.take_back(help_request=request, how="phone")
    text = read(request)
    assert "they took their consent back" in text
    assert "tel:" not in text


def test_when_not_to_call_is_said_and_obeyed() -> None:
    request = mine(not_times="morning afternoon evening saturday")
    text = read(request)
    assert "Never: weekday mornings, weekday afternoons, weekday evenings, saturdays" in text
    if timezone.now().astimezone(request.zone).weekday() < 6:
        assert "do not call now" in text


@pytest.mark.parametrize(
    ("language", "opening", "machine"),
    [
        ("en", "Hello, my name is Ana. May I speak with Maria?", "This is a message for Maria from Ana."),
        ("es", "Buenos días. Me llamo Ana. ¿Puedo hablar con Maria?", "Un mensaje para Maria, de Ana."),
    ],
)
def test_what_is_said_first_fits_the_language(language: str, opening: str, machine: str) -> None:
    text = read(mine(language=language, may_leave_message=True))
    assert opening in text
    assert machine in text
    assert "Do not say why you call" in text
    text = read(mine(may_say_why=True))
    assert "You may say why you call" in text
    assert "No. Do not leave a message" in text


def test_another_request_of_the_family_is_named_only_to_who_may_open_it() -> None:
    request = mine()
    theirs = known(advocate=advocate("ben"), status="assigned", assigned_at=timezone.now())
    assert theirs.reference not in read(request)
    assert "One with Ben: ask a lead to join them" in read(request)
    assert theirs.reference in read(request, "carol")


def test_joining_lets_the_older_go_on() -> None:
    request, younger = mine(), known()
    client = as_("ana")
    seen = younger.history.exclude(what="looked").order_by("-pk").values_list("pk", flat=True).first() or 0
    data = {"seen": seen, "other": request.pk}
    assert client.post(f"/admin/intake/helprequest/{younger.pk}/act/merge/", data).status_code == 302
    younger.refresh_from_db()
    assert (younger.status, younger.merged_into) == ("closed", request)
    assert f'Goes on as <a href="{page(request)}">{request.reference}' in read(younger, "carol")


def test_nobody_joins_with_what_they_may_not_open() -> None:
    request = mine()
    theirs = known(advocate=advocate("ben"), status="assigned", assigned_at=timezone.now())
    data = {"seen": 0, "other": theirs.pk}
    last = request.history.exclude(what="looked").order_by("-pk").first()
    data["seen"] = last.pk if last else 0
    answer = as_("ana").post(f"/admin/intake/helprequest/{request.pk}/act/merge/", data)
    assert answer.status_code == 422
    theirs.refresh_from_db()
    assert theirs.status == "assigned"


def test_why_not_somebody_else_is_said() -> None:
    Advocate.objects.filter(user__username="ben").update(states="WI")
    assert "Ben, RN (sample): not licensed in IL" in read(mine(state="IL"))


def test_the_rest_of_the_page_of_an_erased_request_is_empty() -> None:
    request = mine()
    fill(request, 0)
    erasing.erase(help_request=request)
    text = read(request)
    for value in ("Maria", "Rosa 0", "Note 0", "Word 0", "Scan 0", "Hospital 0"):
        assert value not in text
    assert "What you can do" not in text


class TestWording:
    ALL = [*wording.LETTERS.values(), *wording.CLOSED.values(), wording.TRIED]

    @pytest.mark.parametrize("text", ALL)
    def test_no_letter_names_health(self, text: str) -> None:
        assert not HEALTH_WORDS.search(text)

    @pytest.mark.parametrize("text", ALL)
    def test_sentences_are_short(self, text: str) -> None:
        for sentence in re.split(r"(?<=[.!?]) ", text):
            assert len(sentence.split()) <= 22, sentence

    @pytest.mark.parametrize("outcome", HelpRequest.Outcome.values)
    def test_each_outcome_is_decided(self, outcome: str) -> None:
        text = wording.letter("close", advocate="Ana", outcome=outcome)
        assert bool(text) is (outcome not in ("withdrawn", "duplicate", "spam"))

    def test_every_place_is_filled(self) -> None:
        given = {"advocate": "Ana", "call_by": "by noon", "next_try": "Monday", "outcome": "helped"}
        for act in ("take", "call", "wait", "reopen", "close"):
            for result in ("reached", "no_answer"):
                text = wording.letter(act, result=result, **given)
                assert text
                assert "{" not in text
        assert wording.letter("call", result="wrong_number", **given) == ""
        assert wording.letter("note", **given) == ""

    def test_a_message_is_left_only_where_it_may_be(self) -> None:
        assert wording.on_the_machine(mine(), advocate="Ana") == ""
