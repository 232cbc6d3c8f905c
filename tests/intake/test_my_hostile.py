"""What no family types, in every field of every form behind a family's addresses: a form error or a 4xx, never a 500,
nothing stored half. And two browsers at the same moment."""

import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from intake import links, urls
from intake.forms.talk import spelled
from intake.models import Conversation, HelpRequest, Note, Participant
from tests.intake import hostile
from tests.intake.factories import AdvocateFactory, ConversationFactory
from tests.intake.family import address, known, other, permit
from tests.intake.test_my import state
from tests.intake.test_my_changes import CONTACT, NOTE, PERSON

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 16, tzinfo=UTC)
HOSTILE = {what: value for what, value in hostile.VALUES.items() if what != "lone surrogate"}  # that one: in `bodies`


@pytest.fixture
def request_() -> HelpRequest:
    advocate = AdvocateFactory()
    request = known(kind="conversation", advocate=advocate, assigned_at=START, status="assigned")
    ConversationFactory(help_request=request, advocate=advocate, starts_at=START)
    return request


def forms(request: HelpRequest) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each form with an answer that is right: address and fields."""
    rosa = other(request)
    named = other(request, email="named@other.example", agreed_at=None)
    call = request.conversations.get()
    return {
        "move": (address(request, "my-move"), {"starts_at": spelled(START)}),
        "contact": (address(request, "my-contact"), {**CONTACT, "phone": "312 555 0143", "away": ["email"]}),
        "contact of somebody else": (address(rosa, "my-contact"), {**CONTACT, "reach_by": "email"}),
        "note": (address(request, "my-note"), NOTE),
        "people": (address(request, "my-people"), PERSON),
        "download": (address(request, "my-download"), {"file": "json"}),
        "join": (urlsplit(links.join_url(named)).path, {"answer": "yes", "shown": ""}),
        "call": (f"/my/{links.call_token(call, request)}/call/move/", {"starts_at": spelled(START)}),
        "find": ("/my/find/", {"email": "a@b.example"}),
        "delete": (address(request, "my-delete"), {"sure": ""}),
    }


NAMES = ("move", "contact", "contact of somebody else", "note", "people", "download", "join", "call", "find", "delete")


@pytest.mark.parametrize("name", NAMES)
def test_every_field_with_everything(client: Client, request_: HelpRequest, name: str) -> None:
    path, right = forms(request_)[name]
    for field in [*right, "permit"]:
        before, shown = state(), client.get(path)
        for what, value in HOSTILE.items():
            if shown.status_code != 200:  # the answer before was right after all: joined, for example
                return
            mark = shown.context["form"].initial.get("permit", "")
            answer = client.post(path, {"permit": mark, **right, field: value})
            assert answer.status_code in (200, 302, 404, 409, 422), (field, what)
            if answer.status_code == 422:
                continue
            if answer.status_code in (404, 409):
                assert state() == before, (field, what)
            before, shown = state(), client.get(path)
        assert answer.status_code in (200, 302) or state() == before, field
    for kept in (HelpRequest, Participant, Note):
        for row in kept.objects.values():
            for value in row.values():
                is_lines = kept is Note and isinstance(value, str)
                assert hostile.is_clean(value.replace("\n", "") if is_lines else value), row


@pytest.mark.parametrize("name", NAMES)
def test_missing_and_too_many_fields_and_a_huge_body(client: Client, request_: HelpRequest, name: str) -> None:
    path, right = forms(request_)[name]
    before = state()
    assert client.post(path).status_code == 422
    for field in right:
        assert client.post(path, {k: v for k, v in right.items() if k != field}).status_code in (302, 422)
    for what, body, content_type in hostile.bodies(right):
        assert client.post(path, body, content_type=content_type).status_code in (400, 413, 422), what
    assert client.put(path, b"{}").status_code == 405
    assert client.delete(path).status_code == 405
    assert state() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
@pytest.mark.parametrize("name", ["my-note", "my-people", "my-cancel"])
def test_two_at_the_same_moment_are_one(request_: HelpRequest, name: str) -> None:
    """The second waits for the first, and then finds that its permit is spent."""
    path, data = address(request_, name), {"my-note": NOTE, "my-people": PERSON, "my-cancel": {}}[name]
    mark, answers, ready = permit(Client(), path), [], threading.Barrier(5)

    def press() -> None:
        try:
            client = Client()
            ready.wait()
            answers.append(client.post(path, {"permit": mark, **data}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[0] == 302
    assert set(sorted(answers)[1:]) <= {409, 422}
    assert Note.objects.count() == (name == "my-note")
    assert Participant.objects.count() == (name == "my-people")
    assert Conversation.objects.exclude(cancelled_at=None).count() == (name == "my-cancel")


def addresses_with_a_token() -> list[str]:
    """Each route of intake behind a token, read from the routes themselves: a new one is in this test."""
    return sorted(str(route.pattern).replace("<int:pk>", "1") for route in urls.urlpatterns if "<token>" in str(route))


@pytest.mark.parametrize("route", addresses_with_a_token())
def test_each_route_answers_a_wrong_token_with_the_same_page(client: Client, request_: HelpRequest, route: str) -> None:
    call = request_.conversations.get()
    named = other(request_, agreed_at=None)
    good = {
        "my": links.token(request_),
        "join": urlsplit(links.join_url(named)).path.split("/")[2],
        "call": links.call_token(call, request_),
    }
    purpose = next((name for name in ("join", "call") if f"/{name}/" in route), "my")
    before, page = state(), client.get("/my/x/").content
    for name, token in {**good, "tampered": good[purpose][:-2] + "zz"}.items():
        if name == purpose:
            continue
        for ask in (client.get, client.post):
            answer = ask("/" + route.replace("<token>", token))
            assert answer.status_code in (404, 405)
            if answer.status_code == 404:
                assert answer.content == page
                assert answer["Cache-Control"] == "no-store"
                assert answer["X-Robots-Tag"] == "noindex"
    right = client.get("/" + route.replace("<token>", good[purpose]))
    assert right.status_code in (200, 302, 405)
    assert right["Referrer-Policy"] == "same-origin"
    assert right["Cache-Control"] == "no-store"
    assert state() == before
