"""All pages on one: for people, and for machines."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from content import presenting, structured_data
from navigator import sitemaps
from navigator.caching import public_page


@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    crumbs = [("Home", reverse("home")), ("Site map", None)]
    data = structured_data.graph(structured_data.breadcrumbs(crumbs, reverse("site-map")))
    context = {"crumbs": crumbs, "groups": presenting.site_map(), "data": data}
    return render(request, "content/site_map.html", context)


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Pages of ours with the day each last changed; of a site too large for one file, the list of the files."""
    parts = sitemaps.parts()
    if len(parts) == 1:
        return _xml(request, "content/sitemap.xml", parts[0])
    files = [(reverse("sitemap-part", args=[n]), sitemaps.newest(part)) for n, part in enumerate(parts, start=1)]
    return _xml(request, "content/sitemap_index.xml", files)


@public_page
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """One file of a site too large for one."""
    parts = sitemaps.parts()
    if not 1 <= number <= len(parts):
        raise Http404
    return _xml(request, "content/sitemap.xml", parts[number - 1])


def _xml(request: HttpRequest, template: str, entries: list[sitemaps.Page]) -> HttpResponse:
    return render(request, template, {"entries": entries}, content_type="application/xml")
