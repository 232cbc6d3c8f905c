"""Who was named by their family says yes or no, once, to words that they can read."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from intake import consent, links, people, promises
from intake.models import Consent, HelpRequest, Participant, Promise
from tests.intake.family import known
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def robert() -> Participant:
    contact = {"name": "Robert Sample", "email": "robert@family.example", "reach_by": "email"}
    return people.add(help_request=known(), role="patient", contact=contact)


def path(person: Participant) -> str:
    return urlsplit(links.join_url(person)).path


def say(client: Client, person: Participant, answer: str = "yes", **data: Any) -> Any:
    shown = client.get(path(person)).context["form"].initial["shown"]
    return client.post(path(person), {"answer": answer, "shown": shown, **data})


def test_the_page_says_who_and_what_and_no_more(client: Client, robert: Participant) -> None:
    text = sound(client.get(path(robert)))
    assert "Maria asked us for help and named you" in text
    assert consent.named_words() in text
    assert "r•••@f•••. Maria gave us this" in text  # the details that the words speak of
    for hidden in ("Sample</", "Maria Sample", "0142", "maria@", "robert@", robert.help_request.reference):
        assert hidden not in text
    assert client.head(path(robert)).status_code == 200
    robert.refresh_from_db()
    assert (robert.agreed_at, robert.left_at) == (None, None)


def test_yes_is_kept_with_its_words_and_opens_their_own_page(client: Client, robert: Participant) -> None:
    answer = say(client, robert)
    robert.refresh_from_db()
    assert robert.is_in
    given = Consent.objects.get(participant=robert)
    assert (given.act, given.words, given.how) == ("given", consent.named_words(), "web: invitation")
    text = sound(client.get(answer["Location"]))
    assert "Robert Sample" in text
    assert "Maria" not in text
    assert "This is your own page" in text


def test_the_link_to_their_page_comes_by_mail(client: Client, robert: Participant, mailoutbox: list[Any]) -> None:
    say(client, robert)
    promises.sweep()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["robert@family.example"]]
    token = mail.body.split("/my/")[1].split("/")[0]
    assert links.find(token).participant == robert


def test_no_is_obeyed_and_leaves_nothing(client: Client, robert: Participant) -> None:
    address = path(robert)
    answer = say(client, robert, "no")
    assert "We do not contact you" in sound(client.get(answer["Location"]))
    robert.refresh_from_db()
    assert (robert.name, robert.email, robert.is_in) == (None, None, False)
    assert not Consent.objects.filter(participant=robert).exists()
    assert not Promise.objects.pending().filter(participant=robert).exists()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("first", ["yes", "no"])
@pytest.mark.parametrize("second", ["yes", "no"])
def test_it_is_answered_once(client: Client, robert: Participant, first: str, second: str) -> None:
    address, shown = path(robert), client.get(path(robert)).context["form"].initial["shown"]
    say(client, robert, first)
    robert.refresh_from_db()
    before = (robert.agreed_at, robert.left_at, Consent.objects.count())
    again = client.post(address, {"answer": second, "shown": shown})
    assert again.status_code == 404
    assert "This link does not work any more" in sound(again)
    robert.refresh_from_db()
    assert (robert.agreed_at, robert.left_at, Consent.objects.count()) == before


@pytest.mark.parametrize("answer", ["", "maybe", "yes\x00", ["yes", ""], "x" * 10_000])
def test_anything_else_is_no_answer(client: Client, robert: Participant, answer: Any) -> None:
    assert "Choose yes or no" in sound(say(client, robert, answer))
    robert.refresh_from_db()
    assert (robert.agreed_at, robert.left_at) == (None, None)


@pytest.mark.parametrize("shown", ["", "x", "\x00"])
def test_yes_to_other_words_is_no_yes(client: Client, robert: Participant, shown: str) -> None:
    answer = say(client, robert, shown=shown)
    assert "The words above have changed" in sound(answer)
    assert not Consent.objects.filter(participant=robert).exists()
    fresh = answer.context["form"]["shown"].value()
    assert client.post(path(robert), {"answer": "yes", "shown": fresh}).status_code == 302


def test_a_request_that_was_closed_meanwhile_takes_nobody_in(client: Client, robert: Participant) -> None:
    address = path(robert)
    HelpRequest.objects.update(status="closed", closed_at=robert.created_at, outcome="not_needed")
    assert client.get(address).status_code == 404
    assert client.post(address, {"answer": "yes"}).status_code == 404


def test_without_the_browsers_own_mark_nothing_happens(robert: Participant) -> None:
    assert Client(enforce_csrf_checks=True).post(path(robert), {"answer": "yes"}).status_code == 403
