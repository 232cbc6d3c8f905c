"""The doctor match as a family goes through it, without a script."""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.core.signing import Signer
from django.test import Client

from doctors.models import Audience
from intake import consent, erasing
from intake.forms.match import QUESTIONS
from intake.journey import NUMBER
from intake.models import HelpRequest
from tests.doctors.factories import ProgramFactory
from tests.intake.pages import (
    CONTACT,
    NOT_SURE,
    SURE,
    TIMES,
    answer_match,
    give_contact,
    leads_to,
    send_match,
    shown,
    sound,
    submission,
)

pytestmark = pytest.mark.django_db


def test_the_start_page_is_public_and_sets_no_cookie(client: Client) -> None:
    for path in ("/match/", "/match/refer/"):
        response = client.get(path)
        assert response.status_code == 200
        assert "public" in response["Cache-Control"]
        assert not response.cookies


def test_each_question_has_its_number_and_counts_on(client: Client) -> None:
    for number, (step, answer) in enumerate(SURE.items(), start=1):
        assert f"Question {number} of 7" in sound(client.get(f"/match/{step}/"))
        client.post(f"/match/{step}/", answer)


@pytest.mark.parametrize("answers", [SURE, NOT_SURE], ids=["sure", "not_sure"])
def test_the_list_comes_before_any_name(client: Client, answers: dict[str, Any]) -> None:
    program = ProgramFactory()
    answer_match(client, answers)
    text = sound(client.get("/match/results/"))
    assert program.name in text
    assert "312-555-0142" in text
    assert "No one pays to be listed" in text
    assert not HelpRequest.objects.exists()


def test_every_answer_of_every_question_leads_on(client: Client) -> None:
    answer_match(client, SURE)
    for step, form in QUESTIONS.items():
        for name, field in form.base_fields.items():
            for value, _ in getattr(field, "choices", []):
                if value and value != "clinician":
                    address = step_path(client, step)
                    assert client.post(address, {name: value}).status_code == 302, (step, value)
                    sound(client.get("/match/results/"))


@pytest.mark.parametrize("step", ["who", "told", "where", "travel", "help"])
def test_no_answer_is_an_error_that_keeps_the_page(client: Client, step: str) -> None:
    answer_match(client, SURE)
    response = client.post(f"/match/{step}/", {})
    assert response.status_code == 422
    assert "There is a problem" in sound(response)


@pytest.mark.parametrize("step", ["cover", "served"])
def test_optional_questions_say_so_and_may_stay_empty(client: Client, step: str) -> None:
    answer_match(client, SURE)
    text = sound(client.get(f"/match/{step}/"))
    assert "(optional)" in text
    assert "I prefer not to say" in text
    assert client.post(f"/match/{step}/", {}).status_code == 302


def test_a_later_step_leads_to_the_first_open_question(client: Client) -> None:
    client.post("/match/who/", SURE["who"])
    for path in ("served/", "results/", "contact/", "check/"):
        assert leads_to(client.get(f"/match/{path}"), "told")
    assert client.get("/match/done/")["Location"] == "/match/"
    assert client.get("/match/nonsense/").status_code == 404


def test_answers_after_the_session_ended_are_told_so(client: Client) -> None:
    text = sound(client.post("/match/served/", {"served": "no"}))
    assert "Your answers were cleared" in text


def test_a_changed_answer_leads_back_to_where_it_was_asked_from(client: Client) -> None:
    answer_match(client, SURE)
    client.get("/match/results/")
    assert leads_to(client.post("/match/travel/", {"travel": "50", "back": "1"}), "results")
    assert leads_to(client.post("/match/travel/", {"travel": "any"}), "results")
    give_contact(client)
    client.get("/match/check/")
    assert leads_to(client.post("/match/told/", {"disease": "other"}), "check")


def test_back_shows_the_answer_again(client: Client) -> None:
    answer_match(client, SURE)
    assert re.search(r'value="pleural"[^>]*checked', client.get("/match/told/").content.decode())
    assert 'value="60614"' in client.get("/match/where/").content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"zip": "606"}, "Enter a 5-digit ZIP code"),
        ({"zip": "00000"}, "could not find that ZIP code"),
        ({"zip": "09012"}, "military address"),
        ({"zip": "", "state": "XX"}, "Choose a state from the list"),
        ({"zip": "x" * 10_000}, "Enter a 5-digit ZIP code"),
    ],
)
def test_a_zip_that_leads_nowhere_is_explained(client: Client, typed: dict[str, str], says: str) -> None:
    answer_match(client, SURE)
    response = client.post("/match/where/", typed)
    assert says in sound(response)
    assert client.post("/match/where/", {"zip": typed["zip"][:9], "state": "IL"}).status_code == 302
    assert "in and near Illinois" in sound(client.get("/match/results/"))


def test_a_clinician_is_asked_nothing_more_and_nothing_is_kept(client: Client) -> None:
    told = client.post("/match/who/", SURE["who"])["Location"]
    assert client.post(told.replace("told", "who"), {"for_whom": "clinician"})["Location"] == "/match/refer/"
    assert leads_to(client.get(told), "who")
    assert not dict(client.session)


def test_nothing_within_the_radius_widens_and_says_so(client: Client) -> None:
    program = ProgramFactory(latitude=34.05, longitude=-118.24, city="Los Angeles", state="CA")
    answer_match(client, SURE)
    text = sound(client.get("/match/results/"))
    assert "no program within 150 miles" in text
    assert program.name in text


def test_places_of_the_va_stand_apart_and_only_for_veterans(client: Client) -> None:
    program = ProgramFactory(audience=Audience.VETERANS)
    answer_match(client, SURE)
    assert program.name in client.get("/match/results/").content.decode()
    client.post("/match/served/", {"served": "no"})
    assert program.name not in client.get("/match/results/").content.decode()


def test_just_the_list_deletes_the_answers_and_leaves_the_list(client: Client) -> None:
    program = ProgramFactory()
    answer_match(client, SURE)
    text = sound(client.post("/match/results/", {"after_list": "list"}))
    assert program.name in text
    assert "match" not in client.session
    assert leads_to(client.get("/match/results/"), "who")


def test_start_over_clears(client: Client) -> None:
    answer_match(client, SURE)
    assert client.get("/match/start-over/").status_code == 405
    client.post("/match/start-over/")
    assert "match" not in client.session


def test_the_whole_way_to_a_promise(client: Client) -> None:
    answer_match(client, SURE)
    sound(client.get("/match/results/"))
    assert leads_to(client.post("/match/results/", {"after_list": "help"}), "contact")
    assert leads_to(give_contact(client), "times")
    text = sound(client.get("/match/check/"))
    assert "Maria Sample" in text
    assert "Medicare" not in text
    key = submission(client, "/match/check/")
    sent = send_match(client, key)
    assert leads_to(sent, "done")
    request = HelpRequest.objects.get()
    assert (request.name, request.phone, request.email) == ("Maria Sample", "+13125550142", "maria@family.example")
    assert (request.state, request.zip_prefix, request.for_whom, request.best_time) == (
        "IL",
        "606",
        "someone",
        "morning",
    )
    assert (request.time_zone, request.is_veteran, request.may_leave_message) == ("America/Chicago", True, True)
    assert request.told == {"disease": "pleural", "wants": ["surgery", "trials"], "travel": "150"}
    assert request.consents.get().words == consent.contact_words()
    text = sound(client.get("/match/done/"))
    assert request.reference in text
    assert "Central" in text
    assert "Call 911" in text
    assert "/my/" in text


def test_after_sending_only_the_row_is_left_in_the_session(client: Client) -> None:
    send(client)
    assert list(client.session["match_sent"].values()) == [HelpRequest.objects.get().pk]
    assert dict(client.session).keys() == {"match_sent"}
    for path in ("check/", "contact/", "results/", "served/"):
        assert leads_to(client.get(f"/match/{path}"), "done")
    assert leads_to(client.post("/match/contact/", CONTACT), "done")


def test_pressed_twice_or_refreshed_is_one_request(client: Client) -> None:
    key = send(client)
    assert leads_to(client.post("/match/check/", {"submission": key}), "done")
    answer_match(client, SURE)
    give_contact(client)
    assert leads_to(send_match(client, key), "done")
    assert HelpRequest.objects.count() == 1


def test_another_request_from_a_page_already_sent_is_asked_about(client: Client) -> None:
    key = send(client)
    answer_match(client, SURE)
    give_contact(client, name="Somebody Else")
    response = send_match(client, key)
    assert "You have already sent a request from this page" in sound(response)
    fresh = response.context["form"]["submission"].value()
    assert fresh != key
    assert leads_to(send_match(client, fresh), "done")
    assert HelpRequest.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", str(UUID(int=0)), Signer(salt="other").sign(str(UUID(int=0)))])
def test_a_key_that_we_did_not_sign_sends_nothing(client: Client, key: str) -> None:
    answer_match(client, SURE)
    give_contact(client)
    sound(send_match(client, key))
    assert not HelpRequest.objects.exists()


def test_the_check_page_needs_the_contact(client: Client) -> None:
    answer_match(client, SURE)
    assert leads_to(client.get("/match/check/"), "contact")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"name": "\u200b \u202e"}, "Enter your full name"),
        ({"name": "x" * 10_000}, "Enter a name of 120 characters or fewer"),
        ({"phone": ""}, "Enter a phone number"),
        ({"phone": "555-0142"}, "Enter a phone number with its area code"),
        ({"reach_by": "email", "email": ""}, "Enter an e-mail address"),
        ({"email": "maria at home"}, "Enter an e-mail address, for example"),
        ({"email": f"{'x' * 300}@family.example"}, "254 characters"),
        ({"reach_by": "pigeon"}, "Choose how we should reach you"),
        ({"may_leave_message": ""}, "Choose whether we may leave a message"),
        ({"may_say_why": "perhaps"}, "Choose whether we may say why we call"),
        ({"agrees": ""}, "Tick the box if we may contact you"),
        ({"shown": "older words"}, "The words beside the box have changed"),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_the_question(client: Client, changed: Any, says: str) -> None:
    answer_match(client, SURE)
    response = give_contact(client, **changed)
    assert response.status_code == 422
    text = sound(response)
    assert text.count(says) == 2  # in the summary and beside the field
    assert "maria@family.example" in text or "email" in changed


def test_the_box_starts_empty_every_time(client: Client) -> None:
    answer_match(client, SURE)
    give_contact(client)
    assert not re.search(r'name="agrees"[^>]*checked', client.get("/match/contact/").content.decode())
    assert consent.contact_words() in client.get("/match/contact/").content.decode()


@pytest.mark.parametrize(
    ("where", "zone"),
    [
        ({"zip": "60614"}, "America/Chicago"),
        ({"zip": "85001"}, "America/Phoenix"),
        ({"state": "HI"}, "Pacific/Honolulu"),
        ({"state": "PR"}, "America/Puerto_Rico"),
        ({"state": "prefer_not"}, ""),
    ],
)
def test_the_time_zone_is_asked_and_guessed_from_where_they_live(client: Client, where: Any, zone: str) -> None:
    answer_match(client, {**SURE, "where": where})
    give_contact(client)
    client.session.clear()
    form = client.get("/match/times/").context["form"]
    assert form.fields["time_zone"].label == "Your time zone"
    known = re.search(r'<option value="([^"]*)" selected', str(form["time_zone"]))
    assert (known.group(1) if known else "") == TIMES["time_zone"]  # what was answered stands
    answer_match(client, {**SURE, "where": where})
    client.post("/match/contact/", {**CONTACT, "shown": shown(client, "/match/contact/")})
    assert (client.get("/match/times/").context["form"]["time_zone"].value() or "") == zone


def test_bytes_that_are_no_text_are_an_error_or_clean(client: Client) -> None:
    answer_match(client, SURE)
    mark = shown(client, "/match/contact/")
    body = f"name=Ma%ED%A0%80ria%FF&reach_by=phone&phone=3125550142&may_leave_message=no&best_time=any&shown={mark}"
    body += "&agrees=on"
    kind = "application/x-www-form-urlencoded"
    assert client.post("/match/contact/", body, content_type=kind).status_code in (302, 422)
    client.post("/match/times/", TIMES)
    sound(client.get("/match/check/"))


def test_nothing_personal_is_in_any_address(client: Client) -> None:
    addresses = []
    for step, answer in SURE.items():
        addresses.append(client.post(f"/match/{step}/", answer)["Location"])
    addresses.append(give_contact(client)["Location"])
    addresses.append(send_match(client)["Location"])
    assert all(re.fullmatch(rf"/match/{NUMBER}/[a-z]+/", address) for address in addresses), addresses


def test_the_answers_in_the_session_are_encrypted(client: Client) -> None:
    answer_match(client, SURE)
    give_contact(client)
    stored = Session.objects.get().session_data
    assert not re.search("Maria|pleural|60614", stored)


def test_without_the_token_of_the_form_nothing_is_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/match/who/", SURE["who"]).status_code == 403


def test_a_list_costs_the_same_queries_however_long(client: Client, django_assert_num_queries: Any) -> None:
    answer_match(client, SURE)
    client.get("/match/results/")
    ProgramFactory()
    with django_assert_num_queries(3):
        client.get("/match/results/")
    ProgramFactory.create_batch(2)
    with django_assert_num_queries(3):
        client.get("/match/results/")


def test_the_last_page_is_gone_when_the_request_is_erased(client: Client) -> None:
    send(client)
    erasing.erase(help_request=HelpRequest.objects.get())
    assert client.get("/match/done/")["Location"] == "/match/"


def send(client: Client) -> str:
    answer_match(client, SURE)
    give_contact(client)
    key = submission(client, "/match/check/")
    assert leads_to(send_match(client, key), "done")
    return key


def step_path(client: Client, step: str) -> str:
    """Of the journey that was touched last."""
    return f"/match/{list(client.session['match'])[-1]}/{step}/"


def my_path(client: Client) -> str:
    return urlsplit(client.get("/match/done/").context["my_url"]).path
