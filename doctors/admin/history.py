"""What happened to each listing: the page of one, and the list of all."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.html import format_html_join

from doctors.admin import queue, words
from doctors.keeping import KINDS
from doctors.models import ListingChange
from navigator.read_only import ReadOnlyAdmin

PAGE = 100  # lines


def history_page(page: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """The history of one listing, newest first. `page` is the admin of its kind. A constant number of queries."""
    listing = page.get_object(request, object_id)
    if listing is None:
        raise Http404
    if not page.has_view_or_change_permission(request, listing):
        raise PermissionDenied
    lines = ListingChange.objects.filter(kind=KINDS[type(listing)], slug=listing.slug).select_related("by")
    found = Paginator(lines, PAGE).get_page(request.GET.get("p"))
    called = words.names(found.object_list)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"History of {listing}",
        "listing": listing,
        "page": found,
        "lines": [(line, words.what(line), words.who(line), words.changed(line, called)) for line in found],
    }
    return render(request, "admin/doctors/history.html", context)


@admin.register(ListingChange)
class ListingChangeAdmin(ReadOnlyAdmin):
    """Every change of every listing, those that were removed too."""

    list_display = ["at", "what_happened", "kind", "slug", "facts", "by"]
    list_filter = ["kind", "what"]
    list_select_related = ["by"]
    list_per_page = 50
    search_fields = ["slug"]
    fields = ["at", "what_happened", "kind", "slug", "facts", "by"]

    def get_urls(self) -> list[URLPattern]:
        """The queue is about listings of all kinds, as this list is."""
        return [*queue.urls(self.admin_site), *super().get_urls()]

    @admin.display(description="what")
    def what_happened(self, change: ListingChange) -> str:
        return words.what(change)

    @admin.display(description="facts")
    def facts(self, change: ListingChange) -> str:
        """Numbers of other listings stay numbers here, so that a list costs no query for each line."""
        lines = ((f"{label}: {before} → {after}",) for label, before, after in words.changed(change, {}))
        return format_html_join("; ", "{}", lines) or "-"
