"""A text that is being written, as readers would see it, as the checks see it, and beside the text that is live."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content import differences, links, presenting
from content.lint import draft_of, lint
from content.models import Article, Person, Revision
from content.publishing import check_text
from navigator.security import POLICY

FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
FRAMING = f"{POLICY}; frame-src 'self'"
NOBODY = Person(name="Nobody yet", slug="nobody", is_sample=True)


def unsaved(fields: dict[str, Any]) -> Revision:
    """A revision that is in no table yet, rendered. Raises PublishingError with what to change."""
    article: Article = fields["article"]
    listed, rendered = check_text(article=article, body=fields["body"], references=fields["references"])
    texts = {name: fields[name] for name in ("title", "summary", "description", "body", "change_note")}
    return Revision(
        pk=0,
        article=article,
        references=listed,
        body_html=rendered.html,
        references_html=rendered.references_html,
        **texts,
    )


def look(request: HttpRequest, revision: Revision, show: str) -> HttpResponse:
    """One of the three, as a page that our own admin may show in a frame."""
    looks = {"page": page, "check": check, "compare": compare}
    response = looks.get(show, page)(request, revision)
    response["Content-Security-Policy"] = FRAMED
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def page(request: HttpRequest, revision: Revision) -> HttpResponse:
    """The real template of the text's kind; no reviewer's name stands on what nobody signed."""
    if revision.signed_by is None:
        revision.signed_by = NOBODY
    if revision.article.kind == Article.Kind.FAQ:
        template = "content/faq.html"
        context: dict[str, Any] = {
            "groups": presenting.by_topic([revision]),
            "words": presenting.words([revision]),
            "crumbs": presenting.crumbs(revision),
        }
    else:
        template, context = presenting.page_of(revision)
        context["people"] = presenting.people(revision)[:1]
    return render(request, template, {**context, "data": None})


def check(request: HttpRequest, revision: Revision) -> HttpResponse:
    """The editors' checks."""
    return render(request, "admin/content/revision/check.html", {"report": report(revision)})


def report(revision: Revision) -> Any:
    return lint(draft_of(revision), live=links.live_among(revision.body))


def compare(request: HttpRequest, revision: Revision) -> HttpResponse:
    """Word by word against the text that readers see; against the last one they saw where nothing is live."""
    others = Revision.objects.filter(article=revision.article, published_at__isnull=False).exclude(pk=revision.pk)
    other = others.filter(is_live=True).first() or others.order_by("-published_at").first()
    parts = differences.compare(other, revision) if other else []
    return render(request, "admin/content/revision/compare.html", {"other": other, "parts": parts})


def failed(request: HttpRequest, messages: list[str]) -> HttpResponse:
    """What cannot be shown yet, in words."""
    response = render(request, "admin/content/revision/failed.html", {"messages": messages})
    response["Content-Security-Policy"] = FRAMED
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
