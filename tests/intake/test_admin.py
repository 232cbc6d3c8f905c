"""The desk: who sees what, what can be done, and that every look is written down."""

import io
import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import consent, erasing, history, promises, triage
from intake.models import Advocate, HelpRequest, History, Message, Promise
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


def find(client: Client, typed: str) -> Any:
    return client.post(reverse("admin:intake_helprequest_find"), {"typed": typed}, follow=True)


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


@pytest.mark.parametrize("name", ["history", "consent", "conversation", "message", "promise"])
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
    of("ana")
    wanted = request.reference.lower().replace("-", " ") if typed == "reference" else typed
    answer = find(as_("ana"), wanted)
    assert [row.pk for row in answer.context["cl"].result_list] == [request.pk]
    address = answer.redirect_chain[0][0]
    assert "maria" not in address.lower()
    assert "555" not in address


def test_a_part_of_an_address_finds_nobody() -> None:
    of("ana", email_hash=lookup_hash("maria@family.example"), phone_hash=lookup_hash("+13125550142"))
    for part in ("maria", "555", "%", "family.example", "Maria Sample"):
        assert len(find(as_("ana"), part).context["cl"].result_list) == 0


def test_a_closed_request_is_found_and_nothing_typed_shows_the_queue() -> None:
    closed = of("ana", email_hash=lookup_hash("maria@family.example"))
    triage.mark_spam(help_request=closed, by=advocate("ana").user)
    assert find(as_("ana"), "maria@family.example").context["cl"].result_count == 1
    assert find(as_("ana"), " ").redirect_chain[0][0] == reverse(LIST)


def test_who_may_not_see_the_queue_may_not_search_it() -> None:
    client = Client()
    client.force_login(UserFactory())
    assert client.post(reverse("admin:intake_helprequest_find"), {"typed": "maria"}).status_code == 403


def test_a_search_finds_nobody_elses_family() -> None:
    of("ben", email_hash=lookup_hash("maria@family.example"))
    assert len(find(as_("ana"), "maria@family.example").context["cl"].result_list) == 0


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


def test_mails_can_be_read_on_the_page_and_only_there() -> None:
    promise = PromiseFactory(help_request=of("ana"), kind="acknowledge")
    promises.keep_one(promise.pk)
    message = Message.objects.get()
    words = "my/"
    assert words in as_("ana").get(page(message.help_request)).content.decode()
    for url in (reverse("admin:intake_message_changelist"), reverse("admin:intake_message_change", args=[message.pk])):
        text = as_("ana").get(url).content.decode()
        assert "We have your request" in text
        assert not [value for value in (*VALUES, words) if value in text]


def test_a_promise_of_a_closed_request_stays_given_up() -> None:
    given_up = PromiseFactory(gave_up_at=timezone.now(), attempts=9)
    erasing.withdraw(help_request=given_up.help_request)
    data = {"action": "try_again", "_selected_action": [given_up.pk]}
    as_("admin").post(reverse("admin:intake_promise_changelist"), data)
    assert not Promise.objects.due().filter(pk=given_up.pk).exists()


def test_today_counts_what_this_person_may_see() -> None:
    of("ana", contact_by=timezone.now() - timezone.timedelta(minutes=30))
    others = of("ben")
    HelpRequestFactory()
    PromiseFactory(help_request=others, gave_up_at=timezone.now())
    text = as_("ana").get(reverse("admin:index")).content.decode()
    for words in ("OVERDUE by 30 min", "1 unassigned", "1 mine", "1 overdue", "0 given-up"):
        assert words in text
    assert others.reference not in text
    assert not [value for value in VALUES if value in text]
    text = as_("carol").get(reverse("admin:index")).content.decode()
    assert others.reference in text
    assert "1 given-up" in text
    nobody = Client()
    nobody.force_login(UserFactory())
    assert "Waiting for a call" not in nobody.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("name", ["history", "consent", "conversation", "message", "promise", "helprequest"])
def test_each_list_and_today_cost_the_same_with_one_row_and_with_three(name: str) -> None:
    client, counts = as_("ana"), []
    for more in (1, 2):
        for _ in range(more):
            request = of("ana")
            history.record(help_request=request, what=History.What.CALLED, by=advocate("ana").user)
            consent.give(help_request=request, words="Yes", how="test")
            ConversationFactory(help_request=request, advocate=request.advocate)
            Message.objects.create(
                promise=PromiseFactory(help_request=request),
                help_request=request,
                to_family=True,
                subject="Hello",
                message_id=f"<{request.pk}@test>",
            )
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(f"admin:intake_{name}_changelist"))
            client.get(reverse("admin:index"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_no_page_of_the_desk_has_an_inline_style_or_script() -> None:
    request = of("ana")
    client = as_("ana")
    for url in (page(request), reverse(LIST), reverse("admin:index"), reverse("admin:intake_promise_changelist")):
        text = client.get(url).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", text), url
