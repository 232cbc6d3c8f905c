"""Families report problems of listings; editors settle or decline them.

A report does not ask who sent it. Its words may still name a person or an illness, so they are encrypted, never
repeated anywhere, and emptied KEPT after the report is dealt with. What a report leads to in the listing itself is left
to `doctors.keeping`.
"""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from doctors.keeping import KINDS, Listing
from doctors.models import Report
from navigator.security import clean_text

LONGEST = 2_000  # characters of a report
LONGEST_ANSWER = 300  # characters: the column's
PER_HOUR = 200  # reports on all listings: more are no families, and would bury the real ones
KEPT = datetime.timedelta(days=180)


class TooManyReportsError(Exception):
    """More reports within an hour than families write."""


class ReportingError(ValueError):
    """A report that cannot be closed like this: the message says why, for staff."""


@transaction.atomic
def report(*, listing: Listing, problem: str, words: str) -> Report:
    """Stores what a family says is wrong with a listing. "Something else" needs words, the others may do without.

    Raises ValueError for an unknown problem and for words that are too long or missing, TooManyReportsError.
    """
    words = clean_text(words, lines=True)
    if problem not in Report.Problem.values:
        raise ValueError(f"No problem is called {problem!r}.")
    if len(words) > LONGEST or (problem == Report.Problem.OTHER and not words):
        raise ValueError(f"A report has at most {LONGEST} characters, and words if the problem is not one of ours.")
    if Report.objects.filter(sent_at__gt=timezone.now() - datetime.timedelta(hours=1)).count() >= PER_HOUR:
        raise TooManyReportsError
    return Report.objects.create(problem=problem, words=words, **{KINDS[type(listing)]: listing})


@transaction.atomic
def settle(*, report: Report, answer: str, by: User) -> Report:
    """The family was right: `answer` says what was changed. Raises ReportingError."""
    return _close(report, Report.State.SETTLED, answer, by)


@transaction.atomic
def decline(*, report: Report, answer: str, by: User) -> Report:
    """The listing is right as it is: `answer` says why. Raises ReportingError."""
    return _close(report, Report.State.DECLINED, answer, by)


def _close(report: Report, state: Report.State, answer: str, by: User) -> Report:
    row = Report.objects.select_for_update().get(pk=report.pk)
    answer = clean_text(answer)
    if row.state != Report.State.OPEN:
        raise ReportingError("This report is dealt with already.")
    if not answer:
        raise ReportingError("Say what was changed." if state == Report.State.SETTLED else "Say why nothing changes.")
    if len(answer) > LONGEST_ANSWER:
        raise ReportingError(f"Use {LONGEST_ANSWER} characters or fewer.")
    row.state, row.answer, row.closed_at, row.closed_by = state, answer, timezone.now(), by
    row.save(update_fields=["state", "answer", "closed_at", "closed_by"])
    return row


def open_reports() -> QuerySet[Report]:
    """Reports that nobody dealt with, oldest first, without their words."""
    return Report.objects.filter(state=Report.State.OPEN).defer("words")


def forget_words(*, now: datetime.datetime | None = None) -> int:
    """Empties the words of reports that were dealt with more than KEPT ago. How many that were."""
    old = Report.objects.filter(closed_at__lt=(now or timezone.now()) - KEPT, words_kept=True)
    return old.update(words="", words_kept=False)
