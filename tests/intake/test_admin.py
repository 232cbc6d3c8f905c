"""The page of a request: who sees it, what can be done there, and that every look is written down."""

import io
import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from intake import erasing, history
from intake.admin.acts import ACTS
from intake.models import Advocate, History
from intake.sample_desk import load_sample_desk
from tests.intake.desk import LIST, VALUES, act, advocate, as_, of, page
from tests.intake.factories import ConversationFactory, HelpRequestFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("ana", "ana", 200),
        ("ana", "nobody", 200),
        ("ana", "ben", 404),
        ("carol", "ben", 200),
        ("admin", "ben", 200),
    ],
)
def test_who_sees_whose_request(who: str, whose: str, status: int) -> None:
    request = HelpRequestFactory() if whose == "nobody" else of(whose)
    client = as_(who)
    assert client.get(page(request)).status_code == status
    assert (request.reference in client.get(reverse(LIST)).content.decode()) is (status == 200)
    answer = client.post(reverse("admin:intake_helprequest_act", args=[request.pk, "spam"]), {"seen": 0})
    assert answer.status_code == (404 if status == 404 else 302)


def test_strangers_see_nothing() -> None:
    request = of("ana")
    assert Client().get(page(request)).status_code == 302
    user = UserFactory()
    client = Client()
    client.force_login(user)
    assert client.get(page(request)).status_code == 403
    assert client.get(reverse(LIST)).status_code == 403


def test_each_look_is_written_down_and_a_refused_one_is_not() -> None:
    request = of("ana")
    as_("ana").get(page(request))
    as_("ben").get(page(request))
    looks = request.history.filter(what="looked")
    assert [look.by.username for look in looks] == ["ana"]


def test_the_page_says_how_to_reach_them_safely() -> None:
    request = of(
        "ana", answers='{"disease": "pleural", "wants": ["diagnosis", "not_sure"]}', access_needs="Large print"
    )
    ConversationFactory(help_request=request, advocate=request.advocate)
    text = as_("ana").get(page(request)).content.decode()
    for words in (
        "Maria Sample",
        "tel:+13125550142",
        "Do not leave a message",
        "Mesothelioma in the lining of the lung (pleural)",
        "Check the diagnosis, I am not sure",
        "Large print",
        "English",
        "Their clock",
    ):
        assert words in text
    assert " style=" not in text
    assert "<script>" not in text


def test_an_erased_request_is_a_stub() -> None:
    request = of("ana")
    erasing.erase(help_request=request)
    text = as_("ana").get(page(request)).content.decode()
    assert "had everything deleted" in text
    assert not [value for value in VALUES if value in text]


def test_a_request_of_another_key_closes_its_page_and_not_the_desk(settings: Any) -> None:
    request = of("ana")
    PromiseFactory(help_request=request)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    client = as_("ana")
    for answer in (
        client.get(page(request)),
        client.post(reverse("admin:intake_helprequest_act", args=[request.pk, "spam"]), {"seen": 0}),
    ):
        assert answer.status_code == 500
        assert "cannot be opened with the keys" in answer.content.decode()
        assert "FIELD_KEYS" not in answer.content.decode()
    assert not request.history.filter(what="looked").exists()
    assert client.get(reverse("admin:index")).status_code == 200
    for name in ("helprequest", "promise", "history", "message"):
        assert client.get(reverse(f"admin:intake_{name}_changelist")).status_code == 200
    promise = reverse("admin:intake_promise_change", args=[request.promises.get().pk])
    assert as_("admin").get(promise).status_code == 200


def test_an_advocate_takes_calls_plans_and_closes() -> None:
    request = HelpRequestFactory()
    client = as_("ana")
    assert "Take it: done." in act(client, request, "take")
    assert "Log a call: done." in act(client, request, "call", result="no_answer")
    assert "Log a call: done." in act(client, request, "call", result="reached")
    assert "Set the next step: done." in act(client, request, "next-step", step="Ask for slides", on="2026-12-01")
    assert "Ask for slides" in client.get(page(request)).content.decode()
    assert "Close it: done." in act(client, request, "close", outcome="helped")
    request.refresh_from_db()
    assert (request.status, request.outcome) == ("closed", "helped")
    text = client.get(page(request)).content.decode()
    assert [name for name in ACTS if f'id="act-{name}"' in text] == ["note", "withdraw", "reopen"]


def test_what_makes_no_sense_is_said() -> None:
    request = of("ana")
    assert "Somebody has this request already." in act(as_("ana"), request, "take")
    assert "Close it: " in act(as_("ana"), request, "close", outcome="forgotten")
    assert act(as_("ana"), request, "explode") != ""


def test_a_request_given_away_is_gone_from_the_desk() -> None:
    request = of("ana")
    text = act(as_("ana"), request, "reassign", to=advocate("ben").pk, reason="vacation")
    assert "done." in text
    assert as_("ana").get(page(request)).status_code == 404


def test_a_stale_page_is_refused() -> None:
    request = of("ana")
    act(as_("ana"), request, "call", result="no_answer")
    assert "while you had it open" in act(as_("carol"), request, "close", seen=0, outcome="spam")
    request.refresh_from_db()
    assert request.status == "assigned"


def test_spam_is_one_press() -> None:
    request = of("ana")
    act(as_("ana"), request, "spam")
    request.refresh_from_db()
    assert request.outcome == "spam"


def test_nothing_is_added_deleted_or_posted_past_the_verbs() -> None:
    request = of("ana")
    client = as_("admin")
    assert client.get(reverse("admin:intake_helprequest_add")).status_code == 403
    assert client.post(reverse("admin:intake_helprequest_delete", args=[request.pk])).status_code == 403
    assert client.post(page(request), {"status": "closed"}).status_code == 403
    assert client.get(reverse("admin:intake_helprequest_act", args=[request.pk, "take"])).status_code == 302
    assert client.post(reverse("admin:intake_helprequest_act", args=[request.pk, "explode"])).status_code == 404
    assert client.get("/admin/intake/helprequest/abc/change/").status_code == 404


def test_who_may_only_look_can_do_nothing() -> None:
    request = HelpRequestFactory()
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="view_helprequest"))
    client = Client()
    client.force_login(user)
    assert "What you can do" not in client.get(page(request)).content.decode()
    url = reverse("admin:intake_helprequest_act", args=[request.pk, "spam"])
    assert client.post(url, {"seen": 0}).status_code == 403
    request.refresh_from_db()
    assert request.status == "new"


def test_what_was_typed_is_not_lost_when_it_is_refused() -> None:
    request = of("ana")
    text = act(as_("ana"), request, "next-step", step="Ask for slides", on="soon")
    assert "Enter a date such as 2026-12-31" in text
    assert "Ask for slides" in text
    history.record(help_request=request, what=History.What.CALLED)
    text = act(as_("ana"), request, "next-step", seen=0, step="Ask for slides")
    assert "while you had it open" in text
    assert "Ask for slides" in text
    request.refresh_from_db()
    assert request.next_step is None


def test_only_an_advocate_is_offered_to_take() -> None:
    request = HelpRequestFactory()
    assert 'id="act-take"' in as_("ana").get(page(request)).content.decode()
    assert 'id="act-take"' not in as_("admin").get(page(request)).content.decode()
    assert 'id="act-call"' not in as_("ana").get(page(request)).content.decode()


def test_who_takes_or_gives_is_told_what_speaks_against_it() -> None:
    Advocate.objects.filter(user__username__in=["ana", "ben"]).update(states="WI")
    request = HelpRequestFactory(state="IL")
    text = as_("ana").get(page(request)).content.decode()
    assert "Think twice:</strong> not licensed in IL" in text
    assert "Ben, RN (sample) (not licensed in IL)" in text


def test_places_to_speak_about_come_with_reasons() -> None:
    call_command("load_directory", stdout=io.StringIO())
    request = of("ana", answers='{"disease": "peritoneal", "wants": ["surgery"], "travel": "any"}')
    text = as_("ana").get(page(request)).content.decode()
    assert "in Illinois" in text
    assert "peritoneal mesothelioma" in text


def test_no_page_of_the_desk_has_an_inline_style_or_script() -> None:
    request = of("ana")
    client = as_("ana")
    for url in (page(request), reverse(LIST), reverse("admin:index"), reverse("admin:intake_promise_changelist")):
        text = client.get(url).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", text), url
