"""A conversation as a family books it, without a script."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from intake import booking, consent, submitting, time_zones
from intake.forms.talk import QUESTIONS, spelled
from intake.models import Conversation, HelpRequest
from tests.intake.factories import AdvocateFactory
from tests.intake.pages import CALL, SURE, answer_match, answer_talk, shown, sound, submission

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)  # Tuesday, 10:00 a.m. Central
START = datetime(2026, 12, 3, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def advocate() -> Any:
    return AdvocateFactory(first_name="Ana")


def test_the_start_page_is_public_and_its_title_is_neutral(client: Client) -> None:
    response = client.get("/talk/")
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "<title>Talk with us " in response.content.decode()


def test_the_whole_way_to_a_booked_half_hour(client: Client) -> None:
    for step in QUESTIONS:
        assert client.get(f"/talk/{step}/").status_code in (200, 302)
    answer_talk(client, time=spelled(START))
    text = sound(client.get("/talk/check/"))
    assert "Thursday, December 3, 11:00 a.m. Eastern" in text
    assert "Large print" in text
    key = submission(client, "/talk/check/")
    assert client.post("/talk/check/", {"submission": key})["Location"] == "/talk/confirmed/"
    request = HelpRequest.objects.get()
    assert (request.name, request.phone, request.reach_by) == ("Robert Sample", "+13125550143", "phone")
    assert (request.state, request.time_zone, request.for_whom) == ("IL", "America/New_York", "both")
    assert (request.access_needs, request.may_leave_message) == ("Large print", False)
    assert request.consents.get().words == consent.contact_words()
    assert request.conversations.get().starts_at == START
    text = sound(client.get("/talk/confirmed/"))
    assert "Thursday, December 3, 11:00 a.m. Eastern" in text
    assert "ends in 0143" in text
    assert "312" not in text.replace("312-555-0142", "")
    assert request.reference in text
    assert "calendar.ics" in text
    assert dict(client.session) == {"talk_sent": request.pk}
    for path in ("check/", "needs/", "time/"):
        assert client.get(f"/talk/{path}")["Location"] == "/talk/confirmed/"


def test_each_question_is_sound_with_and_without_an_answer(client: Client) -> None:
    answer_talk(client)
    for step in QUESTIONS:
        sound(client.get(f"/talk/{step}/"))
        response = client.post(f"/talk/{step}/", {})
        assert response.status_code == (302 if step == "needs" else 422)
        if step != "needs":
            assert "There is a problem" in sound(response)


def test_a_later_step_leads_to_the_first_open_question(client: Client) -> None:
    assert client.get("/talk/reach/")["Location"] == "/talk/who/"
    client.post("/talk/who/", {"for_whom": "me"})
    assert client.get("/talk/check/")["Location"] == "/talk/zone/"
    assert client.get("/talk/confirmed/")["Location"] == "/talk/"
    assert client.get("/talk/nonsense/").status_code == 404
    assert "Your answers were cleared" in sound(Client().post("/talk/needs/", {}))


def test_times_are_said_whole_and_more_days_are_a_link(client: Client) -> None:
    answer_talk(client)
    text = sound(client.get("/talk/time/"))
    assert "Wednesday, December 2" in text
    assert text.count("<fieldset") == 4
    assert 'href="?days=8"' in text
    assert sound(client.get("/talk/time/?days=8")).count("<fieldset") == 8
    for odd in ("-1", "abc", "9" * 4000, "²", ""):
        assert sound(client.get("/talk/time/", {"days": odd})).count("<fieldset") == 4
    label = re.search(r'<label for="id_starts_at_0">(.*?)</label>', text, re.DOTALL)
    assert label
    assert re.sub(r"<[^>]+>", "", label.group(1)) == "Tuesday, December 1, 1:00 p.m. Eastern, your time"


@pytest.mark.parametrize(
    "starts_at", ["", "x", "2026-12-03T16:00Z\x00", "2020-01-01T00:00Z", "9" * 9000, "2026-12-06T16:00Z"]
)
def test_a_time_that_is_not_open_is_not_taken(client: Client, starts_at: str) -> None:
    answer_talk(client)
    assert "There is a problem" in sound(client.post("/talk/time/", {"starts_at": starts_at}))


def test_a_half_hour_of_two_browsers_goes_to_the_first(client: Client) -> None:
    other = Client()
    for browser in (client, other):
        answer_talk(browser, time=spelled(START))
    keys = [submission(browser, "/talk/check/") for browser in (client, other)]
    assert client.post("/talk/check/", {"submission": keys[0]})["Location"] == "/talk/confirmed/"
    assert other.post("/talk/check/", {"submission": keys[1]})["Location"] == "/talk/time/"
    text = sound(other.get("/talk/time/"))
    assert "That time has just been taken" in text
    assert spelled(START) not in text
    later = spelled(START.replace(minute=30))
    assert other.post("/talk/time/", {"starts_at": later})["Location"] == "/talk/check/"
    assert "Robert Sample" in sound(other.get("/talk/check/"))
    other.post("/talk/check/", {"submission": submission(other, "/talk/check/")})
    assert Conversation.objects.filter(cancelled_at=None).count() == HelpRequest.objects.count() == 2


def test_pressed_twice_is_one_conversation(client: Client) -> None:
    answer_talk(client)
    key = submission(client, "/talk/check/")
    for _ in range(2):
        assert client.post("/talk/check/", {"submission": key})["Location"] == "/talk/confirmed/"
    assert Conversation.objects.count() == 1


def test_another_request_from_a_page_already_sent_is_asked_about(client: Client) -> None:
    answer_talk(client)
    key = submission(client, "/talk/check/")
    client.post("/talk/check/", {"submission": key})
    answer_talk(client, name="Somebody Else")
    assert "already sent" in sound(client.post("/talk/check/", {"submission": key}))
    sound(client.post("/talk/check/", {"submission": "x"}))
    assert HelpRequest.objects.count() == 1


def test_without_an_open_time_there_is_another_way(client: Client, advocate: Any) -> None:
    answer_talk(client)
    advocate.takes_conversations = False
    advocate.save()
    text = sound(client.get("/talk/time/"))
    assert "There is no open time right now" in text
    assert "1-800-555-0134" in text


def test_another_time_zone_asks_the_time_again(client: Client) -> None:
    answer_talk(client)
    client.get("/talk/check/")
    assert client.post("/talk/zone/", {"time_zone": "America/Phoenix", "state": "IL"})["Location"] == "/talk/time/"
    assert "Arizona time, your time" in sound(client.get("/talk/time/"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"way": "phone", "phone": ""}, "Enter a phone number"),
        ({"way": "video", "email": ""}, "Enter an e-mail address"),
        ({"way": ""}, "Choose how you would like to talk"),
        ({"agrees": ""}, "Tick the box if we may contact you"),
        ({"name": ""}, "Enter your full name"),
    ],
)
def test_what_is_missing_is_said(client: Client, changed: dict[str, str], says: str) -> None:
    answer_talk(client)
    response = client.post("/talk/reach/", {**CALL, "shown": shown(client, "/talk/reach/"), **changed})
    assert sound(response).count(says) == 2


def test_a_video_call_needs_no_phone(client: Client) -> None:
    answer_talk(client, way="video", phone="")
    client.post("/talk/check/", {"submission": submission(client, "/talk/check/")})
    assert HelpRequest.objects.get().reach_by == "email"
    assert "meets you by video" in sound(client.get("/talk/confirmed/"))


@pytest.mark.parametrize("junk", ["\x00", "\u202egnirts", "x" * 10_000, "🙂", "a\r\nBcc: b@c.example"])
def test_hostile_input_is_an_error_or_clean(client: Client, junk: str) -> None:
    answer_talk(client)
    for step, form in QUESTIONS.items():
        for name in form.base_fields:
            assert client.post(f"/talk/{step}/", {**CALL, name: junk}).status_code in (302, 422)


def test_zone_and_state_come_from_the_doctor_match(client: Client) -> None:
    answer_match(client, SURE)
    client.post("/talk/who/", {"for_whom": "me"})
    text = client.get("/talk/zone/").content.decode()
    assert re.search(r'value="America/Chicago"[^>]*checked', text)
    assert '<option value="IL" selected>' in text


def test_start_over_clears(client: Client) -> None:
    answer_talk(client)
    client.post("/talk/start-over/")
    assert "talk" not in client.session


def test_a_cancelled_call_has_no_confirmed_page(client: Client) -> None:
    answer_talk(client)
    client.post("/talk/check/", {"submission": submission(client, "/talk/check/")})
    booking.cancel(conversation=Conversation.objects.get())
    assert client.get("/talk/confirmed/")["Location"] == "/talk/"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Detroit", "Eastern"),
        ("America/Indiana/Indianapolis", "Eastern"),
        ("America/Boise", "Mountain"),
        ("America/St_Thomas", "Puerto Rico and U.S. Virgin Islands"),
        ("America/Phoenix", "Arizona"),
        ("Pacific/Honolulu", "Hawaii"),
    ],
)
def test_zones_have_names_that_people_use(zone: str, words: str) -> None:
    assert time_zones.ZONES[time_zones.listed(zone)] == words


def test_an_unknown_zone_keeps_its_short_name() -> None:
    assert time_zones.listed("") == ""
    assert time_zones.listed("Asia/Tokyo") == ""
    assert time_zones.in_words(START, "Asia/Tokyo") == "Friday, December 4, 1:00 a.m. JST"


@pytest.mark.parametrize("zone", list(time_zones.ZONES))
@pytest.mark.parametrize("start", [datetime(2026, 11, 1, 17, tzinfo=UTC), datetime(2027, 3, 14, 17, tzinfo=UTC)])
def test_words_follow_the_clocks_on_the_days_they_change(zone: str, start: datetime) -> None:
    there = start.astimezone(ZoneInfo(zone))
    assert f"{there.hour % 12 or 12}:00 {'a.m.' if there.hour < 12 else 'p.m.'}" in time_zones.in_words(start, zone)


def test_a_conversation_of_another_page_does_not_leak(client: Client) -> None:
    """The confirmed page shows what this browser sent, and nothing of another one."""
    submitting.submit_conversation(
        contact=submitting.Contact(name="Other Family", reach_by="phone", phone="+13125550199"),
        starts_at=START,
        way="phone",
        state="IL",
        consent=consent.contact_words(),
        submission_key=uuid4(),
    )
    assert client.get("/talk/confirmed/")["Location"] == "/talk/"
