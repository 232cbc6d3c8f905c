"""Each constraint, violated."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from intake import consent, history
from intake.models import Consent, Conversation, DayOff, HelpRequest, History, Promise, WorkingHours
from navigator.append_only import AppendOnlyError
from tests.intake.factories import AdvocateFactory, ConversationFactory, HelpRequestFactory, PromiseFactory

pytestmark = pytest.mark.django_db


def refused(constraint: str, model: type[models.Model], **values: Any) -> None:
    """The database, not the form, says no."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("worked_on_has_advocate", {"status": "assigned"}),
        ("closed_with_outcome", {"status": "closed"}),
        ("closed_with_outcome", {"outcome": "helped"}),
        ("closed_with_outcome", {"closed_at": timezone.now()}),
        ("a_way_to_reach_them", {"email": None, "phone": None}),
        ("a_way_to_reach_them", {"name": None}),
        ("erased_keeps_nothing", {"erased_at": timezone.now()}),
    ],
)
def test_request_constraints(constraint: str, values: dict[str, Any]) -> None:
    HelpRequestFactory()
    refused(constraint, HelpRequest, **values)


def test_a_new_request_has_no_advocate() -> None:
    HelpRequestFactory()
    refused("new_has_no_advocate", HelpRequest, advocate=AdvocateFactory(), assigned_at=timezone.now())


def test_an_advocate_has_it_since_some_time() -> None:
    HelpRequestFactory()
    refused("advocate_since_when", HelpRequest, advocate=AdvocateFactory(), status="assigned")


def test_reached_means_that_a_contact_is_noted() -> None:
    HelpRequestFactory()
    values = {"advocate": AdvocateFactory(), "assigned_at": timezone.now(), "status": "reached"}
    refused("reached_means_contact", HelpRequest, **values)


def test_two_families_never_hold_one_half_hour() -> None:
    first, second = ConversationFactory(), ConversationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=second.pk).update(advocate=first.advocate, starts_at=first.starts_at)


def test_a_cancelled_half_hour_is_free_again() -> None:
    first = ConversationFactory(cancelled_at=timezone.now())
    assert ConversationFactory(advocate=first.advocate, starts_at=first.starts_at)


def test_a_request_has_one_conversation_at_a_time() -> None:
    first = ConversationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationFactory(help_request=first.help_request, advocate=first.advocate)


def test_conversations_start_on_the_half_hour() -> None:
    ConversationFactory()
    refused("starts_on_the_half_hour", Conversation, starts_at=datetime(2030, 1, 7, 15, 10, tzinfo=UTC))


def test_working_hours_constraints() -> None:
    AdvocateFactory(hours=[0])
    refused("working_hours_weekday", WorkingHours, weekday=7)
    refused("working_hours_end_after_start", WorkingHours, ends=time(8))
    hours = WorkingHours.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(advocate=hours.advocate, weekday=0, starts=hours.starts, ends=time(20))


@pytest.mark.parametrize("with_advocate", [True, False])
def test_a_day_off_stands_once(with_advocate: bool) -> None:
    advocate = AdvocateFactory() if with_advocate else None
    DayOff.objects.create(date=date(2026, 12, 25), advocate=advocate)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayOff.objects.create(date=date(2026, 12, 25), advocate=advocate)


def test_a_promise_is_kept_or_given_up_not_both() -> None:
    PromiseFactory()
    refused("promise_kept_or_given_up", Promise, done_at=timezone.now(), gave_up_at=timezone.now())


@pytest.mark.parametrize("field", ["reference", "link_id", "submission_key"])
def test_names_of_a_request_are_its_own(field: str) -> None:
    first, second = HelpRequestFactory(), HelpRequestFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=second.pk).update(**{field: getattr(first, field)})


@pytest.mark.parametrize("model", [History, Consent])
def test_what_is_append_only_refuses_with_words(model: Any) -> None:
    row = written(model)
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(at=timezone.now())):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize("table", ["intake_history", "intake_consent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_itself_keeps_the_ledger(table: str, statement: str) -> None:
    if connection.vendor == "sqlite" and statement.startswith("DELETE"):
        return  # SQLite, the demo's database, refuses changes only: see the migration
    written(History if table == "intake_history" else Consent)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def written(model: type[models.Model]) -> Any:
    request = HelpRequestFactory()
    if model is History:
        return history.record(help_request=request, what=History.What.LOOKED)
    return consent.give(help_request=request, words="I agree.", how="test")


def test_a_reference_can_be_read_over_the_phone() -> None:
    reference = HelpRequestFactory().reference
    assert len(reference) == 8
    assert not set(reference) & set("AEIOUY01")
