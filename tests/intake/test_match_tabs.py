"""The doctor match in several tabs, back and forth: nothing typed is lost, nothing mixes, what was shown is sent."""

import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from intake.forms.contact import CHANGED
from intake.journey import MOST, NUMBER
from intake.models import HelpRequest
from tests.doctors.factories import ProgramFactory
from tests.intake.pages import CONTACT, SURE, TIMES, answer_match, give_contact, leads_to, send_match, sound

pytestmark = pytest.mark.django_db
A: dict[str, dict[str, Any]] = {**SURE, "contact": {**CONTACT, "name": "Ana First"}, "times": TIMES}
B: dict[str, dict[str, Any]] = {
    "who": {"for_whom": "me"},
    "told": {"disease": "peritoneal"},
    "where": {"zip": "85001"},
    "travel": {"travel": "not_sure"},
    "help": {"wants": ["not_sure"]},
    "cover": {"cover": "not_sure"},
    "served": {"served": "no"},
    "contact": {**CONTACT, "name": "Ben Second", "phone": "", "reach_by": "email"},
    "times": {"best_time": "any", "time_zone": "America/Phoenix", "language": "es", "not_times": ["sunday"]},
}


class Tab:
    """One tab: it sends what its page shows, to where its page says, and follows."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.open("/match/who/")

    def open(self, path: str) -> None:
        self.page: Any = self.client.get(path, follow=True)
        self.path = self.page.redirect_chain[-1][0] if self.page.redirect_chain else path

    def send(self, data: dict[str, Any]) -> None:
        form = self.page.context["form"]
        hidden = {field.name: field.value() or "" for field in form if field.is_hidden}
        address = getattr(form.helper, "form_action", "") or self.path
        self.page = self.client.post(address, {**hidden, **data}, follow=True)
        self.path = self.page.redirect_chain[-1][0] if self.page.redirect_chain else address

    @property
    def number(self) -> str:
        found = re.search(NUMBER, self.path)
        assert found, self.path
        return found.group()

    def to(self, page: str) -> str:
        return f"/match/{self.number}/{page}/"


def begin(client: Client, *answers: dict[str, dict[str, Any]]) -> list[Tab]:
    """Tabs that go along question by question, taking turns, up to the page that checks."""
    tabs = [Tab(client) for _ in answers]
    for step in A:
        for tab, mine in zip(tabs, answers, strict=True):
            tab.open(tab.to(step) if step != "who" else tab.path)
            tab.send(mine[step])
    for tab in tabs:
        tab.open(tab.to("check"))
        sound(tab.page)
    return tabs


def test_two_tabs_that_take_turns_send_each_its_own(client: Client) -> None:
    first, second = begin(client, A, B)
    assert first.number != second.number
    assert "Ana First" in first.page.content.decode()
    assert "Ben" not in first.page.content.decode()
    assert "Ben Second" in second.page.content.decode()
    first.send({})
    assert first.path == first.to("done")
    second.send({})
    ana, ben = HelpRequest.objects.order_by("pk")
    assert (ana.name, ana.zip_prefix, ana.for_whom, ana.told["travel"]) == ("Ana First", "606", "someone", "150")
    assert (ben.name, ben.zip_prefix, ben.for_whom, ben.told["travel"]) == ("Ben Second", "850", "me", "not_sure")
    assert (ana.phone, ana.language, ana.not_times, ana.may_say_why) == ("+13125550142", "en", "", False)
    assert (ben.phone, ben.language, ben.not_times, ben.time_zone) == (None, "es", "sunday", "America/Phoenix")
    for tab, mine, other in ((first, ana, ben), (second, ben, ana)):
        tab.open(tab.to("done"))
        assert mine.reference in sound(tab.page)
        assert other.reference not in tab.page.content.decode()


@pytest.mark.parametrize("step", A)
def test_an_answer_in_one_tab_is_none_in_the_other(client: Client, step: str) -> None:
    first, second = begin(client, A, B)
    second.open(second.to(step))
    first.open(first.to(step))
    shown = sound(second.page)
    second.send(B[step])
    assert second.path == second.to("check")
    assert "Ben Second" in second.page.content.decode()
    first.open(first.to("check"))
    assert "Ana First" in first.page.content.decode()
    assert "Ana" not in shown


def test_a_page_without_a_number_sends_to_the_journey_that_it_showed(client: Client) -> None:
    first, second = begin(client, A, B)
    first.open(first.to("results"))
    lost = Tab(client)
    lost.open("/match/travel/")  # as a bookmark would
    second.open(second.to("results"))
    lost.send({"travel": "50"})
    assert lost.number == first.number
    first.send({"after_list": "help"})
    assert first.path == first.to("contact")


def test_start_begins_anew_and_offers_what_was_left(client: Client) -> None:
    left = Tab(client)
    left.send(A["who"])
    left.send(A["told"])
    fresh = Tab(client)
    text = sound(fresh.page)
    assert "checked" not in text
    assert "Continue my earlier answers" in text
    assert f'href="{left.to("where")}"' in text
    fresh.send({"for_whom": "me"})
    assert fresh.number != left.number
    left.open(left.to("told"))
    assert re.search(r'value="pleural"[^>]*checked', left.page.content.decode())
    assert "Continue my earlier" not in Client().get("/match/who/").content.decode()


def test_looking_at_the_first_question_stores_nothing(client: Client) -> None:
    client.get("/match/who/")
    assert not Session.objects.exists()
    assert "session" not in client.cookies


def test_only_the_last_five_are_kept(client: Client) -> None:
    tabs = []
    for _ in range(MOST + 1):
        tab = Tab(client)
        tab.send(A["who"])
        tabs.append(tab)
    assert len(client.session["match"]) == MOST
    tabs[0].send(A["told"])
    assert "Your answers were cleared" in sound(tabs[0].page)
    tabs[1].send(A["told"])
    assert tabs[1].path == tabs[1].to("where")


def test_what_the_check_page_showed_is_what_is_sent(client: Client) -> None:
    (tab,) = begin(client, A)
    stale = tab.page.context["form"]
    old = {"submission": stale["submission"].value(), "seen": stale["seen"].value()}
    other = Tab(client)
    other.open(tab.to("told"))
    other.send({"disease": "other"})
    answer = client.post(tab.to("check"), old)
    assert CHANGED in sound(answer)
    assert answer.status_code == 422
    assert "another place" in answer.content.decode()
    assert not HelpRequest.objects.exists()
    for seen in ("", "x", "0" * 32):
        assert client.post(tab.to("check"), {**old, "seen": seen}).status_code == 422
    tab.page = answer
    tab.send({})
    assert HelpRequest.objects.get().told["disease"] == "other"


@pytest.mark.parametrize("step", A)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_back_keeps_what_was_typed_and_takes_it_for_no_answer(client: Client, step: str, right: bool) -> None:
    """On the first way through."""
    tab = Tab(client)
    for earlier in list(A)[: list(A).index(step)]:
        tab.open(tab.to(earlier) if earlier != "who" else tab.path)
        tab.send(A[earlier])
    tab.open(tab.to(step) if step != "who" else tab.path)
    wrong = {"where": {"zip": "606"}, "contact": {**CONTACT, "email": "maria at home"}, "times": {"best_time": "any"}}
    typed = A[step] if right else wrong.get(step, {})
    number = tab.page.context["form"].helper.form_action.split("/")[2]
    tab.send({**typed, "back": "1"})
    assert not tab.path.endswith(f"/{step}/")
    assert tab.page.status_code == 200
    assert step not in client.session["match"][number].get("answers", {})
    form = client.get(f"/match/{number}/{step}/").context["form"]
    for name, value in typed.items():
        if name == "agrees":
            assert not form[name].value()  # a consent is ticked each time
        else:
            assert form[name].value() == value, name


def test_back_from_a_change_leaves_the_answer_as_it_was(client: Client) -> None:
    (tab,) = begin(client, A)
    for step in A:
        tab.open(tab.to(step))
        tab.send({**B[step], "back": "1"})
        assert tab.path == tab.to("check")
        assert "Ana First" in tab.page.content.decode()
    tab.open(tab.to("told"))
    assert tab.page.context["form"]["disease"].value() == "peritoneal"
    tab.open(tab.to("check"))
    tab.send({})
    request = HelpRequest.objects.get()
    assert (request.name, request.told["disease"]) == ("Ana First", "pleural")


def test_the_first_button_of_a_form_is_not_back(client: Client) -> None:
    """The key Enter presses the first one."""
    tab = Tab(client)
    tab.send(A["who"])
    first = re.search(r'<button[^>]*form="question"[^>]*>', sound(tab.page))
    assert first
    assert "name=" not in first.group()
    assert '<form action="' in tab.page.content.decode() or 'id="question"' in tab.page.content.decode()


def test_browser_back_after_sending_shows_the_last_page(client: Client) -> None:
    (tab,) = begin(client, A)
    tab.send({})
    for page in (*A, "results", "family", "check"):
        for answer in (client.get(tab.to(page)), client.post(tab.to(page), A.get(page, {}))):
            assert answer["Location"] == tab.to("done"), page
    assert HelpRequest.objects.count() == 1
    assert Tab(client).page.status_code == 200  # and one may begin anew


def test_just_the_list_leaves_nothing_behind(client: Client) -> None:
    program = ProgramFactory()
    answer_match(client, SURE)
    assert Session.objects.count() == 1
    answer = client.post("/match/results/", {"after_list": "list"})
    assert "Your answers are deleted" in sound(answer)
    assert program.name in answer.content.decode()
    assert not Session.objects.exists()
    assert answer.cookies["session"].value == ""
    assert answer.cookies["session"]["max-age"] == 0
    assert "match" not in client.session


def test_answers_are_gone_an_hour_after_the_last_one(client: Client) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 16, tzinfo=UTC), tick=False) as clock:
        tab = Tab(client)
        tab.send(A["who"])
        clock.shift(timedelta(minutes=50))
        tab.send(A["told"])
        clock.shift(timedelta(minutes=59))
        tab.open(tab.to("told"))
        assert re.search(r'value="pleural"[^>]*checked', tab.page.content.decode())
        assert "We clear your answers an hour after the last one" in sound(tab.page)
        clock.shift(timedelta(minutes=2))
        tab.send(A["told"])
        assert "Your answers were cleared" in sound(tab.page)
        assert client.get(tab.to("told"))["Location"] == tab.to("who")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer")
def test_pressed_five_times_at_the_same_moment_is_one_request(client: Client) -> None:
    (tab,) = begin(client, A)
    form = tab.page.context["form"]
    data = {"submission": form["submission"].value(), "seen": form["seen"].value()}
    answers: list[int] = []
    ready = threading.Barrier(5)

    def press() -> None:
        try:
            finger = Client()
            finger.cookies["session"] = client.cookies["session"].value
            ready.wait()
            answers.append(finger.post(tab.to("check"), data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 5
    assert HelpRequest.objects.count() == 1
    assert leads_to(client.get(tab.to("check")), "done")


def test_start_over_in_one_tab_leaves_the_other(client: Client) -> None:
    first, second = begin(client, A, B)
    client.post(first.to("start-over"))
    assert first.number not in client.session["match"]
    second.open(second.to("check"))
    assert "Ben Second" in second.page.content.decode()


def test_somebody_elses_number_opens_nothing(client: Client) -> None:
    (tab,) = begin(client, A)
    stranger = Client()
    for page in ("results", "contact", "times", "family", "check", "told"):
        assert stranger.get(tab.to(page))["Location"] == tab.to("who"), page
    assert stranger.get(tab.to("done"))["Location"] == "/match/"
    for number in ("aaaaaaaa", "bcdfghj", "BCDFGHJK", "1", "bcdfghjkm"):
        assert client.get(f"/match/{number}/told/").status_code == 404


def test_a_session_of_an_older_release_is_none(client: Client) -> None:
    session = client.session
    session["match"], session["match_sent"] = {"answers": {"who": {"for_whom": "me"}}, "return_to": "match-check"}, 7
    session.save()
    client.cookies["session"] = session.session_key
    assert client.get("/match/who/").status_code == 200
    assert client.get("/match/done/")["Location"] == "/match/"
    answer_match(client, SURE)
    give_contact(client)
    assert send_match(client).status_code == 302
