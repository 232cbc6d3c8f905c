"""What a page shows besides its text: the way back, the dates, the people, the questions, what to read next."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from content import markdown, structured_data
from content.models import Article, Change, Person, Revision, Topic
from content.printouts import PRINTED
from navigator import identity

Crumbs = list[tuple[str, str | None]]
Group = tuple[str, list[tuple[str, str]]]

WHO_WE_ARE = "about/who-we-are"  # pages that also show who runs the site, from the settings
CONTACT = "contact"
CORRECTIONS = "about/corrections"  # also shows what readers reported and we accepted
NOT_REVIEWED = ("Sample sign-off", "no clinician has reviewed this text yet")
RELATED = 4  # pages to read next
MOST_CORRECTIONS = 100


def page_of(revision: Revision) -> tuple[str, dict[str, Any]]:
    """The template of a text's kind and its context."""
    kind = Article.Kind(revision.article.kind)
    return f"content/{kind.value}.html", _CONTEXTS[kind](revision)


def article(revision: Revision) -> dict[str, Any]:
    """Three queries: the questions below the text, the words it explains, the pages to read next."""
    shown = Revision.objects.for_readers().filter(article__shown_on=revision.article).order_by("article__order")
    faqs = list(shown)
    context = _any(revision)
    return context | {
        "faqs": faqs,
        "people": people(revision),
        "words": words([revision, *faqs]),
        "related": related(revision),
        "data": structured_data.article(revision, context["crumbs"]),
    }


def page(revision: Revision) -> dict[str, Any]:
    """No query, but for the page of corrections."""
    context = _any(revision)
    path = revision.article.path
    return context | {
        "facts": identity_facts() if path in (WHO_WE_ARE, CONTACT) else [],
        "corrections": corrections() if path == CORRECTIONS else [],
        "data": structured_data.page(revision, context["crumbs"]),
    }


def term(revision: Revision) -> dict[str, Any]:
    context = _any(revision)
    return context | {"data": structured_data.term(revision, context["crumbs"])}


def tool(revision: Revision) -> dict[str, Any]:
    context = _any(revision)
    return context | {"words": words([revision]), "data": structured_data.page(revision, context["crumbs"])}


_CONTEXTS = {Article.Kind.ARTICLE: article, Article.Kind.PAGE: page, Article.Kind.TERM: term, Article.Kind.TOOL: tool}


def _any(revision: Revision) -> dict[str, Any]:
    """What every text has."""
    return {
        "revision": revision,
        "crumbs": crumbs(revision),
        "dates": dates(revision),
        "overdue": revision.article.review_due_on if revision.article.is_overdue(timezone.localdate()) else None,
        "log": reverse("changes-of", args=[revision.article.path]),
        "share": share(revision),
    }


def crumbs(revision: Revision) -> Crumbs:
    """Home, the shelf on which the text stands unless it is its front page, this page."""
    trail: Crumbs = [("Home", reverse("home"))]
    topic, kind = revision.article.topic, revision.article.kind
    if topic is not None and topic.slug != revision.article.path:
        trail.append((topic.title, topic.get_absolute_url()))
    elif kind == Article.Kind.PAGE and revision.article.path != WHO_WE_ARE:
        trail.append(("About", reverse("article", args=[WHO_WE_ARE])))
    elif kind == Article.Kind.TERM:
        trail.append(("Words explained", reverse("glossary")))
    elif kind == Article.Kind.TOOL:
        trail.append(("To print", reverse("downloads")))
    return [*trail, (revision.title, None)]


def dates(revision: Revision) -> list[tuple[str, Any]]:
    """Published, updated, who reviewed it, when it is due again. Never "Reviewed" for a sample sign-off."""
    signer = revision.signed_by
    reviewed = NOT_REVIEWED if signer is None or signer.is_sample else (f"Reviewed by {signer}", revision.signed_at)
    return [
        ("Published", revision.article.first_published_at),
        ("Updated", revision.published_at),
        reviewed,
        ("Next review due", revision.article.review_due_on),
    ]


def share(revision: Revision) -> dict[str, str]:
    """The page's address, a mail that carries nothing else, and the files to take along where there are any."""
    found = {"url": settings.SITE_URL + revision.article.get_absolute_url()}
    found["mail"] = f"mailto:?subject={quote('A page for you')}&body={quote(found['url'])}"
    if revision.article.kind in PRINTED:
        path = [revision.article.path]
        found |= {"pdf": reverse("pdf", args=path), "text": reverse("plain_text", args=path)}
    return found


def people(revision: Revision) -> list[tuple[str, Person]]:
    """Author and reviewer, each with what they are to this text."""
    signer = revision.signed_by
    found = [("Author", revision.article.author)]
    return [*found, ("Medical reviewer", signer)] if signer else found


def words(revisions: Iterable[Revision]) -> list[Revision]:
    """The live glossary terms that these texts explain in place, from A to Z. One query, none without a term."""
    slugs = {slug for revision in revisions for slug in markdown.terms_in(revision.body_html)}
    if not slugs:
        return []
    paths = [f"glossary/{slug}" for slug in slugs]
    return list(
        Revision.objects.live()
        .filter(article__path__in=paths)
        .select_related("article")
        .only("title", "summary", "article__path", "article__kind")
        .order_by("title")
    )


def related(revision: Revision) -> Sequence[Revision]:
    """What the editor chose to be read next, otherwise what stands on the same shelf. One query."""
    chosen = Article.related.through.objects.filter(from_article=revision.article_id, to_article=OuterRef("article"))
    rows = (
        Revision.objects.live()
        .filter(Q(Exists(chosen)) | Q(article__topic__isnull=False, article__topic=revision.article.topic_id))
        .filter(article__kind=Article.Kind.ARTICLE)
        .exclude(article=revision.article_id)
        .annotate(is_chosen=Exists(chosen))
        .select_related("article")
        .only("title", "summary", "article__path", "article__kind", "article__order")
        .order_by("-is_chosen", "article__order", "article__path")[: 2 * RELATED]
    )
    found = list(rows)
    return ([row for row in found if row.is_chosen] or found)[:RELATED]


def corrections() -> QuerySet[Change]:
    """What readers reported and we accepted, newest first."""
    rows = Change.objects.filter(what=Change.What.CORRECTED).select_related("article")
    return rows[:MOST_CORRECTIONS]


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


def topics() -> QuerySet[Topic]:
    """The shelves that hold a live article."""
    live = Article.objects.live().filter(topic=OuterRef("pk"), kind=Article.Kind.ARTICLE)
    return Topic.objects.filter(Exists(live))


def tools() -> QuerySet[Revision]:
    """The live tools to print."""
    rows = Revision.objects.for_readers().filter(article__kind=Article.Kind.TOOL)
    return rows.order_by("article__order", "article__path")


def by_topic(answers: Sequence[Revision]) -> list[tuple[str, str, list[Revision]]]:
    """FAQ answers, ordered by topic, as (id of the group, its title, its answers)."""
    found = []
    for topic, rows in groupby(answers, key=lambda row: row.article.topic):
        slug, title = (topic.slug, topic.title) if topic else ("more", "More questions")
        found.append((f"group-{slug}", title, list(rows)))
    return found


def by_letter(terms: Iterable[Revision]) -> list[tuple[str, list[Revision]]]:
    """Terms in order as (first letter, its terms)."""
    return [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row.title[:1].upper())]


def site_map() -> list[Group]:
    """Every page for people, as (heading, [(title, address)])."""
    live = list(Revision.objects.for_readers().order_by("article__topic__order", "article__order", "article__path"))

    def texts(kind: Article.Kind) -> list[tuple[str, str]]:
        return [(row.title, row.article.get_absolute_url()) for row in live if row.article.kind == kind]

    shelves: list[Group] = []
    for topic, rows in groupby((row for row in live if row.article.kind == Article.Kind.ARTICLE), _topic):
        shelves.append(
            (topic.title if topic else "More", [(row.title, row.article.get_absolute_url()) for row in rows])
        )
    help_pages = [
        ("Find a doctor for a second opinion", "/match/"),
        ("Talk to a nurse advocate, free", "/talk/"),
        ("Cancer centers by state", "/find-care/centers/"),
        ("Places near a ZIP code", "/find-care/near/"),
        ("Our list as open data", "/find-care/open-data/"),
    ]
    reference = [
        ("Questions people ask", reverse("faq")),
        ("Words explained", reverse("glossary")),
        ("Search", "/search/"),
        ("Changes to our texts", reverse("changes")),
    ]
    tool_pages = [("All tools", reverse("downloads")), *texts(Article.Kind.TOOL)]
    about = [*texts(Article.Kind.PAGE), ("People who write and review", reverse("people"))]
    return [
        ("Get help", help_pages),
        *shelves,
        ("To print and take along", tool_pages),
        ("Look something up", reference),
        ("About us", about),
    ]


def _topic(row: Revision) -> Topic | None:
    return row.article.topic
