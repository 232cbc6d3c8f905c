"""Readers report errors, and what we accept is said in public."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from content import correcting
from content.correcting import KEPT, LONGEST, PER_HOUR, TooManyReportsError, accept, decline, forget_words, report
from content.models import Change, ErrorReport
from content.publishing import PublishingError
from navigator.caching import current_generation
from tests.content.factories import RevisionFactory, UserFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def sent(words: str = "The fee is wrong.") -> ErrorReport:
    return report(revision=RevisionFactory(live=True), words=words)


def test_report_keeps_the_text_on_which_it_was_seen() -> None:
    revision = RevisionFactory(live=True)
    row = report(revision=revision, words="The fee\r\nis wrong.")
    assert (row.revision, row.article, row.words) == (revision, revision.article, "The fee\nis wrong.")
    assert (row.state, row.closed_at, row.answer) == ("open", None, "")


@pytest.mark.parametrize("words", ["", "  \n ", "\u200b\u202e", "\x00\x07"])
def test_report_says_something(words: str) -> None:
    with pytest.raises(ValueError, match="1 to 2000"):
        sent(words)


def test_report_has_an_end() -> None:
    assert len(sent("x" * LONGEST).words) == LONGEST
    with pytest.raises(ValueError, match="1 to 2000"):
        sent("x" * (LONGEST + 1))
    assert ErrorReport.objects.count() == 1


def test_hostile_words_are_stored_as_words() -> None:
    row = sent("<script>\x00alert(1)</script>\u202e 😀 'x'; DROP TABLE")
    row.refresh_from_db()
    assert row.words == "<script>alert(1)</script> 😀 'x'; DROP TABLE"


def test_flood_is_refused_and_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "PER_HOUR", 3)
    revision = RevisionFactory(live=True)
    for _ in range(3):
        report(revision=revision, words="Wrong.")
    with pytest.raises(TooManyReportsError):
        report(revision=RevisionFactory(live=True), words="Wrong.")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1, seconds=1)):
        assert report(revision=revision, words="Wrong.")
    assert PER_HOUR == 200


def test_accepted_report_is_a_line_in_the_change_log() -> None:
    row, editor, before = sent(), UserFactory(), current_generation()
    change = accept(error_report=row, note=" The fee was wrong.\r\nIt is lower. ", by=editor)
    row.refresh_from_db()
    assert (change.what, change.article, change.by) == ("corrected", row.article, editor)
    assert change.note == row.answer == "The fee was wrong.\nIt is lower."
    assert (row.state, row.change, row.closed_by) == ("accepted", change, editor)
    assert current_generation() == before + 1


def test_readers_words_are_never_in_public() -> None:
    row = sent("My husband Joe has it.")
    change = accept(error_report=row, note="The fee was wrong.", by=UserFactory())
    assert "Joe" not in str(vars(change))


def test_declined_report_says_why_to_colleagues_only() -> None:
    row, before = sent(), current_generation()
    row = decline(error_report=row, reason="The fee is right.", by=UserFactory())
    assert (row.state, row.answer, row.change) == ("declined", "The fee is right.", None)
    assert not Change.objects.exists()
    assert current_generation() == before


@pytest.mark.parametrize(("verb", "name"), [(accept, "note"), (decline, "reason")])
def test_closing_needs_words(verb: Any, name: str) -> None:
    row = sent()
    with pytest.raises(PublishingError, match="Say"):
        verb(error_report=row, by=UserFactory(), **{name: " \n\u200b"})
    row.refresh_from_db()
    assert row.state == "open"
    assert not Change.objects.exists()


def test_report_is_dealt_with_once() -> None:
    row = sent()
    decline(error_report=row, reason="The fee is right.", by=UserFactory())
    for call in (
        lambda: accept(error_report=row, note="The fee was wrong.", by=UserFactory()),
        lambda: decline(error_report=row, reason="Again.", by=UserFactory()),
    ):
        with pytest.raises(PublishingError, match="dealt with already"):
            call()
    assert not Change.objects.exists()


def test_words_are_forgotten_half_a_year_after_the_answer() -> None:
    open_row, row, accepted = sent(), sent(), sent()
    decline(error_report=row, reason="The fee is right.", by=UserFactory())
    accept(error_report=accepted, note="The fee was wrong.", by=UserFactory())
    now = timezone.now()
    assert forget_words(now=now + KEPT - datetime.timedelta(minutes=1)) == 0
    assert forget_words(now=now + KEPT + datetime.timedelta(minutes=1)) == 2
    for old in (row, accepted):
        old.refresh_from_db()
        assert (old.words, old.words_kept) == ("", False)
    open_row.refresh_from_db()
    assert open_row.words == "The fee is wrong."
    assert forget_words(now=now + 2 * KEPT) == 0
    assert Change.objects.get().note == "The fee was wrong."


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_answer_once() -> None:
    row, editors = sent(), [UserFactory() for _ in range(4)]
    failures = at_once(
        *(lambda by=by: accept(error_report=row, note="The fee was wrong.", by=by) for by in editors[:2]),
        *(lambda by=by: decline(error_report=row, reason="It is right.", by=by) for by in editors[2:]),
    )
    assert [str(error) for error in failures] == ["This report is dealt with already."] * 3
    row.refresh_from_db()
    assert Change.objects.count() == (1 if row.state == "accepted" else 0)
