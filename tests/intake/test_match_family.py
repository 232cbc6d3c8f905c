"""Family first: who asks may name one other person, who is asked for a consent of their own. Skipping is one click."""

import re
from typing import Any

import pytest
from django.test import Client

from intake.models import HelpRequest, Participant, Promise
from tests.intake.pages import SURE, answer_match, give_contact, leads_to, send_match, sound

pytestmark = pytest.mark.django_db
FATHER = {
    "role": "patient",
    "name": "Jose Sample",
    "email": "jose@family.example",
    "phone": "",
    "gets": ["updates", "plan"],
}


@pytest.fixture
def ready(client: Client) -> Client:
    answer_match(client, SURE)
    assert leads_to(give_contact(client), "times")
    return client


def test_the_person_who_is_ill_is_asked_first(ready: Client) -> None:
    assert leads_to(ready.post("/match/family/", FATHER), "check")
    text = sound(ready.get("/match/check/"))
    assert "Jose Sample" in text
    assert "jose@family.example" in text
    send_match(ready)
    request = HelpRequest.objects.get()
    father = request.participants.get()
    assert (father.name, father.email, father.phone, father.role) == (
        "Jose Sample",
        "jose@family.example",
        None,
        "patient",
    )
    assert (father.gets, father.agreed_at, father.is_in) == ("updates plan", None, False)
    assert request.consents.count() == 1  # of who asked; the other one's is their own
    assert Promise.objects.filter(kind=Promise.Kind.INVITE, participant=father).count() == 1
    assert "Until they say yes, nobody calls them" in sound(ready.get("/match/done/"))


def test_somebody_without_an_address_is_asked_by_phone_of_the_family(ready: Client) -> None:
    ready.post("/match/family/", {**FATHER, "role": "helper", "email": "", "phone": "312-555-0143"})
    send_match(ready)
    helper = Participant.objects.get()
    assert (helper.role, helper.phone, helper.reach_by) == ("helper", "+13125550143", "phone")
    assert not Promise.objects.filter(kind=Promise.Kind.INVITE).exists()


def test_skipping_is_one_click(ready: Client) -> None:
    text = sound(ready.get("/match/family/"))
    assert "What should they get, if they agree?" in text
    assert "(optional)" not in text  # one may leave out the page, and nothing of it
    skip = re.search(r'<a href="([^"]+)">Skip this step', text)
    assert skip
    assert "Nobody" in sound(ready.get(skip.group(1)))
    send_match(ready)
    assert not Participant.objects.exists()
    assert "whom you named" not in ready.get("/match/done/").content.decode()


def test_nobody_after_all_leaves_nothing_of_them(ready: Client) -> None:
    ready.post("/match/family/", FATHER)
    ready.get("/match/check/")
    assert leads_to(ready.post("/match/family/", {**FATHER, "role": "nobody", "email": "no address"}), "check")
    assert "Jose" not in str(dict(ready.session))
    send_match(ready)
    assert not Participant.objects.exists()


def test_who_asks_for_themselves_can_name_a_helper_only(client: Client) -> None:
    answer_match(client, {**SURE, "who": {"for_whom": "me"}})
    give_contact(client)
    assert "The person who is ill" not in client.get("/match/family/").content.decode()
    assert client.post("/match/family/", FATHER).status_code == 422
    assert leads_to(client.post("/match/family/", {**FATHER, "role": "helper"}), "check")


def test_who_it_is_for_changed_afterwards_asks_again(ready: Client) -> None:
    ready.post("/match/family/", FATHER)
    ready.get("/match/check/")
    number = next(iter(ready.session["match"]))
    ready.post(f"/match/{number}/who/", {"for_whom": "me"})
    assert "Jose" not in ready.get("/match/check/").content.decode()
    assert ready.get("/match/family/").context["form"]["name"].value() == "Jose Sample"  # nothing typed is lost


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"role": ""}, "Choose whether we should ask somebody else"),
        ({"role": "lawyer"}, "Choose whether we should ask somebody else"),
        ({"name": ""}, "Enter their full name"),
        ({"name": "\u200b"}, "Enter their full name"),
        ({"name": "x" * 121}, "Enter a name of 120 characters or fewer"),
        ({"email": ""}, "Enter their e-mail address or their phone number"),
        ({"email": "at home"}, "Enter an e-mail address, for example"),
        ({"phone": "12"}, "Enter a phone number with its area code"),
        ({"gets": []}, "Choose what they should get"),
        ({"gets": ["everything"]}, "Choose from the list"),
    ],
)
def test_what_is_missing_is_said(ready: Client, changed: dict[str, Any], says: str) -> None:
    answer = ready.post("/match/family/", {**FATHER, **changed})
    assert answer.status_code == 422
    assert sound(answer).count(says) == 2  # in the summary and beside the field


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"best_time": ""}, "Choose the best time for you"),
        ({"best_time": "midnight"}, "Choose the best time for you"),
        ({"language": "fr"}, "Choose a language"),
        ({"language": ""}, "Choose a language"),
        ({"time_zone": "Mars/Olympus"}, "Choose your time zone"),
        ({"not_times": ["tea"]}, "Choose from the list"),
        ({"not_times": HelpRequest.NotTimes.values}, "Leave at least one time free"),
    ],
)
def test_when_to_call_is_judged(ready: Client, changed: dict[str, Any], says: str) -> None:
    right = {"best_time": "any", "language": "es", "time_zone": "America/Denver", "not_times": ["sunday", "morning"]}
    answer = ready.post("/match/times/", {**right, **changed})
    assert answer.status_code == 422
    assert sound(answer).count(says) == 2
    assert leads_to(ready.post("/match/times/", right), "family")
    send_match(ready)
    request = HelpRequest.objects.get()
    assert (request.language, request.not_times, request.time_zone) == ("es", "morning sunday", "America/Denver")


def test_what_the_page_about_spanish_promises(ready: Client) -> None:
    text = sound(ready.get("/match/times/"))
    assert "In which language should we call?" in text
    assert "This site is in English only" in text


@pytest.mark.parametrize("may", ["", "no", "yes"])
def test_why_we_call_is_said_to_others_only_if_they_say_yes(client: Client, may: str) -> None:
    answer_match(client, SURE)
    text = client.get("/match/contact/").content.decode()
    assert re.search(r'name="may_say_why"[^>]*value="no"[^>]*checked', text)
    give_contact(client, may_say_why=may)
    send_match(client)
    assert HelpRequest.objects.get().may_say_why is (may == "yes")
