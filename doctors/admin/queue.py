"""The verification queue: what to look at next, and one click that says that it was done."""

import re
from itertools import zip_longest
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from doctors import keeping, verifying
from doctors.keeping import MODELS
from doctors.models import GROUPS, ListingChange
from doctors.models.listed import HOW
from doctors.states import CHOICES
from doctors.verifying import Wanted
from navigator.row_numbers import row_number

_ANCHOR = re.compile(r"(?:center|program|specialist)-\d{1,18}-[a-z]{1,11}")


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("queue/", site.admin_view(require_GET(queue_view)), name="doctors_queue"),
        path("queue/checked/", site.admin_view(require_POST(checked_view)), name="doctors_queue_checked"),
    ]


def may(user: Any, verb: str) -> tuple[str, ...]:
    """The kinds of listings that somebody may view or change."""
    changed = tuple(kind for kind in MODELS if user.has_perm(f"doctors.change_{kind}"))
    if verb == "change":
        return changed
    return tuple(kind for kind in MODELS if kind in changed or user.has_perm(f"doctors.view_{kind}"))


def queue_view(request: HttpRequest) -> HttpResponse:
    """One page of the queue, as its address asks."""
    kinds = may(request.user, "view")
    if not kinds:
        return HttpResponse(status=403)
    wanted = Wanted.read(request.GET, kinds)
    page = verifying.page(wanted)
    context = {
        **admin.site.each_context(request),
        "title": "To be checked",
        "wanted": wanted,
        "rows": [_row(row, following) for row, following in zip_longest(page.rows, page.rows[1:])],
        "may_change": may(request.user, "change"),
        "how": list(reversed(HOW)),
        "following": wanted.query(after=page.following) if page.following else "",
        "first": wanted.query(after=None) if wanted.after else "",
        **_choices(wanted),
    }
    return render(request, "admin/doctors/queue.html", context)


def _row(row: verifying.Due, following: verifying.Due | None) -> dict[str, Any]:
    """A row with the way to its own page, and where to go on after it."""
    return {
        "due": row,
        "edit": reverse(f"admin:doctors_{row.kind}_change", args=[row.listing.pk]),
        "on_with": following.anchor if following else "",
    }


def _choices(wanted: Wanted) -> dict[str, Any]:
    """Links to the kinds and groups with how many are due, and to the states."""
    counts = verifying.counts(wanted)
    kinds = [("", "Everything"), *((kind, f"{kind.capitalize()}s") for kind in wanted.kinds)]
    groups = [("", "All facts"), *GROUPS.items()]
    states = [("", "All states"), *CHOICES]

    def due(kind: str, group: str) -> int:
        return sum(number for (k, g), number in counts.items() if kind in ("", k) and group in ("", g))

    return {
        "due": due(wanted.kind, wanted.group),
        "kinds": [(w, wanted.query(kind=k, after=None), due(k, wanted.group), k == wanted.kind) for k, w in kinds],
        "groups": [
            (words, wanted.query(group=group, after=None), due(wanted.kind, group), group == wanted.group)
            for group, words in groups
            if not group or due(wanted.kind, group) or group == wanted.group
        ],
        "states": [(words, wanted.query(state=s, after=None), s == wanted.state) for s, words in states],
    }


def checked_view(request: HttpRequest) -> HttpResponse:
    """Marks one group of one listing, and goes back to where the row was. Whoever looked at older facts looks again."""
    kind, pk = request.POST.get("kind", ""), request.POST.get("pk", "")
    if kind not in MODELS or kind not in may(request.user, "change"):
        return HttpResponse(status=403)
    listing = MODELS[kind]._default_manager.filter(pk=row_number(pk)).first()
    if listing is None:
        messages.error(request, "This listing was removed meanwhile.")
        return _back(request)
    try:
        change = keeping.check(
            listing=listing,
            group=request.POST.get("group", ""),
            how=request.POST.get("how", ""),
            by=cast(User, request.user),
            seen=row_number(request.POST.get("seen", "")),
        )
    except keeping.KeepingError as error:
        messages.error(request, f"{listing}: {error}")
    else:
        messages.success(request, _done(change, str(listing)))
    return _back(request)


def _done(change: ListingChange, listing: str) -> str:
    return f"Checked {dict(HOW)[change.how]}: {listing}, {GROUPS[change.group]}."


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Only ever to the queue: its query is read and written anew."""
    query = QueryDict(request.POST.get("back", "").lstrip("?")[:500])
    anchor = request.POST.get("on_with", "")
    where = reverse("admin:doctors_queue") + Wanted.read(query, tuple(MODELS)).query()
    return HttpResponseRedirect(where + (f"#{anchor}" if _ANCHOR.fullmatch(anchor) else ""))
