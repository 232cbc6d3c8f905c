"""Up to three questions before the call, one of them one's own, on the family's page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from intake import sheet, time_zones
from intake.models import HelpRequest, History
from tests.intake.family import address, known, other, permit, send
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
ONE, TWO, THREE, FOUR = sheet.QUESTIONS[:4]


@pytest.fixture
def request_() -> HelpRequest:
    return known()


def picked() -> list[str]:
    return HelpRequest.objects.get().asks


def test_three_are_picked_and_shown(client: Client, request_: HelpRequest) -> None:
    path = address(request_, "my-questions")
    assert "Pick up to three" in sound(client.get(path))
    answer = send(client, path, questions=[ONE, TWO], own="  Where do\u202e we park? ")
    text = sound(client.get(answer["Location"]))
    assert "You picked" in text
    assert "Your nurse advocate sees them" in text
    assert text.count(ONE) == 3  # in the list, beside its box, and the box's own value
    assert text.count("Where do we park?") == 2
    assert picked() == [ONE, TWO, "Where do we park?"]
    assert History.objects.get(what=History.What.PICKED).detail == ""
    assert HelpRequest.objects.get().news_since


def test_none_takes_them_back(client: Client, request_: HelpRequest) -> None:
    path = address(request_, "my-questions")
    send(client, path, questions=[ONE])
    send(client, path)
    assert picked() == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"questions": [ONE, TWO, THREE, FOUR]}, "Choose 3 questions or fewer"),
        ({"questions": [ONE, TWO, THREE], "own": "Another?"}, "Choose 3 questions or fewer"),
        ({"questions": ["Not ours?"]}, "Choose from the list"),
        ({"questions": ["\x00"]}, "Choose from the list"),
        ({"own": "x" * 201}, "Write your question in 200 characters or fewer"),
        ({"own": "x" * 10_000}, "Write your question in 200 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said(client: Client, request_: HelpRequest, data: dict[str, Any], says: str) -> None:
    answer = send(client, address(request_, "my-questions"), **data)
    assert answer.status_code == 422
    text = sound(answer)
    assert says in text
    assert text.count("checked") == len([one for one in data.get("questions", ()) if one in sheet.QUESTIONS])
    assert picked() == []


def test_what_is_written_is_shown_as_text(client: Client, request_: HelpRequest) -> None:
    path = address(request_, "my-questions")
    send(client, path, own="<script>alert(1)</script>")
    assert "<script>alert" not in sound(client.get(path))


def test_an_old_tab_overwrites_nothing(client: Client, request_: HelpRequest) -> None:
    path = address(request_, "my-questions")
    tab = permit(client, path)
    send(client, path, questions=[ONE])
    assert client.post(path, {"permit": tab, "questions": [TWO]}).status_code == 422
    assert picked() == [ONE]


def test_it_is_for_who_asked(client: Client, request_: HelpRequest) -> None:
    assert client.get(address(other(request_), "my-questions")).status_code == 404


def test_a_closed_request_says_so(client: Client) -> None:
    closed = known(status="closed", closed_at=NOW, outcome="helped")
    assert "This request is closed" in sound(client.get(address(closed, "my-questions")))


def test_the_print_says_when_the_call_is_and_has_lines(client: Client, request_: HelpRequest) -> None:
    sheet.pick(help_request=request_, questions=list(sheet.QUESTIONS[:2]))
    text = sound(client.get(address(request_, "my-questions")))
    assert text.count('class="write-line print-only"') == 10
    assert time_zones.in_words(request_.contact_by, request_.time_zone) in text
    assert "Have at hand" in text
