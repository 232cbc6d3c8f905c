"""What no family types, in every field of the talk; and two hundred browsers at one page of times."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from intake.forms.talk import QUESTIONS, spelled
from intake.models import Consent, Conversation, HelpRequest, History, Hold, Promise
from tests.intake import hostile
from tests.intake.factories import AdvocateFactory
from tests.intake.pages import CALL, answer_talk, send_talk, shown, sound

NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 15, tzinfo=UTC)  # 9:00 Central


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def rows() -> list[int]:
    return [model.objects.count() for model in (HelpRequest, Conversation, Consent, History, Promise)]


@pytest.fixture
def ready(client: Client) -> Client:
    AdvocateFactory()
    answer_talk(client)
    return client


def right(client: Client, step: str) -> dict[str, Any]:
    return {
        "who": {"for_whom": "me"},
        "where": {"zip": "60614", "state": ""},
        "zone": {"time_zone": "America/Chicago", "language": "en"},
        "time": {"starts_at": spelled(MONDAY)},
        "reach": {**CALL, "may_say_why": "no", "shown": shown(client, "/talk/reach/") if step == "reach" else ""},
        "needs": {"access_needs": "Large print"},
        "check": {"submission": "", "seen": ""},
    }[step]


@pytest.mark.django_db
@pytest.mark.parametrize("step", [*QUESTIONS, "check"])
def test_every_field_with_everything(ready: Client, step: str) -> None:
    path = f"/talk/{step}/"
    for what, data in hostile.fields(right(ready, step)):
        assert ready.post(path, data).status_code in (302, 422), what
        assert rows() == [0] * 5, what
        answer_talk(ready)


@pytest.mark.django_db
@pytest.mark.parametrize("step", [*QUESTIONS, "check"])
def test_whole_bodies_that_no_browser_sends(ready: Client, step: str) -> None:
    for what, body, kind in hostile.bodies(right(ready, step)):
        assert ready.post(f"/talk/{step}/", body, content_type=kind).status_code in (302, 400, 413, 422), what
        assert rows() == [0] * 5, what


def theirs(number: int) -> dict[str, str]:
    """A contact of their own: many with one contact would be set aside."""
    return {"email": f"m{number}@family.example", "phone": f"312 555 {1000 + number}"}


@pytest.mark.django_db(transaction=True)
def test_two_hundred_browsers_at_twenty_half_hours() -> None:
    """Twenty keep one and book it; the others are told on the same page, and none sees an error of ours."""
    AdvocateFactory()
    slots = [spelled(MONDAY + timedelta(days=n // 10, minutes=30 * (n % 10))) for n in range(20)]
    browsers = [Client() for _ in range(200)]

    def choose(number: int) -> int:
        browser = browsers[number]
        browser.post("/talk/who/", {"for_whom": "me"})
        browser.post("/talk/where/", {"state": "IL"})
        browser.post("/talk/zone/", {"time_zone": "America/New_York", "language": "en"})
        answer = browser.post("/talk/time/", {"starts_at": slots[number % 20]})
        connection.close()
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(choose, range(200)))
    assert Counter(answers) == {302: 20, 422: 180}
    assert Hold.objects.count() == 20
    loser = browsers[answers.index(422)]
    text = sound(loser.post("/talk/time/", {"starts_at": slots[answers.index(422) % 20]}))
    assert "no longer open" in text or "has just been taken" in text
    for number, status in enumerate(answers):
        if status == 302:
            browser = browsers[number]
            browser.post("/talk/reach/", {**CALL, **theirs(number), "shown": shown(browser, "/talk/reach/")})
            browser.post("/talk/needs/", {"access_needs": ""})
            assert send_talk(browser).status_code == 302
    assert sorted(spelled(call.starts_at) for call in Conversation.objects.all()) == sorted(slots)
    assert not Hold.objects.exists()
