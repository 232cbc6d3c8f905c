"""What changed in our texts, when and why: for each text, for all of them, and as a feed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from content import differences
from content.models import Article, Change
from navigator import identity
from navigator.caching import public_page

LATEST = 50  # lines on the page of all changes and in the feed
EVERYTHING = "Changes to our texts"


def _lines() -> "differences.Lines":
    return Change.objects.select_related("article", "revision__signed_by", "before")


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """The latest changes of all texts."""
    crumbs = [("Home", reverse("home")), (EVERYTHING, None)]
    context = {"crumbs": crumbs, "lines": differences.light(_lines())[:LATEST]}
    return render(request, "content/changes.html", context)


@public_page
def changes_of(request: HttpRequest, path: str) -> HttpResponse:
    """The change log of one text, also after it was taken down."""
    article = get_object_or_404(Article, path=path)
    lines = list(differences.light(_lines()).filter(article=article))
    if not lines:
        raise Http404
    title = next((line.revision.title for line in lines if line.revision), article.path)
    crumbs = [("Home", reverse("home")), (EVERYTHING, reverse("changes")), (title, None)]
    context = {"crumbs": crumbs, "article": article, "title": title, "lines": lines}
    return render(request, "content/changes_of.html", context)


@public_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The old and the new words of one change."""
    line = get_object_or_404(_lines(), pk=pk, revision__isnull=False)
    assert line.revision is not None  # noqa: S101  asked for above
    log = reverse("changes-of", args=[line.article.path])
    crumbs = [
        ("Home", reverse("home")),
        (EVERYTHING, reverse("changes")),
        (line.revision.title, log),
        ("Compare", None),
    ]
    parts = differences.compare(line.before, line.revision) if line.before else []
    context = {"crumbs": crumbs, "line": line, "parts": parts, "log": log}
    return render(request, "content/change.html", context)


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The same as Atom, for people who follow us with a reader."""
    found = Atom1Feed(
        title=f"{identity.current().name}: changes to our texts",
        link=settings.SITE_URL + reverse("changes"),
        description="What changed, when and why.",
        feed_url=settings.SITE_URL + reverse("changes-feed"),
        language="en-us",
    )
    for line in differences.light(_lines())[:LATEST]:
        address = line.get_absolute_url() if line.revision else reverse("changes-of", args=[line.article.path])
        found.add_item(
            title=f"{line.get_what_display()}: {line.revision.title if line.revision else line.article.path}",
            link=settings.SITE_URL + address,
            description=escape(line.note),
            unique_id=f"{settings.SITE_URL}{reverse('changes')}{line.pk}/",
            pubdate=line.at,
            updateddate=line.at,
        )
    return HttpResponse(found.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
