"""The desk's lists, its search and its home: who sees what, and that nothing personal stands in them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import consent, erasing, history, promises, triage
from intake.models import History, Message, Promise
from intake.sample_desk import load_sample_desk
from navigator.encryption import lookup_hash
from tests.intake.desk import LIST, VALUES, advocate, as_, find, of, page
from tests.intake.factories import ConversationFactory, HelpRequestFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


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
    for whose in ("ana", "ben"):
        triage.mark_spam(help_request=of(whose), by=advocate(whose).user)
    rows = as_("ana").get(reverse(LIST), {"desk": desk} if desk else {}).context["cl"].result_list
    assert len(rows) == found


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


def test_the_fields_of_an_advocate_have_names_and_no_script_of_admins_calendar() -> None:
    text = as_("carol").get(reverse("admin:intake_advocate_change", args=[advocate("ana").pk])).content.decode()
    assert re.search('type="time"[^>]* aria-label="Starts"', text)
    assert "DateTimeShortcuts" not in text
