"""What search engines are told of the texts. Answers stand on the FAQ page, and profiles of sample people are left
out."""

from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from content.models import Article, Change, Revision
from navigator.sitemaps import Page

NAME = "content"


def pages() -> list[Page]:
    """For `navigator.sitemaps.register`. Two queries, however many texts."""
    live = list(Revision.objects.for_readers().order_by("article__path").defer("body", "body_html", "references"))
    texts = [row for row in live if row.article.kind != Article.Kind.FAQ]
    return [
        *_lists(live),
        *_shelves(live, own={row.article.path for row in texts}),
        *((row.article.get_absolute_url(), row.published_at) for row in texts),
    ]


def _lists(live: list[Revision]) -> list[Page]:
    """Pages that show many texts: as new as the newest of them."""

    def last(*kinds: Article.Kind) -> datetime | None:
        days = [row.published_at for row in live if row.published_at and (not kinds or row.article.kind in kinds)]
        return max(days, default=None)

    return [
        (reverse("home"), last()),
        (reverse("faq"), last(Article.Kind.FAQ)),
        (reverse("glossary"), last(Article.Kind.TERM)),
        (reverse("downloads"), last(Article.Kind.TOOL)),
        (reverse("site-map"), last()),
        (reverse("changes"), Change.objects.aggregate(last=Max("at"))["last"]),
    ]


def _shelves(live: list[Revision], *, own: set[str]) -> list[Page]:
    """The page of each topic that has no text of its own at that address."""
    found: dict[str, datetime] = {}
    for row in live:
        topic, day = row.article.topic, row.published_at
        if topic and topic.slug not in own and day:
            found[topic.slug] = max(found.get(topic.slug, day), day)
    return [(reverse("topic", args=[slug]), day) for slug, day in sorted(found.items())]
