"""The form of an advocate: what is ticked is what routing reads, and who goes away hands over at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from intake.absences import HandOver
from intake.admin.advocates import handed_over
from intake.models import Advocate, DayOff, HelpRequest, History
from intake.sample_desk import load_sample_desk
from tests.intake.desk import advocate, as_, of
from tests.intake.factories import ConversationFactory

pytestmark = pytest.mark.django_db
EMPTY = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


@pytest.fixture
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def form_of(row: Advocate, **changed: Any) -> dict[str, Any]:
    """What the page of `row` sends when nothing is changed but `changed`. None is a box that is not ticked."""
    hours = list(row.working_hours.all())
    data: dict[str, Any] = {
        "user": row.user_id,
        "first_name": row.first_name,
        "credentials": row.credentials,
        "email": row.email,
        "wants_digest": "on",
        "time_zone": row.time_zone,
        "states": row.states.split(),
        "languages": row.languages.split(),
        "takes_matches": "on",
        "takes_conversations": "on",
        "capacity": row.capacity,
        "away_until": row.away_until or "",
        "is_active": "on",
        "is_lead": "on" if row.is_lead else None,
        "working_hours-TOTAL_FORMS": len(hours),
        "working_hours-INITIAL_FORMS": len(hours),
        **{f"days_off-{key}": value for key, value in EMPTY.items()},
    }
    for number, each in enumerate(hours):
        data |= {f"working_hours-{number}-{name}": getattr(each, name) for name in ("weekday", "starts", "ends")}
        data |= {f"working_hours-{number}-id": each.pk, f"working_hours-{number}-advocate": row.pk}
    return {key: value for key, value in {**data, **changed}.items() if value is not None}


def save(who: str, row: Advocate, **changed: Any) -> HttpResponse:
    return as_(who).post(reverse("admin:intake_advocate_change", args=[row.pk]), form_of(row, **changed), follow=True)


@pytest.mark.usefixtures("_desk")
def test_what_is_ticked_is_what_routing_reads() -> None:
    row = advocate("ben")
    text = save("carol", row, states=["WI", "IL"], languages=["es", "en"], takes_matches=None).content.decode()
    assert "was changed successfully" in text
    row.refresh_from_db()
    assert (row.states, row.languages) == ("IL WI", "en es")
    assert not row.takes_matches
    assert row.takes_conversations


@pytest.mark.usefixtures("_desk")
def test_the_page_shows_what_is_kept() -> None:
    row = advocate("ben")
    Advocate.objects.filter(pk=row.pk).update(states="IL WI", languages="es", time_zone="America/Detroit")
    answer = as_("carol").get(reverse("admin:intake_advocate_change", args=[row.pk]))
    text, form = answer.content.decode(), answer.context["adminform"].form
    assert form["states"].value() == ["IL", "WI"]
    assert form["languages"].value() == ["es"]
    assert 'value="America/Detroit" selected' in text
    assert text.count("<h1") == 1


@pytest.mark.usefixtures("_desk")
@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("states", ["ZZ"], "Select a valid choice"),
        ("languages", [], "Choose at least one language."),
        ("languages", ["xx"], "Select a valid choice"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("away_until", "soon", "Enter a valid date"),
        ("capacity", "-1", "greater than or equal to 0"),
        ("first_name", "x" * 10_000, "at most 60 characters"),
        ("first_name", "A\x00na", "Null characters"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(field: str, value: Any, problem: str) -> None:
    row = advocate("ben")
    before = Advocate.objects.values().get(pk=row.pk)
    assert problem in save("carol", row, **{field: value}).content.decode()
    assert Advocate.objects.values().get(pk=row.pk) == before


@pytest.mark.usefixtures("_desk")
def test_a_lead_makes_nobody_a_lead_and_gives_no_account_away() -> None:
    row = advocate("ben")
    save("carol", row, is_lead="on", user=advocate("carol").user_id)
    row.refresh_from_db()
    assert not row.is_lead
    assert row.user.username == "ben"
    save("admin", row, is_lead="on")
    row.refresh_from_db()
    assert row.is_lead


@pytest.mark.usefixtures("_desk")
def test_an_advocate_changes_nobody() -> None:
    row = advocate("ben")
    assert save("ana", row, capacity=1).status_code == 403
    row.refresh_from_db()
    assert row.capacity == 20


@pytest.mark.usefixtures("_desk")
def test_hours_and_days_off_are_on_the_same_page() -> None:
    row = advocate("ben")
    day = {"days_off-TOTAL_FORMS": "1", "days_off-0-date": "2030-07-03", "days_off-0-name": "Wedding"}
    hours = {"working_hours-0-starts": "12:00", "working_hours-0-ends": "11:00"}
    text = save("carol", row, **day, **hours).content.decode()
    assert "This is not after the start." in text
    assert not DayOff.objects.filter(advocate=row).exists()
    save("carol", row, **day)
    assert DayOff.objects.get(advocate=row).date == date(2030, 7, 3)


@pytest.mark.django_db(transaction=True)
def test_who_goes_away_hands_over_and_the_page_says_so() -> None:
    load_sample_desk(password="a password of the tests")
    Advocate.objects.filter(user__username="carol").update(capacity=0)
    for _ in range(2):
        of("ben")
    kept = of("ben", kind="conversation")
    ConversationFactory(help_request=kept, advocate=advocate("ben"))  # in 2030
    alone = of("ben", state="IL")
    Advocate.objects.filter(user__username="ana").update(capacity=2)
    back = timezone.localdate() + timedelta(days=20)
    text = save("carol", advocate("ben"), away_until=back).content.decode()
    assert "2 requests moved, 1 request stayed, because their call is after the absence, 1 waits" in text
    assert HelpRequest.objects.filter(advocate=advocate("ana")).count() == 2
    assert [line.by.username for line in History.objects.filter(what="handed_over")] == ["carol", "carol"]
    assert HelpRequest.objects.get(pk=alone.pk).advocate == advocate("ben")


@pytest.mark.django_db(transaction=True)
def test_any_other_change_moves_nothing() -> None:
    load_sample_desk(password="a password of the tests")
    row = of("ben")
    assert "moved" not in save("carol", advocate("ben"), capacity=3).content.decode()
    back = save("carol", advocate("ben"), away_until=timezone.localdate() - timedelta(days=1)).content.decode()
    assert "moved" not in back
    assert HelpRequest.objects.get(pk=row.pk).advocate == advocate("ben")
    assert not History.objects.filter(what="handed_over").exists()


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (HandOver(), ""),
        (HandOver(moved=1), "1 request moved."),
        (HandOver(moved=5, waiting=1), "5 requests moved, 1 waits: the leads were told."),
        (HandOver(waiting=2), "2 wait: the leads were told."),
    ],
)
def test_the_result_is_told_in_words(done: HandOver, words: str) -> None:
    assert handed_over(done) == words


@pytest.mark.usefixtures("_desk")
def test_the_list_says_how_full_they_are_and_asks_no_more_for_more(django_assert_max_num_queries: Any) -> None:
    for _ in range(2):
        of("ben")
    advocate("carol").user.user_permissions.add(*Permission.objects.filter(codename="view_advocate"))
    client = as_("carol")
    with django_assert_max_num_queries(7):
        text = client.get(reverse("admin:intake_advocate_changelist")).content.decode()
    assert "2 of 20" in text
    assert "54 states" in text
