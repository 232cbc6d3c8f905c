"""Writing a text, reading it as families will, signing it, publishing it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from content.models import Person, Revision
from content.publishing import PublishingError, check_text, publish, save_revision, sign_off

WRITTEN = ("article", "title", "summary", "description", "body", "references", "change_note")


class RevisionForm(forms.ModelForm):
    """Starts from the newest text of the article named in the address. Saving is left to `save_revision`."""

    class Meta:
        model = Revision
        fields = WRITTEN
        widgets = {"body": forms.Textarea(attrs={"rows": 40}), "references": forms.Textarea(attrs={"rows": 20})}

    def clean(self) -> dict[str, Any]:
        """A text that cannot be rendered is refused beside the form, with the reason."""
        found = super().clean() or {}
        if not self.errors:
            try:
                check_text(article=found["article"], body=found["body"], references=found["references"])
            except PublishingError as error:
                raise forms.ValidationError(str(error)) from error
        return found


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):
    form = RevisionForm
    change_form_template = "admin/content/revision/change_form.html"
    list_display = ["title", "article", "created_at", "signed_by", "signed_at", "is_live"]
    list_filter = ["is_live", "article__kind"]
    list_select_related = ["article", "signed_by"]
    search_fields = ["title", "article__path"]
    fields = WRITTEN
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("article__author", "signed_by", "written_by")

    def get_fields(self, request: HttpRequest, obj: Revision | None = None) -> tuple[str, ...]:
        if obj is None:
            return WRITTEN
        facts = (
            "written_by",
            "created_at",
            "signed_by",
            "signed_at",
            "is_live",
            "published_at",
            "published_by",
            "digest",
        )
        return ("article", "change_note", "preview", *facts, "body", "references")

    def get_readonly_fields(self, request: HttpRequest, obj: Revision | None = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """A saved text can be read, not edited. Signing and publishing ask for the permission themselves."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """What was once written stays: it shows who signed which words."""
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        pk = request.GET.get("article", "")
        newest = Revision.objects.filter(article_id=int(pk)).first() if pk.isdigit() else None
        if newest is None:
            return {"article": pk}
        return {field: getattr(newest, field) for field in WRITTEN[1:-1]} | {"article": pk}

    def save_model(self, request: HttpRequest, obj: Revision, form: Any, change: bool) -> None:
        """The form's row is replaced by the one that the verb makes."""
        if not change:
            text = {field: form.cleaned_data[field] for field in WRITTEN}
            obj.pk = save_revision(**text, by=request.user).pk  # type: ignore[arg-type]  # never anonymous here

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There are no related rows in this form."""

    @admin.display(description="As readers see it")
    def preview(self, revision: Revision) -> SafeString:
        shown = format_html("<h1>{}</h1><p>{}</p>", revision.title, revision.summary)
        return shown + mark_safe(revision.body_html) + mark_safe(revision.references_html)  # noqa: S308  passed nh3

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/sign-off/", guard(require_POST(self.sign_off_view)), name="content_revision_sign_off"),
            path("<int:pk>/publish/", guard(require_POST(self.publish_view)), name="content_revision_publish"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        reviewers = Person.objects.filter(role=Person.Role.REVIEWER)
        return super().change_view(request, object_id, form_url, {"reviewers": reviewers, **(extra_context or {})})

    def sign_off_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        reviewer = get_object_or_404(Person, pk=request.POST.get("reviewer") or 0)
        return self._step(request, pk, "Signed off", lambda text, by: sign_off(revision=text, reviewer=reviewer, by=by))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, "Published", lambda text, by: publish(revision=text, by=by))

    def _step(self, request: HttpRequest, pk: int, done: str, verb: Any) -> HttpResponse:
        """One verb, its refusal as a message, its success in the admin's log."""
        revision = get_object_or_404(Revision, pk=pk)
        if not super().has_change_permission(request):
            return HttpResponse(status=403)
        try:
            verb(revision, request.user)
        except PublishingError as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, revision, done)
            messages.success(request, f"{done}: {revision.title}")
        return HttpResponseRedirect(reverse("admin:content_revision_change", args=[pk]))
