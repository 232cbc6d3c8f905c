"""What a page shows besides its text: the way back, the dates, the people, the questions."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from content import structured_data
from content.models import Article, Person, Revision
from navigator import identity

Crumbs = list[tuple[str, str | None]]

WHO_WE_ARE = "about/who-we-are"  # the page that also shows who runs the site, from the settings
NOT_REVIEWED = ("Sample sign-off", "no clinician has reviewed this text yet")


def article(revision: Revision) -> dict[str, Any]:
    """Context of `content/article.html`. One query: the questions shown below the text."""
    trail = crumbs(revision)
    return {
        "revision": revision,
        "crumbs": trail,
        "dates": dates(revision),
        "faqs": Revision.objects.for_readers().filter(article__shown_on=revision.article).order_by("article__order"),
        "people": people(revision),
        "data": structured_data.article(revision, trail),
    }


def page(revision: Revision) -> dict[str, Any]:
    """Context of `content/page.html`. No query."""
    trail = crumbs(revision)
    return {
        "revision": revision,
        "crumbs": trail,
        "dates": dates(revision),
        "facts": identity_facts() if revision.article.path == WHO_WE_ARE else [],
        "data": structured_data.page(revision, trail),
    }


def crumbs(revision: Revision) -> Crumbs:
    """Home, the topic unless this article is its front page, this page."""
    trail: Crumbs = [("Home", reverse("home"))]
    topic = revision.article.topic
    if topic is not None and topic.slug != revision.article.path:
        trail.append((topic.title, topic.get_absolute_url()))
    elif revision.article.kind == Article.Kind.PAGE and revision.article.path != WHO_WE_ARE:
        trail.append(("About", reverse("article", args=[WHO_WE_ARE])))
    return [*trail, (revision.title, None)]


def dates(revision: Revision) -> list[tuple[str, Any]]:
    """Published, updated, who reviewed it, when it is due again. Never "Reviewed" for a sample sign-off."""
    signer = revision.signed_by
    reviewed = NOT_REVIEWED if signer is None or signer.is_sample else (f"Reviewed by {signer}", revision.signed_at)
    return [
        ("Published", revision.article.first_published_at),
        ("Updated", revision.published_at),
        reviewed,
        ("Next review due", revision.next_review_on),
    ]


def people(revision: Revision) -> list[tuple[str, Person]]:
    """Author and reviewer, each with what they are to this text."""
    signer = revision.signed_by
    found = [("Author", revision.article.author)]
    return [*found, ("Medical reviewer", signer)] if signer else found


def identity_facts() -> list[tuple[str, str]]:
    """Who runs this site and who pays, from the settings."""
    who = identity.current()
    return [
        ("Legal name", who.legal_name),
        ("Address", who.address),
        ("Phone", f"{who.phone} ({who.hours})"),
        ("Email", who.email),
        ("Who pays for this site", who.funding),
    ]


def texts_of(person: Person) -> QuerySet[Revision]:
    """Live texts that the person wrote or signed."""
    mine = Q(article__author=person) | Q(signed_by=person)
    return Revision.objects.for_readers().filter(mine).order_by("article__kind", "article__order", "article__path")


def sitemap() -> list[tuple[str, datetime | None]]:
    """(path, last change) of every page for search engines. Answers stand on the FAQ page."""
    live = Revision.objects.for_readers().order_by("article__path")
    texts = [row for row in live if row.article.kind != Article.Kind.FAQ]
    answers = Revision.objects.live().filter(article__kind=Article.Kind.FAQ).aggregate(last=Max("published_at"))
    fronts = [(reverse("home"), max((row.published_at for row in live if row.published_at), default=None))]
    return [
        *fronts,
        (reverse("faq"), answers["last"]),
        *((row.article.get_absolute_url(), row.published_at) for row in texts),
    ]
