"""What runs by itself: thin, on time, and harmless when run again."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from content import correcting, tasks
from content.models import ErrorReport, Revision
from navigator.celery import app
from tests.content.factories import RevisionFactory, UserFactory, sign

pytestmark = pytest.mark.django_db


def test_text_whose_day_has_come_is_published() -> None:
    revision = RevisionFactory()
    sign(revision, publish_at=timezone.now() - datetime.timedelta(minutes=1), scheduled_by=UserFactory())
    tasks.publish_due()
    tasks.publish_due()
    assert Revision.objects.live().get() == revision


def test_words_of_old_reports_are_tidied_away() -> None:
    row = correcting.report(revision=RevisionFactory(live=True), words="Wrong.")
    correcting.decline(error_report=row, reason="It is right.", by=UserFactory())
    tasks.tidy()
    row.refresh_from_db()
    assert row.words == "Wrong."
    ErrorReport.objects.update(closed_at=timezone.now() - datetime.timedelta(days=181))
    tasks.tidy()
    row.refresh_from_db()
    assert row.words == ""


@pytest.mark.parametrize(
    ("name", "at_most"),
    [("content.publish_due", datetime.timedelta(minutes=1)), ("content.tidy", datetime.timedelta(days=1))],
)
def test_beat_runs_it_often_enough_and_never_twice_in_a_row(
    name: str, at_most: datetime.timedelta, settings: Any
) -> None:
    app.loader.import_default_modules()
    entries = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == name]
    assert name in app.tasks
    assert [entry["schedule"] <= at_most for entry in entries] == [True]
    assert entries[0]["options"]["expires"] < entries[0]["schedule"].total_seconds()
