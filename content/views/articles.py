"""Public pages: the same for everybody, so each is made once and kept (`navigator.caching`)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from content import presenting, structured_data
from content.models import Article, Person, Revision, Topic
from content.moving import moved_from
from navigator.caching import public_page

LATEST = 6  # articles on the home page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    latest = (
        Revision.objects.for_readers().filter(article__kind=Article.Kind.ARTICLE).order_by("-published_at")[:LATEST]
    )
    context = {
        "topics": presenting.topics(),
        "tools": presenting.tools(),
        "articles": [(revision.title, revision.summary, revision.article.get_absolute_url()) for revision in latest],
        "data": structured_data.home(),
    }
    return render(request, "content/home.html", context)


@public_page
def article(request: HttpRequest, path: str) -> HttpResponse:
    """Any text by its address. An FAQ answer stands on the FAQ page; what has moved leads on (301); what was withdrawn
    says so (410)."""
    revision = Revision.objects.for_readers().filter(article__path=path).first()
    return _not_live(request, path) if revision is None else _text(request, revision)


@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The text that has the topic's own address; without one, a list of the topic's pages."""
    revision = Revision.objects.for_readers().filter(article__path=slug).first()
    if revision is not None:
        return _text(request, revision)
    shelf = Topic.objects.filter(slug=slug).first()
    on_shelf = Revision.objects.for_readers().filter(article__topic__slug=slug)
    live = list(on_shelf.order_by("article__order", "article__path")) if shelf else []
    if shelf is None or not live:
        return _not_live(request, slug)
    crumbs = [("Home", reverse("home")), (shelf.title, None)]
    context = {
        "topic": shelf,
        "crumbs": crumbs,
        "articles": [row for row in live if row.article.kind != Article.Kind.FAQ],
        "faqs": [row for row in live if row.article.kind == Article.Kind.FAQ],
        "data": structured_data.topic(shelf, live, crumbs),
    }
    return render(request, "content/topic.html", context)


def _text(request: HttpRequest, revision: Revision) -> HttpResponse:
    if revision.article.kind == Article.Kind.FAQ:
        return HttpResponsePermanentRedirect(revision.article.get_absolute_url())
    template, context = presenting.page_of(revision)
    return render(request, template, context)


def _not_live(request: HttpRequest, path: str) -> HttpResponse:
    withdrawn = Article.objects.filter(path=path, withdrawn_at__isnull=False).first()
    if withdrawn is not None:
        return render(request, "content/withdrawn.html", {"article": withdrawn}, status=410)
    moved = moved_from(path)
    if moved is None:
        raise Http404
    return HttpResponsePermanentRedirect(moved.get_absolute_url())


@public_page
def faq(request: HttpRequest) -> HttpResponse:
    """Every live answer, by topic."""
    answers = list(
        Revision.objects.for_readers()
        .filter(article__kind=Article.Kind.FAQ)
        .defer("body", "references", "description")  # a third of what the page would read
        .order_by("article__topic__order", "article__topic__title", "article__order", "article__path")
    )
    crumbs = [("Home", reverse("home")), ("Questions people ask", None)]
    context = {
        "crumbs": crumbs,
        "groups": presenting.by_topic(answers),
        "words": presenting.words(answers),
        "data": structured_data.faq(answers, crumbs),
    }
    return render(request, "content/faq.html", context)


@public_page
def people(request: HttpRequest) -> HttpResponse:
    crumbs = [("Home", reverse("home")), ("About", reverse("article", args=["about/who-we-are"])), ("People", None)]
    everyone = list(Person.objects.all())
    context = {
        "crumbs": crumbs,
        "people": everyone,
        "only_samples": all(someone.is_sample for someone in everyone),
        "data": structured_data.graph(structured_data.breadcrumbs(crumbs, reverse("people"))),
    }
    return render(request, "content/people.html", context)


@public_page
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One author or reviewer, and what they wrote or signed. Sample people are kept out of search engines."""
    someone = get_object_or_404(Person, slug=slug)
    crumbs = [("Home", reverse("home")), ("People", reverse("people")), (someone.name, None)]
    context = {
        "crumbs": crumbs,
        "person": someone,
        "texts": presenting.texts_of(someone),
        "data": structured_data.person(someone, crumbs),
    }
    return render(request, "content/person.html", context)
