"""What readers told us, and what we told readers."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from content.correcting import accept, decline
from content.models import Change, ErrorReport, Helpful
from content.publishing import PublishingError
from navigator.read_only import ReadOnlyAdmin
from navigator.row_numbers import row_number


@admin.register(ErrorReport)
class ErrorReportAdmin(ReadOnlyAdmin):
    """The queue of reports. Their words are opened on the page of one report only."""

    list_display = ["__str__", "article", "sent_at", "state", "closed_by"]
    list_filter = ["state"]
    list_select_related = ["article", "closed_by"]
    search_fields = ["article__path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErrorReport]:
        return super().get_queryset(request).defer("words")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/accept/", guard(require_POST(self.accept_view)), name="content_errorreport_accept"),
            path("<int:pk>/decline/", guard(require_POST(self.decline_view)), name="content_errorreport_decline"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """One report: the reader's words, the text as it was seen, and the two answers."""
        return self._page(request, row_number(object_id))

    def _page(self, request: HttpRequest, pk: int, typed: dict[str, str] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        rows = ErrorReport.objects.select_related("article", "revision", "closed_by")
        report = get_object_or_404(rows, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(report),
            "report": report,
            "may_close": request.user.has_perm("content.close_errorreport"),
            "live": report.article.revisions.live().first(),
            "typed": typed or {},
        }
        return render(request, "admin/content/error_report.html", context)

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._close(request, pk, "note", "Accepted", accept)

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._close(request, pk, "reason", "Declined", decline)

    def _close(self, request: HttpRequest, pk: int, field: str, done: str, verb: Any) -> HttpResponse:
        report = get_object_or_404(ErrorReport, pk=pk)
        if not request.user.has_perm("content.close_errorreport"):
            return HttpResponse(status=403)
        typed = request.POST.get(field, "")
        try:
            verb(error_report=report, by=request.user, **{field: typed})
        except PublishingError as error:
            messages.error(request, str(error))
            return self._page(request, pk, {field: typed})
        self.log_change(request, report, done)
        messages.success(request, f"{done}: {report}")
        return HttpResponseRedirect(reverse("admin:content_errorreport_change", args=[pk]))


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The public change log, with who did it."""

    list_display = ["at", "what", "article", "note", "by"]
    list_filter = ["what"]
    list_select_related = ["article", "by"]
    search_fields = ["article__path", "note"]


@admin.register(Helpful)
class HelpfulAdmin(ReadOnlyAdmin):
    """How many readers called a text helpful, and how many did not."""

    list_display = ["revision", "yes", "no"]
    ordering = ["-no"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Helpful]:
        rows = super().get_queryset(request).select_related("revision")
        return rows.defer("revision__body", "revision__body_html", "revision__references", "revision__references_html")
