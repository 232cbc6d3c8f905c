"""Several rows of the queue at once: each by its own verb, and nothing that ends a request but spam."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.admin.many import MOST
from intake.models import HelpRequest
from intake.sample_desk import load_sample_desk
from tests.intake.desk import LIST, advocate, as_, of
from tests.intake.factories import HelpRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def send(name: str, action: str, rows: list[HelpRequest], **data: Any) -> Any:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **data}
    return as_(name).post(reverse(LIST), chosen, follow=True)


def test_several_are_taken_and_what_is_refused_is_counted() -> None:
    rows = [HelpRequestFactory(), HelpRequestFactory(), of("ana")]
    text = send("ana", "take_many", rows).content.decode()
    assert "2 taken." in text
    assert "1 refused: Somebody has this request already." in text
    for row in rows[:2]:
        row.refresh_from_db()
        assert row.advocate == advocate("ana")
        assert row.history.get(what="taken").by == advocate("ana").user


def test_more_than_a_page_is_said_to_be_left() -> None:
    rows = HelpRequestFactory.create_batch(MOST + 2)
    text = send("ana", "take_many", rows).content.decode()
    assert f"{MOST} taken." in text
    assert f"2 were left as they are: {MOST} at once are the most." in text
    assert HelpRequest.objects.filter(advocate=None).count() == 2


def test_a_lead_gives_several_away_with_a_reason() -> None:
    rows = [of("ana"), of("ben")]
    asked = send("carol", "give_many", rows)
    assert asked.status_code == 200
    assert rows[0].reference in asked.content.decode()
    refused = send("carol", "give_many", rows, confirmed="1", to="", reason="")
    assert refused.status_code == 422
    assert '<a href="#id_to">Choose an advocate</a>' in refused.content.decode()
    text = send("carol", "give_many", rows, confirmed="1", to=advocate("ben").pk, reason="vacation").content.decode()
    assert "1 given away." in text
    assert "1 refused: Ben has this request already." in text
    rows[0].refresh_from_db()
    assert rows[0].advocate == advocate("ben")
    assert rows[0].history.get(what="reassigned").by == advocate("carol").user


def test_spam_is_asked_first() -> None:
    rows = [HelpRequestFactory(), HelpRequestFactory()]
    assert "Nothing is done yet" in send("ana", "spam_many", rows).content.decode()
    assert HelpRequest.objects.open().count() == 2
    assert "2 marked as spam." in send("ana", "spam_many", rows, confirmed="1").content.decode()
    assert set(HelpRequest.objects.values_list("outcome", flat=True)) == {"spam"}


def test_nobody_does_it_to_what_they_do_not_see() -> None:
    rows = [of("ben")]
    send("ana", "spam_many", rows, confirmed="1")
    rows[0].refresh_from_db()
    assert rows[0].status == "assigned"


@pytest.mark.parametrize(
    ("name", "action"), [("ana", "give_many"), ("ana", "delete_selected"), ("carol", "close_many")]
)
def test_an_action_that_is_not_theirs_changes_nothing(name: str, action: str) -> None:
    rows = [of("ana")]
    send(name, action, rows, confirmed="1", post="yes", to=advocate("ben").pk, reason="vacation")
    rows[0].refresh_from_db()
    assert (rows[0].status, rows[0].advocate) == ("assigned", advocate("ana"))


def test_an_auditor_does_nothing() -> None:
    rows = [HelpRequestFactory(assigned_at=timezone.now())]
    assert send("olga", "take_many", rows).status_code == 403
    rows[0].refresh_from_db()
    assert rows[0].status == "new"
