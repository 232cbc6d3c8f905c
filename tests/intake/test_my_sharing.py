"""May we tell this one place? On the family's page: exact words, yes, no, and taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from intake import consent, erasing, links, sharing
from intake.models import Consent, HelpRequest, Sharing
from tests.intake.factories import AdvocateFactory
from tests.intake.family import address, known, other
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.fixture
def asked() -> Sharing:
    ana = AdvocateFactory(first_name="Ana")
    request = known(advocate=ana, assigned_at=NOW, status="assigned")
    return ask(request, "Example Hospital")


def ask(request: HelpRequest, receiver: str) -> Sharing:
    assert request.advocate
    return sharing.ask(help_request=request, receiver=receiver, what=["contact", "told"], by=request.advocate.user)


def path(one: Sharing, name: str = "my-sharing-answer", person: links.Person | None = None) -> str:
    return reverse(name, args=[links.token(person or one.help_request), one.pk])


def say(client: Client, one: Sharing, answer: str = "yes", name: str = "my-sharing-answer") -> Any:
    shown = client.get(path(one, name))
    mark = shown.context["form"].initial["permit"] if shown.status_code == 200 else ""
    return client.post(path(one, name), {"permit": mark, "answer": answer})


def test_the_exact_words_are_on_the_page_and_in_the_ledger(client: Client, asked: Sharing) -> None:
    text = sound(client.get(path(asked)))
    assert "May we tell Example Hospital?" in text
    assert sharing.words_of(asked) in text
    answer = say(client, asked)
    assert "You said yes on" in sound(client.get(answer["Location"]))
    given = Consent.objects.get(sharing=asked)
    assert (given.act, given.how, given.by) == ("given", "the family's page", None)
    assert given.words.replace(consent.PLACE, "Example Hospital") == sharing.words_of(asked)
    asked.refresh_from_db()
    assert asked.may_share


def test_no_is_no(client: Client, asked: Sharing) -> None:
    answer = say(client, asked, "no")
    assert "You said no on" in sound(client.get(answer["Location"]))
    asked.refresh_from_db()
    assert asked.agreed is False


@pytest.mark.parametrize("answer", ["", "maybe", "yes\x00"])
def test_anything_else_is_no_answer(client: Client, asked: Sharing, answer: str) -> None:
    assert "Choose yes or no" in sound(say(client, asked, answer))
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_it_is_answered_once(client: Client, asked: Sharing) -> None:
    mark = client.get(path(asked)).context["form"].initial["permit"]
    client.post(path(asked), {"permit": mark, "answer": "no"})
    again = client.post(path(asked), {"permit": mark, "answer": "yes"}, follow=True)
    assert "was answered already" in sound(again)
    asked.refresh_from_db()
    assert asked.agreed is False


def test_a_yes_to_other_words_is_no_yes(client: Client, asked: Sharing, settings: Any) -> None:
    """Another place, another family, or the words changed while the page was open."""
    second = ask(asked.help_request, "Other Clinic")
    mark = client.get(path(second)).context["form"].initial["permit"]
    assert client.post(path(asked), {"permit": mark, "answer": "yes"}).status_code == 422
    mark = client.get(path(asked)).context["form"].initial["permit"]
    settings.SITE_LEGAL_NAME = "Another Organization"
    answer = client.post(path(asked), {"permit": mark, "answer": "yes"})
    assert answer.status_code == 422
    assert "Another Organization" in sound(answer)
    assert not Consent.objects.filter(purpose="sharing").exists()


def test_a_yes_is_taken_back(client: Client, asked: Sharing) -> None:
    say(client, asked)
    assert "Take your yes back?" in sound(client.get(path(asked, "my-sharing-end")))
    answer = say(client, asked, name="my-sharing-end")
    assert "took it back" in sound(client.get(answer["Location"]))
    asked.refresh_from_db()
    assert not asked.may_share
    assert list(Consent.objects.filter(sharing=asked).values_list("act", flat=True)) == ["given", "withdrawn"]
    assert "There is no yes to take back" in sound(client.post(path(asked, "my-sharing-end"), follow=True))


def test_a_yes_of_a_closed_request_is_taken_back_too(client: Client, asked: Sharing) -> None:
    say(client, asked)
    HelpRequest.objects.update(status="closed", closed_at=NOW, outcome="helped", news_since=None)
    assert "Take my yes back" in sound(client.get(address(asked.help_request, "my-sharing")))
    say(client, asked, name="my-sharing-end")
    asked.refresh_from_db()
    assert asked.ended_at


def test_what_they_were_told_is_said(client: Client, asked: Sharing) -> None:
    say(client, asked)
    assert asked.help_request.advocate
    sharing.mark_shared(sharing=asked, by=asked.help_request.advocate.user)
    assert "They were told on" in sound(client.get(address(asked.help_request, "my-sharing")))
    assert "What they were told before, they know" in sound(client.get(path(asked, "my-sharing-end")))


@pytest.mark.parametrize("name", ["my-sharing-answer", "my-sharing-end"])
def test_nobody_elses_question_opens(client: Client, asked: Sharing, name: str) -> None:
    stranger, rosa = known(email="x@y.example"), other(asked.help_request)
    assert client.get(path(asked, name, stranger)).status_code == 302
    assert client.post(path(asked, name, stranger), {"answer": "yes"}).status_code == 302
    assert client.get(path(asked, name, rosa)).status_code == 404
    assert client.get(address(rosa, "my-sharing")).status_code == 404
    assert "Example Hospital" not in sound(client.get(address(stranger, "my-sharing")))
    asked.refresh_from_db()
    assert asked.answered_at is None
    request = asked.help_request
    address_ = path(asked, name)
    erasing.erase(help_request=request)
    assert client.get(address_).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_however_long(
    client: Client, asked: Sharing, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        ask(asked.help_request, f"Place {number}")
    with django_assert_num_queries(2):
        client.get(address(asked.help_request, "my-sharing"))
