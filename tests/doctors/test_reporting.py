"""Families report problems of listings; somebody answers each once, and the words are kept no longer than needed."""

import datetime
import logging
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from doctors import keeping, reporting, tasks
from doctors.models import Report
from doctors.reporting import (
    KEPT,
    LONGEST,
    PER_HOUR,
    ReportingError,
    TooManyReportsError,
    decline,
    forget_words,
    settle,
)
from navigator.celery import app
from tests.doctors.desk import as_, person
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def sent(words: str = "Nobody answers.", problem: str = "phone", listing: Any = None) -> Report:
    return reporting.report(listing=listing or make(ProgramFactory), problem=problem, words=words)


@pytest.mark.parametrize(
    ("kind", "factory"), [("center", CenterFactory), ("program", ProgramFactory), ("specialist", SpecialistFactory)]
)
@pytest.mark.parametrize("problem", Report.Problem.values)
def test_a_report_is_about_one_listing(kind: str, factory: Any, problem: str) -> None:
    listing = make(factory)
    row = sent("Nobody\r\nanswers. ", problem, listing)
    row.refresh_from_db()
    assert (row.listing, getattr(row, kind), row.problem, row.words) == (listing, listing, problem, "Nobody\nanswers.")
    assert (row.state, row.answer, row.closed_at, row.closed_by) == ("open", "", None, None)


@pytest.mark.parametrize("words", ["", " \n ", "\u200b\u202e", "\x00\x07"])
def test_only_something_else_needs_words(words: str) -> None:
    assert sent(words).words == ""
    with pytest.raises(ValueError, match="characters"):
        sent(words, "other")
    assert Report.objects.count() == 1


@pytest.mark.parametrize("problem", ["", "phones", "PHONE", "phone ", "\x00"])
def test_an_unknown_problem_is_refused(problem: str) -> None:
    with pytest.raises(ValueError, match="No problem is called"):
        sent(problem=problem)


def test_a_report_has_an_end() -> None:
    assert len(sent("x" * LONGEST).words) == LONGEST
    with pytest.raises(ValueError, match="at most 2000"):
        sent("x" * (LONGEST + 1))
    assert Report.objects.count() == 1


def test_hostile_words_are_stored_as_words() -> None:
    row = sent("<script>\x00alert(1)</script>\u202e 😀 'x'; DROP TABLE")
    row.refresh_from_db()
    assert row.words == "<script>alert(1)</script> 😀 'x'; DROP TABLE"


def test_a_flood_is_refused_and_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PER_HOUR", 3)
    for _ in range(3):
        sent()
    with pytest.raises(TooManyReportsError):
        sent()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1, seconds=1)):
        assert sent()
    assert PER_HOUR == 200


@pytest.mark.parametrize(("verb", "state"), [(settle, "settled"), (decline, "declined")])
def test_an_answer_says_who_and_when(verb: Any, state: str) -> None:
    row, dora = sent(), person()
    closed = verb(report=row, answer=" The number is\r\nanother. ", by=dora)
    row.refresh_from_db()
    assert (row.state, row.answer, row.closed_by) == (state, "The number is another.", dora)
    assert closed == row
    assert abs(timezone.now() - row.closed_at) < datetime.timedelta(minutes=1)
    assert row.words == "Nobody answers."


@pytest.mark.parametrize("verb", [settle, decline])
@pytest.mark.parametrize(("answer", "why"), [("", "Say"), (" \u200b\n", "Say"), ("x" * 301, "300 characters")])
def test_an_answer_needs_words_that_fit(verb: Any, answer: str, why: str) -> None:
    row = sent()
    with pytest.raises(ReportingError, match=why):
        verb(report=row, answer=answer, by=person())
    row.refresh_from_db()
    assert row.state == "open"


def test_a_report_is_answered_once() -> None:
    row, dora = sent(), person()
    settle(report=row, answer="Changed.", by=dora)
    for verb in (settle, decline):
        with pytest.raises(ReportingError, match="dealt with already"):
            verb(report=row, answer="Again.", by=dora)
    row.refresh_from_db()
    assert row.answer == "Changed."


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_answer_once() -> None:
    row, people = sent(), [person(f"editor-{number}") for number in range(4)]
    failures = at_once(
        *(
            lambda verb=verb, by=by: verb(report=row, answer=f"By {by}.", by=by)
            for verb, by in zip((settle, decline, settle, decline), people, strict=True)
        )
    )
    assert [str(error) for error in failures] == ["This report is dealt with already."] * 3
    row.refresh_from_db()
    assert row.answer == f"By {row.closed_by}."


@pytest.mark.parametrize(
    "values",
    [
        {"problem": "palace"},
        {"state": "settled"},
        {"state": "lost"},
        {"answer": "Changed."},
        {"closed_at": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)},
        {"program": None},
    ],
)
def test_a_report_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(**values)


def test_a_report_is_not_about_two_listings() -> None:
    sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(center=make(CenterFactory))


def test_words_are_forgotten_half_a_year_after_the_answer() -> None:
    open_row, declined, settled = sent(), sent(), sent()
    decline(report=declined, answer="It is right.", by=person())
    settle(report=settled, answer="Changed.", by=person())
    now = timezone.now()
    assert forget_words(now=now + KEPT - datetime.timedelta(minutes=1)) == 0
    assert forget_words(now=now + KEPT + datetime.timedelta(minutes=1)) == 2
    for old in (declined, settled):
        old.refresh_from_db()
        assert (old.words, old.words_kept) == ("", False)
    open_row.refresh_from_db()
    assert open_row.words == "Nobody answers."
    assert forget_words(now=now + 2 * KEPT) == 0
    assert datetime.timedelta(days=180) == KEPT


def test_the_task_tidies_and_is_harmless_when_run_again() -> None:
    row = sent()
    settle(report=row, answer="Changed.", by=person())
    tasks.tidy()
    row.refresh_from_db()
    assert row.words == "Nobody answers."
    Report.objects.update(closed_at=timezone.now() - datetime.timedelta(days=181))
    tasks.tidy()
    tasks.tidy()
    row.refresh_from_db()
    assert row.words == ""


def test_beat_runs_the_task_often_enough_and_never_twice_in_a_row(settings: Any) -> None:
    app.loader.import_default_modules()
    (entry,) = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == "doctors.tidy"]
    assert "doctors.tidy" in app.tasks
    assert entry["schedule"] <= datetime.timedelta(days=1)
    assert entry["options"]["expires"] < entry["schedule"].total_seconds()


def test_words_are_nowhere_but_on_the_page_of_the_report(
    caplog: pytest.LogCaptureFixture, client: Client, settings: Any
) -> None:
    """Sent, read, answered wrong, answered, the listing changed and looked at: no log line and no column tells."""
    program, dora = make(ProgramFactory), as_()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        path = f"/find-care/report/program/{program.slug}/"
        assert client.post(path, {"problem": "phone", "words": "Canary Joe has it."}).status_code == 302
        row = Report.objects.get()
        page = f"/admin/doctors/report/{row.pk}/"
        assert "Canary Joe" in dora.get(f"{page}change/").content.decode()
        dora.post(f"{page}settle/", {"settled": ""})
        dora.post(f"{page}settle/", {"settled": "The phone was changed."})
        program.phone = "+13125550177"
        keeping.save(listing=program, by=person())
        listed = dora.get("/admin/doctors/report/").content.decode()
        listed += dora.get("/admin/").content.decode() + dora.get("/admin/doctors/listingchange/").content.decode()
    assert "Canary" not in listed
    assert not [record for record in caplog.records if "Canary" in record.getMessage()]
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            assert "Canary" not in str(cursor.fetchall()), model
    assert Report.objects.get().words == "Canary Joe has it."
