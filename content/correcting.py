"""Readers report errors; editors accept them, in public, or decline them.

A report does not ask who sent it. Its words may still name a person or an illness, so they are encrypted, and emptied
KEPT after the report is dealt with.
"""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from content.models import Change, ErrorReport, Revision
from content.publishing import PublishingError
from navigator.caching import forget_public_pages
from navigator.security import clean_text

LONGEST = 2_000  # characters of a report
PER_HOUR = 200  # reports on all pages: more is no reader, and would bury the real ones
KEPT = datetime.timedelta(days=180)


class TooManyReportsError(Exception):
    """More reports within an hour than readers write."""


@transaction.atomic
def report(*, revision: Revision, words: str) -> ErrorReport:
    """Stores what a reader says is wrong with the text that was live when the form was opened. Raises ValueError for
    words that are empty or too long, TooManyReportsError."""
    words = clean_text(words, lines=True)
    if not words or len(words) > LONGEST:
        raise ValueError(f"A report has 1 to {LONGEST} characters.")
    if ErrorReport.objects.filter(sent_at__gt=timezone.now() - datetime.timedelta(hours=1)).count() >= PER_HOUR:
        raise TooManyReportsError
    return ErrorReport.objects.create(article_id=revision.article_id, revision=revision, words=words)


@transaction.atomic
def accept(*, error_report: ErrorReport, note: str, by: User) -> Change:
    """The reader was right: `note` says in public what was wrong, and is a line of the article's change log from now.
    The mended text is a new revision like any other. Raises PublishingError."""
    closed = _close(error_report, ErrorReport.State.ACCEPTED, note, by)
    forget_public_pages()
    assert closed.change is not None  # noqa: S101  set two lines up, for mypy
    return closed.change


@transaction.atomic
def decline(*, error_report: ErrorReport, reason: str, by: User) -> ErrorReport:
    """The text stays as it is; the reason is for colleagues. Raises PublishingError."""
    return _close(error_report, ErrorReport.State.DECLINED, reason, by)


def _close(error_report: ErrorReport, state: ErrorReport.State, answer: str, by: User) -> ErrorReport:
    row = ErrorReport.objects.select_for_update().get(pk=error_report.pk)
    answer = clean_text(answer, lines=True)
    if row.state != ErrorReport.State.OPEN:
        raise PublishingError("This report is dealt with already.")
    if not answer:
        raise PublishingError(
            "Say what was wrong, for the public change log."
            if state == ErrorReport.State.ACCEPTED
            else "Say why, for your colleagues."
        )
    if state == ErrorReport.State.ACCEPTED:
        row.change = Change.objects.create(article_id=row.article_id, what=Change.What.CORRECTED, note=answer, by=by)
    row.state, row.answer, row.closed_at, row.closed_by = state, answer, timezone.now(), by
    row.save()
    return row


def forget_words(*, now: datetime.datetime | None = None) -> int:
    """Empties the words of reports that were dealt with more than KEPT ago. How many that were."""
    old = ErrorReport.objects.filter(closed_at__lt=(now or timezone.now()) - KEPT, words_kept=True)
    return old.update(words="", words_kept=False)
