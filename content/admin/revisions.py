"""Writing a text, reading it as families will, checking and signing it, publishing it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from content import publishing, scheduling
from content.admin import previewing, searching
from content.admin.forms import WRITTEN, RevisionForm, ScheduleForm
from content.models import Person, Revision
from content.publishing import PublishingError, save_revision
from navigator.row_numbers import row_number

HEAVY = ("body", "body_html", "references", "references_html")  # not needed in lists


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):
    """A saved text is read, not edited: a change is a new revision. Each step asks for its own permission."""

    form = RevisionForm
    add_form_template = "admin/content/revision/write.html"
    list_display = ["title", "address", "created_at", "written_by", "checked_at", "signed_by", "is_live"]
    list_filter = ["is_live", ("signed_at", admin.EmptyFieldListFilter), "article__kind"]
    search_fields = ["title"]  # and addresses: `get_search_results`
    search_help_text = "Title or address; the first 1,000"
    fields = (*WRITTEN, "based_on")
    list_per_page = 50
    raw_id_fields = ["article"]  # works without script, and no page lists every article
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        rows = super().get_queryset(request).select_related("article__author", "signed_by", "written_by")
        return rows.defer(*HEAVY)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Revision], search_term: str
    ) -> tuple[QuerySet[Revision], bool]:
        return searching.texts(queryset, search_term), False

    @admin.display(description="Address", ordering="article__path")
    def address(self, revision: Revision) -> str:
        return revision.article.path

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """What was once written stays: it shows who signed which words."""
        return False

    # Writing.

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        pk = request.GET.get("article", "")
        newest = Revision.objects.filter(article_id=row_number(pk)).first()
        if newest is None:
            return {"article": pk}
        texts = {field: getattr(newest, field) for field in WRITTEN[1:-1]}
        return texts | {"article": pk, "based_on": newest.pk}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form, with the real page, the checks and the comparison in frames beside it."""
        response = super().add_view(request, form_url, {"show_save_and_add_another": False, **(extra_context or {})})
        response["Content-Security-Policy"] = previewing.FRAMING
        return response

    def save_model(self, request: HttpRequest, obj: Revision, form: Any, change: bool) -> None:
        """The form's row is replaced by the one that the verb makes."""
        text = {field: form.cleaned_data[field] for field in WRITTEN}
        obj.pk = save_revision(**text, by=request.user).pk  # type: ignore[arg-type]  # never anonymous here

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There are no related rows in this form."""

    def response_add(self, request: HttpRequest, obj: Revision, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, "Saved as a draft. Readers see what is live until this text is signed and published.")
        return HttpResponseRedirect(reverse("admin:content_revision_change", args=[obj.pk]))

    def look_unsaved(self, request: HttpRequest) -> HttpResponse:
        """What is in the form right now: the page, the checks or the comparison (`show`)."""
        if not self.has_add_permission(request):
            return HttpResponse(status=403)
        form = RevisionForm(request.POST)
        form.is_valid()
        blocking = {name: errors for name, errors in form.errors.items() if name in ("article", "body", "references")}
        if blocking or "article" not in form.cleaned_data:
            return previewing.failed(request, [str(e) for errors in form.errors.values() for e in errors])
        fields = {name: request.POST.get(name, "") for name in ("title", "summary", "description", "change_note")}
        fields |= {name: form.cleaned_data[name] for name in ("article", "body", "references")}
        try:
            revision = previewing.unsaved(fields)
        except PublishingError as error:
            return previewing.failed(request, [str(error)])
        return previewing.look(request, revision, request.POST.get("show", ""))

    # Reading, and the steps.

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The page of one saved text. It has no form of its own: each step is a button."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        rows = Revision.objects.select_related("article", "written_by", "checked_by", "signed_by", "scheduled_by")
        revision = get_object_or_404(rows, pk=row_number(object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": revision.title,
            "revision": revision,
            "report": previewing.report(revision),
            "acts": _acts(request, revision),
            "reviewers": _reviewers(request),
            "schedule": ScheduleForm(),
        }
        response = render(request, "admin/content/revision/revision.html", context)
        response["Content-Security-Policy"] = previewing.FRAMING
        return response

    def look_saved(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        revision = get_object_or_404(
            Revision.objects.select_related("article__topic", "article__author", "signed_by"), pk=pk
        )
        return previewing.look(request, revision, request.GET.get("show", ""))

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view

        def step(name: str, view: Callable[..., HttpResponse]) -> URLPattern:
            return path(
                f"<int:pk>/{name}/", guard(require_POST(view)), name=f"content_revision_{name.replace('-', '_')}"
            )

        return [
            path("look/", guard(require_POST(self.look_unsaved)), name="content_revision_look"),
            path("<int:pk>/look/", guard(self.look_saved), name="content_revision_look_saved"),
            step("check-facts", self.check_facts_view),
            step("sign-off", self.sign_off_view),
            step("publish", self.publish_view),
            step("schedule", self.schedule_view),
            step("unschedule", self.unschedule_view),
            step("recheck-sources", self.recheck_view),
            *super().get_urls(),
        ]

    def check_facts_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(
            request,
            pk,
            "check_revision",
            "Facts checked",
            lambda text, by: publishing.check_facts(revision=text, by=by),
        )

    def sign_off_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        reviewer = get_object_or_404(_reviewers(request), pk=row_number(request.POST.get("reviewer")))
        return self._step(
            request,
            pk,
            "sign_revision",
            "Signed off",
            lambda text, by: publishing.sign_off(revision=text, reviewer=reviewer, by=by),
        )

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(
            request, pk, "publish_revision", "Published", lambda text, by: publishing.publish(revision=text, by=by)
        )

    def schedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ScheduleForm(request.POST)

        def verb(text: Revision, by: Any) -> Any:
            if not form.is_valid():
                raise PublishingError(" ".join(str(error) for error in form.errors["at"]))
            return scheduling.schedule(revision=text, at=form.cleaned_data["at"], by=by)

        return self._step(request, pk, "publish_revision", "Scheduled", verb)

    def unschedule_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(
            request,
            pk,
            "publish_revision",
            "No longer scheduled",
            lambda text, by: scheduling.unschedule(revision=text),
        )

    def recheck_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(
            request,
            pk,
            "add_revision",
            "A new draft says that every source was opened today",
            lambda text, by: publishing.recheck_sources(revision=text, by=by),
        )

    def _step(self, request: HttpRequest, pk: int, permission: str, done: str, verb: Any) -> HttpResponse:
        """One verb, its refusal as a message, its success in the admin's log."""
        revision = get_object_or_404(Revision.objects.select_related("article"), pk=pk)
        if not request.user.has_perm(f"content.{permission}"):
            return HttpResponse(status=403)
        try:
            result = verb(revision, request.user)
        except PublishingError as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, revision, done)
            messages.success(request, f"{done}: {revision.title}")
            revision = result or revision
        return HttpResponseRedirect(reverse("admin:content_revision_change", args=[revision.pk]))


def _reviewers(request: HttpRequest) -> QuerySet[Person]:
    """As whom this account may sign: as itself; outside production also as a sample reviewer."""
    mine = Q(user=request.user.pk) if settings.DEPLOYED else Q(user=request.user.pk) | Q(is_sample=True)
    return Person.objects.filter(mine, role=Person.Role.REVIEWER)


def _acts(request: HttpRequest, revision: Revision) -> set[str]:
    """The steps that make sense now and that this account may take."""
    may = request.user.has_perm
    acts = set()
    is_writer = revision.written_by_id == request.user.pk
    if not revision.is_checked and may("content.check_revision") and not is_writer:
        acts.add("check_facts")
    if not revision.is_signed and may("content.sign_revision") and not is_writer:
        acts.add("sign_off")
    if revision.is_signed and not revision.is_live and may("content.publish_revision"):
        acts |= {"publish", "unschedule" if revision.publish_at else "schedule"}
    if may("content.add_revision"):
        acts |= {"write", "recheck"}
    if revision.is_live and may("content.withdraw_article"):
        acts.add("withdraw")
    return acts
