"""What can be taken home: no e-mail address is asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from content import presenting, printouts, structured_data
from content.models import Revision
from navigator.caching import public_page


@public_page
def downloads(request: HttpRequest) -> HttpResponse:
    """The tools to print."""
    crumbs = [("Home", reverse("home")), ("To print and take along", None)]
    trail = structured_data.breadcrumbs(crumbs, reverse("downloads"))
    context = {"crumbs": crumbs, "tools": presenting.tools(), "data": structured_data.graph(trail)}
    return render(request, "content/downloads.html", context)


@public_page
def pdf(request: HttpRequest, path: str) -> HttpResponse:
    """The PDF that was made when the live text was published."""
    printout = printouts.stored(path)
    if printout is None:
        raise Http404
    return _file(bytes(printout.pdf), path, "pdf", "application/pdf")


@public_page
def plain_text(request: HttpRequest, path: str) -> HttpResponse:
    revision = get_object_or_404(
        Revision.objects.for_readers(), article__path=path, article__kind__in=printouts.PRINTED
    )
    return _file(printouts.text(revision).encode(), path, "txt", "text/plain; charset=utf-8")


def _file(content: bytes, path: str, ending: str, content_type: str) -> HttpResponse:
    """Shown in the browser, and saved under the last word of its address. Kept out of search engines: the page
    itself is what should be found."""
    name = path.rsplit("/", 1)[-1]
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'inline; filename="{name}.{ending}"', "X-Robots-Tag": "noindex"},
    )
