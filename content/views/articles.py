"""Public pages: the same for everybody, so each is made once and kept (`navigator.caching`)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from content import presenting, structured_data
from content.models import Article, Person, Revision, Topic
from navigator.caching import public_page

LATEST = 6  # articles on the home page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    latest = (
        Revision.objects.for_readers().filter(article__kind=Article.Kind.ARTICLE).order_by("-published_at")[:LATEST]
    )
    context = {
        "topics": Topic.objects.filter(articles__revisions__is_live=True).distinct(),
        "articles": [(revision.title, revision.summary, revision.article.get_absolute_url()) for revision in latest],
        "data": structured_data.home(),
    }
    return render(request, "content/home.html", context)


@public_page
def article(request: HttpRequest, path: str) -> HttpResponse:
    """Any article or page by its address. An FAQ answer stands on the FAQ page; what was withdrawn says so (410)."""
    revision = Revision.objects.for_readers().filter(article__path=path).first()
    if revision is None:
        return _withdrawn(request, path)
    if revision.article.kind == Article.Kind.FAQ:
        return HttpResponsePermanentRedirect(revision.article.get_absolute_url())
    if revision.article.kind == Article.Kind.PAGE:
        return render(request, "content/page.html", presenting.page(revision))
    return render(request, "content/article.html", presenting.article(revision))


def _withdrawn(request: HttpRequest, path: str) -> HttpResponse:
    withdrawn = Article.objects.filter(path=path, withdrawn_at__isnull=False).first()
    if withdrawn is None:
        raise Http404
    return render(request, "content/withdrawn.html", {"article": withdrawn}, status=410)


@public_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The article that has the topic's own address; without one, a list of the topic's pages."""
    try:
        return article(request, path=slug)
    except Http404:
        shelf = get_object_or_404(Topic, slug=slug)
    live = Revision.objects.for_readers().filter(article__topic=shelf).order_by("article__order", "article__path")
    if not live:
        raise Http404
    crumbs = [("Home", reverse("home")), (shelf.title, None)]
    context = {
        "topic": shelf,
        "crumbs": crumbs,
        "articles": [revision for revision in live if revision.article.kind != Article.Kind.FAQ],
        "faqs": [revision for revision in live if revision.article.kind == Article.Kind.FAQ],
        "data": structured_data.graph(structured_data.breadcrumbs(crumbs, shelf.get_absolute_url())),
    }
    return render(request, "content/topic.html", context)


@public_page
def faq(request: HttpRequest) -> HttpResponse:
    """Every live answer, by topic."""
    answers = list(
        Revision.objects.for_readers()
        .filter(article__kind=Article.Kind.FAQ)
        .order_by("article__topic__order", "article__topic__title", "article__order", "article__path")
    )
    crumbs = [("Home", reverse("home")), ("Questions people ask", None)]
    context = {"crumbs": crumbs, "answers": answers, "data": structured_data.faq(answers, crumbs)}
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


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Pages of ours with the day their text last changed."""
    return render(request, "content/sitemap.xml", {"entries": presenting.sitemap()}, content_type="application/xml")
