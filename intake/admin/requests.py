"""The queue, and one page per request. Every look at a page is written down."""

from datetime import timedelta
from typing import Any

import phonenumbers
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from intake import emails, history, staffing, triage
from intake.admin.forms import CallForm, CloseForm, NextStepForm, ReassignForm, TakeForm
from intake.admin.scope import seen_by
from intake.models import HelpRequest, History
from navigator.encryption import UndecryptableError, lookup_hash

ACTS: dict[str, tuple[str, type[Form], Any]] = {
    "take": ("Take it", TakeForm, triage.take),
    "call": ("Log a call", CallForm, triage.log_call),
    "next-step": ("Set the next step", NextStepForm, triage.set_next_step),
    "reassign": ("Give it to somebody else", ReassignForm, triage.reassign),
    "close": ("Close it", CloseForm, triage.close),
    "spam": ("Mark as spam", TakeForm, triage.mark_spam),
}


class DeskFilter(admin.SimpleListFilter):
    """Open ones unless something else is asked for."""

    title = "desk"
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Mine"), ("unassigned", "Unassigned"), ("closed", "Closed")]

    def queryset(self, request: Any, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        if self.value() == "closed":
            return queryset.filter(status=HelpRequest.Status.CLOSED)
        rows = queryset.exclude(status=HelpRequest.Status.CLOSED)
        if self.value() == "mine":
            return rows.filter(advocate__user=request.user)
        return rows.filter(advocate=None) if self.value() == "unassigned" else rows

    def choices(self, changelist: Any) -> Any:
        for number, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "All open"} if number == 0 else choice


@admin.register(HelpRequest)
class HelpRequestAdmin(admin.ModelAdmin):
    list_display = ("reference", "kind", "state", "status", "advocate", "due", "created_at")
    list_filter = (DeskFilter, "kind")
    list_select_related = ("advocate",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("reference",)
    search_help_text = "A reference, or a whole e-mail address or phone number."
    actions = None
    change_form_template = "admin/intake/request.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpRequest]:
        return seen_by(request.user, HelpRequest.objects.defer("answers", "access_needs", "next_step").queue())

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return []  # the queue's own order, above

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By reference, or by a whole address or number through its blind index. What was typed is not kept."""
        typed = search_term.replace("\x00", "").strip()
        if not typed:
            return queryset, False
        wanted = Q(reference=typed.upper()) | Q(email_hash=lookup_hash(typed))
        try:
            number = phonenumbers.parse(typed, "US")
        except phonenumbers.NumberParseException:
            return queryset.filter(wanted), False
        spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return queryset.filter(wanted | Q(phone_hash=lookup_hash(spelled))), False

    @admin.display(description="Call by", ordering="contact_by")
    def due(self, row: HelpRequest) -> str:
        """Words, not only a color."""
        if row.first_contact_at or row.status == HelpRequest.Status.CLOSED:
            return "reached" if row.first_contact_at else "closed"
        left = row.contact_by - timezone.now()
        return f"OVERDUE by {_span(-left)}" if left < timedelta() else f"in {_span(left)}"

    def get_urls(self) -> list[URLPattern]:
        act = path("<int:pk>/act/<slug:act>/", self.admin_site.admin_view(self.act), name="intake_helprequest_act")
        return [act, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request, everything about it, and what can be done. Opening it is recorded."""
        if request.method != "GET":
            raise PermissionDenied
        try:
            row = self._found(request, object_id)
            history.record(help_request=row, what=History.What.LOOKED, by=request.user)
            return self._page(request, row)
        except UndecryptableError:
            return TemplateResponse(
                request, "admin/intake/sealed.html", {**self.admin_site.each_context(request)}, status=500
            )

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do one thing, if nobody changed the request since its page was opened. Then back to the page."""
        if request.method != "POST" or act not in ACTS:
            raise Http404
        row = self._found(request, str(pk))
        label, form_class, verb = ACTS[act]
        form = form_class(request.POST)
        if not form.is_valid():
            first = next(iter(form.errors.values()))[0]
            messages.error(request, f"{label}: {first}")
        elif _last_change(row) != form.cleaned_data.pop("seen"):
            messages.error(request, "Somebody changed this request while you had it open. This is how it stands now.")
        else:
            try:
                verb(help_request=row, by=request.user, **form.cleaned_data)
                messages.success(request, f"{label}: done.")
            except triage.TriageError as error:
                messages.error(request, str(error))
        if not self.get_queryset(request).filter(pk=pk).exists():  # given to somebody else
            return redirect("admin:intake_helprequest_changelist")
        return redirect("admin:intake_helprequest_change", pk)

    def _found(self, request: HttpRequest, object_id: str) -> HelpRequest:
        """Raises PermissionDenied, or Http404 for what this person must not know of."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = seen_by(request.user, HelpRequest.objects.select_related("advocate"))
        found = rows.filter(pk=object_id).first() if object_id.isdigit() else None
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, row: HelpRequest) -> HttpResponse:
        now = timezone.now()
        last = _last_change(row)
        is_open = row.status != HelpRequest.Status.CLOSED
        shown = [name for name in ACTS if is_open and _makes_sense(name, row)]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Request {row.reference}",
            "opts": self.opts,
            "row": row,
            "call_by": emails.local(row.contact_by, row.zone),
            "due": self.due(row),
            "there": emails.local(now, row.zone),
            "may_call": staffing.may_call(row.zone, now=now),
            "told": [(key.capitalize(), _words(value)) for key, value in row.told.items()],
            "conversations": row.conversations.select_related("advocate"),
            "consents": row.consents.all(),
            "mails": row.messages.all(),
            "lines": row.history.select_related("by"),
            "promises": row.promises.filter(done_at=None),
            "acts": [(name, ACTS[name][0], ACTS[name][1](initial={"seen": last})) for name in shown],
        }
        response = TemplateResponse(request, self.change_form_template or "", context)
        return response.render()


def _makes_sense(act: str, row: HelpRequest) -> bool:
    if act == "take":
        return row.advocate_id is None
    return act != "call" or row.advocate_id is not None


def _last_change(row: HelpRequest) -> int:
    """The newest line of history that is more than a look."""
    lines = row.history.exclude(what__in=[History.What.LOOKED, History.What.WROTE, History.What.SEEN_BY_FAMILY])
    return lines.order_by("-pk").values_list("pk", flat=True).first() or 0


def _words(value: Any) -> str:
    listed = value if isinstance(value, list) else [value]
    return ", ".join(str(item).replace("_", " ") for item in listed)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 60 * 48 else f"{minutes // 1440} days"
