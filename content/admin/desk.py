"""The first page of an editor."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content import newsroom


def desk_view(request: HttpRequest) -> HttpResponse:
    """What is due, overdue and waiting, and for whom."""
    if not request.user.has_perm("content.view_revision"):
        return HttpResponse(status=403)
    context = {
        **admin.site.each_context(request),
        "title": "Editors' desk",
        "piles": newsroom.piles(),
        "reports": newsroom.open_reports()[: newsroom.SHOWN]
        if request.user.has_perm("content.view_errorreport")
        else [],
        "unhelpful": newsroom.least_helpful(),
    }
    return render(request, "admin/content/desk.html", context)
