"""What waits for editors: drafts and for whom, texts that are due, sources that nobody opened for a year, reports."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from content.lint import RECHECK
from content.models import Article, ErrorReport, Helpful, Revision

SOON = datetime.timedelta(days=30)
SHOWN = 25  # rows of a list; the rest is counted
ENOUGH_ANSWERS = 10  # readers who said yes or no before a text counts as unhelpful


@dataclass(frozen=True)
class Pile:
    """One list on the desk: its first rows and how many there are in all."""

    title: str
    rows: list[Revision]
    count: int


def drafts() -> QuerySet[Revision]:
    """The newest text of an article where readers never saw it."""
    newer = Revision.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    return Revision.objects.filter(published_at__isnull=True).filter(~Exists(newer))


def overdue(today: datetime.date) -> QuerySet[Revision]:
    return Revision.objects.live().filter(article__review_due_on__lt=today)


def due_soon(today: datetime.date) -> QuerySet[Revision]:
    return Revision.objects.live().filter(article__review_due_on__range=(today, today + SOON))


def stale_sources(today: datetime.date) -> QuerySet[Revision]:
    """Live texts with a source that was not opened for a year."""
    return Revision.objects.live().filter(sources_read_on__lt=today - RECHECK)


def piles() -> list[Pile]:
    """Everything on the desk, in the order in which it should be done. Two queries a pile, two for all drafts."""
    today, now = timezone.localdate(), timezone.now()
    return [
        _pile("Late: their day has come and they were not published", Revision.objects.filter(publish_at__lt=now)),
        _pile("Overdue for review (readers are told)", overdue(today), "article__review_due_on"),
        *_piles_of_drafts(),
        _pile("Scheduled", Revision.objects.filter(publish_at__gte=now), "publish_at"),
        _pile("Due for review within 30 days", due_soon(today), "article__review_due_on"),
        _pile("Sources not opened for a year", stale_sources(today), "sources_read_on"),
    ]


def _piles_of_drafts() -> list[Pile]:
    """What each draft waits for. All are looked through once: which is the newest text is the dear question."""
    piles: dict[str, list[int]] = {
        "Drafts that wait for a fact check": [],
        "Drafts that wait for a medical reviewer": [],
        "Signed, to be published": [],
    }
    to_check, to_sign, to_publish = piles.values()
    facts = drafts().order_by("pk").values_list("pk", "digest", "checked_digest", "signed_digest", "publish_at")
    for pk, digest, checked, signed, publish_at in facts:
        if signed == digest:
            if publish_at is None:
                to_publish.append(pk)
        elif checked == digest:
            to_sign.append(pk)
        else:
            to_check.append(pk)
    shown = _light(Revision.objects.filter(pk__in=[pk for found in piles.values() for pk in found[:SHOWN]]))
    rows = {row.pk: row for row in shown}
    return [Pile(title, [rows[pk] for pk in found[:SHOWN] if pk in rows], len(found)) for title, found in piles.items()]


def _pile(title: str, rows: QuerySet[Revision], *order: str) -> Pile:
    return Pile(title, list(_light(rows).order_by(*order, "pk")[:SHOWN]), rows.count())


def _light(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """With what the desk prints of a text, which is not its words."""
    return rows.select_related("article", "written_by").only(
        "title", "created_at", "publish_at", "sources_read_on", "written_by__username", "article__path",
        "article__kind", "article__review_due_on",
    )  # fmt: skip


def open_reports() -> QuerySet[ErrorReport]:
    """Reports of errors that nobody dealt with, oldest first, without their words."""
    rows = ErrorReport.objects.filter(state=ErrorReport.State.OPEN)
    return rows.select_related("article").defer("words")


def least_helpful() -> list[Helpful]:
    """Live texts that most readers called unhelpful, worst first."""
    rows = Helpful.objects.filter(revision__is_live=True, no__gte=F("yes")).annotate(answers=F("yes") + F("no"))
    found = rows.filter(answers__gte=ENOUGH_ANSWERS).select_related("revision__article").order_by("-no")
    return list(found.only("yes", "no", "revision__title", "revision__article__path")[:SHOWN])


def counts() -> dict[str, int]:
    """The numbers for the first page of the admin."""
    today = timezone.localdate()
    return {
        "drafts": drafts().count(),
        "overdue": Article.objects.filter(review_due_on__lt=today).count(),
        "soon": Article.objects.filter(review_due_on__range=(today, today + SOON)).count(),
        "sources": stale_sources(today).count(),
        "reports": open_reports().count(),
    }
