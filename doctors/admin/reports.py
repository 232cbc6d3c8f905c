"""What families told us about listings."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from doctors.keeping import KINDS
from doctors.models import Report
from doctors.reporting import ReportingError, decline, settle
from navigator.read_only import ReadOnlyAdmin
from navigator.row_numbers import row_number

ABOUT = ("center", "program", "specialist")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue of reports: open ones first, oldest first. Their words are opened on the page of one report only."""

    list_display = ["__str__", "listing", "problem", "sent_at", "state", "closed_by"]
    list_filter = ["state", "problem"]
    list_select_related = [*ABOUT, "closed_by"]
    list_per_page = 50
    ordering = [F("closed_at").asc(nulls_first=True), "sent_at"]
    search_fields = ["center__slug", "program__slug", "specialist__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).defer("words")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/settle/", guard(require_POST(self.settle_view)), name="doctors_report_settle"),
            path("<int:pk>/decline/", guard(require_POST(self.decline_view)), name="doctors_report_decline"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """One report: the family's words, the listing, and the two answers."""
        return self._page(request, row_number(object_id))

    def _page(self, request: HttpRequest, pk: int, typed: dict[str, str] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        report = get_object_or_404(Report.objects.select_related(*ABOUT, "closed_by"), pk=pk)
        kind = KINDS[type(report.listing)]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(report),
            "report": report,
            "edit": reverse(f"admin:doctors_{kind}_change", args=[report.listing.pk]),
            "may_edit": request.user.has_perm(f"doctors.change_{kind}"),
            "may_close": request.user.has_perm("doctors.close_report"),
            "typed": typed or {},
        }
        return render(request, "admin/doctors/report.html", context)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._close(request, pk, "settled", "Settled", settle)

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._close(request, pk, "declined", "Declined", decline)

    def _close(self, request: HttpRequest, pk: int, field: str, done: str, verb: Any) -> HttpResponse:
        report = get_object_or_404(Report.objects.defer("words"), pk=pk)
        if not (self.has_view_permission(request) and request.user.has_perm("doctors.close_report")):
            return HttpResponse(status=403)
        typed = request.POST.get(field, "")
        try:
            verb(report=report, answer=typed, by=request.user)
        except ReportingError as error:
            messages.error(request, str(error))
            return self._page(request, pk, {field: typed})
        self.log_change(request, report, done)
        messages.success(request, f"{done}: {report}")
        return HttpResponseRedirect(reverse("admin:doctors_report_change", args=[pk]))
