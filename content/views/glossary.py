"""Words explained."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from content import presenting, structured_data
from content.models import Article, Revision
from navigator.caching import public_page


@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    """Every word from A to Z with its meaning."""
    terms = Revision.objects.for_readers().filter(article__kind=Article.Kind.TERM)
    crumbs = [("Home", reverse("home")), ("Words explained", None)]
    rows = sorted(terms, key=lambda row: row.title.casefold())
    context = {"crumbs": crumbs, "letters": presenting.by_letter(rows), "data": structured_data.glossary(rows, crumbs)}
    return render(request, "content/glossary.html", context)
