"""Each constraint of what a case is made of, violated."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from intake.models import (
    Conversation,
    Digest,
    Export,
    HelpRequest,
    Hold,
    Participant,
    PlanItem,
    Sharing,
    Step,
)
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 7, 15, tzinfo=UTC)


def refused(constraint: str, model: type[models.Model], **values: Any) -> None:
    """The database, not the form, says no. SQLite names the columns of a unique constraint, not the constraint."""
    found = next(c for c in model._meta.constraints if c.name == constraint)
    unique = isinstance(found, models.UniqueConstraint) and connection.vendor == "sqlite"
    with pytest.raises(IntegrityError, match="UNIQUE" if unique else constraint), transaction.atomic():
        model._default_manager.create(**values)


def person(**values: Any) -> dict[str, Any]:
    return {"help_request": HelpRequestFactory(), "role": "patient", "name": "Jo", "email": "jo@x.example", **values}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("participant_can_be_reached", {"name": None}),
        ("participant_can_be_reached", {"email": None}),
        ("erased_participant_keeps_nothing", {"erased_at": NOW, "left_at": NOW}),
        ("erased_participant_keeps_nothing", {"erased_at": NOW, "name": None, "email": None}),
    ],
)
def test_people(constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, Participant, **person(**values))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("merged_means_duplicate", {"outcome": "duplicate"}),
        ("merged_means_duplicate", {"merged_into": True}),
        *(("closed_waits_for_nothing", {name: NOW}) for name in ("waiting_since", "next_try_at", "news_since")),
        ("closed_waits_for_nothing", {"escalated_at": NOW}),
    ],
)
def test_closed_requests(constraint: str, values: dict[str, Any]) -> None:
    if "merged_into" in values:
        values = {"merged_into": HelpRequestFactory()}
    row = HelpRequestFactory(status="closed", outcome="helped", closed_at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HelpRequest.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("ends", [["cancelled_at", "held_at"], ["held_at", "missed_at"], ["cancelled_at", "missed_at"]])
def test_a_conversation_ends_in_one_way(ends: list[str]) -> None:
    call = ConversationFactory()
    with pytest.raises(IntegrityError, match="cancelled_held_or_missed"), transaction.atomic():
        Conversation.objects.filter(pk=call.pk).update(**dict.fromkeys(ends, NOW))


def test_a_request_has_one_conversation_that_stands() -> None:
    call = ConversationFactory()
    again = {"help_request": call.help_request, "advocate": call.advocate, "starts_at": NOW + timedelta(days=9)}
    refused("one_conversation_a_request", Conversation, **again)
    for end in ("cancelled_at", "held_at", "missed_at"):
        Conversation.objects.filter(pk=call.pk).update(cancelled_at=None, held_at=None, missed_at=None)
        Conversation.objects.filter(pk=call.pk).update(**{end: NOW})
        with transaction.atomic():
            Conversation.objects.create(**again).delete()


def test_one_hold_of_a_half_hour_and_one_for_a_browser() -> None:
    hold = Hold.objects.create(advocate=AdvocateFactory(), starts_at=NOW, holder="a", until=NOW)
    values = {"advocate": hold.advocate, "starts_at": NOW, "holder": "b", "until": NOW}
    refused("one_hold_a_half_hour", Hold, **values)
    refused("hold_on_the_half_hour", Hold, **{**values, "starts_at": NOW + timedelta(minutes=10)})
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(**{**values, "starts_at": NOW + timedelta(hours=1), "holder": "a"})


def test_a_step_of_the_plan_says_who() -> None:
    values = {"help_request": HelpRequestFactory(), "text": "Ask", "created_by": UserFactory()}
    refused("a_step_says_who", PlanItem, **values, kind="step")
    PlanItem.objects.create(**values, kind="place")


def test_a_step_of_the_work_is_done_once() -> None:
    values = {
        "help_request": HelpRequestFactory(),
        "code": "referral",
        "done_on": date(2030, 1, 7),
        "by": UserFactory(),
    }
    Step.objects.create(**values)
    refused("step_done_once", Step, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("sharing_answered_when", {"agreed": True}),
        ("sharing_answered_when", {"answered_at": NOW}),
        ("shared_only_when_agreed", {"shared_at": NOW}),
        ("shared_only_when_agreed", {"shared_at": NOW, "agreed": False, "answered_at": NOW}),
        (
            "nothing_shared_after_the_end",
            {"agreed": True, "answered_at": NOW, "ended_at": NOW, "shared_at": NOW + timedelta(seconds=1)},
        ),
    ],
)
def test_sharing(constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, Sharing, help_request=HelpRequestFactory(), asked_by=UserFactory(), **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("given_for_exact_words", {"act": "given", "words": "", "purpose": "contact"}),
        ("sharing_names_its_place", {"act": "given", "words": "x", "purpose": "sharing"}),
        ("sharing_names_its_place", {"act": "withdrawn", "words": "", "purpose": "sharing"}),
    ],
)
def test_consents(constraint: str, values: dict[str, Any]) -> None:
    refused(
        constraint,
        apps.get_model("intake.Consent"),
        help_request=HelpRequestFactory(),
        version="v",
        how="page",
        **values,
    )


def test_one_digest_a_day() -> None:
    values = {"advocate": AdvocateFactory(), "day": date(2030, 1, 7), "due_at": NOW}
    Digest.objects.create(**values)
    refused("one_digest_a_day", Digest, **values)


def test_an_export_has_a_reason() -> None:
    refused("export_has_a_reason", Export, by=UserFactory(), reason="", columns="reference", rows=1)
