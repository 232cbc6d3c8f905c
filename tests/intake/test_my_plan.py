"""The plan on the family's page: once it is shown, to who gets it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from intake import erasing
from intake.models import HelpRequest, Participant, PlanItem
from tests.intake.factories import AdvocateFactory
from tests.intake.family import address, known, other
from tests.intake.pages import sound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.fixture
def request_() -> HelpRequest:
    ana = AdvocateFactory(first_name="Ana")
    request = known(advocate=ana, assigned_at=NOW, status="reached", first_contact_at=NOW, plan_shown_at=NOW)
    item(request, "step", "Ask for the slides", who="family", due_on=date(2026, 12, 4))
    item(request, "step", "Send the records", who="advocate", done_on=date(2026, 12, 2))
    item(request, "place", "Example Hospital\ncall again on Monday")
    return request


def item(request: HelpRequest, kind: str, text: str, **fields: Any) -> PlanItem:
    assert request.advocate
    return PlanItem.objects.create(
        help_request=request, kind=kind, text=text, created_by=request.advocate.user, **fields
    )


def test_it_says_who_does_what_by_when(client: Client, request_: HelpRequest) -> None:
    text = sound(client.get(address(request_, "my-plan")))
    for words in (
        "Ask for the slides", "By Friday, December 4", "Your nurse advocate", "Done on Wednesday, December 2",
        "Example Hospital<br>call again on Monday", "Written by Ana", "As of Tuesday, December 1",
    ):  # fmt: skip
        assert words in text, words
    assert "Documents that are missing" not in text
    assert "Your plan" in sound(client.get(address(request_)))


def test_until_it_is_shown_it_is_not_there(client: Client, request_: HelpRequest) -> None:
    HelpRequest.objects.update(plan_shown_at=None)
    assert client.get(address(request_, "my-plan")).status_code == 302
    assert "Your plan" not in sound(client.get(address(request_)))


def test_somebody_else_sees_it_if_they_get_it(client: Client, request_: HelpRequest) -> None:
    rosa = other(request_)
    assert "Ask for the slides" in sound(client.get(address(rosa, "my-plan")))
    rosa.gets = "updates calls"
    rosa.save()
    assert client.get(address(rosa, "my-plan")).status_code == 302
    assert "Your plan" not in sound(client.get(address(rosa)))


def test_another_familys_plan_is_not_on_it(client: Client, request_: HelpRequest) -> None:
    ben = AdvocateFactory()
    theirs = known(email="x@y.example", advocate=ben, assigned_at=NOW, status="assigned", plan_shown_at=NOW)
    item(theirs, "step", "Of another family", who="family")
    assert "Of another family" not in sound(client.get(address(request_, "my-plan")))


def test_it_is_text_whatever_was_written(client: Client, request_: HelpRequest) -> None:
    item(request_, "document", "<img src=x onerror=alert(1)>")
    assert "<img src=x" not in sound(client.get(address(request_, "my-plan")))


def test_it_goes_with_everything_else(client: Client, request_: HelpRequest) -> None:
    path = address(request_, "my-plan")
    erasing.erase(help_request=request_)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_however_long_it_is(
    client: Client, request_: HelpRequest, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        item(request_, "place", f"Place {number}")
    with django_assert_num_queries(2):
        client.get(address(request_, "my-plan"))


def tick(client: Client, person: HelpRequest | Participant, line: PlanItem, **data: Any) -> Any:
    forms = [row[3] for _, rows in client.get(address(person, "my-plan")).context["parts"] for row in rows]
    mark = next((form.initial["permit"] for form in forms if form and form.initial["item"] == line.pk), "")
    return client.post(address(person, "my-plan-done"), {"permit": mark, "item": line.pk, **data})


def test_a_line_of_their_own_is_ticked_off_once(client: Client, request_: HelpRequest) -> None:
    own, theirs = request_.plan_items.all()[:2]
    assert tick(client, request_, own).status_code == 302
    own.refresh_from_db()
    assert own.done_on
    text = sound(client.get(address(request_, "my-plan")))
    assert "This is done" not in text
    again = tick(client, request_, own)
    assert again.status_code == 409
    assert "Nothing was changed" in sound(again)
    assert HelpRequest.objects.get().news_since
    assert tick(client, request_, theirs).status_code == 409


def test_no_line_of_another_family_is_ticked_off(client: Client, request_: HelpRequest) -> None:
    ben = AdvocateFactory()
    theirs = known(email="x@y.example", advocate=ben, assigned_at=NOW, status="assigned", plan_shown_at=NOW)
    line = item(theirs, "step", "Of another family", who="family")
    mark = client.get(address(theirs, "my-plan")).context["parts"][0][1][0][3].initial["permit"]
    for data in ({"permit": mark}, {"permit": mark, "item": "x"}, {"permit": mark, "item": ""}, {}):
        assert tick(client, request_, line, **data).status_code == 409
    line.refresh_from_db()
    assert line.done_on is None
    assert client.get(address(request_, "my-plan-done")).status_code == 405


def test_a_changed_line_is_looked_at_again_first(client: Client, request_: HelpRequest) -> None:
    own = request_.plan_items.all()[0]
    shown = client.get(address(request_, "my-plan")).context["parts"][0][1][0][3].initial["permit"]
    own.text = "Ask for the blocks too"
    own.save()
    answer = client.post(address(request_, "my-plan-done"), {"permit": shown, "item": own.pk})
    assert answer.status_code == 409
    assert "Ask for the blocks too" in sound(answer)
    HelpRequest.objects.update(status="closed", closed_at=NOW, outcome="helped")
    assert tick(client, request_, own).status_code == 409
