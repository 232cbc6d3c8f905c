"""The family's own page: it shows little, looking changes nothing, and every act is one POST."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from intake import booking, links
from intake.forms.talk import spelled
from intake.models import Conversation, HelpRequest, History
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
START = datetime(2026, 12, 3, 16, tzinfo=UTC)
PAGES = ("my", "my-move", "my-cancel", "my-withdraw", "my-delete", "my-calendar")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def call() -> Conversation:
    advocate = AdvocateFactory(first_name="Ana")
    request = HelpRequestFactory(
        kind="conversation", advocate=advocate, assigned_at=NOW, status="assigned", answers='{"disease": "pleural"}'
    )
    return ConversationFactory(help_request=request, advocate=advocate, starts_at=START)


def address(request: HelpRequest, name: str = "my") -> str:
    return reverse(name, args=[links.token(request)])


def state() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (HelpRequest, Conversation, History)]


def test_it_shows_what_we_hold_and_no_more(client: Client, call: Conversation) -> None:
    text = sound(client.get(address(call.help_request)))
    for seen in (
        "Maria Sample",
        "Ends in 0142",
        "Ana",
        "Thursday, December 3, 10:00 a.m. Central",
        "Tuesday, December 1",
    ):
        assert seen in text
    for hidden in ("312", "family.example", "pleural", "606"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "It goes to a nurse advocate next"),
        ({"status": "assigned"}, "Ana, a nurse advocate, has your request"),
        ({"status": "reached", "first_contact_at": NOW}, "Ana, your nurse advocate, is in touch with you"),
        ({"status": "closed", "closed_at": NOW, "outcome": "helped"}, "This request is closed"),
        ({"status": "closed", "closed_at": NOW, "outcome": "withdrawn"}, "You asked us to stop"),
    ],
)
def test_the_status_is_said_in_plain_words(client: Client, changed: dict[str, Any], says: str) -> None:
    desk = {"advocate": AdvocateFactory(first_name="Ana"), "assigned_at": NOW} if changed else {}
    request = HelpRequestFactory(**desk, **changed)
    text = sound(client.get(address(request)))
    assert says in text
    assert ("We call you by <strong>Tuesday, December 1, 2:00 p.m. Central" in text) == (
        changed.get("status", "new") in ("new", "assigned")
    )


def test_to_look_changes_nothing(client: Client, call: Conversation) -> None:
    before = state()
    for name in PAGES:
        assert client.get(address(call.help_request, name)).status_code == 200
        assert client.head(address(call.help_request, name)).status_code == 200
    assert state() == before
    assert not client.session.items()


@pytest.mark.parametrize("name", PAGES[1:5])
def test_each_page_is_sound(client: Client, call: Conversation, name: str) -> None:
    sound(client.get(address(call.help_request, name)))


def test_a_call_is_moved(client: Client, call: Conversation) -> None:
    later = datetime(2026, 12, 4, 20, tzinfo=UTC)
    path = address(call.help_request, "my-move")
    assert "Move your call" in sound(client.get(f"{path}?days=8"))
    assert client.post(path, {"starts_at": spelled(later)})["Location"].startswith("/my/")
    call.refresh_from_db()
    assert (call.starts_at, call.sequence) == (later, 1)


@pytest.mark.parametrize("starts_at", ["", "x", spelled(START), "2020-01-01T00:00Z"])
def test_a_time_that_is_not_open_leaves_the_call_where_it_is(
    client: Client, call: Conversation, starts_at: str
) -> None:
    before = state()
    response = client.post(address(call.help_request, "my-move"), {"starts_at": starts_at})
    assert "There is a problem" in sound(response)
    assert state() == before


def test_a_time_taken_in_the_last_moment_is_said(
    client: Client, call: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(**kwargs: Any) -> None:
        raise booking.SlotTakenError

    monkeypatch.setattr(booking, "move", taken)
    response = client.post(address(call.help_request, "my-move"), {"starts_at": spelled(START + timedelta(hours=1))})
    assert "That time has just been taken" in sound(response)


def test_a_call_is_cancelled_once(client: Client, call: Conversation) -> None:
    path = address(call.help_request, "my-cancel")
    for _ in range(2):
        assert client.post(path).status_code == 302
    call.refresh_from_db()
    assert call.cancelled_at == NOW
    assert History.objects.filter(what=History.What.CANCELLED).count() == 1
    text = sound(client.get(address(call.help_request)))
    assert "is cancelled" in text
    assert "Move the call" not in text
    assert b"STATUS:CANCELLED" in client.get(address(call.help_request, "my-calendar")).content


def test_a_call_that_has_begun_is_neither_moved_nor_cancelled(client: Client, call: Conversation) -> None:
    path = [address(call.help_request, name) for name in ("my-move", "my-cancel")]
    with time_machine.travel(START + timedelta(minutes=1), tick=False):
        for one in path:
            assert client.post(one, {"starts_at": spelled(START)}).status_code == 302
    call.refresh_from_db()
    assert (call.starts_at, call.cancelled_at) == (START, None)


def test_the_calendar_file_is_neutral(client: Client, call: Conversation) -> None:
    response = client.get(address(call.help_request, "my-calendar"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert b"SUMMARY:Phone call" in response.content
    assert client.get(address(HelpRequestFactory(), "my-calendar")).status_code == 302


def test_consent_is_taken_back(client: Client, call: Conversation) -> None:
    for _ in range(2):
        client.post(address(call.help_request, "my-withdraw"))
    request = HelpRequest.objects.get()
    assert (request.status, request.outcome) == ("closed", "withdrawn")
    assert request.consents.get().act == "withdrawn"
    text = sound(client.get(address(request)))
    assert "You asked us to stop" in text
    assert "Stop contacting me" not in text


def test_everything_is_deleted_and_the_link_dies(client: Client, call: Conversation) -> None:
    path = address(call.help_request)
    response = client.post(address(call.help_request, "my-delete"))
    assert response["Location"] == "/my/deleted/"
    request = HelpRequest.objects.get()
    assert (request.name, request.phone, request.answers) == (None, None, None)
    assert request.reference in sound(client.get("/my/deleted/"))
    assert "Deleted" in sound(Client().get("/my/deleted/"))
    for name in PAGES:
        assert client.get(path.rstrip("/") + address(request, name)[len(address(request)) - 1 :]).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_opens_one_page_whatever_is_wrong(client: Client, call: Conversation, method: str) -> None:
    token = links.token(call.help_request)
    other = links.token(HelpRequestFactory())
    wrong = [
        token[:-1],
        "x" + token,
        token.upper(),
        f"{other.split(':', 1)[0]}:{token.split(':', 1)[1]}",
        "é",
        "x" * 5000,
    ]
    before, pages = state(), set()
    for name in PAGES:
        for one in wrong:
            response = getattr(client, method)(reverse(name, args=[one]))
            assert response.status_code == (405 if method == "post" and name in ("my", "my-calendar") else 404)
            if response.status_code == 404:
                pages.add(sound(response))
    assert len(pages) == 1
    assert "This link does not work any more" in pages.pop()
    assert state() == before


def test_an_old_link_opens_the_same_page(client: Client, call: Conversation) -> None:
    path = address(call.help_request)
    with time_machine.travel(NOW + links.VALID_FOR + timedelta(days=1), tick=False):
        assert "This link does not work any more" in sound(client.get(path))


def test_another_familys_link_shows_only_its_own(client: Client, call: Conversation) -> None:
    other = HelpRequestFactory(name="Other Family", phone="+13125550199")
    text = sound(client.get(address(other)))
    assert "Other Family" in text
    assert "Maria" not in text
    assert call.help_request.reference not in text


def test_without_the_token_of_the_form_nothing_happens(call: Conversation) -> None:
    before, strict = state(), Client(enforce_csrf_checks=True)
    for name in PAGES[1:5]:
        assert strict.post(address(call.help_request, name)).status_code == 403
    assert state() == before
