"""What became of requests: a public page of numbers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from intake import outcomes
from intake.models import HelpRequest, OutcomeFigures
from navigator.caching import public_page

KINDS = {"doctor_match": "Asked for help with places", "conversation": "Asked for a conversation"}
PROMISED = {
    "in_time": "Reached, in the time that we promised",
    "later": "Reached, later than we first promised",
    "not_reached": "Not reached by a call",
}
OUTCOMES = dict(HelpRequest.Outcome.choices) | {"open": "Still open"}
SHOWN = 8


@public_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    quarters = [_quarter(row) for row in OutcomeFigures.objects.all()[:SHOWN]]
    context = {"quarters": quarters, "is_empty": not any(each["figures"] for each in quarters)}
    return render(request, "intake/outcomes.html", context | {"smallest": outcomes.SMALLEST})


def _quarter(row: OutcomeFigures) -> dict[str, Any]:
    told = row.figures
    tables = [
        (caption, outcomes.rows(told.get(name) or {}, words))
        for caption, name, words in (
            ("What they asked for", "kinds", KINDS),
            ("How soon a person called", "promised", PROMISED),
            ("What became of it", "outcomes", OUTCOMES),
        )
    ]
    return {
        "name": outcomes.quarter_in_words(row.month),
        "figures": told,
        "hours": told.get("hours") or {},
        "tables": [(caption, rows) for caption, rows in tables if rows],
    }
