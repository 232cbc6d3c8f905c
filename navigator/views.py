"""Pages that belong to no app: health, errors, robots, the component gallery."""

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from navigator import health
from navigator.caching import public_page


def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    is_ready, answers = health.report()
    return JsonResponse({"ready": is_ready, **answers}, status=200 if is_ready else 503)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Personal pages say noindex themselves; nothing else is to be hidden."""
    return HttpResponse("User-agent: *\nDisallow: /admin/\n", content_type="text/plain")


@staff_member_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever changes one."""
    return render(request, "gallery.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or the browser blocks cookies. Nothing was stored; going back keeps the text."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Must not need the database, the session or the user: `base.html` asks none of them."""
    return render(request, "500.html", status=500)


def security_txt(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Contact: mailto:{settings.SITE_EMAIL}\nPreferred-Languages: en\n", content_type="text/plain")
