"""The queue, and one page per request. Every look at a page is written down."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from intake import history, triage
from intake.admin import finding, words
from intake.admin.forms import ActForm
from intake.admin.page import ACTS, contents, last_change
from intake.admin.scope import SEALED, may_work, seen_by
from intake.models import HelpRequest, History
from navigator.encryption import UndecryptableError

log = logging.getLogger(__name__)

STALE = "Somebody changed this request while you had it open. This is how it stands now."
UNPROCESSABLE, CONFLICT = 422, 409


class DeskFilter(admin.SimpleListFilter):
    """Open ones unless something else is asked for; who is looked up is found closed too."""

    title = "desk"
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Mine"), ("unassigned", "Unassigned"), ("overdue", "Overdue"), ("closed", "Closed")]

    def queryset(self, request: Any, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        rows = queryset.exclude(status=HelpRequest.Status.CLOSED)
        if self.value() == "mine":
            return rows.filter(advocate__user=request.user)
        if self.value() == "unassigned":
            return rows.filter(advocate=None)
        if self.value() == "overdue":
            return rows.filter(first_contact_at=None, contact_by__lt=timezone.now())
        if self.value() == "closed":
            return queryset.filter(status=HelpRequest.Status.CLOSED)
        return queryset if request.GET.get("q") else rows

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "All open"} if number == 0 else choice


@admin.register(HelpRequest)
class HelpRequestAdmin(admin.ModelAdmin):
    list_display = ("reference", "kind", "state", "status", "with_whom", "due", "sent")
    list_filter = (DeskFilter, "kind")
    list_select_related = ("advocate",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("reference",)
    search_help_text = "A reference, or a whole e-mail address or phone number."
    sortable_by = ()
    actions = None
    change_form_template = "admin/intake/request.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # nothing is edited past the verbs

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpRequest]:
        return seen_by(request.user, HelpRequest.objects.defer(*SEALED).queue())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return []  # the queue's own order, above

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return (queryset.filter(finding.found(search_term)) if search_term else queryset), False

    @admin.display(description="Advocate")
    def with_whom(self, row: HelpRequest) -> str:
        return str(row.advocate or "nobody yet")

    @admin.display(description="Call by")
    def due(self, row: HelpRequest) -> str:
        return words.due(row)

    @admin.display(description="Sent")
    def sent(self, row: HelpRequest) -> str:
        return words.sent(row)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("find/", guard(self.find), name="intake_helprequest_find"),
            path("<int:pk>/act/<slug:act>/", guard(self.act), name="intake_helprequest_act"),
            *super().get_urls(),
        ]

    def find(self, request: HttpRequest) -> HttpResponse:
        """Turns what was typed into a key, which says nothing about anybody, and shows the list of that."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = finding.key(request.POST.get("typed", ""))
        return redirect(reverse("admin:intake_helprequest_changelist") + (f"?q={key}" if key else ""))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request, everything about it, and what can be done. Opening it is recorded."""
        if request.method != "GET":
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() else 0
        try:
            return self._page(request, self._found(request, pk))
        except UndecryptableError as error:
            return self._sealed(request, pk, error)

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do one thing, if nobody changed the request since its page was opened. Then back to the page; if it cannot
        be done, the page as it stands now, with why, and with what was typed."""
        if act not in ACTS:
            raise Http404
        if request.method != "POST":  # a refused page was loaded again by its address
            return redirect("admin:intake_helprequest_change", pk)
        try:
            row = self._found(request, pk)
            if not may_work(request.user):
                raise PermissionDenied
            form = ACTS[act].form(request.POST, row=row)
            status = self._do(request, row, act, form)
            if not self.get_queryset(request).filter(pk=pk).exists():  # given to somebody else
                return redirect("admin:intake_helprequest_changelist")
            if status == HttpResponse.status_code:
                return redirect("admin:intake_helprequest_change", pk)
            return self._page(request, self._found(request, pk), typed={act: request.POST}, status=status)
        except UndecryptableError as error:
            return self._sealed(request, pk, error)

    def _do(self, request: HttpRequest, row: HelpRequest, act: str, form: ActForm) -> int:
        """Under the row's lock, so that nothing comes between looking at its history and changing it."""
        label = ACTS[act].label
        try:
            with transaction.atomic():
                HelpRequest.objects.select_for_update().only("pk").get(pk=row.pk)
                if not form.is_valid() and "seen" not in form.errors:
                    messages.error(request, f"{label}: {next(iter(form.errors.values()))[0]}.")
                    return UNPROCESSABLE
                if last_change(row) != form.cleaned_data.pop("seen", None):
                    messages.error(request, STALE)
                    return CONFLICT
                ACTS[act].verb(help_request=row, by=request.user, **form.cleaned_data)
        except triage.TriageError as error:
            messages.error(request, str(error))
            return CONFLICT
        messages.success(request, f"{label}: done.")
        return HttpResponse.status_code

    def _found(self, request: HttpRequest, pk: int) -> HelpRequest:
        """Raises PermissionDenied, Http404 for what this person must not know of, UndecryptableError."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = seen_by(request.user, HelpRequest.objects.select_related("advocate"))
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, row: HelpRequest, *, typed: Any = None, status: int = 200) -> HttpResponse:
        history.record(help_request=row, what=History.What.LOOKED, by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Request {row.reference}",
            "opts": self.opts,
            **contents(row, request.user, typed or {}),
        }
        return TemplateResponse(request, "admin/intake/request.html", context, status=status).render()

    def _sealed(self, request: HttpRequest, pk: int, error: UndecryptableError) -> HttpResponse:
        """For staff a sentence, for whoever runs the site the name of the field."""
        log.error("Request %s cannot be opened. %s", pk, error)
        context = {**self.admin_site.each_context(request), "title": "This request cannot be opened"}
        return TemplateResponse(request, "admin/intake/sealed.html", context, status=500)
