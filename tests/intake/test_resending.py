"""A lost link comes again by mail, and nobody learns from the page whether an address is known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intake import consent, erasing, people, promises, resending
from intake.models import HelpRequest, LinkAsk, Promise
from intake.views.my import finding
from tests.intake.family import known, other
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
MARIA = "maria@family.example"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def ask(client: Client, email: str = MARIA, **extra: Any) -> Any:
    return client.post("/my/find/", {"email": email}, **extra)


def owed() -> list[tuple[int, int | None]]:
    found = Promise.objects.filter(kind=Promise.Kind.SEND_LINK).order_by("pk")
    return list(found.values_list("help_request", "participant"))


def test_the_pages_are_sound(client: Client) -> None:
    assert "Find my link" in sound(client.get("/my/find/"))
    assert "If we know this address" in sound(client.get("/my/find/sent/"))


@pytest.mark.parametrize(
    "typed", ["", "x", "a@b", "maria@family.example\r\nBcc: x@y.example", "a" * 10_000 + "@x.example"]
)
def test_what_is_no_address_is_said(client: Client, typed: str) -> None:
    assert "Enter" in sound(ask(client, typed))
    assert not LinkAsk.objects.exists()


def test_known_and_unknown_are_the_same(client: Client) -> None:
    known()
    seen = []
    for email in (MARIA, "nobody@nowhere.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, email)
        page = client.get(answer["Location"])
        kinds = [query["sql"].split()[0] for query in queries]
        seen.append((answer.status_code, answer["Location"], sorted(answer.headers), page.content, kinds))
    assert seen[0] == seen[1]
    assert LinkAsk.objects.count() == 2
    assert not Promise.objects.exists()


def test_no_clear_address_is_stored(client: Client) -> None:
    ask(client)
    assert "maria" not in str(list(LinkAsk.objects.values())).lower()


def test_everybody_with_this_address_gets_their_own_link(mailoutbox: list[Any], client: Client) -> None:
    one, two = known(), known(status="closed", closed_at=NOW, outcome="helped")
    rosa = other(known(email="else@family.example"), email=MARIA)
    known(email="third@family.example")
    ask(client, " MARIA@family.example ")
    assert resending.answer() == 3
    assert owed() == [(one.pk, None), (two.pk, None), (rosa.help_request_id, rosa.pk)]
    assert resending.answer() == 0
    Promise.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))  # by the database's clock
    promises.sweep()
    assert [mail.to for mail in mailoutbox] == [[MARIA]] * 3
    assert len({mail.body for mail in mailoutbox}) == 3


@pytest.mark.parametrize("case", ["unknown", "erased", "withdrawn", "spam", "named", "left"])
def test_who_is_not_written_to(client: Client, case: str) -> None:
    if case == "erased":
        erasing.erase(help_request=known())
    elif case == "withdrawn":
        erasing.withdraw(help_request=known())
    elif case == "spam":
        known(status="closed", closed_at=NOW, outcome="spam")
    elif case in ("named", "left"):
        person = other(known(email="a@b.example"), email=MARIA, agreed_at=None if case == "named" else NOW)
        if case == "left":
            people.leave(participant=person, how="page")
    ask(client)
    assert resending.answer() == 0
    assert LinkAsk.objects.get().done_at == NOW


def test_one_mail_an_hour(client: Client) -> None:
    known()
    for _ in range(3):
        ask(client)
    assert resending.answer() == 1
    with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
        ask(client)
        assert resending.answer() == 0
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        ask(client)
        assert resending.answer() == 1


def test_one_page_for_what_was_joined(client: Client) -> None:
    survivor = known()
    known(status="closed", closed_at=NOW, outcome="duplicate", merged_into=survivor)
    ask(client)
    resending.answer()
    assert owed() == [(survivor.pk, None)]


def test_a_person_who_left_and_came_back_is_written_to_again(client: Client) -> None:
    request = known()
    consent.take_back(help_request=request, how="phone")
    consent.give(help_request=request, words="words", how="phone")
    ask(client)
    assert resending.answer() == 1


def test_one_network_is_held_up_and_others_are_not(client: Client) -> None:
    for number in range(10):
        assert ask(client, f"x{number}@y.example", REMOTE_ADDR="8.8.4.4").status_code == 302
    assert finding.TOO_MANY in sound(ask(client, REMOTE_ADDR="8.8.4.4"))
    assert ask(client, REMOTE_ADDR="9.9.9.9").status_code == 302
    assert LinkAsk.objects.count() == 11


def test_the_site_has_a_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resending, "PER_HOUR", 2)
    assert [ask(client).status_code for _ in range(3)] == [302, 302, 422]
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert ask(client).status_code == 302


@pytest.mark.parametrize("asks", [1, 3])
def test_an_ask_costs_the_same_however_many_requests_there_are(
    client: Client, asks: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        known(email=f"x{number}@y.example")
    for _ in range(asks):
        ask(client, "nobody@nowhere.example")
    with django_assert_max_num_queries(1 + 6 * asks):
        resending.answer()
    assert HelpRequest.objects.count() == 20
