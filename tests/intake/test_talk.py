"""A conversation as a family books it, without a script."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from intake import booking, consent, submitting, time_zones
from intake.forms.talk import QUESTIONS, spelled
from intake.models import Conversation, HelpRequest, Hold
from tests.intake.factories import AdvocateFactory
from tests.intake.pages import (
    CALL,
    SURE,
    answer_match,
    answer_talk,
    send_talk,
    shown,
    sound,
    submission,
    talk_leads_to,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)  # Tuesday, 10:00 a.m. Central
START = datetime(2026, 12, 3, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


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
    assert talk_leads_to(send_talk(client), "confirmed")
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
    assert list(client.session["talk_sent"].values()) == [request.pk]
    assert dict(client.session).keys() == {"talk_sent"}
    for path in ("check/", "needs/", "time/"):
        assert talk_leads_to(client.get(f"/talk/{path}"), "confirmed")


def test_each_question_is_sound_with_and_without_an_answer(client: Client) -> None:
    answer_talk(client)
    for step in QUESTIONS:
        sound(client.get(f"/talk/{step}/"))
        response = client.post(f"/talk/{step}/", {})
        assert response.status_code == (302 if step == "needs" else 422)
        if step != "needs":
            assert "There is a problem" in sound(response)


def test_a_later_step_leads_to_the_first_open_question(client: Client) -> None:
    assert talk_leads_to(client.get("/talk/reach/"), "who")
    client.post("/talk/who/", {"for_whom": "me"})
    assert talk_leads_to(client.get("/talk/check/"), "where")
    assert client.get("/talk/confirmed/")["Location"] == "/talk/"
    assert client.get("/talk/nonsense/").status_code == 404
    assert "Your answers were cleared" in sound(Client().post("/talk/needs/", {}))


def test_times_are_said_whole_and_more_days_are_a_link(client: Client) -> None:
    answer_talk(client)
    text = sound(client.get("/talk/time/"))
    assert "Wednesday, December 2" in text
    assert text.count("<fieldset") == 5, "four days, and any time"
    assert 'href="?days=8"' in text
    assert sound(client.get("/talk/time/?days=8")).count("<fieldset") == 9
    for odd in ("-1", "abc", "9" * 4000, "²", ""):
        assert sound(client.get("/talk/time/", {"days": odd})).count("<fieldset") == 5
    label = re.search(r'<label for="id_starts_at_0">(.*?)</label>', text, re.DOTALL)
    assert label
    assert re.sub(r"<[^>]+>", "", label.group(1)) == "Tuesday, December 1, 1:00 p.m. Eastern, your time"


@pytest.mark.parametrize(
    "starts_at", ["", "x", "2026-12-03T16:00Z\x00", "2020-01-01T00:00Z", "9" * 9000, "2026-12-06T16:00Z"]
)
def test_a_time_that_is_not_open_is_not_taken(client: Client, starts_at: str) -> None:
    answer_talk(client)
    assert "There is a problem" in sound(client.post("/talk/time/", {"starts_at": starts_at}))


def test_a_half_hour_of_two_browsers_goes_to_the_first(client: Client, clock: time_machine.Traveller) -> None:
    """Each kept it for a while; then both send."""
    other = Client()
    answer_talk(client, time=spelled(START))
    clock.shift(timedelta(minutes=15))
    answer_talk(other, time=spelled(START))
    clock.shift(timedelta(minutes=15))
    pages = [browser.get("/talk/check/").context["form"] for browser in (client, other)]
    sent = [{"submission": page["submission"].value(), "seen": page["seen"].value()} for page in pages]
    assert talk_leads_to(client.post("/talk/check/", sent[0]), "confirmed")
    assert talk_leads_to(other.post("/talk/check/", sent[1]), "time")
    text = sound(other.get("/talk/time/?days=28"))
    assert "That time has just been taken" in text
    assert f'value="{spelled(START)}"' not in text
    assert re.findall(r'<li><a href="#id_starts_at_\d+">(.*?)</a>', text) == [
        "Thursday, December 3, 11:30 a.m. Eastern",
        "Thursday, December 3, 12:00 p.m. Eastern",
        "Thursday, December 3, 12:30 p.m. Eastern",
    ]
    later = spelled(START.replace(minute=30))
    assert talk_leads_to(other.post("/talk/time/", {"starts_at": later}), "check")
    assert "Robert Sample" in sound(other.get("/talk/check/"))
    send_talk(other)
    assert Conversation.objects.filter(cancelled_at=None).count() == HelpRequest.objects.count() == 2


def test_a_chosen_time_is_kept_for_a_quarter_of_an_hour(client: Client, clock: time_machine.Traveller) -> None:
    answer_talk(client, time=spelled(START))
    other = Client()
    answer_talk(other)
    assert spelled(START) not in sound(other.get("/talk/time/?days=28"))
    assert "There is a problem" in sound(other.post("/talk/time/", {"starts_at": spelled(START)}))
    for page in ("reach", "needs", "check"):
        text = sound(client.get(f"/talk/{page}/"))
        assert "We keep <strong>Thursday, December 3, 11:00 a.m. Eastern</strong> for you until 11:15 a.m." in text
    clock.shift(timedelta(minutes=10))
    client.post("/talk/needs/", {"keep": "1", "access_needs": "A slow talker"})
    text = sound(client.get("/talk/needs/"))
    assert "until 11:25 a.m." in text
    assert "A slow talker" in text, "what was typed is kept"
    clock.shift(timedelta(minutes=15))
    assert "We no longer keep" in sound(client.get("/talk/check/"))
    assert spelled(START) in sound(other.get("/talk/time/?days=28"))
    client.post("/talk/check/", {"keep": "1"})
    assert "until 11:40 a.m." in sound(client.get("/talk/check/"))


def test_a_time_is_kept_longer_a_few_times_only(client: Client, clock: time_machine.Traveller) -> None:
    answer_talk(client, time=spelled(START))
    for _ in range(9):
        clock.shift(timedelta(minutes=10))
        client.post("/talk/check/", {"keep": "1"})
    text = sound(client.get("/talk/check/"))
    assert "We no longer keep" in text
    client.post("/talk/check/", {"keep": "1"})
    assert not Hold.objects.filter(until__gt=NOW + timedelta(minutes=90)).exists()


def test_what_is_kept_is_let_go_by_sending_and_by_starting_over(client: Client) -> None:
    answer_talk(client, time=spelled(START))
    assert Hold.objects.count() == 1
    send_talk(client)
    assert not Hold.objects.exists()
    answer_talk(client)
    client.post("/talk/start-over/")
    assert not Hold.objects.exists()


def test_a_browser_keeps_one_time_whatever_its_tabs_do(client: Client) -> None:
    for hours in range(3):
        answer_talk(client, time=spelled(START + timedelta(hours=hours)))
    assert Hold.objects.count() == 1


def test_just_call_me_is_a_request_without_a_half_hour(client: Client) -> None:
    answer_talk(client, time="any")
    text = sound(client.get("/talk/check/"))
    assert "Just call me, any time" in text
    assert "Best time" in text
    assert talk_leads_to(send_talk(client), "confirmed")
    request = HelpRequest.objects.get()
    assert (request.kind, request.reach_by, request.best_time) == ("conversation", "phone", "any")
    assert not request.conversations.exists()
    text = sound(client.get("/talk/confirmed/"))
    assert "We will call you" in text
    assert "<strong>By " in text
    assert request.reference in text


def test_changing_from_a_time_to_any_time_asks_what_that_needs(client: Client) -> None:
    answer_talk(client, way="video", phone="")
    client.get("/talk/check/")
    client.post("/talk/time/", {"starts_at": "any"})
    assert talk_leads_to(client.get("/talk/check/"), "reach")
    text = sound(client.get("/talk/reach/"))
    assert "Robert Sample" in text
    response = client.post("/talk/reach/", {**CALL, "phone": "", "shown": shown(client, "/talk/reach/")})
    assert "Enter a phone number" in sound(response)
    client.post("/talk/reach/", {**CALL, "shown": shown(client, "/talk/reach/")})
    every = ["morning", "afternoon", "evening", "saturday", "sunday"]
    response = client.post("/talk/needs/", {"best_time": "any", "not_times": every})
    assert "Leave at least one time free" in sound(response)
    assert talk_leads_to(client.post("/talk/needs/", {"best_time": "any", "not_times": ["sunday"]}), "check")
    send_talk(client)
    assert HelpRequest.objects.get().not_times == "sunday"


def test_only_times_of_whoever_speaks_the_language_are_shown(client: Client, advocate: Any) -> None:
    answer_talk(client)
    client.post("/talk/zone/", {"time_zone": "America/New_York", "language": "es"})
    assert "No nurse advocate has a free half hour" in sound(client.get("/talk/time/"))
    advocate.languages = "en es"
    advocate.save()
    assert "Wednesday, December 2" in sound(client.get("/talk/time/"))


def test_two_tabs_book_what_each_showed(client: Client) -> None:
    answer_talk(client, time=spelled(START), name="First Tab")
    first = client.get("/talk/check/").context["form"]
    address = first.helper.form_action
    answer_talk(client, time=spelled(START + timedelta(hours=2)), name="Second Tab")
    sent = {"submission": first["submission"].value(), "seen": first["seen"].value()}
    client.post(address, sent)
    send_talk(client)
    booked = Conversation.objects.order_by("starts_at").select_related("help_request")
    assert [(call.help_request.name, call.starts_at) for call in booked] == [
        ("First Tab", START),
        ("Second Tab", START + timedelta(hours=2)),
    ]


def test_what_changed_since_the_page_was_shown_is_not_sent(client: Client) -> None:
    answer_talk(client, time=spelled(START))
    old = client.get("/talk/check/").context["form"]
    client.post("/talk/time/", {"starts_at": spelled(START + timedelta(hours=1))})
    response = client.post("/talk/check/", {"submission": old["submission"].value(), "seen": old["seen"].value()})
    assert "Your answers have changed" in sound(response)
    assert not HelpRequest.objects.exists()


def test_pressed_twice_is_one_conversation(client: Client) -> None:
    answer_talk(client)
    key = submission(client, "/talk/check/")
    for _ in range(2):
        assert talk_leads_to(client.post("/talk/check/", fields(client, key)), "confirmed")
    assert Conversation.objects.count() == 1


def fields(client: Client, key: str) -> dict[str, str]:
    context = client.get("/talk/check/").context
    return {"submission": key, "seen": context["form"]["seen"].value() if context else ""}


def test_another_request_from_a_page_already_sent_is_asked_about(client: Client) -> None:
    answer_talk(client)
    key = submission(client, "/talk/check/")
    send_talk(client, key)
    answer_talk(client, name="Somebody Else")
    assert "already sent" in sound(send_talk(client, key))
    sound(send_talk(client, "x"))
    assert HelpRequest.objects.count() == 1


def test_without_an_open_time_there_is_another_way(client: Client, advocate: Any) -> None:
    answer_talk(client)
    advocate.takes_conversations = False
    advocate.save()
    text = sound(client.get("/talk/time/"))
    assert "No nurse advocate has a free half hour for you" in text
    assert "Just call me, any time" in text
    assert "1-800-555-0134" in text


def test_another_time_zone_asks_the_time_again(client: Client) -> None:
    answer_talk(client)
    client.get("/talk/check/")
    changed = client.post("/talk/zone/", {"time_zone": "America/Phoenix", "language": "en"})
    assert talk_leads_to(changed, "time")
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
    send_talk(client)
    assert HelpRequest.objects.get().reach_by == "email"
    assert "meets you by video" in sound(client.get("/talk/confirmed/"))


@pytest.mark.parametrize("junk", ["\x00", "\u202egnirts", "x" * 10_000, "🙂", "a\r\nBcc: b@c.example"])
def test_hostile_input_is_an_error_or_clean(client: Client, junk: str) -> None:
    answer_talk(client)
    for step, form in QUESTIONS.items():
        for name in form.base_fields:
            assert client.post(f"/talk/{step}/", {**CALL, name: junk}).status_code in (302, 422)


def test_the_place_comes_from_the_doctor_match_and_the_clock_from_the_place(client: Client) -> None:
    answer_match(client, SURE)
    client.post("/talk/who/", {"for_whom": "me"})
    assert 'value="60614"' in sound(client.get("/talk/where/"))
    client.post("/talk/where/", {"zip": "60614"})
    assert re.search(r'value="America/Chicago"[^>]*checked', sound(client.get("/talk/zone/")))


@pytest.mark.parametrize(
    ("where", "zone"),
    [
        ({"zip": "85001"}, "America/Phoenix"),
        ({"zip": "96813"}, "Pacific/Honolulu"),
        ({"zip": "00901"}, "America/Puerto_Rico"),
        ({"zip": "79901"}, "America/Denver"),  # El Paso, in a state of Central time
        ({"state": "HI"}, "Pacific/Honolulu"),
        ({"state": "AK"}, "America/Anchorage"),  # several names of one clock
        ({"state": "TN"}, None),  # two clocks: a guess would be an hour off for many
        ({"state": "TX"}, None),
        ({"state": "prefer_not"}, None),
    ],
)
def test_the_clock_is_asked_and_suggested(client: Client, where: dict[str, str], zone: str | None) -> None:
    client.post("/talk/who/", {"for_whom": "unsaid"})
    assert client.post("/talk/where/", where).status_code == 302
    text = sound(client.get("/talk/zone/"))
    assert re.findall(r'name="time_zone" value="([^"]+)"[^>]*checked', text) == ([zone] if zone else [])


def test_start_over_clears(client: Client) -> None:
    answer_talk(client)
    client.post("/talk/start-over/")
    assert "talk" not in client.session


def test_a_cancelled_call_has_no_confirmed_page(client: Client) -> None:
    answer_talk(client)
    send_talk(client)
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
