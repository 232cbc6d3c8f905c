"""The places that somebody chose: side by side, and as a sheet for the calls. Chosen places travel in the address, so
both pages need no cookie, are the same for everybody, and can be kept, shared and printed. Search engines leave them
out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from doctors import asking, choosing, comparing, facts
from doctors.choosing import Choice
from doctors.structured_data import crumbs_below
from navigator.caching import public_page

SIDE_BY_SIDE = 3  # more columns than that nobody reads on a phone or on paper
ON_A_SHEET = 10


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """Up to three places in one table."""
    choice = choosing.read(request.GET, limit=SIDE_BY_SIDE)
    rows = comparing.rows(choice.places, choice.near)
    context = {
        **_shared(choice, "Side by side"),
        "rows": rows,
        "different": [row.label for row in rows if row.verdict == comparing.DIFFERENT],
    }
    return render(request, "doctors/compare.html", context)


@public_page
def call_sheet(request: HttpRequest) -> HttpResponse:
    """What to say when you call, place by place, with lines to write on."""
    choice = choosing.read(request.GET, limit=ON_A_SHEET)
    sheets = [
        {
            "place": place,
            "groups": facts.groups(place),
            "phone": facts.trusted(place, "phone"),
            "hours": facts.trusted(place, "hours"),
            "records": facts.trusted(place, "records_address"),
            "referral": asking.referral_rule(place),
            "steps": asking.steps(place),
        }
        for place in choice.places
    ]
    return render(request, "doctors/call_sheet.html", {**_shared(choice, "Sheet for calls"), "sheets": sheets})


def _shared(choice: Choice, title: str) -> dict[str, Any]:
    near = f"{reverse('near')}?{urlencode({'zip': choice.zip})}" if choice.zip else ""
    return {
        "crumbs": crumbs_below((title, None)),
        "choice": choice,
        "places": choice.places,
        "back": near or reverse("centers"),
    }
