"""What a page says to machines: schema.org in one @graph, the same facts as the visible text.

A sample person, and a review that did not happen, are never in it. `MedicalOrganization` is not used for us: we give no
care. Questions are marked up on the FAQ page only, once on the whole site.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags

from content import references
from content.models import Person, Revision, Topic
from navigator import identity

Thing = dict[str, Any]
CONDITION = {"@type": "MedicalCondition", "name": "Mesothelioma"}
_CITATION = re.compile(r"<sup>.*?</sup>")


def graph(*things: Thing) -> Thing:
    return {"@context": "https://schema.org", "@graph": list(things)}


def _url(path: str) -> str:
    return settings.SITE_URL + path


def _publisher() -> Thing:
    return {"@id": _url("/#us")}


def breadcrumbs(crumbs: Iterable[tuple[str, str | None]], here: str) -> Thing:
    """`here` is the path of the last crumb."""
    items = [
        {"@type": "ListItem", "position": position, "name": label, "item": _url(path or here)}
        for position, (label, path) in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def organization() -> Thing:
    """Us. The other pages point here by @id, with name and address so that each stands alone."""
    who = identity.current()
    return {"@type": "Organization", **_publisher(), "name": who.name, "url": _url("/")}


def home() -> Thing:
    site = {"@type": "WebSite", "@id": _url("/#site"), "name": identity.current().name, "url": _url("/")}
    return graph(organization(), {**site, "publisher": _publisher(), "inLanguage": "en-US"})


def article(revision: Revision, crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    path = revision.article.get_absolute_url()
    described = {
        **_web_page("MedicalWebPage", revision),
        "about": CONDITION,
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "citation": [row["url"] for row in references.rows(revision.references)],
        **_people(revision),
    }
    return graph(described, breadcrumbs(crumbs, path), organization())


def page(revision: Revision, crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    about = revision.article.path.startswith("about/")
    described = _web_page("AboutPage" if about else "WebPage", revision)
    return graph(described, breadcrumbs(crumbs, revision.article.get_absolute_url()), organization())


def topic(shelf: Topic, texts: Iterable[Revision], crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    """A shelf and the pages on it."""
    path = shelf.get_absolute_url()
    parts = [{"@type": "WebPage", "url": _url(row.article.get_absolute_url()), "name": row.title} for row in texts]
    described = {"@type": "CollectionPage", "url": _url(path), "name": shelf.title, "hasPart": parts}
    return graph(described, breadcrumbs(crumbs, path))


def term(revision: Revision, crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    path = revision.article.get_absolute_url()
    described = {**_term(revision), "inDefinedTermSet": {"@id": _url("/glossary/#terms")}}
    return graph(described, breadcrumbs(crumbs, path))


def glossary(terms: Iterable[Revision], crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    described = {
        "@type": "DefinedTermSet",
        "@id": _url("/glossary/#terms"),
        "name": "Words explained",
        "url": _url("/glossary/"),
        "hasDefinedTerm": [_term(row) for row in terms],
    }
    return graph(described, breadcrumbs(crumbs, "/glossary/"))


def _term(revision: Revision) -> Thing:
    described = {
        "@type": "DefinedTerm",
        "name": revision.title,
        "description": revision.summary,
        "url": _url(revision.article.get_absolute_url()),
    }
    others = revision.article.also_called
    return {**described, "alternateName": others} if others else described


def _web_page(kind: str, revision: Revision) -> Thing:
    first = revision.article.first_published_at or revision.published_at
    return {
        "@type": kind,
        "url": _url(revision.article.get_absolute_url()),
        "headline": revision.title,
        "description": revision.description or revision.summary,
        "datePublished": first and first.date().isoformat(),
        "dateModified": revision.published_at and revision.published_at.date().isoformat(),
        "inLanguage": "en-US",
        "isAccessibleForFree": True,
        "publisher": _publisher(),
    }


def _people(revision: Revision) -> Thing:
    """Author, reviewer and the day of the review: real people only."""
    found: Thing = {}
    if not revision.article.author.is_sample:
        found["author"] = _person(revision.article.author)
    if revision.signed_by and revision.signed_at and not revision.signed_by.is_sample:
        found["reviewedBy"] = _person(revision.signed_by)
        found["lastReviewed"] = revision.signed_at.date().isoformat()
    return found


def _person(person: Person) -> Thing:
    described = {"@type": "Person", "name": person.name, "url": _url(person.get_absolute_url())}
    return {**described, "jobTitle": person.title} if person.title else described


def faq(answers: Iterable[Revision], crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    questions = [
        {
            "@type": "Question",
            "name": answer.title,
            "url": _url(answer.article.get_absolute_url()),
            "acceptedAnswer": {"@type": "Answer", "text": f"{answer.summary} {_text(answer.body_html)}"},
        }
        for answer in answers
    ]
    described = {"@type": "FAQPage", "url": _url(reverse("faq")), "mainEntity": questions}
    return graph(described, breadcrumbs(crumbs, reverse("faq")))


def person(someone: Person, crumbs: Iterable[tuple[str, str | None]]) -> Thing:
    trail = breadcrumbs(crumbs, someone.get_absolute_url())
    if someone.is_sample:
        return graph({**trail, "itemListElement": trail["itemListElement"][:-1]})
    return graph({"@type": "ProfilePage", "mainEntity": _person(someone)}, trail)


@lru_cache(maxsize=512)  # a signed text does not change
def _text(html: str) -> str:
    """The visible words, without citation marks."""
    return " ".join(strip_tags(_CITATION.sub("", html)).split())
