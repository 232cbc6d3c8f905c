"""The facts of the directory as files that other people's programs may read, and the page that explains them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from doctors import open_data, open_data_format, structured_data
from doctors.freshness import FOLDED
from doctors.structured_data import crumbs_below
from navigator.caching import ASKED, public_page

# These files, and nothing else of this site, may be read by the pages of others.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
# Bytes. The layer of ready pages compresses what it keeps as well as it can: about 1.5 seconds for a million.
KEPT = 2_000_000


@require_safe
@public_page
def centers_json(request: HttpRequest) -> HttpResponse:
    return _open(request, HttpResponse(open_data.as_json(), content_type="application/json"))


@require_safe
@public_page
def centers_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(open_data.as_csv(), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="mesothelioma-care-{timezone.localdate():%Y-%m-%d}.csv"'
    return _open(request, response)


@require_safe
@public_page
def centers_schema(request: HttpRequest) -> HttpResponse:
    """The JSON file as a JSON Schema."""
    return _open(request, JsonResponse(open_data.schema(), content_type="application/schema+json"))


@require_safe
@public_page
def open_data_page(request: HttpRequest) -> HttpResponse:
    """What is in the files, field by field, and what one may do with them."""
    crumbs = crumbs_below(("Our list as open data", None))
    context = {
        "crumbs": crumbs,
        "version": open_data_format.VERSION,
        "folded": FOLDED.days,
        "listing": open_data_format.LISTING,
        "check": open_data_format.CHECK,
        "groups": list(open_data_format.GROUPS_GIVEN.values()),
        "data": structured_data.page(crumbs=crumbs),
    }
    return render(request, "doctors/open_data.html", context)


def _open(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For every site to read, the terms beside it. A file too large to be kept ready is made anew for each reader."""
    for name, value in OPEN.items():
        response[name] = value
    response["Link"] = f'<{open_data.terms_url()}>; rel="license"'
    if len(response.content) > KEPT:
        request.META.pop(ASKED, None)
    return response
