"""The desk: who sees what, what can be done, and that every look is written down."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import erasing, history
from intake.models import Advocate, HelpRequest, Promise
from intake.sample_desk import load_sample_desk
from navigator.encryption import lookup_hash
from tests.intake.factories import ConversationFactory, HelpRequestFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "admin:intake_helprequest_changelist"
VALUES = ("Maria", "family.example", "3125550142")


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def advocate(name: str) -> Advocate:
    return Advocate.objects.get(user__username=name)


def as_(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def of(name: str, **fields: Any) -> HelpRequest:
    return HelpRequestFactory(advocate=advocate(name), status="assigned", assigned_at=timezone.now(), **fields)


def page(request: HelpRequest) -> str:
    return reverse("admin:intake_helprequest_change", args=[request.pk])


def act(client: Client, request: HelpRequest, act: str, *, seen: int | None = None, **data: Any) -> str:
    """Do it from a fresh page; what the next page says."""
    if seen is None:
        newest = request.history.exclude(what__in=["looked", "wrote"]).order_by("-pk").first()
        seen = newest.pk if newest else 0
    url = reverse("admin:intake_helprequest_act", args=[request.pk, act])
    return client.post(url, {"seen": seen, **data}, follow=True).content.decode()


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
    assert client.post(reverse("admin:intake_helprequest_act", args=[request.pk, "spam"])).status_code in (302, status)


@pytest.mark.parametrize("name", ["history", "consent", "conversation", "promise"])
def test_ledgers_are_seen_within_the_same_bounds_and_never_changed(name: str) -> None:
    mine, other = of("ana"), of("ben")
    for request in (mine, other):
        history.record(help_request=request, what="looked")
        PromiseFactory(help_request=request)
    url = reverse(f"admin:intake_{name}_changelist")
    text = as_("ana").get(url).content.decode()
    assert other.reference not in text
    assert as_("ana").get(reverse(f"admin:intake_{name}_add")).status_code == 403


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


def test_the_list_names_nobody() -> None:
    of("ana")
    HelpRequestFactory(first_contact_at=timezone.now())
    text = as_("admin").get(reverse(LIST)).content.decode()
    assert not [value for value in VALUES if value in text]


def test_unassigned_come_first_then_whom_we_owe_first() -> None:
    late = of("ana", contact_by=timezone.now() + timezone.timedelta(hours=3))
    soon = of("ben", contact_by=timezone.now() - timezone.timedelta(hours=1))
    nobody = HelpRequestFactory(contact_by=timezone.now() + timezone.timedelta(days=3))
    rows = as_("admin").get(reverse(LIST)).context["cl"].result_list
    assert [row.pk for row in rows] == [nobody.pk, soon.pk, late.pk]
    text = as_("admin").get(reverse(LIST)).content.decode()
    assert "OVERDUE by 1 h" in text


@pytest.mark.parametrize(("desk", "found"), [("", 2), ("mine", 1), ("unassigned", 1), ("closed", 1)])
def test_the_desk_filter(desk: str, found: int) -> None:
    of("ana")
    HelpRequestFactory()
    HelpRequestFactory(status="closed", outcome="helped", closed_at=timezone.now())
    rows = as_("ana").get(reverse(LIST), {"desk": desk} if desk else {}).context["cl"].result_list
    assert len(rows) == found


def test_the_queue_costs_the_same_with_one_row_and_with_three() -> None:
    client, counts = as_("ana"), []
    for more in (1, 2):
        for _ in range(more):
            of("ana")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse(LIST))
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("typed", ["maria@family.example", " MARIA@family.example ", "(312) 555-0142", "reference"])
def test_a_family_is_found_by_a_whole_address_number_or_reference(typed: str) -> None:
    request = of("ana", email_hash=lookup_hash("maria@family.example"), phone_hash=lookup_hash("+13125550142"))
    wanted = request.reference if typed == "reference" else typed
    client = as_("ana")
    assert request.reference in client.get(reverse(LIST), {"q": wanted}).content.decode()
    for part in ("maria", "555", "%"):
        assert len(client.get(reverse(LIST), {"q": part}).context["cl"].result_list) == 0


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
        "pleural",
        "diagnosis, not sure",
        "Large print",
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


def test_a_request_of_another_key_says_what_to_do(settings: Any) -> None:
    request = of("ana")
    client = as_("ana")
    session = client.session
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    client.force_login(advocate("ana").user)
    answer = client.get(page(request))
    assert session is not None
    assert answer.status_code == 500
    assert "FIELD_KEYS" in answer.content.decode()


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
    assert "What you can do" not in client.get(page(request)).content.decode()


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
    assert client.get(reverse("admin:intake_helprequest_act", args=[request.pk, "take"])).status_code == 404
    assert client.get("/admin/intake/helprequest/abc/change/").status_code == 404


def test_a_given_up_promise_can_be_tried_again() -> None:
    given_up = PromiseFactory(gave_up_at=timezone.now(), attempts=9)
    data = {"action": "try_again", "_selected_action": [given_up.pk]}
    as_("admin").post(reverse("admin:intake_promise_changelist"), data)
    assert Promise.objects.due().filter(pk=given_up.pk).exists()


@pytest.mark.parametrize("name", ["advocate", "dayoff"])
def test_a_lead_sees_the_people_and_their_days(name: str) -> None:
    assert as_("carol").get(reverse(f"admin:intake_{name}_changelist")).status_code == 200
    who = advocate("ana")
    assert as_("carol").get(reverse("admin:intake_advocate_change", args=[who.pk])).status_code == 200


def test_loading_the_desk_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_desk")
    assert capsys.readouterr().out == ""
    assert Advocate.objects.count() == 3
    assert Group.objects.count() == 2


def test_an_empty_desk_prints_its_login(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    get_user_model().objects.filter(username="admin").delete()
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    call_command("load_desk")
    assert "as admin with password" in capsys.readouterr().out


def test_sample_people_stay_out_of_production(settings: Any) -> None:
    settings.DEPLOYED = True
    with pytest.raises(CommandError, match="sample people"):
        call_command("load_desk")
