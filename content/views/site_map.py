"""All pages on one: for people, and for machines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from content import presenting, structured_data
from navigator.caching import public_page


@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    crumbs = [("Home", reverse("home")), ("Site map", None)]
    data = structured_data.graph(structured_data.breadcrumbs(crumbs, reverse("site-map")))
    context = {"crumbs": crumbs, "groups": presenting.site_map(), "data": data}
    return render(request, "content/site_map.html", context)


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Pages of ours with the day their text last changed."""
    return render(request, "content/sitemap.xml", {"entries": presenting.sitemap()}, content_type="application/xml")
