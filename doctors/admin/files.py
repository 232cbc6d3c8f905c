"""Listings out of the admin as a CSV file, and back in: first a dry run, then exactly what it showed.

Each page names its permission. What a file does is left to `doctors.planning` and `doctors.importing`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from doctors import exporting, importing, keeping
from doctors.admin import words
from doctors.admin.uploading import Upload, UploadError, read_upload
from doctors.columns import KIND_OF, Kind
from doctors.importing import ImportRefused
from doctors.models import GROUPS, ImportFile, ListingChange
from doctors.planning import MOST_BYTES, MOST_ROWS, Change, Plan, Planning, finish, plan
from navigator.spreadsheets import CONTENT_TYPE

SHOWN = 100  # rows of each sort on the page of a dry run
STEPS = "<!-- steps -->"  # where the page of a running import stands open
BUSY = "The database is busy with these listings. Nothing was imported. Try again in a minute."


class Row(NamedTuple):
    """A listing of a dry run: its facts before and after, and which of them were looked at in their old words."""

    slug: str
    name: str
    facts: list[words.Difference]
    looked: list[str]


class FilesAdmin(admin.ModelAdmin):
    """Base of a list with files: adds the pages behind the two buttons (`templates/admin/doctors/change_list.html`)."""

    @property
    def kind(self) -> Kind:
        return KIND_OF[self.model]

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        name = f"doctors_{self.kind.name}"
        return [
            path("import/", guard(self.import_view), name=f"{name}_import"),
            path("import/<int:pk>/", guard(self.look_view), name=f"{name}_import_look"),
            path("import/<int:pk>/apply/", guard(require_POST(self.apply_view)), name=f"{name}_import_apply"),
            path("export/", guard(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        buttons = {"may_import": self._may_import(request), "query": request.GET.urlencode()}
        return super().changelist_view(request, {**buttons, **(extra_context or {})})

    # In.

    # Until the body is read: `_sent` asks for the token.
    @csrf_exempt  # nosemgrep: csrf-exempt
    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        """The form for the file, and the way to its dry run. A file with problems is not kept."""
        if not self._may_import(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._form(request)
        try:
            upload = read_upload(request)
        except UploadError as error:
            return self._form(request, str(error))
        request.META["HTTP_X_CSRFTOKEN"] = upload.token
        return csrf_protect(self._sent)(request, upload)

    def _sent(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        if not upload.content:
            return self._form(request, "Choose a file first. This one is empty.")
        made = finish(plan(self.kind, upload.content))
        if made.problems:
            return self._dry_run(request, made, status=422)
        kept = importing.keep_file(kind=self.kind, content=upload.content, by=cast(User, request.user))
        return HttpResponseRedirect(reverse(f"admin:doctors_{self.kind.name}_import_look", args=[kept.pk]))

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dry run of a kept file, against the directory as it is now."""
        kept = self._kept(request, pk)
        return self._dry_run(request, finish(plan(self.kind, bytes(kept.content))), kept)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Imports a kept file, and writes a line for every 500 rows while it does."""
        kept = self._kept(request, pk)
        run = importing.import_file(file=kept, outcome=request.POST.get("outcome", ""), by=cast(User, request.user))
        page = render_to_string("admin/doctors/import_run.html", self._context(request, "Import"), request)
        response = StreamingHttpResponse(self._told(page, run, kept))
        response["Content-Encoding"] = "identity"  # compressing would hold the lines back
        response["X-Accel-Buffering"] = "no"  # and so would a proxy
        return response

    def _told(self, page: str, run: Planning, kept: ImportFile) -> Iterator[str]:
        """The page as it grows. Its last line says how it ended."""
        head, _, foot = page.partition(STEPS)
        yield head
        try:
            while True:
                yield format_html("<li>{}</li>\n", str(next(run)))
        except StopIteration as end:
            yield self._done(end.value)
        except ImportRefused as refusal:
            yield self._refused(str(refusal), kept)
        except OperationalError:
            yield self._refused(BUSY, kept)
        yield foot

    def _done(self, made: Plan) -> str:
        counts = f"{len(made.added):,} added, {len(made.changed):,} changed, {made.unchanged:,} unchanged"
        list_of = reverse(f"admin:doctors_{self.kind.name}_changelist")
        return format_html(
            '<li><strong>Done: {}.</strong> <a href="{}">To the {}</a></li>\n', counts, list_of, self.kind.plural
        )

    def _refused(self, message: str, kept: ImportFile) -> str:
        look = reverse(f"admin:doctors_{self.kind.name}_import_look", args=[kept.pk])
        return format_html(
            '<li><strong>{}</strong> <a href="{}">See what the file would do now</a></li>\n', message, look
        )

    def _dry_run(
        self, request: HttpRequest, made: Plan, kept: ImportFile | None = None, status: int = 200
    ) -> HttpResponse:
        changed, added = made.changed, made.added
        context = self._context(
            request,
            "What the file would do",
            plan=made,
            kept=kept,
            problems=made.problems[:SHOWN],
            changed=_rows(changed[:SHOWN]),
            added=_rows(added[:SHOWN]),
            more_problems=max(0, len(made.problems) - SHOWN),
            more_changed=max(0, len(changed) - SHOWN),
            more_added=max(0, len(added) - SHOWN),
        )
        return render(request, "admin/doctors/import_look.html", context, status=status)

    def _form(self, request: HttpRequest, error: str = "") -> HttpResponse:
        context = self._context(
            request,
            f"Import {self.kind.plural}",
            error=error,
            megabytes=MOST_BYTES // 2**20,
            most_rows=f"{MOST_ROWS:,}",
        )
        return render(request, "admin/doctors/import.html", context, status=422 if error else 200)

    def _kept(self, request: HttpRequest, pk: int) -> ImportFile:
        """A file waits for the person who sent it, and for nobody else."""
        if not self._may_import(request):
            raise PermissionDenied
        if pk > 2**63 - 1:
            raise Http404
        return get_object_or_404(ImportFile, pk=pk, kind=self.kind.name, by=cast(User, request.user))

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    # Out.

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Asks which listings, then sends them as a file. The log says who took how many."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            chosen = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse(f"admin:doctors_{self.kind.name}_export"))
        whole = self.model._default_manager.all()
        if request.method == "POST":
            return self._file(request, whole if request.POST.get("which") == "all" else chosen)
        context = self._context(
            request, f"Export {self.kind.plural}", count=chosen.count(), all=whole.count(), filtered=bool(request.GET)
        )
        return render(request, "admin/doctors/export.html", context)

    def _file(self, request: HttpRequest, chosen: QuerySet[Any]) -> StreamingHttpResponse:
        listings = self.model._default_manager.filter(pk__in=chosen.order_by().values("pk"))
        exporting.record(kind=self.kind, rows=listings.count(), by=cast(User, request.user))
        response = StreamingHttpResponse(
            exporting.lines(self.kind, listings, for_staff=True), content_type=CONTENT_TYPE
        )
        name = f"{self.kind.plural}-{timezone.localdate().isoformat()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "kind": self.kind,
            "query": request.GET.urlencode(),
            "urls": {page: f"admin:doctors_{self.kind.name}_{page}" for page in ("changelist", "import", "export")},
            "apply": f"admin:doctors_{self.kind.name}_import_apply",
            **more,
        }


def _rows(changes: list[Change]) -> list[Row]:
    lines = [
        keeping.record(change.listing, ListingChange.What.CHANGED, None, fields=change.fields) for change in changes
    ]
    called = words.names(lines)
    return [
        Row(change.listing.slug, str(change.listing), words.changed(line, called), _looked(change))
        for change, line in zip(changes, lines, strict=True)
    ]


def _looked(change: Change) -> list[str]:
    """Groups of facts that somebody looked at, and in which something changes."""
    changed = {name.removesuffix("_id") for name in change.fields}
    groups = change.listing.facts.items()
    touched = [group for group, names in groups if not changed.isdisjoint(names)]
    return [GROUPS[group] for group in touched if getattr(change.listing, f"{group}_verified_on")]
