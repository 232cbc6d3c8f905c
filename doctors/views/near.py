"""Places around a ZIP code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doctors import matching, zipcodes
from doctors.forms import USUAL, NearForm
from doctors.states import CHOICES, STATES
from doctors.structured_data import crumbs_below


def near(request: HttpRequest) -> HttpResponse:
    """Places around a ZIP. The ZIP is a family's own, so the answer is stored nowhere: no-store, by default."""
    asked = "zip" in request.GET
    form = NearForm({"radius": USUAL, **request.GET.dict()} if asked else None, initial={"radius": USUAL})
    context: dict[str, Any] = {"crumbs": crumbs_below(("Near you", None)), "form": form, "states": CHOICES}
    if form.is_valid():
        context |= _found(form.cleaned_data["zip"], form.cleaned_data["radius"])
    return render(request, "doctors/near.html", context)


def _found(code: str, radius: int | None) -> dict[str, Any]:
    place = zipcodes.locate(code)
    if place is None:
        return {"military": True, "zip": code}
    criteria = matching.Criteria(place=place, radius=radius)
    ranking = matching.rank_or_widen(criteria)
    apart = [match for match in matching.apart(criteria) if radius is None or (match.miles or 0) <= radius]
    return {
        "zip": code,
        "place": place,
        "state_name": STATES[place.state].name,
        "radius": radius,
        "ranking": ranking,
        "apart": apart,
    }
