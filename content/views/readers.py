"""What readers tell us: an error in a text, or whether it helped."""

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from content import correcting
from content.forms import ErrorReportForm
from content.models import Helpful, Revision
from navigator.caching import public_page


def report_error(request: HttpRequest, path: str) -> HttpResponse:
    """The form, and what becomes of it. It does not ask who sends it."""
    live = get_object_or_404(Revision.objects.for_readers(), article__path=path)
    form = ErrorReportForm(request.POST or None, initial={"revision": live.pk})
    if form.is_bound and form.is_valid():
        seen = Revision.objects.filter(pk=form.cleaned_data["revision"] or live.pk, article=live.article_id).first()
        try:
            correcting.report(revision=seen or live, words=form.cleaned_data["words"])
        except correcting.TooManyReportsError:
            form.add_error(None, "We get too many reports just now. Try again in an hour, or call us")
        else:
            return redirect("report-thanks")
    context = {"form": form, "revision": live, "title": "Report an error"}
    return render(request, "content/report.html", context, status=422 if form.errors else 200)


@public_page
def report_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "content/report_thanks.html")


# No cookie is set on a page that everybody shares, and nobody gains from raising a counter.
@csrf_exempt  # nosemgrep: csrf-exempt
@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts one yes or no for a text that is live, and nothing about who said it. Another site's form is refused."""
    origin = request.headers.get("Origin")
    live = get_object_or_404(Revision.objects.live(), pk=pk)
    answer = request.POST.get("answer")
    if answer not in ("yes", "no") or origin not in (
        None,
        "null",
        settings.SITE_URL,
        request.build_absolute_uri("/")[:-1],
    ):
        return HttpResponse("Choose yes or no on the page itself.", status=400, content_type="text/plain")
    Helpful.objects.get_or_create(revision=live)
    Helpful.objects.filter(revision=live).update(**{answer: F(answer) + 1})
    return redirect(reverse(f"helpful-{answer}"))


@public_page
def helpful_yes(request: HttpRequest) -> HttpResponse:
    return render(request, "content/helpful.html", {"was_helpful": True})


@public_page
def helpful_no(request: HttpRequest) -> HttpResponse:
    return render(request, "content/helpful.html", {"was_helpful": False})
