"""The list of requests: who is first, how it is narrowed, and how a family is found in it. Nothing personal is in it.

The page of one request and what is done there is left to `intake.admin.requests`.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from doctors.states import CHOICES
from intake import exporting
from intake.admin import finding, words
from intake.admin.exports import ExportForm, attachment
from intake.admin.piles import PILES, CappedPaginator, capped, in_words, pile
from intake.admin.scope import SEALED, may_work, own, seen_by, sees_all
from intake.models import HelpRequest

FOLDED = "admin/intake/filter.html"


class DeskFilter(admin.SimpleListFilter):
    """Open ones unless something else is asked for; who is looked up is found closed too. The first of the filters: it
    starts anew from what this person may see, asked in the way that an index answers."""

    title = "desk"
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, each.label) for name, each in PILES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        if self.value() not in PILES and request.GET.get("q"):
            return queryset
        return pile(self.value(), request.user)

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "All open"} if number == 0 else choice


class FoldedFilter(admin.SimpleListFilter):
    """One column, by its value; closed until something of it is chosen."""

    template = FOLDED

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset

    @property
    def is_chosen(self) -> bool:
        return bool(self.value())


class StateFilter(FoldedFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(CHOICES)


class LanguageFilter(FoldedFilter):
    title = "language"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(HelpRequest.Language.choices)


class KindFilter(FoldedFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(HelpRequest.Kind.choices)


class OutcomeFilter(FoldedFilter):
    """Only of closed ones."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(HelpRequest.Outcome.choices)


class QueueAdmin(admin.ModelAdmin):
    """Base of the requests' admin: the list. Nothing is added, edited or deleted past the verbs."""

    list_display = ("reference", "kind", "state", "stands", "with_whom", "due", "sent")
    list_select_related = ("advocate",)
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("reference",)
    search_help_text = "A reference, or a whole e-mail address or phone number."
    sortable_by = ()
    actions = None

    change_list_template = "admin/intake/change_list.html"

    class Media:
        css = {"all": ["css/admin-desk.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters = (DeskFilter, KindFilter, StateFilter, LanguageFilter)
        return (*filters, OutcomeFilter) if request.GET.get("desk") == "closed" else filters

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpRequest]:
        return seen_by(request.user, HelpRequest.objects.defer(*SEALED).queue())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return []  # the queue's own order, or that of a pile

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return (queryset.filter(finding.found(search_term)) if search_term else queryset), False

    @admin.display(description="Advocate")
    def with_whom(self, row: HelpRequest) -> str:
        return row.advocate.first_name if row.advocate else "nobody yet"

    @admin.display(description="Call by")
    def due(self, row: HelpRequest) -> str:
        return words.due(row)

    @admin.display(description="Status")
    def stands(self, row: HelpRequest) -> str:
        return ": ".join(filter(None, (row.get_status_display(), signs(row))))

    @admin.display(description="Sent")
    def sent(self, row: HelpRequest) -> str:
        return words.sent(row)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("find/", guard(self.find), name="intake_helprequest_find"),
            path("export/", guard(self.export), name="intake_helprequest_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown = {"export_query": request.GET.urlencode(), "may_export": may_work(request.user)}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def find(self, request: HttpRequest) -> HttpResponse:
        """Turns what was typed into a key, which says nothing about anybody, and shows the list of that."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = finding.key(request.POST.get("typed", ""))
        return redirect(reverse("admin:intake_helprequest_changelist") + (f"?q={key}" if key else ""))

    @method_decorator(sensitive_post_parameters())
    def export(self, request: HttpRequest) -> HttpResponse:
        """The list of the address as a file; without personal columns but for a lead."""
        if not self.has_view_permission(request) or not may_work(request.user):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:intake_helprequest_changelist")
        everything, advocate = sees_all(request.user), own(request.user)
        if not everything:
            rows = rows.filter(advocate=advocate.pk if advocate else 0)
        sent = request.POST if request.method == "POST" else None
        form = ExportForm(sent, request=request, may_see_personal=everything)
        if sent is not None and form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("columns", "reason")}
            try:
                return attachment(exporting.export(rows=rows, by=request.user, **given))
            except exporting.ExportError as error:
                form.add_error(None, str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": "Export requests",
            "opts": self.opts,
            "form": form,
            "count": in_words(capped(rows)),
            "most": f"{exporting.MOST_ROWS:,}",
            "query": request.GET.urlencode(),
            "sees_all": everything,
        }
        return TemplateResponse(request, "admin/intake/export.html", context, status=422 if form.errors else 200)


def signs(row: HelpRequest) -> str:
    """What else is up with it, in words."""
    found: dict[str, Any] = {"set aside": row.set_aside_because}
    found |= {"news": row.news_since, "raised to a lead": row.escalated_at, "waiting for them": row.waiting_since}
    return ", ".join(word for word, since in found.items() if since)
