"""The family's own page: it shows little, looking changes nothing, and every act is one POST with its permit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from intake import booking, links, notes
from intake.forms.talk import spelled
from intake.models import Consent, Conversation, HelpRequest, History, Note, Participant, Promise
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory
from tests.intake.family import address, known, other, permit, send
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
START = datetime(2026, 12, 3, 16, tzinfo=UTC)
PAGES = (
    "my", "my-move", "my-cancel", "my-contact", "my-note", "my-people", "my-download", "my-withdraw", "my-delete",
    "my-calendar",
)  # fmt: skip
FORMS = PAGES[1:-1]
SHOWN_TO_ASKER_ONLY = {"my-people", "my-withdraw"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call() -> Conversation:
    advocate = AdvocateFactory(first_name="Ana")
    request = known(
        kind="conversation", advocate=advocate, assigned_at=NOW, status="assigned", answers='{"disease": "pleural"}'
    )
    return ConversationFactory(help_request=request, advocate=advocate, starts_at=START)


def state() -> list[Any]:
    models = (HelpRequest, Conversation, History, Note, Participant, Promise, Consent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_it_shows_what_we_hold_and_no_more(client: Client, call: Conversation) -> None:
    text = sound(client.get(address(call.help_request)))
    seen = ("Maria Sample", "Ends in 0142", "m•••@f•••", "Ana", "Thursday, December 3, 10:00 a.m. Central")
    for words in (
        *seen,
        "Tuesday, December 1",
        "Given on Tuesday, December 1, 10:00 a.m. Central",
        "Central",
        "English",
    ):
        assert words in text, words
    for hidden in ("312", "family.example", "pleural", "606"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "Nobody has it yet"),
        ({"status": "assigned"}, "Ana has your request"),
        ({"status": "reached", "first_contact_at": NOW}, "Ana, a nurse advocate, is in touch with you"),
        ({"status": "closed", "closed_at": NOW, "outcome": "helped"}, "You have seen a specialist"),
        ({"status": "closed", "closed_at": NOW, "outcome": "not_reached"}, "We could not reach you"),
        ({"status": "closed", "closed_at": NOW, "outcome": "withdrawn"}, "You asked us to stop"),
    ],
)
def test_the_status_is_said_in_plain_words(client: Client, changed: dict[str, Any], says: str) -> None:
    desk = {"advocate": AdvocateFactory(first_name="Ana"), "assigned_at": NOW} if changed else {}
    text = sound(client.get(address(HelpRequestFactory(**desk, **changed))))
    assert says in text
    owed = "We call you by Tuesday, December 1, 2:00 p.m. Central." in text
    assert owed == (changed.get("status", "new") in ("new", "assigned"))


@pytest.mark.parametrize("outcome", HelpRequest.Outcome.values)
def test_each_end_has_its_words(client: Client, outcome: str) -> None:
    into = {"merged_into": HelpRequestFactory()} if outcome == "duplicate" else {}
    request = HelpRequestFactory(status="closed", closed_at=NOW, outcome=outcome, email=None, **into)
    text = sound(client.get(address(request)))
    assert "Closed" in text
    assert "Write a note" not in text
    assert "Spam" not in text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"next_try_at": NOW + timedelta(hours=5), "tries": 1},
            "We try again on Tuesday, December 1, 3:00 p.m. Central",
        ),
        ({"contact_by": NOW - timedelta(minutes=1)}, "We are late with our first word to you"),
        ({"reach_by": "email"}, "We write to you by Tuesday, December 1, 2:00 p.m. Central"),
        ({"time_zone": "Pacific/Honolulu"}, "We call you by Tuesday, December 1, 10:00 a.m. Hawaii"),
        ({"waiting_since": NOW}, "We wait to hear from you"),
    ],
)
def test_the_next_time_is_on_their_clock(client: Client, fields: dict[str, Any], says: str) -> None:
    assert says in sound(client.get(address(HelpRequestFactory(**fields))))


def test_to_look_changes_nothing(client: Client, call: Conversation) -> None:
    before = state()
    for name in PAGES:
        assert client.get(address(call.help_request, name)).status_code == 200
        assert client.head(address(call.help_request, name)).status_code == 200
    assert state() == before
    assert not client.session.items()


@pytest.mark.parametrize("name", FORMS)
def test_each_page_is_sound(client: Client, call: Conversation, name: str) -> None:
    other(call.help_request)
    answer = client.get(address(call.help_request, name))
    text = sound(answer)
    assert answer["Referrer-Policy"] == "same-origin"
    title = text[text.index("<title>") : text.index("</title>")]
    for personal in ("Maria", "Sample", "Rosa", "0142", call.help_request.reference):
        assert personal not in title


@pytest.mark.parametrize("rows", [1, 4])
def test_the_page_asks_as_often_whatever_it_shows(
    client: Client, call: Conversation, rows: int, django_assert_num_queries: Any
) -> None:
    request, ana = call.help_request, call.advocate
    for number in range(rows):
        notes.to_family(help_request=request, body=f"Word {number}", by=ana.user)
        notes.from_family(help_request=request, body=f"Answer {number}")
    for number in range(rows - 1):
        ConversationFactory(help_request=request, starts_at=START + timedelta(days=number), cancelled_at=NOW)
    path = address(request)
    with django_assert_num_queries(4):
        assert "Word 0" in sound(client.get(path))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_people_ask_as_often_however_many(
    client: Client, call: Conversation, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        other(call.help_request, name=f"Rosa{number} Other")
    with django_assert_num_queries(3):
        assert f"Rosa{rows - 1}" in sound(client.get(address(call.help_request, "my-people")))


def test_a_call_is_moved(client: Client, call: Conversation) -> None:
    later = datetime(2026, 12, 4, 20, tzinfo=UTC)
    path = address(call.help_request, "my-move")
    assert "Move your call" in sound(client.get(f"{path}?days=8"))
    answer = send(client, path, starts_at=spelled(later))
    assert answer["Location"].startswith("/my/")
    call.refresh_from_db()
    assert (call.starts_at, call.sequence) == (later, 1)
    assert "Your call is moved." in sound(client.get(answer["Location"]))


@pytest.mark.parametrize("starts_at", ["", "x", spelled(START), "2020-01-01T00:00Z", "2026-12-04T20:00Z\x00"])
def test_a_time_that_is_not_open_leaves_the_call_where_it_is(
    client: Client, call: Conversation, starts_at: str
) -> None:
    before = state()
    response = send(client, address(call.help_request, "my-move"), starts_at=starts_at)
    assert "There is a problem" in sound(response)
    assert state() == before


def test_a_time_taken_in_the_last_moment_is_said(client: Client, call: Conversation) -> None:
    """Somebody else takes it between the look at the open times and the booking."""
    start = START + timedelta(hours=1)
    path = address(call.help_request, "my-move")
    held = booking.move

    def slower(**kwargs: Any) -> Any:
        ConversationFactory(advocate=call.advocate, starts_at=start)
        return held(**kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(booking, "move", slower)
        response = send(client, path, starts_at=spelled(start))
    assert "That time has just been taken" in sound(response)
    call.refresh_from_db()
    assert call.starts_at == START


def test_a_call_is_cancelled_once_and_chosen_again(client: Client, call: Conversation) -> None:
    request = call.help_request
    path = address(request, "my-cancel")
    mark = permit(client, path)
    assert client.post(path, {"permit": mark}).status_code == 302
    again = client.post(path, {"permit": mark})
    assert again.status_code == 409
    text = sound(again)
    assert "Nothing was changed" in text
    assert "is cancelled" in text
    assert "Move the call" not in text
    assert client.get(path)["Location"] == address(request)
    call.refresh_from_db()
    assert call.cancelled_at == NOW
    assert History.objects.filter(what=History.What.CANCELLED).count() == 1
    assert b"STATUS:CANCELLED" in client.get(address(request, "my-calendar")).content
    path = address(request, "my-again")
    assert "Choose a new time" in sound(client.get(path))
    assert send(client, path, starts_at=spelled(START)).status_code == 302
    new = request.conversations.get(cancelled_at=None)
    assert (new.starts_at, new.way) == (START, "phone")
    assert client.get(path)["Location"] == address(request)


def test_a_missed_call_can_be_chosen_again(client: Client, call: Conversation) -> None:
    with time_machine.travel(START + timedelta(hours=2), tick=False):
        Conversation.objects.update(missed_at=START + timedelta(hours=1))
        text = sound(client.get(address(call.help_request)))
        assert "We did not reach you for the call" in text
        assert "Choose a new time" in text


def test_a_call_that_has_begun_is_neither_moved_nor_cancelled(client: Client, call: Conversation) -> None:
    marks = {name: permit(client, address(call.help_request, name)) for name in ("my-move", "my-cancel")}
    with time_machine.travel(START + timedelta(minutes=1), tick=False):
        for name, mark in marks.items():
            path = address(call.help_request, name)
            assert client.post(path, {"starts_at": spelled(START), "permit": mark}).status_code == 409
    call.refresh_from_db()
    assert (call.starts_at, call.cancelled_at) == (START, None)


def test_the_calendar_file_is_neutral(client: Client, call: Conversation) -> None:
    response = client.get(address(call.help_request, "my-calendar"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert b"SUMMARY:Phone call" in response.content
    assert client.get(address(HelpRequestFactory(), "my-calendar")).status_code == 302


def test_consent_is_taken_back_once(client: Client, call: Conversation) -> None:
    path = address(call.help_request, "my-withdraw")
    mark = permit(client, path)
    assert client.post(path, {"permit": mark}).status_code == 302
    assert client.post(path, {"permit": mark}).status_code == 409
    request = HelpRequest.objects.get()
    assert (request.status, request.outcome) == ("closed", "withdrawn")
    assert list(request.consents.values_list("act", flat=True)) == ["given", "withdrawn"]
    text = sound(client.get(address(request)))
    assert "You asked us to stop" in text
    assert "Taken back on" in text
    assert "Stop contacting me" not in text


def test_consent_to_a_closed_request_can_be_taken_back(client: Client) -> None:
    request = known(status="closed", closed_at=NOW, outcome="helped")
    assert "Stop contacting me" in sound(client.get(address(request)))
    assert send(client, address(request, "my-withdraw")).status_code == 302
    assert "Stop contacting me" not in sound(client.get(address(request)))


def test_everything_is_deleted_in_two_steps_and_the_link_dies(client: Client, call: Conversation) -> None:
    request = call.help_request
    paths = [address(request, name) for name in PAGES]
    said = links.call_token(call, request)
    unsure = send(client, address(request, "my-delete"))
    assert "Tick the box if everything should be deleted" in sound(unsure)
    response = send(client, address(request, "my-delete"), sure="on")
    assert response["Location"] == "/my/deleted/"
    request.refresh_from_db()
    assert (request.name, request.phone, request.answers) == (None, None, None)
    assert request.reference in sound(client.get("/my/deleted/"))
    assert "Deleted" in sound(Client().get("/my/deleted/"))
    assert {client.get(path).status_code for path in [*paths, f"/my/{said}/call/"]} == {404}


@pytest.mark.parametrize("name", FORMS)
def test_without_the_browsers_own_mark_nothing_happens(call: Conversation, name: str) -> None:
    before, strict = state(), Client(enforce_csrf_checks=True)
    assert strict.post(address(call.help_request, name)).status_code == 403
    assert state() == before


def test_a_request_joined_with_another_persons_says_so(client: Client, call: Conversation) -> None:
    stranger = known(
        name="Old Request", email="old@else.example", phone="+13125550177", status="closed", closed_at=NOW,
        outcome="duplicate", merged_into=call.help_request,
    )  # fmt: skip
    text = sound(client.get(address(stranger)))
    assert "This request was joined with another one" in text
    for theirs in ("Maria", "0142", "December 3", call.help_request.reference):
        assert theirs not in text


def test_a_request_joined_with_their_own_leads_there(client: Client, call: Conversation) -> None:
    earlier = known(
        name="M. Sample", status="closed", closed_at=NOW, outcome="duplicate", merged_into=call.help_request
    )
    assert call.help_request.reference in sound(client.get(address(earlier)))


class TestSomebodyElse:
    @pytest.fixture
    def rosa(self, call: Conversation) -> Participant:
        return other(call.help_request)

    def test_sees_what_is_theirs_only(self, client: Client, rosa: Participant) -> None:
        request = rosa.help_request
        notes.from_family(help_request=request, body="From the asker")
        notes.from_family(help_request=request, body="From Rosa", participant=rosa)
        notes.to_family(help_request=request, body="For everybody", by=request.advocate.user)
        text = sound(client.get(address(rosa)))
        for words in ("Rosa Other", "r•••@o•••", "From Rosa", "For everybody", "Ana", "December 3"):
            assert words in text, words
        for words in ("Maria", "0142", "m•••@f", "From the asker", "People in this request", "Kept, not shown"):
            assert words not in text, words

    @pytest.mark.parametrize(
        ("gets", "hidden"),
        [("calls", ("For everybody", "Where it stands")), ("updates", ("December 3", "Move the call"))],
    )
    def test_sees_what_they_chose(self, client: Client, rosa: Participant, gets: str, hidden: tuple[str, ...]) -> None:
        notes.to_family(help_request=rosa.help_request, body="For everybody", by=rosa.help_request.advocate.user)
        shown = sound(client.get(address(rosa)))
        Participant.objects.update(gets=gets)
        text = sound(client.get(address(rosa)))
        for words in hidden:
            assert words in shown
            assert words not in text

    @pytest.mark.parametrize("name", PAGES)
    def test_opens_no_page_of_who_asked(self, client: Client, rosa: Participant, name: str) -> None:
        answer = client.get(address(rosa, name))
        assert answer.status_code == (404 if name in SHOWN_TO_ASKER_ONLY else 200)
        if name != "my-calendar":
            assert "Maria" not in sound(answer)

    def test_leaves_and_is_forgotten_while_the_request_goes_on(self, client: Client, rosa: Participant) -> None:
        path = address(rosa)
        notes.from_family(help_request=rosa.help_request, body="From Rosa", participant=rosa)
        assert send(client, address(rosa, "my-delete"), sure="on")["Location"] == "/my/deleted/"
        rosa.refresh_from_db()
        assert (rosa.name, rosa.email, rosa.email_hash) == (None, None, "")
        assert client.get(path).status_code == 404
        assert HelpRequest.objects.get().status == "assigned"
        assert list(rosa.consents.values_list("act", flat=True)) == ["given", "withdrawn"]
        assert Consent.objects.filter(participant=None).get().act == "given"
