"""One page per request. Every look at it is written down. The list is left to `intake.admin.queue`, what can be done
with several rows of it to `intake.admin.many`."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from intake import history, notes
from intake.admin.act_forms import ActForm, PreviewForm
from intake.admin.acts import ACTS, REFUSED, Act, last_change, letter, may
from intake.admin.many import ManyAdmin
from intake.admin.page import Refused, contents
from intake.admin.scope import may_work, seen_by
from intake.models import HelpRequest, History
from navigator.encryption import UndecryptableError
from navigator.row_numbers import row_number

log = logging.getLogger(__name__)

STALE = "Somebody changed this request while you had it open. This is how it stands now."
OK, UNPROCESSABLE, CONFLICT = 200, 422, 409


class _StaleError(Exception):
    """Somebody did something after the page was opened that this form stands on."""


@admin.register(HelpRequest)
class HelpRequestAdmin(ManyAdmin):
    change_form_template = "admin/intake/request.html"

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/act/<slug:act>/", guard(self.act), name="intake_helprequest_act"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request, everything about it, and what can be done. Opening it is recorded."""
        if request.method != "GET":
            raise PermissionDenied
        pk = row_number(object_id)
        try:
            return self._page(request, self._found(request, pk))
        except UndecryptableError as error:
            return self._sealed(request, pk, error)

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do one thing, if nobody changed the request since its page was opened. Then back to the page; if it cannot
        be done, the page as it stands now, with why, and with what was typed. An act that writes to the family first
        answers with the message."""
        if act not in ACTS:
            raise Http404
        if request.method != "POST":  # a refused page was loaded again by its address
            return redirect("admin:intake_helprequest_change", pk)
        try:
            row = self._found(request, pk)
            if not may_work(request.user) or not may(ACTS[act], request.user):
                raise PermissionDenied
            return self._answer(request, row, act)
        except UndecryptableError as error:
            return self._sealed(request, pk, error)

    def _answer(self, request: HttpRequest, row: HelpRequest, name: str) -> HttpResponse:
        act = ACTS[name]
        form = act.form(request.POST, row=row, user=request.user, auto_id=f"{name}-%s", label_suffix="")
        preview = PreviewForm(request.POST, label_suffix="") if "previewed" in request.POST else None
        try:
            with transaction.atomic():  # so that nothing comes between looking at its history and changing it
                HelpRequest.objects.select_for_update().only("pk").get(pk=row.pk)
                if not form.is_valid() and "seen" not in form.errors:
                    return self._refused(request, row, name, form)
                if last_change(row) != form.cleaned_data.pop("seen", None):
                    raise _StaleError
                text = letter(name, row, request.user, form.cleaned_data) if form.cleaned_data.pop("write", 0) else ""
                if text and (preview is None or not preview.is_valid()):
                    return self._preview(request, row, name, form, preview, text)
                _do(act, row, request.user, form.cleaned_data)
                if text and preview and preview.cleaned_data["message"]:
                    notes.to_family(help_request=row, body=preview.cleaned_data["message"], by=request.user)
        except _StaleError:
            messages.error(request, STALE)
            return self._refused(request, row, name, form, status=CONFLICT)
        except REFUSED as error:
            form.add_error(None, str(error))
            return self._refused(request, row, name, form)
        messages.success(request, f"{act.label}: done.")
        if not self.get_queryset(request).filter(pk=row.pk).exists():  # given to somebody else
            return redirect("admin:intake_helprequest_changelist")
        return redirect("admin:intake_helprequest_change", row.pk)

    def _refused(
        self, request: HttpRequest, row: HelpRequest, name: str, form: ActForm, *, status: int = UNPROCESSABLE
    ) -> HttpResponse:
        refused = Refused(name, request.POST, form, is_stale=status == CONFLICT)
        return self._page(request, self._found(request, row.pk), refused=refused, status=status)

    def _found(self, request: HttpRequest, pk: int) -> HelpRequest:
        """Raises PermissionDenied, Http404 for what this person must not know of, UndecryptableError."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = seen_by(request.user, HelpRequest.objects.select_related("advocate", "merged_into"))
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _page(
        self, request: HttpRequest, row: HelpRequest, *, refused: Refused | None = None, status: int = OK
    ) -> HttpResponse:
        history.record(help_request=row, what=History.What.LOOKED, by=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Request {row.reference}",
            "opts": self.opts,
            **contents(row, request.user, refused),
        }
        return TemplateResponse(request, "admin/intake/request.html", context, status=status).render()

    def _preview(
        self, request: HttpRequest, row: HelpRequest, name: str, form: ActForm, preview: Any, text: str
    ) -> HttpResponse:
        """The message before it is sent; what was chosen goes along in hidden fields."""
        is_wrong = preview is not None
        context = {
            **self.admin_site.each_context(request),
            "title": f"{ACTS[name].label}: {row.reference}",
            "opts": self.opts,
            "row": row,
            "act": name,
            "form": preview if is_wrong else PreviewForm(initial={"message": text}, label_suffix=""),
            "kept": [(field.html_name, field.data) for field in form if field.data],
        }
        status = UNPROCESSABLE if is_wrong else OK
        return TemplateResponse(request, "admin/intake/request_preview.html", context, status=status).render()

    def _sealed(self, request: HttpRequest, pk: int, error: UndecryptableError) -> HttpResponse:
        """For staff a sentence, for whoever runs the site the name of the field."""
        log.error("Request %s cannot be opened. %s", pk, error)
        context = {**self.admin_site.each_context(request), "title": "This request cannot be opened"}
        return TemplateResponse(request, "admin/intake/sealed.html", context, status=500)


def _do(act: Act, row: HelpRequest, user: Any, given: dict[str, Any]) -> None:
    with transaction.atomic():  # a refusal halfway leaves nothing
        act.verb(**given, **({} if act.on_row else {"help_request": row}), by=user)
