"""Pages that belong to no app: health, errors, robots, search, the component gallery."""

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone

from navigator import health, metrics, tracing
from navigator.caching import public_page
from navigator.gallery import GalleryForm
from navigator.search import page


def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    is_ready, answers = health.report()
    found = {"ready": is_ready, **answers}
    if is_ready:
        return JsonResponse(found)
    return JsonResponse({**found, "reference": tracing.current_id()}, status=503)


def figures(request: HttpRequest) -> HttpResponse:
    """For Prometheus. Whoever brings no token finds no such page; a database that is away is a scrape that failed."""
    if not metrics.is_allowed(request):
        raise Http404
    try:
        answer = HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
    except DatabaseError as error:
        words = f"The database gives no figures ({type(error).__name__}). Reference: {tracing.current_id()}\n"
        answer = HttpResponse(words, status=503, content_type="text/plain")
    answer["Cache-Control"] = "no-store"
    return answer


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Personal pages say noindex themselves; nothing else is to be hidden."""
    lines = ("User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name where a page names none, as in the admin."""
    return redirect(static("images/icon.svg"))


def search(request: HttpRequest) -> HttpResponse:
    """What a reader looks for is their own: the answer is stored nowhere (no-store, by default), and neither is the
    question."""
    return render(request, "search.html", page.context(request.GET.get("q", ""), request.GET.get("page", "")))


@staff_member_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever changes one."""
    context = {
        "crumbs": [("Home", "/"), ("Gallery", None)],
        "steps": ["Choose a center.", "Call as a new patient.", "Send your records."],
        "facts": [("Phone", "1-800-555-0134"), ("Parking", "Not known: ask when you call")],
        "dates": [("Updated", timezone.localdate()), ("Next review", "by May 2027"), ("Reviewed", None)],
        "form": GalleryForm(prefix="plain"),
        "wrong_form": GalleryForm({}, prefix="wrong"),
    }
    return render(request, "gallery.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or the browser blocks cookies. Nothing was stored; going back keeps the text."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own view would render the page without our name and phone number."""
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Must not need the database, the session or the user: `base.html` asks none of them. The reference is that of the
    lines in the log, so that a reader can tell us which."""
    return render(request, "500.html", {"reference": tracing.current_id()}, status=500)


def security_txt(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Contact: mailto:{settings.SITE_EMAIL}\nPreferred-Languages: en\n", content_type="text/plain")
