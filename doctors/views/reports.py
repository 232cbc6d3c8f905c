"""Families report a problem of a listing. The page does not ask who sends it, and sets no cookie."""

from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt

from doctors import reporting
from doctors.keeping import MODELS, Listing
from doctors.models import Specialist
from doctors.report_form import ReportForm
from navigator.caching import public_page


# A token needs a cookie, and the form looks at nobody's; forms of other sites are refused below.
@csrf_exempt  # nosemgrep: csrf-exempt
@public_page
def report_listing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The form, and what becomes of it."""
    listing = _listing(kind, slug)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if reason := _refusal(request, listing, form):
            form.add_error(None, reason)
        else:
            return redirect("report-listing-thanks")
    context = {"form": form, "listing": listing}
    return render(request, "doctors/report.html", context, status=422 if form.errors else 200)


def _refusal(request: HttpRequest, listing: Listing, form: ReportForm) -> str:
    """Stores the report, or says why not."""
    if not _from_our_page(request):
        return "Look through your words, then send them from this page"
    try:
        reporting.report(listing=listing, problem=form.cleaned_data["problem"], words=form.cleaned_data["words"])
    except reporting.TooManyReportsError:
        return "We get too many reports just now. Try again in an hour, or call us"
    return ""


def _listing(kind: str, slug: str) -> Listing:
    """What has a page can be reported: doctors who are not shown have none."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    shown: Any = Specialist.objects.listed() if model is Specialist else model._default_manager
    return cast(Listing, get_object_or_404(shown, slug=slug))


def _from_our_page(request: HttpRequest) -> bool:
    """Browsers say where a form stood. One that keeps it to itself ("null") still says whether it was on this site."""
    ours = (None, "null", settings.SITE_URL, request.build_absolute_uri("/")[:-1])
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return request.headers.get("Origin") in ours and site in ("same-origin", "none")


@public_page
def report_listing_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "doctors/report_thanks.html")
